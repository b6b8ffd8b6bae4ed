"""Every change about time and tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.agreements.queries import InForceTerms
from handsel.agreements.rules import period_of
from handsel.core.actions import action, record, recorded_verbs
from handsel.core.models import StoredFile
from handsel.ledger import actions as ledger
from handsel.ledger.models import Posting
from handsel.ledger.rules import Work
from handsel.values.actors import Actor
from handsel.values.days import day_of, split_by_day
from handsel.values.durations import format_duration
from handsel.values.refusals import NotVisible, Refusal, marked
from handsel.work import events, queries, rules
from handsel.work.models import (
    Acceptance,
    Approval,
    Delivery,
    Removal,
    Reopening,
    Return,
    Submission,
    Submitted,
    Task,
    TaskReturn,
    TimeEntry,
    TimerRun,
    Timesheet,
    Withdrawal,
)
from handsel.work.rules import Decision, Span, Status


@dataclass(frozen=True)
class Stint:
    """Time that somebody spent: so many seconds on a day, or from one instant to another."""

    kind: str
    description: str = ""
    work_day: date | None = None
    seconds: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    source: str = TimeEntry.MANUAL


# ---------------------------------------------------------------- logging


@action
def log(actor: Actor, engagement_id: UUID, stint: Stint) -> list[TimeEntry]:
    """Log one's own time. What runs over midnight of the terms' zone becomes one line per day, all or none."""
    engagement = _engagement_of_worker(actor, engagement_id)
    return [_write_line(actor, engagement, part) for part in _parts(engagement.id, stint)]


@action
def change(actor: Actor, line_id: UUID, stint: Stint) -> TimeEntry:
    """Change a draft, or correct a returned line: the correction is a new line that replaces it."""
    line = TimeEntry.objects.get_visible(actor, line_id, lock=True)
    status = Status(line.status)
    _refuse(rules.why_not_change(status))
    if line.worker_id != actor.person_id:
        raise NotVisible("line")
    parts = list(_parts(line.engagement_id, stint))
    if len(parts) != 1:
        raise Refusal("over_midnight", marked("This line would run over midnight."), mend="Log the rest as its own line.",
                      place="ended_at", status=422)  # fmt: skip
    if _was_submitted(line):
        return _correct(actor, line, parts[0])
    _check_line(actor, line.engagement_id, parts[0], but=line.id)
    sheet = _timesheet(actor, line.engagement, parts[0])
    TimeEntry.objects.visible_to(actor).filter(pk=line.pk).update(timesheet=sheet, **_columns(parts[0]))
    record(events.TIME_CHANGED, line, kind="line", day=str(parts[0].work_day), time=format_duration(parts[0].seconds))
    line.refresh_from_db()
    return line


@action
def discard(actor: Actor, line_id: UUID) -> None:
    """Take a line away: a draft that was never submitted is deleted, a returned one is removed and stays on record."""
    line = TimeEntry.objects.get_visible(actor, line_id, lock=True)
    if line.worker_id != actor.person_id:
        raise NotVisible("line")
    _refuse(rules.why_not_change(Status(line.status)))
    record(events.TIME_DISCARDED, line, kind="line", day=str(line.work_day))
    if _was_submitted(line):
        Removal.objects.create(business_id=actor.business_id, line=line, n=line.next_n(), person_id=actor.person_id)
    else:
        TimeEntry.objects.visible_to(actor).filter(pk=line.pk).delete()


@action
def fill_week(actor: Actor, engagement_id: UUID, cells: Sequence[tuple[str, date, int]]) -> int:
    """Save changed hours of a week, all or none. A cell of 0 is emptied. Gives how many.

    A cell with clock times or several lines is not the grid's to change.
    """
    engagement = _engagement_of_worker(actor, engagement_id)
    for kind, day, seconds in cells:
        _fill_cell(actor, engagement, kind, day, seconds)
    if not recorded_verbs():
        raise Refusal("nothing_changed", marked("Nothing changed in this week."), mend="Write how long it took, as 1:30.",
                      status=422)  # fmt: skip
    return len(cells)


@action(own_rows=True)
def start_timer(actor: Actor, engagement_id: UUID, kind: str = "", note: str = "") -> TimerRun:
    """Start the timer on an engagement; one runs at a time, so the page stops the other first."""
    engagement = _engagement_of_worker(actor, engagement_id)
    agreements.terms_or_refusal(engagement.id, day_of(timezone.now(), agreements.zone_of(engagement.id)))
    if queries.running_timer(_person(actor)):
        raise Refusal("timer_runs", marked("A timer of yours is running already."), mend="Stop it first.")
    return TimerRun.objects.create(person_id=actor.person_id, business_id=actor.business_id, engagement=engagement,
                                   kind=kind, note=note)  # fmt: skip


@action
def stop_timer(actor: Actor, ended_at: datetime | None = None) -> list[TimeEntry]:
    """Stop the timer of this business, now or at a corrected end; what it measured becomes lines."""
    run = TimerRun.objects.select_for_update().filter(
        person_id=actor.person_id, business_id=actor.business_id, stopped_at=None
    ).first()  # fmt: skip
    if run is None:
        raise Refusal("no_timer", marked("No timer runs here."), mend="Reload the page.")
    end = ended_at or timezone.now()
    if end <= run.started_at:
        raise Refusal("ends_before_start", marked("The end lies before the start."), mend="Correct the end.",
                      place="ended_at", status=422)  # fmt: skip
    TimerRun.objects.filter(pk=run.pk).update(stopped_at=end)
    began = run.started_at.replace(microsecond=0)
    ended = max(end.replace(microsecond=0), began + timedelta(seconds=1))  # a press and the next one are a second
    stint = Stint(run.kind, run.note, started_at=began, ended_at=ended, source=TimeEntry.TIMER)
    return log(actor, run.engagement_id, stint)


# ---------------------------------------------------------------- submitting and deciding


@action
def submit(actor: Actor, timesheet_id: UUID) -> Submission:
    """Hand in all drafts of a period; later ones can follow in a second submission."""
    sheet = Timesheet.objects.get_visible(actor, timesheet_id, lock=True)
    if sheet.worker_id != actor.person_id:
        raise NotVisible("timesheet")
    drafts = list(_lines(actor, sheet, Status.DRAFT))
    timer = queries.running_timer(_person(actor))
    _refuse(rules.why_not_submit(len(drafts), timer is not None and timer.engagement_id == sheet.engagement_id))
    submission = Submission.objects.create(business_id=actor.business_id, timesheet=sheet, person_id=actor.person_id)
    for line in drafts:
        Submitted.objects.create(
            business_id=actor.business_id, line=line, n=line.next_n(), person_id=actor.person_id, submission=submission
        )
    record(events.SHEET_SUBMITTED, sheet, lines=len(drafts), time=format_duration(sum(x.seconds for x in drafts)))
    return submission


@action
def withdraw(actor: Actor, timesheet_id: UUID) -> int:
    """Take back what nobody has decided yet; it is a draft again. Gives how many lines."""
    sheet = Timesheet.objects.get_visible(actor, timesheet_id, lock=True)
    waiting = list(_lines(actor, sheet, Status.SUBMITTED))
    if not waiting or sheet.worker_id != actor.person_id:
        raise Refusal("nothing_waits", marked("No line of this timesheet waits."), mend="Reload the page.")
    for line in waiting:
        Withdrawal.objects.create(business_id=actor.business_id, line=line, n=line.next_n(), person_id=actor.person_id)
    record(events.SHEET_WITHDRAWN, sheet, lines=len(waiting))
    return len(waiting)


@action
def decide(actor: Actor, timesheet_id: UUID, decisions: Sequence[Decision]) -> Posting | None:
    """Approve or return lines of one timesheet, all or none. What approved lines earn is owed from now on; None if all
    went back."""
    sheet = Timesheet.objects.get_visible(actor, timesheet_id)
    rows = TimeEntry.objects.visible_to(actor).lines_of(timesheet_id).select_for_update(of=("self",))
    lines = rows.in_bulk([d.line_id for d in decisions])
    earned: list[Work] = []
    for d in decisions:
        line = lines.get(d.line_id)
        if line is None:
            raise NotVisible("line")
        _refuse(rules.why_not_decide(line.worker_id, Status(line.status), line.revision, d, actor.person_id))
        if d.approves:
            Approval.objects.create(
                business_id=actor.business_id, line=line, n=line.next_n(), person_id=actor.person_id
            )
            earned.append(line.as_work())
        else:
            Return.objects.create(
                business_id=actor.business_id, line=line, n=line.next_n(), person_id=actor.person_id, reason=d.reason
            )
    record(events.LINES_DECIDED, sheet, approved=len(earned), returned=len(decisions) - len(earned))
    return ledger.owe(actor, earned) if earned else None


@action
def reopen(actor: Actor, line_id: UUID, reason: str) -> None:
    """Open an approved line again: it waits for a decision, and is not owed meanwhile. Refused once it is invoiced."""
    line = TimeEntry.objects.get_visible(actor, line_id, lock=True)
    _refuse(rules.why_not_reopen(Status(line.status), reason))
    ledger.unowe(actor, line.id, reason)
    Reopening.objects.create(
        business_id=actor.business_id, line=line, n=line.next_n(), person_id=actor.person_id, reason=reason
    )
    record(events.LINE_REOPENED, line, kind="line")


# ---------------------------------------------------------------- flat-fee tasks


@action
def deliver(actor: Actor, engagement_id: UUID, name: str, note: str, file: StoredFile | None = None) -> Delivery:
    """Hand over the work for a deliverable of the terms. The day of the first delivery is the fee's work day."""
    engagement = _engagement_of_worker(actor, engagement_id)
    today = day_of(timezone.now(), agreements.zone_of(engagement.id))
    terms = agreements.terms_or_refusal(engagement.id, today)
    if name not in {fee.name for fee in terms.agreed.fees}:
        raise Refusal("no_fee", f"The terms of today have no fee for “{name}”.", mend="Agree on the fee first.")
    task = Task.objects.visible_to(actor).select_for_update(of=("self",)).filter(
        engagement=engagement, name=name
    ).first() or Task.objects.create(business_id=actor.business_id, engagement=engagement, name=name)  # fmt: skip
    _refuse(rules.why_not_deliver(task.status, note, file is not None))
    delivery = Delivery.objects.create(
        business_id=actor.business_id, engagement=engagement, work_day=today, task=task, n=task.next_n(),
        worker_id=actor.person_id, note=note, file=file,
    )  # fmt: skip
    record(events.TASK_DELIVERED, task, name=name)
    return delivery


