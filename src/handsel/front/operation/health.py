"""Whether this installation is well, from cheap questions; what costs more is asked once a minute."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from handsel.core import guards
from handsel.core.models import WorkerBeat
from handsel.core.outbox import SILENT

_REMEMBERED = 60.0  # seconds


@dataclass(frozen=True)
class Health:
    """parts: each thing looked at, with None where it is well, or a sentence."""

    parts: dict[str, str | None]

    @property
    def is_well(self) -> bool:
        return not any(self.parts.values())

    def as_json(self) -> dict[str, Any]:
        return {
            "status": "well" if self.is_well else "unwell",
            "parts": {name: trouble or "well" for name, trouble in self.parts.items()},
        }


def look() -> Health:
    """Three SQL queries, and two more once a minute; never an exception."""
    parts: dict[str, str | None] = {}
    for name, question in _QUESTIONS.items():
        try:
            parts[name] = question()
        except DatabaseError:
            parts[name] = "The database does not answer."
    return Health(parts)


def _database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


def _worker() -> str | None:
    newest = WorkerBeat.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
    if newest is None:
        return "No worker runs."
    silent = timezone.now() - newest
    return f"The worker is silent for {int(silent.total_seconds())} seconds." if silent > SILENT else None


def _guards() -> str | None:
    missing = len(guards.missing(connection))
    return f"The database has lost {missing} of its guards. Run: handsel migrate" if missing else None


def _migrations() -> str | None:
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return f"The database is {steps} steps behind this version. Run: handsel migrate" if steps else None


def _once_a_minute(question: Callable[[], str | None]) -> Callable[[], str | None]:
    """A good answer is believed for a minute; trouble is asked about again each time, so that its end shows at once."""
    well_until = 0.0

    def remembered() -> str | None:
        nonlocal well_until
        if time.monotonic() < well_until:
            return None
        trouble = question()
        if trouble is None:
            well_until = time.monotonic() + _REMEMBERED
        return trouble

    return remembered


_QUESTIONS: dict[str, Callable[[], str | None]] = {
    "database": _database,
    "worker": _worker,
    "guards": _once_a_minute(_guards),
    "migrations": _once_a_minute(_migrations),
}
