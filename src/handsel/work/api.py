"""Work over the API: time and timesheets, deliverables."""

from datetime import date, datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from django.utils import timezone
from ninja import Query
from pydantic import Field, model_validator

from handsel.agreements import queries as agreements
from handsel.core.paging import Page, Window, behind, page, page_of
from handsel.core.wire import (
    KEY,
    Amount,
    Day,
    Given,
    Instant,
    Kind,
    Line,
    Reason,
    Seconds,
    Shown,
    Version,
    Words,
    Yes,
    example,
)
from handsel.people.api import PersonShown
from handsel.people.callers import Call, routes
from handsel.values.actors import Actor
from handsel.values.days import day_of
from handsel.work import actions, queries
from handsel.work.actions import Stint
from handsel.work.models import Delivery, Task, TimeEntry, TimerRun
from handsel.work.queries import Duty, Sheet
from handsel.work.rules import Decision, SheetState, Status

router = routes("work")
_LONGEST = timedelta(hours=48)


class StintGiven(Given):
    """Time that was spent: a day and seconds, or two instants. What runs over midnight becomes a line per day."""

    model_config = example(work_day="2026-11-16", seconds=5400, kind="Customer mail", description="Refunds")

    kind: Kind = Field("", description="A kind of work of the terms; empty: the first one.")
    description: Line = Field("", description="What was done.")
    work_day: Day | None = Field(None, description="A day in the zone of the terms.")
    seconds: Seconds | None = Field(None, description="Whole seconds on that day.")
    started_at: Instant | None = None
    ended_at: Instant | None = None

    @model_validator(mode="after")
    def _one_way_or_the_other(self) -> Self:
        by_length = self.work_day is not None and self.seconds is not None
        by_clock = self.started_at is not None and self.ended_at is not None
        given = [self.work_day, self.seconds, self.started_at, self.ended_at]
        if not by_length ^ by_clock or sum(value is not None for value in given) != 2:
            raise ValueError("Give work_day and seconds, or started_at and ended_at.")
        if self.started_at and self.ended_at and self.ended_at - self.started_at > _LONGEST:
            raise ValueError("One stretch is of 48 hours at most.")
        return self

    def stint(self) -> Stint:
        return Stint(self.kind, self.description, self.work_day, self.seconds or 0, self.started_at, self.ended_at)


class TimeGiven(StintGiven):
    """One's own time, for an engagement."""

    model_config = example(engagement_id=KEY, work_day="2026-11-16", seconds=5400, description="Refunds")

    engagement_id: UUID


class LineShown(Shown):
    """A line of a timesheet: time of one person on one day."""

    id: UUID
    engagement_id: UUID
    timesheet_id: UUID
    worker: PersonShown
    work_day: date = Field(description="In the zone of the terms.")
    kind: str
    description: str
    started_at: datetime | None = Field(description="Where clock times were given.")
    ended_at: datetime | None
    seconds: int = Field(description="Whole seconds, never rounded.")
    status: Status
    revision: int = Field(description="A decision names it, so that nobody decides on what was changed meanwhile.")
    replaces_id: UUID | None = Field(description="The line that this one corrects.")

    @classmethod
    def of(cls, line: TimeEntry) -> Self:
        return cls(
            id=line.id, engagement_id=line.engagement_id, timesheet_id=line.timesheet_id,
            worker=PersonShown.of(line.worker), work_day=line.work_day, kind=line.kind, description=line.description,
            started_at=line.started_at, ended_at=line.ended_at, seconds=line.seconds, status=Status(line.status),
            revision=line.revision, replaces_id=line.replaces_id,
        )  # fmt: skip


class LinesAsked(Window):
    """Which lines."""

    engagement_id: UUID | None = None
    timesheet_id: UUID | None = None
    worker_id: UUID | None = None
    status: Status | None = None
    first_day: Day | None = None
    last_day: Day | None = None

    def filters(self) -> dict[str, object]:
        wanted = {
            "engagement_id": self.engagement_id, "timesheet_id": self.timesheet_id, "worker_id": self.worker_id,
            "status": self.status and self.status.value, "work_day__gte": self.first_day,
            "work_day__lte": self.last_day,
        }  # fmt: skip
        return {name: value for name, value in wanted.items() if value is not None}