@action
def accept(actor: Actor, task_id: UUID) -> Posting:
    """Accept the newest delivery: the fee is owed, once."""
    task, newest = _delivered(actor, task_id)
    Acceptance.objects.create(business_id=actor.business_id, task=task, n=task.next_n(), person_id=actor.person_id)
    first = task.deliveries.order_by("n").first() or newest
    record(events.TASK_ACCEPTED, task, name=task.name)
    return ledger.owe(actor, [
        Work(task.engagement_id, newest.worker_id, first.work_day, task.id, task.name, fee=task.name)
    ])  # fmt: skip


@action
def return_task(actor: Actor, task_id: UUID, reason: str) -> None:
    """Send the newest delivery back, with what should change."""
    task, _ = _delivered(actor, task_id)
    if not reason.strip():
        raise Refusal("reason_missing", marked("A return needs a reason."), mend="Say in a sentence what should change.",
                      place="reason", status=422)  # fmt: skip
    TaskReturn.objects.create(
        business_id=actor.business_id, task=task, n=task.next_n(), person_id=actor.person_id, reason=reason
    )
    record(events.TASK_RETURNED, task, name=task.name)


# ---------------------------------------------------------------- what the verbs are made of


@dataclass(frozen=True)
class Part:
    """A stint, or what of it lies on one work day, with the version of that day."""

    stint: Stint
    work_day: date
    seconds: int
    started_at: datetime | None
    ended_at: datetime | None
    terms: InForceTerms


