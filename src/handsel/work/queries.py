"""Every read about work."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from handsel.agreements.models import FeeLine, InForce
from handsel.people.models import Person
from handsel.values.actors import Actor
from handsel.values.money import Money
from handsel.values.refusals import NotVisible
from handsel.work.models import (
    Approval,
    Delivery,
    Reopening,
    Return,
    Submission,
    Task,
    TaskReturn,
    TimeEntry,
    TimerRun,
    Timesheet,
)
from handsel.work.rules import SheetState, Span, Status, sheet_state


def lines_awaiting(actor: Actor) -> QuerySet[TimeEntry]:
    """Submitted lines that this person sees, oldest work day first; one SQL query."""
    return TimeEntry.objects.visible_to(actor).filter(status=Status.SUBMITTED.value).order_by("work_day", "id")


def lines(actor: Actor, timesheet_id: UUID) -> list[TimeEntry]:
    """The lines of a timesheet that stand, in the order of the week; one SQL query."""
    return list(TimeEntry.objects.visible_to(actor).lines_of(timesheet_id).select_related("replaces", "worker"))


def timesheet(actor: Actor, key: UUID) -> Timesheet:
    return Timesheet.objects.select_related("engagement__provider", "worker").get_visible(actor, key)


@dataclass(frozen=True)
class Sheet:
    """A timesheet with what its lines add up to."""

    timesheet: Timesheet
    state: SheetState
    seconds: int
    waiting_seconds: int
    lines: int
    submitted_at: datetime | None


def timesheets(actor: Actor) -> QuerySet[Timesheet]:
    """The timesheets that this person reads, newest period first, each with when it was last handed in; one SQL query."""
    newest = Submission.objects.filter(timesheet=OuterRef("pk")).order_by("-made_at").values("made_at")[:1]
    rows = Timesheet.objects.visible_to(actor).select_related("engagement__provider", "worker")
    return rows.annotate(submitted_at=Subquery(newest)).order_by("-first_day", "-id")


def waits(actor: Actor) -> Q:
    """The filter over timesheets: a line of it waits for a decision."""
    waiting = TimeEntry.objects.visible_to(actor).filter(status=Status.SUBMITTED.value)
    return Q(pk__in=waiting.values("timesheet_id"))


def summed(actor: Actor, found: Sequence[Timesheet]) -> list[Sheet]:
    """Rows of `timesheets` with their sums, in their order; one SQL query, which looks at their lines alone."""
    counts: dict[UUID, dict[str, tuple[int, int]]] = defaultdict(dict)
    lines = TimeEntry.objects.visible_to(actor).filter(timesheet__in=[t.id for t in found]).order_by()
    sums = lines.values_list("timesheet_id", "status").annotate(n=Count("id"), seconds=Sum("seconds"))
    for key, status, n, seconds in sums:
        counts[key][status] = (n, seconds)
    return [_summed(t, counts[t.id]) for t in found]


def _summed(row: Timesheet, by_status: dict[str, tuple[int, int]]) -> Sheet:
    """by_status: how many lines stand so, and their seconds."""
    standing = {status: found for status, found in by_status.items() if status != Status.REMOVED.value}
    return Sheet(
        row, sheet_state([s for s in Status if s.value in by_status]), sum(seconds for _, seconds in standing.values()),
        by_status.get(Status.SUBMITTED.value, (0, 0))[1], sum(n for n, _ in standing.values()),
        row.submitted_at,  # type: ignore[attr-defined]  # annotated by `timesheets`
    )  # fmt: skip


def sheet(actor: Actor, key: UUID) -> Sheet:
    found = summed(actor, list(timesheets(actor).filter(pk=key)))
    if not found:
        raise NotVisible("timesheet")
    return found[0]


def reasons(line_ids: Sequence[UUID]) -> dict[UUID, Return | Reopening]:
    """The newest reason on each line; two SQL queries."""
    newest: dict[UUID, Return | Reopening] = {}
    for model in (Return, Reopening):
        for row in model.objects.filter(line_id__in=line_ids).select_related("person").order_by("n"):
            known = newest.get(row.line_id)
            if known is None or known.n < row.n:
                newest[row.line_id] = row
    return newest


def approvals(line_ids: Sequence[UUID]) -> dict[UUID, Approval]:
    """Who approved each line last; one SQL query."""
    rows = Approval.objects.filter(line_id__in=line_ids).select_related("person").order_by("n")
    return {row.line_id: row for row in rows}


def spans_near(worker_id: UUID, start: datetime, end: datetime) -> list[Span]:
    """Stretches of the worker's time that may run into this one, in all engagements of all businesses."""
    rows = (
        TimeEntry.objects.filter(worker_id=worker_id, started_at__lt=end, ended_at__gt=start)
        .exclude(status=Status.REMOVED.value)
        .values_list("id", "started_at", "ended_at")
    )
    return [Span(key, begun, ended) for key, begun, ended in rows if begun and ended]