@router.get("/lines", response=Page[LineShown], summary="Lines of time")
def lines(request: Call, asked: Query[LinesAsked]) -> Page[LineShown]:
    """The lines that this person reads, the newest work day first."""
    # By a query of their own: joined, people may be what SQLite reads first, and every line of theirs.
    rows = TimeEntry.objects.visible_to(request.auth).filter(**asked.filters()).prefetch_related("worker")
    return page(request, asked, rows, LineShown.of, ("-work_day", "-id"))


@router.get("/lines/{key}", response=LineShown, summary="A line of time")
def line(request: Call, key: UUID) -> LineShown:
    """One line."""
    return LineShown.of(TimeEntry.objects.select_related("worker").get_visible(request.auth, key))


@router.post("/lines", response={201: list[LineShown]}, summary="Log time")
def log(request: Call, body: TimeGiven) -> list[LineShown]:
    """Log one's own time; gives the lines that it became, one per day."""
    return [LineShown.of(line) for line in actions.log(request.auth, body.engagement_id, body.stint())]


@router.post("/lines/{key}/change", response=LineShown, summary="Change a line")
def change(request: Call, key: UUID, body: StintGiven) -> LineShown:
    """Change a draft, or correct a returned line: the correction is a new line that replaces it."""
    return LineShown.of(actions.change(request.auth, key, body.stint()))


@router.post("/lines/{key}/removal", response={204: None}, summary="Take a line away")
def discard(request: Call, key: UUID) -> None:
    """Take a draft or a returned line away."""
    actions.discard(request.auth, key)


class ReasonGiven(Given):
    """Why."""

    reason: Reason


@router.post("/lines/{key}/reopening", response=LineShown, summary="Open an approved line again")
def reopen(request: Call, key: UUID, body: ReasonGiven) -> LineShown:
    """The line waits for a decision again and is not owed meanwhile; refused once it is invoiced."""
    actions.reopen(request.auth, key, body.reason)
    return line(request, key)


class CellGiven(Given):
    """What one cell of the weekly grid holds now."""

    kind: Kind
    day: Day
    seconds: Annotated[int, Field(strict=True, ge=0, le=90_000, description="0 empties the cell.")]


class WeekGiven(Given):
    """Changed cells of the grid."""

    cells: list[CellGiven] = Field(min_length=1, max_length=200)


class CountShown(Shown):
    """How many."""

    count: int


@router.post("/engagements/{key}/cells", response=CountShown, summary="Fill cells of the weekly grid")
def fill_week(request: Call, key: UUID, body: WeekGiven) -> CountShown:
    """Save changed cells, all or none; a cell with clock times or several lines is not the grid's to change."""
    cells = [(cell.kind, cell.day, cell.seconds) for cell in body.cells]
    return CountShown(count=actions.fill_week(request.auth, key, cells))


# ---------------------------------------------------------------- the timer


class TimerGiven(Given):
    """What the timer is started on."""

    engagement_id: UUID
    kind: Kind = ""
    note: Line = ""


class StopGiven(Given):
    """When it was over."""

    ended_at: Instant | None = Field(None, description="A corrected end; null: now.")


class TimerShown(Shown):
    """One's own timer. Only its person sees it."""

    engagement_id: UUID
    kind: str
    note: str
    started_at: datetime

    @classmethod
    def of(cls, run: TimerRun) -> Self:
        return cls(engagement_id=run.engagement_id, kind=run.kind, note=run.note, started_at=run.started_at)


class TimerState(Shown):
    """Whether one's own timer runs here."""

    running: TimerShown | None


@router.get("/timer", response=TimerState, summary="One's own timer")
def timer(request: Call) -> TimerState:
    """The timer of this business; one that runs for another client is not told here."""
    person_id = request.auth.person_id
    run = queries.running_timer(person_id) if person_id else None
    here = run is not None and run.business_id == request.auth.business_id
    return TimerState(running=TimerShown.of(run) if run and here else None)


@router.post("/timer/start", response={201: TimerShown}, summary="Start the timer")
def start_timer(request: Call, body: TimerGiven) -> TimerShown:
    """Start one's own timer; one runs at a time."""
    return TimerShown.of(actions.start_timer(request.auth, body.engagement_id, body.kind, body.note))


