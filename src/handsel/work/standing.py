"""What `handsel check` asks of work: what is approved is owed once, and nothing else is."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Sum

from handsel.core import checks
from handsel.ledger.models import WorkClaim
from handsel.work.models import Task, TimeEntry
from handsel.work.rules import Status


def _claims() -> Iterable[str]:
    """Seconds of each line, and the one unit of each task, that charges use up."""
    used = dict(WorkClaim.objects.values_list("evidence_id").annotate(units=Sum("units")))
    lines = TimeEntry.objects.order_by("id").values_list("id", "seconds", "status")
    yield from _wrong("line", used, ((key, seconds, status == Status.APPROVED.value) for key, seconds, status in lines))
    tasks = Task.objects.order_by("id").values_list("id", "status")
    yield from _wrong("task", used, ((key, 1, status == "accepted") for key, status in tasks))
    for key, units in used.items():
        if units:
            yield f"Charges use {units} units of {key}, which is no line and no task."


def _wrong(word: str, used: dict[UUID, int], things: Iterable[tuple[UUID, int, bool]]) -> Iterable[str]:
    """things: key, what it has, and whether it is owed. What was looked at leaves `used`."""
    for key, units, is_owed in things:
        claimed = used.pop(key, 0)
        if claimed != (units if is_owed else 0):
            yield f"The {word} {key} is {'approved' if is_owed else 'not approved'}, and {claimed} of its {units} are owed."


def register() -> None:
    """Called once, when the room is ready."""
    checks.register("claims", _claims)