def _engagement_of_worker(actor: Actor, engagement_id: UUID) -> Engagement:
    engagement = Engagement.objects.get_visible(actor, engagement_id)
    if not agreements.is_worker(engagement.id, _person(actor)):
        raise Refusal("not_named", marked("You are not named for this engagement."),
                      mend="Your firm names who works on it, on the engagement's page.")  # fmt: skip
    return engagement


def _parts(engagement_id: UUID, stint: Stint) -> list[Part]:
    if stint.started_at and stint.ended_at:
        return _clocked_parts(engagement_id, stint, stint.started_at, stint.ended_at)
    day = stint.work_day or timezone.now().date()
    terms = agreements.terms_or_refusal(engagement_id, day)
    return [Part(stint, day, stint.seconds, None, None, terms)]


def _clocked_parts(engagement_id: UUID, stint: Stint, start: datetime, end: datetime) -> list[Part]:
    if end <= start:
        raise Refusal("ends_before_start", marked("The end lies before the start."), mend="Correct one of them.",
                      place="ended_at", status=422)  # fmt: skip
    zone = agreements.zone_of(engagement_id)
    return [
        Part(stint, p.day, p.seconds, p.start, p.end, agreements.terms_or_refusal(engagement_id, p.day))
        for p in split_by_day(start, end, zone)
    ]


def _write_line(actor: Actor, engagement: Engagement, part: Part) -> TimeEntry:
    _check_line(actor, engagement.id, part)
    line = TimeEntry.objects.create(
        business_id=actor.business_id, engagement=engagement, worker_id=actor.person_id,
        timesheet=_timesheet(actor, engagement, part), source=part.stint.source, **_columns(part),
    )  # fmt: skip
    record(events.TIME_LOGGED, line, kind="line", day=str(part.work_day), time=format_duration(part.seconds))
    return line


