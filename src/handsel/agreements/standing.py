"""What `handsel check` asks of agreements: no work lies outside terms that both sides signed."""

from collections.abc import Iterable

from django.db import connection

from handsel.agreements.models import UnderTerms
from handsel.core import checks
from handsel.core.guards import table_of


def _outside_terms() -> Iterable[str]:
    """The question of the gate, asked again over every row: `agreements/guards.py`."""
    for model in UnderTerms.tables():
        table = table_of(model)
        counts = f" AND NOT ({model.no_longer_counts})" if model.no_longer_counts else ""
        last = (
            "SELECT f.terms_id FROM agreements_inforce f WHERE f.engagement_id = e.engagement_id "
            "AND f.from_day <= e.work_day ORDER BY f.from_day DESC, f.n DESC LIMIT 1"
        )
        if count := _count(f"SELECT COUNT(*) FROM {table} e WHERE ({last}) IS NULL{counts}"):  # noqa: S608
            yield f"{count} rows of {table} lie on days on which no terms were in force."


def _unsigned_in_force() -> Iterable[str]:
    sides = (
        "SELECT COUNT(DISTINCT s.signed_side) FROM agreements_signature s JOIN agreements_terms t ON t.id = s.terms_id "
        "WHERE s.terms_id = f.terms_id AND s.document_hash = t.hash"
    )
    if count := _count(f"SELECT COUNT(*) FROM agreements_inforce f WHERE f.terms_id IS NOT NULL AND ({sides}) < 2"):  # noqa: S608
        yield f"{count} versions came into force without the signatures of both sides over their text."


def _count(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def register() -> None:
    """Called once, when the room is ready."""
    checks.register("gate", lambda: [*_outside_terms(), *_unsigned_in_force()])