def seconds_on(worker_id: UUID, business_id: UUID | None, day: date, but: UUID | None = None) -> int:
    """What the worker has logged on the day in this business, leaving one line out; one SQL query."""
    rows = TimeEntry.objects.filter(worker_id=worker_id, business_id=business_id, work_day=day)
    rows = rows.exclude(status=Status.REMOVED.value).exclude(pk=but)
    return int(rows.aggregate(sum=Sum("seconds"))["sum"] or 0)


def own_seconds(actor: Actor, days: Sequence[date]) -> QuerySet[TimeEntry, Any]:
    """A row with the `sum` of the person's own seconds from the first of these days to the last, whatever became of them;
    no row where there is no line."""
    rows = TimeEntry.objects.visible_to(actor).filter(worker_id=actor.person_id, work_day__range=(days[0], days[-1]))
    standing = rows.exclude(status=Status.REMOVED.value).order_by()
    return standing.values("worker_id").annotate(sum=Sum("seconds")).values("sum")


def running_timer(person_id: UUID) -> TimerRun | None:
    return (
        TimerRun.objects.filter(person_id=person_id, stopped_at=None).select_related("engagement", "business").first()
    )


@dataclass(frozen=True)
class Cell:
    """One kind of work on one day of the grid."""

    day: date
    seconds: int
    entries: int
    locked: bool
    line_id: UUID | None  # the one line that typing changes, where there is just one without clocks


@dataclass(frozen=True)
class GridRow:
    kind: str
    cells: tuple[Cell, ...]
    seconds: int


def grid(
    actor: Actor, engagement_id: UUID, worker_id: UUID | None, days: Sequence[date], kinds: Sequence[str]
) -> list[GridRow]:
    """The week of one worker in one engagement: a row per kind of work; one SQL query."""
    by_cell: dict[tuple[str, date], list[TimeEntry]] = defaultdict(list)
    rows = TimeEntry.objects.visible_to(actor).filter(
        engagement_id=engagement_id, worker_id=worker_id, work_day__range=(days[0], days[-1])
    )
    for line in rows.exclude(status=Status.REMOVED.value):
        by_cell[line.kind, line.work_day].append(line)
    all_kinds = [*kinds, *sorted({kind for kind, _ in by_cell} - set(kinds))]
    return [_grid_row(kind, days, by_cell) for kind in all_kinds]


def _grid_row(kind: str, days: Sequence[date], by_cell: dict[tuple[str, date], list[TimeEntry]]) -> GridRow:
    cells = tuple(_cell(day, by_cell.get((kind, day), [])) for day in days)
    return GridRow(kind, cells, sum(c.seconds for c in cells))


def _cell(day: date, entries: list[TimeEntry]) -> Cell:
    plain = entries[0] if len(entries) == 1 and entries[0].started_at is None else None
    locked = any(e.status in {Status.SUBMITTED.value, Status.APPROVED.value} for e in entries)
    return Cell(day, sum(e.seconds for e in entries), len(entries), locked, plain.id if plain else None)