def _columns(part: Part) -> dict[str, object]:
    kinds = [rate.kind for rate in part.terms.agreed.rates]
    return {
        "work_day": part.work_day, "kind": part.stint.kind or (kinds[0] if kinds else part.terms.agreed.work),
        "description": part.stint.description, "started_at": part.started_at, "ended_at": part.ended_at,
        "seconds": part.seconds, "zone": part.terms.agreed.zone,
    }  # fmt: skip


def _check_line(actor: Actor, engagement_id: UUID, part: Part, but: UUID | None = None) -> None:
    zone = part.terms.agreed.zone
    others = queries.seconds_on(_person(actor), actor.business_id, part.work_day, but)
    _refuse(rules.why_not_log(part.work_day, part.seconds, others, zone, day_of(timezone.now(), zone)))
    if part.started_at and part.ended_at:
        span = Span(but, part.started_at, part.ended_at)
        if clash := rules.overlapping(span, queries.spans_near(_person(actor), span.start, span.end)):
            raise _overlap(clash, zone)


def _overlap(clash: Span, zone: str) -> Refusal:
    start, end = (t.astimezone(ZoneInfo(zone)) for t in (clash.start, clash.end))
    return Refusal("overlap", f"You have logged {start:%H:%M}–{end:%H:%M} on {start.day} {start:%B} already.",
                   mend="Change the times so that they only touch.", place="started_at", status=422)  # fmt: skip


def _timesheet(actor: Actor, engagement: Engagement, part: Part) -> Timesheet:
    first, last = period_of(part.work_day, part.terms.agreed.period)
    known = Timesheet.objects.visible_to(actor).filter(
        engagement=engagement, worker_id=actor.person_id, first_day=first
    ).first()  # fmt: skip
    return known or Timesheet.objects.create(
        business_id=actor.business_id, engagement=engagement, worker_id=actor.person_id, first_day=first, last_day=last
    )


def _correct(actor: Actor, line: TimeEntry, part: Part) -> TimeEntry:
    Removal.objects.create(business_id=actor.business_id, line=line, n=line.next_n(), person_id=actor.person_id)
    _check_line(actor, line.engagement_id, part)
    corrected = TimeEntry.objects.create(
        business_id=actor.business_id, engagement_id=line.engagement_id, worker_id=line.worker_id,
        timesheet=_timesheet(actor, line.engagement, part), source=line.source, revision=line.revision + 1,
        replaces=line, **_columns(part),
    )  # fmt: skip
    record(events.TIME_CHANGED, corrected, kind="line", day=str(part.work_day), time=format_duration(part.seconds))
    return corrected


def _fill_cell(actor: Actor, engagement: Engagement, kind: str, day: date, seconds: int) -> None:
    lines = list(
        TimeEntry.objects.visible_to(actor)
        .filter(engagement=engagement, worker_id=actor.person_id, kind=kind, work_day=day)
        .exclude(status=Status.REMOVED.value)
    )
    if len(lines) > 1 or (lines and lines[0].started_at):
        raise Refusal("cell_has_lines", f"{day:%A} has lines with clock times.", mend="Open the day to change them.",
                      place=f"cell-{kind}-{day}", status=422)  # fmt: skip
    if lines and seconds == 0:
        discard(actor, lines[0].id)
    elif lines:
        change(actor, lines[0].id, Stint(kind, lines[0].description, day, seconds, source=TimeEntry.GRID))
    elif seconds:
        log(actor, engagement.id, Stint(kind, "", day, seconds, source=TimeEntry.GRID))


def _lines(actor: Actor, sheet: Timesheet, status: Status) -> list[TimeEntry]:
    rows = TimeEntry.objects.visible_to(actor).lines_of(sheet.id).filter(status=status.value)
    return list(rows.select_for_update(of=("self",)))


def _delivered(actor: Actor, task_id: UUID) -> tuple[Task, Delivery]:
    task = Task.objects.get_visible(actor, task_id, lock=True)
    newest = task.deliveries.order_by("-n").first()
    if newest is None:
        raise Refusal("not_delivered", marked("No delivery waits for an answer."), mend="Reload the page.")
    _refuse(rules.why_not_judge(task.status, newest.worker_id, actor.person_id))
    return task, newest


def _was_submitted(line: TimeEntry) -> bool:
    return Submitted.objects.filter(line=line).exists()


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotVisible("worker")
    return actor.person_id


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal
