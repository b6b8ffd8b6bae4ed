"""Decisions about time and tasks; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from handsel.values.days import day_in_words, day_seconds
from handsel.values.durations import format_duration
from handsel.values.refusals import Refusal, marked


class Status(StrEnum):
    """How a line stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    REMOVED = "removed"


class SheetState(StrEnum):
    """How a timesheet stands, from its lines."""

    OPEN = "open"
    SUBMITTED = "submitted"
    PARTLY_APPROVED = "partly approved"
    RETURNED = "returned"
    APPROVED = "approved"


@dataclass(frozen=True)
class Decision:
    """A word on one line in the form in which it was shown. A return needs its reason."""

    line_id: UUID
    revision: int
    approves: bool
    reason: str = ""


@dataclass(frozen=True)
class Span:
    """A stretch of one person's time."""

    line_id: UUID | None
    start: datetime
    end: datetime


def why_not_decide(
    worker_id: UUID, status: Status, revision: int, d: Decision, approver_id: UUID | None
) -> Refusal | None:
    """The reason why this person may not decide on this worker's line; None where they may."""
    if worker_id == approver_id:
        return Refusal("own_time", marked("Nobody approves their own time."), mend="Ask the owner or a deputy.")
    if status is not Status.SUBMITTED or revision != d.revision:
        return Refusal("not_submitted", marked("This line is not waiting in this form."),
                       mend="Reload the page to see where it stands.")  # fmt: skip
    if not d.approves and not d.reason.strip():
        return Refusal("reason_missing", marked("A return needs a reason."),
                       mend="Say in a sentence what should change.", place=f"reason-{d.line_id}", status=422)  # fmt: skip
    return None


def why_not_log(day: date, seconds: int, others_that_day: int, zone: str, today: date) -> Refusal | None:
    """The reason why a line of this length cannot stand on this day; None where it can."""
    if seconds <= 0:
        return _at("duration", "no_time", marked("This line has no time in it."), "Write how long it took, as 1:30.")
    if day > today:
        return _at(
            "work_day", "future", f"{day_in_words(day, year=True)} has not been yet.", "Log work once it is done."
        )
    longest = day_seconds(day, zone)
    if seconds + others_that_day > longest:
        left = max(0, longest - others_that_day)
        return _at("duration", "day_too_long", f"{day_in_words(day)} has {format_duration(left)} left for you.",
                   "Shorten this line, or look at the others of that day.")  # fmt: skip
    return None


def overlapping(span: Span, others: Iterable[Span]) -> Span | None:
    """The first stretch that this one runs into; half-open, so touching ends are fine."""
    return next((o for o in others if o.line_id != span.line_id and o.start < span.end and span.start < o.end), None)


def why_not_submit(drafts: int, timer_runs: bool) -> Refusal | None:
    if timer_runs:
        return Refusal("timer_runs", marked("Your timer still runs on this work."), mend="Stop it first, then submit.")
    if not drafts:
        return Refusal(
            "nothing_to_submit", marked("No line of this period waits to be submitted."), mend="Log some time first."
        )
    return None


def why_not_change(status: Status) -> Refusal | None:
    """Why a line cannot be edited now."""
    if status is Status.SUBMITTED:
        return Refusal("line_submitted", marked("This line is submitted."), mend="Take it back first, then change it.")
    if status is Status.APPROVED:
        return Refusal("line_approved", marked("This line is approved."), mend="Ask the owner to open it again.")
    if status is Status.REMOVED:
        return Refusal("line_removed", marked("This line was replaced by another one."), mend="Reload the page.")
    return None


def why_not_reopen(status: Status, reason: str) -> Refusal | None:
    if status is not Status.APPROVED:
        return Refusal("not_approved", marked("Only an approved line can be opened again."), mend="Reload the page.")
    if not reason.strip():
        return Refusal("reason_missing", marked("Opening a line again needs a reason."),
                       mend="Say in a sentence why.", place="reason", status=422)  # fmt: skip
    return None


def sheet_state(statuses: Sequence[Status]) -> SheetState:
    """How a timesheet stands, from how its lines stand."""
    waiting = {s for s in statuses if s is not Status.REMOVED}
    if Status.RETURNED in waiting and Status.SUBMITTED not in waiting:
        return SheetState.RETURNED
    if Status.SUBMITTED in waiting:
        return SheetState.PARTLY_APPROVED if Status.APPROVED in waiting else SheetState.SUBMITTED
    if Status.DRAFT in waiting or not waiting:
        return SheetState.PARTLY_APPROVED if Status.APPROVED in waiting else SheetState.OPEN
    return SheetState.APPROVED


def why_not_deliver(status: str, note: str, has_file: bool) -> Refusal | None:
    if status in {"delivered", "accepted"}:
        return Refusal("already_delivered", f"This task is {status}.", mend="Wait for the answer, or reload the page.")
    if not note.strip() and not has_file:
        return _at(
            "note",
            "nothing_delivered",
            marked("There is nothing in this delivery."),
            "Write a note, or attach the file.",
        )
    return None


def why_not_judge(status: str, worker_id: UUID, judge_id: UUID | None) -> Refusal | None:
    """Why this person may not accept or return a delivery."""
    if status == "accepted":
        return Refusal("already_accepted", marked("This deliverable is accepted already, and its fee is owed."),
                       mend="Reload the page.")  # fmt: skip
    if status != "delivered":
        return Refusal("not_delivered", marked("No delivery waits for an answer."), mend="Reload the page.")
    if worker_id == judge_id:
        return Refusal("own_time", marked("Nobody accepts their own work."), mend="Ask the owner or a deputy.")
    return None


def _at(place: str, code: str, sentence: str, mend: str) -> Refusal:
    return Refusal(code, sentence, mend=mend, place=place, status=422)
