"""What documents and payments must satisfy whoever writes them (MONEY.md 2: M6, M7, M9 to M12)."""

from handsel.core.guards import AnyGuard, Guard, Kept, Says, kept

ISSUED = Says("already_issued", "This document was issued and stays as it is.", "Correct it with a credit note.")
OUT_OF_TURN = Says("number_out_of_turn", "Another document was issued a moment ago.", "Issue it again.")
NOT_THE_SUM = Says("not_the_sum", "A document asks for the sum of its lines.")
MORE_THAN_OPEN = Says("more_than_open", "That is more than is open of this invoice.")
NOT_ISSUED = Says("not_issued", "Money moves for an issued document only.", "Issue it first.")
MORE_THAN_CAME = Says("more_than_came", "A payment settles no more than its amount.")
CREDITED_TWICE = Says("credit_too_much", "This line was credited already.", "Reload the page to see what is left.")

_ISSUE_OF_OLD_LINE = "EXISTS (SELECT 1 FROM payments_issue i WHERE i.document_id = OLD.document_id)"

_BALANCE = (
    "(SELECT COALESCE(SUM(CASE WHEN t.debit = '{account}' THEN t.amount ELSE 0 END), 0) "
    "- COALESCE(SUM(CASE WHEN t.credit = '{account}' THEN t.amount ELSE 0 END), 0) "
    "FROM ledger_transfer t WHERE t.engagement_id = NEW.engagement_id AND t.{key} = NEW.{key}) "
    "+ CASE WHEN NEW.debit = '{account}' THEN NEW.amount ELSE 0 END "
    "- CASE WHEN NEW.credit = '{account}' THEN NEW.amount ELSE 0 END"
)
_CREDITED = (
    "(SELECT COALESCE(SUM(x.{column}), 0) FROM payments_documentline x "
    "JOIN payments_issue i ON i.document_id = x.document_id WHERE x.corrects_id = o.id)"
)
_LOCK_SERIES = "PERFORM 1 FROM payments_series s WHERE s.id = NEW.series_id FOR NO KEY UPDATE;"
_LOCK_CORRECTED = (
    "PERFORM 1 FROM payments_document d WHERE d.id = (SELECT c.corrects_id FROM payments_document c "
    "WHERE c.id = NEW.document_id) FOR NO KEY UPDATE;"
)

GUARDS: list[AnyGuard] = [
    *kept("payments_series", "payments_issue", "payments_payment", "payments_documentpaper"),
    Kept(
        "payments_document",
        ISSUED,
        once="EXISTS (SELECT 1 FROM payments_issue i WHERE i.document_id = OLD.id)",
        once_reads=("payments_issue",),
    ),
    Kept("payments_documentline", ISSUED, once=_ISSUE_OF_OLD_LINE, once_reads=("payments_issue",)),
    Guard(
        "payments_documentline_of_draft",
        "payments_documentline",
        "EXISTS (SELECT 1 FROM payments_issue i WHERE i.document_id = NEW.document_id)",
        ISSUED,
        reads=("payments_issue",),
    ),
    Guard(
        "payments_issue_in_turn",
        "payments_issue",
        "NEW.n IS DISTINCT FROM 1 + (SELECT COALESCE(MAX(i.n), 0) FROM payments_issue i "
        "WHERE i.series_id = NEW.series_id AND i.year = NEW.year) "
        "OR EXISTS (SELECT 1 FROM payments_issue i WHERE i.series_id = NEW.series_id AND i.day > NEW.day) "
        "OR SUBSTR(CAST(NEW.day AS TEXT), 1, 4) <> CAST(NEW.year AS TEXT) OR NEW.due_day < NEW.day",
        OUT_OF_TURN,
        events=("INSERT",),
        locks=_LOCK_SERIES,
    ),
    Guard(
        "payments_issue_sum",
        "payments_issue",
        "NEW.amount IS DISTINCT FROM (SELECT SUM(l.amount) FROM payments_documentline l "
        "WHERE l.document_id = NEW.document_id)",
        NOT_THE_SUM,
        events=("INSERT",),
        reads=("payments_documentline",),
    ),
    Guard(
        "payments_issue_credits_within",
        "payments_issue",
        "EXISTS (SELECT 1 FROM payments_documentline c JOIN payments_documentline o ON o.id = c.corrects_id "
        f"WHERE c.document_id = NEW.document_id AND ({_CREDITED.format(column='amount')} + c.amount > o.amount "
        f"OR {_CREDITED.format(column='quantity_e2')} + c.quantity_e2 > o.quantity_e2))",
        CREDITED_TWICE,
        events=("INSERT",),
        reads=("payments_documentline", "payments_document"),
        locks=_LOCK_CORRECTED,
    ),
    Guard(
        "payments_transfer_issued",
        "ledger_transfer",
        "NEW.document_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments_issue i "
        "JOIN payments_document d ON d.id = i.document_id WHERE i.document_id = NEW.document_id "
        "AND d.engagement_id = NEW.engagement_id AND d.currency = NEW.currency)",
        NOT_ISSUED,
        events=("INSERT",),
        reads=("payments_issue", "payments_document"),
    ),
    Guard(
        "payments_transfer_payable",
        "ledger_transfer",
        f"(NEW.debit = 'payable' OR NEW.credit = 'payable') AND "
        f"({_BALANCE.format(account='payable', key='document_id')}) NOT BETWEEN 0 AND "
        "COALESCE((SELECT i.amount FROM payments_issue i WHERE i.document_id = NEW.document_id), -1)",
        MORE_THAN_OPEN,
        events=("INSERT",),
        reads=("payments_issue",),
        locks="PERFORM 1 FROM payments_document d WHERE d.id = NEW.document_id FOR NO KEY UPDATE;",
    ),
    Guard(
        "payments_transfer_paid",
        "ledger_transfer",
        f"(NEW.debit = 'paid' OR NEW.credit = 'paid') AND ({_BALANCE.format(account='paid', key='payment_id')}) "
        "NOT BETWEEN 0 AND COALESCE((SELECT p.amount FROM payments_payment p WHERE p.id = NEW.payment_id), -1)",
        MORE_THAN_CAME,
        events=("INSERT",),
        reads=("payments_payment",),
        locks="PERFORM 1 FROM payments_payment p WHERE p.id = NEW.payment_id FOR NO KEY UPDATE;",
    ),
]
