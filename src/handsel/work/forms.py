"""What is asked about work."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from handsel.ui import fields
from handsel.ui.forms import Form
from handsel.values.days import at
from handsel.values.durations import format_duration, parse_duration
from handsel.values.refusals import Refusal
from handsel.work.actions import Stint
from handsel.work.models import TimeEntry
from handsel.work.queries import GridRow
from handsel.work.rules import Decision


class PressForm(Form):
    """A button and nothing else."""


class TimeForm(Form):
    """Time that was spent: a length, or two clock times."""

    kind = fields.ChoiceField(label="Kind of work")
    work_day = fields.DayField(label="Day")
    duration = fields.DurationField(label="How long", required=False, help_text="1:30, 1.5, 1h30m or 90m.")
    started_at = fields.ClockField(label="From", required=False, help_text="Instead of a length: two times.")
    ended_at = fields.ClockField(label="To", required=False)
    description = fields.TextField(label="What you did", required=False, rows=2, max_length=300)

    def __init__(self, *arguments: Any, kinds: Sequence[str], zone: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.zone = zone
        self.fields["kind"].choices = [(kind, kind) for kind in kinds]  # type: ignore[attr-defined]  # our ChoiceField

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("started_at")) != bool(given.get("ended_at")) and not self.errors:
            self.add_error(
                "ended_at" if given.get("started_at") else "started_at", "Both times are needed, or a length."
            )
        elif given.get("duration") is None and not given.get("started_at") and not self.errors:
            self.add_error("duration", "How long did it take? Write 1:30, or two times below.")
        return given

    def stint(self, given: dict[str, Any], source: str = TimeEntry.MANUAL) -> Stint:
        """What was typed, as the action takes it. An end at or before the start is on the next day."""
        if given["started_at"]:
            start = at(given["work_day"], given["started_at"], self.zone)
            end = at(given["work_day"], given["ended_at"], self.zone)
            return Stint(given["kind"], given["description"], started_at=start, ended_at=end, source=source)
        return Stint(given["kind"], given["description"], given["work_day"], given["duration"], source=source)


class ReasonForm(Form):
    """A reason that the other side reads."""

    reason = fields.TextField(label="What should change?", rows=3, max_length=500)


class DeliveryForm(Form):
    """A delivery: a note, and a file where there is one."""

    note = fields.TextField(label="What you deliver", required=False, rows=4, max_length=5000)
    file = fields.FileField(label="File", required=False)


class TimerForm(Form):
    kind = fields.ChoiceField(label="Kind of work", required=False)

    def __init__(self, *arguments: Any, kinds: Sequence[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["kind"].choices = [(kind, kind) for kind in kinds]  # type: ignore[attr-defined]  # our ChoiceField


class StopForm(Form):
    """Stopping a timer: now, or at a corrected end."""

    ended_on = fields.DayField(label="Ended on", required=False)
    ended_at = fields.ClockField(label="Ended at", required=False)


def decisions_of(posted: Any, lines: Iterable[TimeEntry]) -> list[Decision]:
    """The word on each line that was shown, in the form in which it was shown."""
    return [
        Decision(
            line.id,
            _revision(posted.get(f"revision-{line.id}", "")),
            posted[f"decision-{line.id}"] == "approve",
            posted.get(f"reason-{line.id}", "").strip()[:500],
        )
        for line in lines
        if posted.get(f"decision-{line.id}") in {"approve", "return"}
    ]


def _revision(text: str) -> int:
    """The revision that was shown; 0, which no line has, where it is no number of ours."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def cell_name(kind_number: int, day: date) -> str:
    return f"cell-{kind_number}-{day.isoformat()}"


class WeekForm(Form):
    """The boxes of a week: one per kind of work and day. What was typed is kept, and each fault stands at its box."""

    def __init__(self, *arguments: Any, rows: Sequence[GridRow], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.rows = rows
        self.faults: dict[str, str] = {}

    def changes(self) -> list[tuple[str, date, int]]:
        """(kind, day, seconds) of each box that says something else than what stands. Raises the first Refusal."""
        changed, first = [], None
        for number, row in enumerate(self.rows):
            for cell in row.cells:
                name = cell_name(number, cell.day)
                typed = self.data.get(name, "").strip()
                try:
                    seconds = parse_duration(typed) if typed and typed != "–" else 0
                except Refusal as refusal:
                    self.faults[name] = str(refusal)
                    first = first or refusal
                    continue
                if seconds != cell.seconds and name in self.data:
                    changed.append((row.kind, cell.day, seconds))
        if first:
            raise first
        return changed


def said(seconds: int) -> str:
    return format_duration(seconds) if seconds else ""