@router.post("/timer/stop", response={201: list[LineShown]}, summary="Stop the timer")
def stop_timer(request: Call, body: StopGiven) -> list[LineShown]:
    """Stop it; what it measured becomes lines."""
    return [LineShown.of(line) for line in actions.stop_timer(request.auth, body.ended_at)]


# ---------------------------------------------------------------- timesheets


class SheetShown(Shown):
    """A person's period of one engagement, with what its lines add up to."""

    id: UUID
    engagement_id: UUID
    engagement: str = Field(description="What the work is called.")
    provider: str
    worker: PersonShown
    first_day: date
    last_day: date
    state: SheetState
    seconds: int = Field(description="Of all lines that stand.")
    waiting_seconds: int = Field(description="Of the lines that wait for a decision.")
    lines: int
    submitted_at: datetime | None = Field(description="When it was last handed in.")

    @classmethod
    def of(cls, sheet: Sheet) -> Self:
        t = sheet.timesheet
        return cls(
            id=t.id, engagement_id=t.engagement_id, engagement=t.engagement.title, provider=t.engagement.provider.name,
            worker=PersonShown.of(t.worker), first_day=t.first_day, last_day=t.last_day, state=sheet.state,
            seconds=sheet.seconds, waiting_seconds=sheet.waiting_seconds, lines=sheet.lines,
            submitted_at=sheet.submitted_at,
        )  # fmt: skip


class SheetsAsked(Window):
    """Which timesheets."""

    engagement_id: UUID | None = None
    worker_id: UUID | None = None
    status: Status | None = Field(None, description="Those with a line that stands so.")


@router.get("/timesheets", response=Page[SheetShown], summary="Timesheets")
def timesheets(request: Call, asked: Query[SheetsAsked]) -> Page[SheetShown]:
    """The timesheets that this person reads, the newest period first."""
    order = ("-first_day", "-id")
    wanted = {"engagement_id": asked.engagement_id, "worker_id": asked.worker_id}
    rows = queries.timesheets(request.auth).filter(**{k: v for k, v in wanted.items() if v})
    if asked.status:
        with_line = TimeEntry.objects.visible_to(request.auth).filter(status=asked.status.value)
        rows = rows.filter(pk__in=with_line.values("timesheet_id"))
    found = queries.summed(request.auth, list(behind(asked, rows, order)[: asked.limit + 1]))
    return page_of(request, asked, found, lambda sheet: sheet.timesheet, SheetShown.of, order)


@router.get("/timesheets/{key}", response=SheetShown, summary="A timesheet")
def timesheet(request: Call, key: UUID) -> SheetShown:
    """One timesheet; its lines are under /lines?timesheet_id=."""
    return SheetShown.of(queries.sheet(request.auth, key))


@router.post("/timesheets/{key}/submission", response=SheetShown, summary="Submit a timesheet")
def submit(request: Call, key: UUID) -> SheetShown:
    """Hand in all drafts of the period."""
    actions.submit(request.auth, key)
    return timesheet(request, key)


@router.post("/timesheets/{key}/withdrawal", response=SheetShown, summary="Take a timesheet back")
def withdraw(request: Call, key: UUID) -> SheetShown:
    """What nobody has decided yet is a draft again."""
    actions.withdraw(request.auth, key)
    return timesheet(request, key)


class DecisionGiven(Given):
    """A word on one line, in the form in which it was read."""

    line_id: UUID
    revision: Version
    approves: Yes
    reason: Line = Field("", description="Needed where the line goes back.")


class DecisionsGiven(Given):
    """Words on lines of one timesheet, all or none."""

    decisions: list[DecisionGiven] = Field(min_length=1, max_length=500)


@router.post("/timesheets/{key}/decision", response=SheetShown, summary="Approve or return lines")
def decide(request: Call, key: UUID, body: DecisionsGiven) -> SheetShown:
    """What approved lines earn is owed from now on."""
    decisions = [Decision(d.line_id, d.revision, d.approves, d.reason) for d in body.decisions]
    actions.decide(request.auth, key, decisions)
    return timesheet(request, key)


# ---------------------------------------------------------------- deliverables


