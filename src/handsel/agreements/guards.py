"""The gate, and what stands around it: signatures, kept texts, one version in force."""

from handsel.agreements.models import UnderTerms
from handsel.core.guards import AnyGuard, Guard, Says, kept, table_of

NO_TERMS = Says(
    "no_terms_in_force",
    "No terms signed by both sides are in force on this day.",
    "Ask for terms that begin earlier, or choose another day.",
)
NOT_SIGNED = Says("not_signed", "Only a version that both sides have signed comes into force.")
WORK_AFTER = Says("work_after", "There is work after this day.", "Choose a later day, or have that work removed first.")
OTHER_TEXT = Says("other_text", "This is not the text that is to be signed.", "Reload the page and read it again.")
CLOSED = Says("terms_closed", "This version was declined or withdrawn.", "Ask for a new version.")
OUT_OF_TURN = Says("changed_meanwhile", "Somebody was a moment faster.")

_LOCK_ENGAGEMENT = "PERFORM 1 FROM agreements_engagement e WHERE e.id = NEW.engagement_id FOR NO KEY UPDATE;"
_SHARE_ENGAGEMENT = "PERFORM 1 FROM agreements_engagement e WHERE e.id = NEW.engagement_id FOR SHARE;"


def gate(model: type[UnderTerms]) -> Guard:
    """Refuses a row, new or moved, for a work day on which the last `InForce` names no version."""
    table = table_of(model)
    return Guard(
        f"{table}_gate",
        table,
        "(SELECT f.terms_id FROM agreements_inforce f WHERE f.engagement_id = NEW.engagement_id "
        "AND f.from_day <= NEW.work_day ORDER BY f.from_day DESC, f.n DESC LIMIT 1) IS NULL",
        NO_TERMS,
        reads=("agreements_inforce",),
        locks=_SHARE_ENGAGEMENT,
    )


def nothing_after(model: type[UnderTerms]) -> Guard:
    """Refuses a pause or an end while a row lies in the stretch that it closes."""
    table = table_of(model)
    counts = f" AND NOT ({model.no_longer_counts})" if model.no_longer_counts else ""
    return Guard(
        f"agreements_inforce_before_{table}",
        "agreements_inforce",
        f"NEW.terms_id IS NULL AND EXISTS (SELECT 1 FROM {table} e WHERE e.engagement_id = NEW.engagement_id "
        f"AND e.work_day >= NEW.from_day{counts} AND NOT EXISTS (SELECT 1 FROM agreements_inforce f "
        "WHERE f.engagement_id = NEW.engagement_id AND f.from_day > NEW.from_day AND f.from_day <= e.work_day))",
        WORK_AFTER,
        events=("INSERT",),
        reads=(table,),
        locks=_LOCK_ENGAGEMENT,
    )


GUARDS: list[AnyGuard] = [
    *kept(
        "agreements_terms", "agreements_rateline", "agreements_feeline", "agreements_seen", "agreements_signature",
        "agreements_termsclosed", "agreements_inforce", "agreements_worker", "agreements_paper",
    ),
    Guard(
        "agreements_signature_same_text",
        "agreements_signature",
        "NEW.document_hash IS DISTINCT FROM (SELECT t.hash FROM agreements_terms t WHERE t.id = NEW.terms_id)",
        OTHER_TEXT,
        events=("INSERT",),
        reads=("agreements_terms",),
        locks="PERFORM 1 FROM agreements_terms t JOIN agreements_engagement e ON e.id = t.engagement_id "
        "WHERE t.id = NEW.terms_id FOR NO KEY UPDATE OF e;",
    ),
    Guard(
        "agreements_signature_open",
        "agreements_signature",
        "EXISTS (SELECT 1 FROM agreements_termsclosed c WHERE c.terms_id = NEW.terms_id)",
        CLOSED,
        events=("INSERT",),
        reads=("agreements_termsclosed",),
    ),
    Guard(
        "agreements_inforce_signed",
        "agreements_inforce",
        "NEW.terms_id IS NOT NULL AND (SELECT COUNT(DISTINCT s.signed_side) FROM agreements_signature s "
        "JOIN agreements_terms t ON t.id = s.terms_id WHERE s.terms_id = NEW.terms_id "
        "AND t.engagement_id = NEW.engagement_id AND s.document_hash = t.hash "
        "AND s.signed_side IN ('owner', 'provider')) < 2",
        NOT_SIGNED,
        events=("INSERT",),
        reads=("agreements_signature", "agreements_terms"),
        locks=_LOCK_ENGAGEMENT,
    ),
    Guard(
        "agreements_inforce_in_turn",
        "agreements_inforce",
        "NEW.n IS DISTINCT FROM 1 + COALESCE((SELECT MAX(f.n) FROM agreements_inforce f "
        "WHERE f.engagement_id = NEW.engagement_id), 0)",
        OUT_OF_TURN,
        events=("INSERT",),
        locks=_LOCK_ENGAGEMENT,
    ),
    *(guard(model) for model in UnderTerms.tables() for guard in (gate, nothing_after)),
]  # fmt: skip