@dataclass(frozen=True)
class Duty:
    """A deliverable of the terms, and how its task stands; the task exists from the first delivery on."""

    name: str
    amount: int
    currency: str
    due: date | None
    accept: str
    status: str
    task_id: UUID | None

    @property
    def fee(self) -> Money:
        return Money.from_minor(self.amount, self.currency)


def duties(actor: Actor, engagement_id: UUID, today: date) -> list[Duty]:
    """The flat-fee deliverables of the terms in force today, and what was made of each; two SQL queries. Where
    none is in force yet, those of the first terms to be."""
    in_force = (
        InForce.objects.visible_to(actor).filter(engagement_id=engagement_id, terms__isnull=False).values("terms")
    )
    begun = in_force.filter(from_day__lte=today).order_by("-from_day", "-n")[:1]
    terms = Coalesce(Subquery(begun), Subquery(in_force.order_by("from_day", "n")[:1]))
    tasks = {t.name: t for t in Task.objects.visible_to(actor).filter(engagement_id=engagement_id)}
    fees = FeeLine.objects.filter(terms_id=terms).select_related("terms").order_by("position")
    return [
        Duty(f.name, f.amount, f.terms.currency, f.due, f.accept, tasks[f.name].status if f.name in tasks else "open",
             tasks[f.name].id if f.name in tasks else None)
        for f in fees
    ]  # fmt: skip


def fees_due(actor: Actor, first: date, last: date) -> QuerySet[FeeLine]:
    """Deliverables of the newest terms of each engagement that are due in these days, before its end, and not accepted;
    one SQL query."""
    in_force = InForce.objects.filter(engagement=OuterRef("terms__engagement"))
    newest = in_force.filter(terms__isnull=False).order_by("-from_day", "-n")
    ended = in_force.filter(why=InForce.ENDED, from_day__lte=OuterRef("due"))
    accepted = Task.objects.filter(engagement=OuterRef("terms__engagement"), name=OuterRef("name"), status="accepted")
    rows = FeeLine.objects.visible_to(actor).filter(
        due__range=(first, last), terms=Subquery(newest.values("terms")[:1])
    )
    return rows.filter(~Exists(accepted), ~Exists(ended)).order_by("due", "id")


def tasks_awaiting(actor: Actor) -> QuerySet[Task]:
    """Delivered tasks that wait for an answer, oldest first; one SQL query."""
    return (
        Task.objects.visible_to(actor).filter(status="delivered").select_related("engagement").order_by("made_at", "id")
    )


def task(actor: Actor, key: UUID) -> Task:
    return Task.objects.select_related("engagement__provider").get_visible(actor, key)


def deliveries(actor: Actor, task_id: UUID) -> QuerySet[Delivery]:
    """Deliveries of a task, newest first, with worker and file."""
    return Delivery.objects.visible_to(actor).filter(task_id=task_id).select_related("worker", "file").order_by("-n")


def task_returns(actor: Actor, task_id: UUID) -> QuerySet[TaskReturn]:
    return TaskReturn.objects.visible_to(actor).filter(task_id=task_id).select_related("person").order_by("-n")


def workers_seen(actor: Actor) -> QuerySet[Person]:
    """Whose time this person sees."""
    ids = Timesheet.objects.visible_to(actor).values("worker_id")
    return Person.objects.filter(pk__in=ids).order_by("name")


def sheets_of_days(actor: Actor, engagement_id: UUID, days: Sequence[date]) -> list[Timesheet]:
    """One's own timesheets that these days belong to; one SQL query."""
    rows = Timesheet.objects.visible_to(actor).filter(
        engagement_id=engagement_id, worker_id=actor.person_id, first_day__lte=days[-1], last_day__gte=days[0]
    )
    return list(rows.order_by("first_day"))