class DeliverableShown(Shown):
    """A deliverable of the terms in force, with its fee, and how it stands."""

    name: str
    fee: Amount | None = Field(description="None for an assistant whose firm keeps the pay to itself.")
    due: date | None
    accept: str = Field(description="What it is measured by.")
    status: str = Field(description="open, delivered, returned or accepted.")
    task_id: UUID | None = Field(description="The task that its deliveries belong to, from the first one on.")

    @classmethod
    def of(cls, duty: Duty, actor: Actor) -> Self:
        fee = Amount.of(duty.fee) if actor.reads_rates else None
        return cls(
            name=duty.name, fee=fee, due=duty.due, accept=duty.accept, status=duty.status,
            task_id=duty.task_id,
        )  # fmt: skip


class TaskShown(Shown):
    """The work for one deliverable."""

    id: UUID
    engagement_id: UUID
    name: str
    status: str = Field(description="open, delivered, returned or accepted.")

    @classmethod
    def of(cls, task: Task) -> Self:
        return cls(id=task.id, engagement_id=task.engagement_id, name=task.name, status=task.status)


class DeliveryGiven(Given):
    """What is handed over. A file is added on the page."""

    name: Kind = Field(min_length=1, description="The deliverable, as the terms call it.")
    note: Words = Field(min_length=1)


class DeliveryShown(Shown):
    """One hand-over of the work; a returned one is followed by another."""

    id: UUID
    task_id: UUID
    n: int
    worker_id: UUID
    work_day: date
    note: str
    file: str | None = Field(description="The name of its file.")

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        return cls(
            id=delivery.id, task_id=delivery.task_id, n=delivery.n, worker_id=delivery.worker_id,
            work_day=delivery.work_day, note=delivery.note, file=delivery.file.name if delivery.file else None,
        )  # fmt: skip


@router.get("/engagements/{key}/deliverables", response=list[DeliverableShown], summary="Deliverables of the terms")
def deliverables(request: Call, key: UUID) -> list[DeliverableShown]:
    """The flat-fee deliverables of the terms in force today, in their order."""
    engagement = agreements.engagement(request.auth, key)
    today = day_of(timezone.now(), request.auth.zone)
    return [DeliverableShown.of(duty, request.auth) for duty in queries.duties(request.auth, engagement.id, today)]


class TasksAsked(Window):
    """Which tasks."""

    engagement_id: UUID | None = None
    status: Kind = ""


@router.get("/tasks", response=Page[TaskShown], summary="Tasks")
def tasks(request: Call, asked: Query[TasksAsked]) -> Page[TaskShown]:
    """What was delivered at least once, the newest first."""
    wanted = {"engagement_id": asked.engagement_id, "status": asked.status}
    rows = Task.objects.visible_to(request.auth).filter(**{k: v for k, v in wanted.items() if v})
    return page(request, asked, rows, TaskShown.of, ("-made_at", "-id"))


@router.get("/tasks/{key}", response=TaskShown, summary="A task")
def task(request: Call, key: UUID) -> TaskShown:
    """One task."""
    return TaskShown.of(queries.task(request.auth, key))


@router.get("/tasks/{key}/deliveries", response=list[DeliveryShown], summary="Deliveries of a task")
def deliveries(request: Call, key: UUID) -> list[DeliveryShown]:
    """Every delivery of a task, the newest first."""
    return [DeliveryShown.of(row) for row in queries.deliveries(request.auth, queries.task(request.auth, key).id)[:200]]


@router.post("/engagements/{key}/deliveries", response={201: DeliveryShown}, summary="Deliver")
def deliver(request: Call, key: UUID, body: DeliveryGiven) -> DeliveryShown:
    """Hand over the work for a deliverable of the terms."""
    return DeliveryShown.of(actions.deliver(request.auth, key, body.name, body.note))


@router.post("/tasks/{key}/acceptance", response=TaskShown, summary="Accept a delivery")
def accept(request: Call, key: UUID) -> TaskShown:
    """Accept the newest delivery: the fee is owed from now on."""
    actions.accept(request.auth, key)
    return task(request, key)


@router.post("/tasks/{key}/return", response=TaskShown, summary="Return a delivery")
def return_task(request: Call, key: UUID, body: ReasonGiven) -> TaskShown:
    """Send the newest delivery back, with what should change."""
    actions.return_task(request.auth, key, body.reason)
    return task(request, key)
