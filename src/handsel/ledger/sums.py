"""How `ledger_account` follows from `ledger_transfer`: one text for the guard, for what fills it, and for the check."""

_PARTS = """
    SELECT {t}.debit AS account, {t}.engagement_id AS about_id, {t}.amount AS amount, 0 AS quantity_e2{more}
    UNION ALL SELECT {t}.credit, {t}.engagement_id, -{t}.amount, 0{more}
    UNION ALL SELECT 'unbilled', {t}.charge_id,
        CASE {t}.debit WHEN 'unbilled' THEN {t}.amount ELSE -{t}.amount END,
        CASE {t}.debit WHEN 'unbilled' THEN {t}.quantity_e2 ELSE -{t}.quantity_e2 END{more_of_charges}
    UNION ALL SELECT 'payable', {t}.document_id,
        CASE {t}.debit WHEN 'payable' THEN {t}.amount ELSE -{t}.amount END, 0{more_of_documents}"""

_COLUMNS = "id, business_id, made_at, engagement_id, currency, account, about_id, amount, quantity_e2"

AFTER_TRANSFER = (
    f"INSERT INTO ledger_account ({_COLUMNS}) "  # noqa: S608 - no value of anybody stands in it
    "SELECT {key}, NEW.business_id, NEW.made_at, NEW.engagement_id, NEW.currency, p.account, p.about_id, p.amount, "
    "p.quantity_e2 FROM ("
    + _PARTS.format(
        t="NEW", more="", more_of_charges=" WHERE 'unbilled' IN (NEW.debit, NEW.credit)",
        more_of_documents=" WHERE 'payable' IN (NEW.debit, NEW.credit)",
    )
    + ") p WHERE 1 = 1 ON CONFLICT (engagement_id, account, about_id, currency) DO UPDATE SET "
    "amount = ledger_account.amount + excluded.amount, quantity_e2 = ledger_account.quantity_e2 + excluded.quantity_e2; "
    "DELETE FROM ledger_account WHERE about_id IN (NEW.charge_id, NEW.document_id) AND amount = 0 AND quantity_e2 = 0;"
)  # fmt: skip

_OF_ROW = ", {t}.business_id AS business_id, {t}.made_at AS made_at, {t}.engagement_id AS engagement_id, {t}.currency AS currency FROM ledger_transfer {t}"
_SUMS = (
    "SELECT business_id, MAX(made_at) AS made_at, engagement_id, currency, account, about_id, SUM(amount) AS amount, "  # noqa: S608
    "SUM(quantity_e2) AS quantity_e2 FROM ("
    + _PARTS.format(
        t="t", more=_OF_ROW.format(t="t"), more_of_charges=_OF_ROW.format(t="t") + " WHERE 'unbilled' IN (t.debit, t.credit)",
        more_of_documents=_OF_ROW.format(t="t") + " WHERE 'payable' IN (t.debit, t.credit)",
    )
    + ") p GROUP BY business_id, engagement_id, currency, account, about_id "
    "HAVING about_id = engagement_id OR SUM(amount) <> 0 OR SUM(quantity_e2) <> 0"
)  # fmt: skip

NOT_IN_STEP = (
    f"SELECT COUNT(*) FROM ({_SUMS}) s FULL JOIN ledger_account a ON a.engagement_id = s.engagement_id "  # noqa: S608
    "AND a.account = s.account AND a.about_id = s.about_id AND a.currency = s.currency "
    "WHERE a.amount IS DISTINCT FROM s.amount OR a.quantity_e2 IS DISTINCT FROM s.quantity_e2"
)


def filling(vendor: str) -> str:
    """What fills the empty table from the transfers."""
    key = "gen_random_uuid()" if vendor == "postgresql" else "randomblob(16)"
    return f"INSERT INTO ledger_account ({_COLUMNS}) SELECT {key}, s.* FROM ({_SUMS}) s"  # noqa: S608
