"""Hours: logged on the day, submitted on Friday or late, decided on Monday, corrected, opened again."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from handsel.sample.calendar import Scene
from handsel.sample.cast import Part
from handsel.sample.chapters.agreeing import MAIL
from handsel.sample.chapters.working import WHAT
from handsel.sample.months.month import Month
from handsel.sample.told import person_id
from handsel.work import queries as work
from handsel.work.actions import Stint, change, decide, log, reopen, submit
from handsel.work.models import TimeEntry, Timesheet
from handsel.work.rules import Decision

KIND = "Customer mail"
DOUBTS = (
    "Only a few letters came that day. Was it really so long?",
    "Please say what this was for.",
    "Is this the same hour as the one above?",
)


class Sheets(Month):
    """Two people of the firm log three or four stints in an ordinary week; now and then one of them comes back."""

    def scenes(self) -> Iterator[Scene]:
        for week in range(self.course.weeks):
            if self.course.works(week):
                for n, part in enumerate((self.cast.provider, self.cast.assistant)):
                    yield from self._week(week, part, n)
        for week in self.course.clocks:
            yield from self._night(week)

    def _week(self, week: int, part: Part, n: int) -> Iterator[Scene]:
        """n: who it is; each has hours of the day of their own."""
        for weekday in sorted(self.random.sample(range(5), self.random.choice((3, 4)))):
            start = f"{9 + 5 * n + self.random.randrange(2)}:{self.random.randrange(60):02}"
            yield self._stint(part, self.day(week, weekday), start, self.random.randrange(35, 150))
        monday, late = self.day(week), week in self.course.late
        handed_in, decided = (8, 9) if late else (4, 7)
        yield self.scene(monday + timedelta(days=handed_in), f"12:{10 + n}", partial(self._submit, part, monday))
        doubt = self.random.choice(DOUBTS) if self.random.random() < 0.25 else ""
        yield self.scene(monday + timedelta(days=decided), f"20:{40 + n}", partial(self._decide, part, monday, doubt))
        yield from self._afterwards(week, part, n, monday + timedelta(days=decided), doubt)

    def _afterwards(self, week: int, part: Part, n: int, decided: date, doubt: str) -> Iterator[Scene]:
        monday, next_day = self.day(week), decided + timedelta(days=1)
        if doubt:
            yield self.scene(next_day, f"18:{10 + n}", partial(self._correct, part, monday))
            yield self.scene(next_day, f"18:{20 + n}", partial(self._submit, part, monday))
            yield self.scene(next_day, f"20:{50 + n}", partial(self._decide, part, monday))
        if n == 0 and week in self.course.reopened:
            yield self.scene(next_day, "21:10", partial(self._reopen, part, monday))
            yield self.scene(next_day + timedelta(days=1), "20:10", partial(self._decide, part, monday))

    def _night(self, week: int) -> Iterator[Scene]:
        """Through the night in which the clocks change, from one version of the terms into the next."""
        saturday, sunday = self.day(week, 5), self.day(week, 6)
        start, end = self.calendar.at(saturday, "22:40"), self.calendar.at(sunday, "4:10")
        part = self.cast.assistant
        yield Scene(end + timedelta(minutes=4), partial(self._log, part, start, end, "Letters of the sale, overnight"))
        yield Scene(end + timedelta(minutes=9), partial(self._submit, part, self.day(week)))

    def _stint(self, part: Part, day: date, start: str, minutes: int) -> Scene:
        begun = self.calendar.at(day, start)
        ended = begun + timedelta(minutes=minutes)
        return Scene(ended + timedelta(minutes=4), partial(self._log, part, begun, ended, self.random.choice(WHAT)))

    # ---------------------------------------------------------------- what is done

    def _log(self, part: Part, begun: datetime, ended: datetime, what: str) -> None:
        stint = Stint(KIND, what, started_at=begun, ended_at=ended)
        log(self.told.actor(part), self.told.engagements[MAIL], stint)

    def _submit(self, part: Part, monday: date) -> None:
        submit(self.told.actor(part), self._sheet(part, monday).id)

    def _decide(self, part: Part, monday: date, doubt: str = "") -> None:
        """doubt: why the first line goes back."""
        sheet = self._sheet(part, monday)
        waiting = self._lines(sheet, "submitted")
        decide(self.told.owner, sheet.id, [
            Decision(line.id, line.revision, approves=bool(i) or not doubt, reason="" if i else doubt)
            for i, line in enumerate(waiting)
        ])  # fmt: skip

    def _correct(self, part: Part, monday: date) -> None:
        (line,) = self._lines(self._sheet(part, monday), "returned")
        assert line.started_at is not None
        shorter = line.started_at + timedelta(seconds=line.seconds * 3 // 4)
        stint = Stint(line.kind, f"{line.description}, looked at again", started_at=line.started_at, ended_at=shorter)
        change(self.told.actor(part), line.id, stint)

    def _reopen(self, part: Part, monday: date) -> None:
        line = self._lines(self._sheet(part, monday), "approved")[-1]
        reopen(self.told.owner, line.id, "I approved this before I had asked about it.")

    # ---------------------------------------------------------------- what the scenes look up

    def _sheet(self, part: Part, monday: date) -> Timesheet:
        actor = self.told.actor(part)
        engagement: UUID = self.told.engagements[MAIL]
        return Timesheet.objects.visible_to(actor).get(
            engagement_id=engagement, worker_id=person_id(actor), first_day=monday
        )

    def _lines(self, sheet: Timesheet, status: str) -> list[TimeEntry]:
        return [line for line in work.lines(self.told.owner, sheet.id) if line.status == status]
