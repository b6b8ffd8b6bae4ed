"""What the ledger's rows must satisfy whoever writes them (MONEY.md 2: M1 to M5, M8, M11)."""

from handsel.core.guards import AnyGuard, Guard, Says, Tells, kept
from handsel.ledger import sums

WRONG_TERMS = Says("wrong_terms", "A charge names the terms that are in force on its work day.")
WRONG_PRICE = Says("wrong_price", "A charge has the price and the currency of its terms.")
NOT_MULTIPLIED = Says("not_multiplied", "Quantity times price is not this amount.")
BILLED_TWICE = Says("billed_twice", "This work is on an invoice already.", "Reload the page to see what is left.")
ADVANCE = Says("advance_used", "The advance is smaller than this.")

_UNBILLED = (
    "(SELECT COALESCE(SUM(CASE WHEN t.debit = 'unbilled' THEN t.{column} ELSE 0 END), 0) "
    "- COALESCE(SUM(CASE WHEN t.credit = 'unbilled' THEN t.{column} ELSE 0 END), 0) "
    "FROM ledger_transfer t WHERE t.charge_id = NEW.charge_id) "
    "+ CASE WHEN NEW.debit = 'unbilled' THEN NEW.{column} ELSE 0 END "
    "- CASE WHEN NEW.credit = 'unbilled' THEN NEW.{column} ELSE 0 END"
)
_LOCK_ENGAGEMENT = "PERFORM 1 FROM agreements_engagement e WHERE e.id = NEW.engagement_id FOR NO KEY UPDATE;"
_LOCK_CHARGE = "PERFORM 1 FROM ledger_charge c WHERE c.id = NEW.charge_id FOR NO KEY UPDATE;"

GUARDS: list[AnyGuard] = [
    *kept("ledger_charge", "ledger_workclaim", "ledger_posting", "ledger_transfer"),
    Guard(
        "ledger_charge_terms",
        "ledger_charge",
        "NEW.terms_id IS DISTINCT FROM (SELECT f.terms_id FROM agreements_inforce f "
        "WHERE f.engagement_id = NEW.engagement_id AND f.from_day <= NEW.work_day "
        "ORDER BY f.from_day DESC, f.n DESC LIMIT 1) "
        "AND NOT EXISTS (SELECT 1 FROM ledger_charge c WHERE c.evidence_id = NEW.evidence_id "
        "AND c.terms_id = NEW.terms_id AND c.work_day = NEW.work_day AND (SELECT COALESCE(SUM(w.units), 0) "
        "FROM ledger_workclaim w WHERE w.charge_id = c.id) = 0)",
        WRONG_TERMS,
        events=("INSERT",),
        reads=("agreements_inforce", "ledger_workclaim"),
    ),
    Guard(
        "ledger_charge_price",
        "ledger_charge",
        "NEW.currency IS DISTINCT FROM (SELECT t.currency FROM agreements_terms t WHERE t.id = NEW.terms_id) "
        "OR (NEW.kind = 'time' AND NEW.price_e4 IS DISTINCT FROM (SELECT r.price_e4 FROM agreements_rateline r "
        "WHERE r.id = NEW.rate_line_id AND r.terms_id = NEW.terms_id)) "
        "OR (NEW.kind = 'fee' AND NEW.amount IS DISTINCT FROM (SELECT l.amount FROM agreements_feeline l "
        "WHERE l.id = NEW.fee_line_id AND l.terms_id = NEW.terms_id))",
        WRONG_PRICE,
        events=("INSERT",),
        reads=("agreements_terms", "agreements_rateline", "agreements_feeline"),
    ),
    Guard(
        "ledger_charge_multiplies",
        "ledger_charge",
        "ABS(NEW.quantity_e2 * NEW.price_e4 * (CASE NEW.exponent WHEN 0 THEN 1 WHEN 2 THEN 100 ELSE 1000 END) "
        "- NEW.amount * 1000000) * 2 > 1000000",
        NOT_MULTIPLIED,
        events=("INSERT",),
    ),
    Guard(
        "ledger_transfer_unbilled",
        "ledger_transfer",
        "(NEW.debit = 'unbilled' OR NEW.credit = 'unbilled') AND ("
        f"{_UNBILLED.format(column='amount')} NOT BETWEEN 0 AND "
        "(SELECT c.amount FROM ledger_charge c WHERE c.id = NEW.charge_id) "
        f"OR {_UNBILLED.format(column='quantity_e2')} NOT BETWEEN 0 AND "
        "(SELECT c.quantity_e2 FROM ledger_charge c WHERE c.id = NEW.charge_id))",
        BILLED_TWICE,
        events=("INSERT",),
        reads=("ledger_charge",),
        locks=_LOCK_CHARGE,
    ),
    Guard(
        "ledger_transfer_advance",
        "ledger_transfer",
        "NEW.debit = 'advance' AND (SELECT COALESCE(SUM(CASE WHEN t.credit = 'advance' THEN t.amount ELSE 0 END), 0) "
        "- COALESCE(SUM(CASE WHEN t.debit = 'advance' THEN t.amount ELSE 0 END), 0) FROM ledger_transfer t "
        "WHERE t.engagement_id = NEW.engagement_id AND t.currency = NEW.currency) < NEW.amount",
        ADVANCE,
        events=("INSERT",),
        locks=_LOCK_ENGAGEMENT,
    ),
    Tells(
        "ledger_transfer_tells_account",
        "ledger_transfer",
        "ledger_account",
        sums.AFTER_TRANSFER,
        sums.NOT_IN_STEP,
        _LOCK_ENGAGEMENT,
    ),
]
