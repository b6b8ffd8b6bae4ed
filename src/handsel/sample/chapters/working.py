"""Hours of the firm, decided line by line each Monday; pieces of the designer, accepted or sent back."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from handsel.core import files
from handsel.sample.calendar import CLOSED, Scene, on
from handsel.sample.chapters.agreeing import DESIGN, LABELS, LEAFLET, MAIL
from handsel.sample.chapters.chapter import Chapter
from handsel.sample.told import person_id
from handsel.values.actors import Actor
from handsel.work import queries as work
from handsel.work.actions import (
    Stint,
    accept,
    change,
    decide,
    deliver,
    discard,
    fill_week,
    log,
    reopen,
    return_task,
    start_timer,
    stop_timer,
    submit,
    withdraw,
)
from handsel.work.models import TimeEntry, Timesheet
from handsel.work.rules import Decision

FIRST, LAST = 1, 12  # weeks with hours
WHAT = (
    "Parcels and breakages", "Refunds", "Wholesale letters", "Letters of the weekend", "Addresses and invoices",
    "Scents and wicks", "Wedding tins", "Letters of Monday",
)  # fmt: skip
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 60"><rect width="90" height="60" fill="#f4ede1"/>'
    '<text x="45" y="34" font-size="9" text-anchor="middle">{}</text></svg>'
)


class Working(Chapter):
    """Each week has hours on five days, a submission on Friday, and a decision on Monday evening."""

    def scenes(self) -> Iterator[Scene]:
        for week in range(FIRST, LAST + 1):
            if week != CLOSED:
                yield from self.week_of_the_provider(week)
                yield from self.week_of_the_assistant(week)
        for week in range(FIRST, LAST - 1):
            yield self.scene(
                self.calendar.day(on(week, "mon")) + timedelta(weeks=1), "20:40", partial(self.decide, week)
            )
        yield from self.second_thoughts()
        yield from self.pieces()

    # ---------------------------------------------------------------- a week

    def week_of_the_provider(self, week: int) -> Iterator[Scene]:
        kind = "Training" if week == FIRST else "Customer mail"
        if week > FIRST:  # on the Monday of the first week nothing was in force
            yield self.scene(on(week, "mon"), "9:05", partial(self.start, kind, WHAT[week % 8]))
            yield self.scene(on(week, "mon"), f"11:{10 + 3 * week}", self.stop)
        yield self.by_clock(week, "tue", self.cast.provider.mail, "13:30", 80 + 5 * (week % 4), kind)
        yield self.by_clock(week, "thu", self.cast.provider.mail, "10:00", 60 + 10 * (week % 3), kind)
        yield self.scene(on(week, "fri"), "16:30", partial(self.fill_the_grid, week, kind))
        yield self.scene(on(week, "fri"), "17:00", partial(self.submit, week, self.cast.provider.mail))

    def week_of_the_assistant(self, week: int) -> Iterator[Scene]:
        if week < 3:
            return
        kind = "Training" if week == 3 else "Customer mail"
        yield self.by_clock(week, "tue", self.cast.assistant.mail, "9:30", 70 + 10 * (week % 3), kind)
        yield self.by_clock(week, "thu", self.cast.assistant.mail, "14:00", 60 + 5 * (week % 5), kind)
        yield self.scene(on(week, "fri"), "17:20", partial(self.submit, week, self.cast.assistant.mail))

    def by_clock(self, week: int, weekday: str, mail: str, start: str, minutes: int, kind: str) -> Scene:
        """Hours that are logged right after they were worked."""
        begun = self.calendar.instant(on(week, weekday), start)
        ended = begun + timedelta(minutes=minutes)
        what = WHAT[(week + len(weekday + mail) + minutes) % 8] if kind != "Training" else "Reading the playbook"

        def write() -> None:
            stint = Stint(kind, what, started_at=begun, ended_at=ended)
            log(self._actor(mail), self.told.engagements[MAIL], stint)

        return Scene(ended + timedelta(minutes=4), write)

    def start(self, kind: str, note: str) -> None:
        start_timer(self.told.provider, self.told.engagements[MAIL], kind, note)

    def stop(self) -> None:
        stop_timer(self.told.provider)

    def fill_the_grid(self, week: int, kind: str) -> None:
        wednesday, friday = (self.calendar.day(on(week, name)) for name in ("wed", "fri"))
        cells = [(kind, wednesday, 5400 + 600 * (week % 4)), (kind, friday, 4500 + 900 * (week % 3))]
        fill_week(self.told.provider, self.told.engagements[MAIL], cells)

    def submit(self, week: int, mail: str) -> None:
        submit(self._actor(mail), self._sheet(week, mail).id)

    def decide(self, week: int) -> None:
        """Everything that waits of the week is approved, but for the lines that she asks about."""
        for mail in (self.cast.provider.mail, self.cast.assistant.mail):
            sheet = self._find(week, mail)
            waiting = [line for line in self._lines(sheet) if line.status == "submitted"] if sheet else []
            if sheet and waiting:
                doubt = self._doubt(week, mail)
                decide(
                    self.told.owner, sheet.id, [_word(line, doubt if i == 1 else "") for i, line in enumerate(waiting)]
                )

    def _doubt(self, week: int, mail: str) -> str:
        """Why the second line of this sheet goes back; empty where none does."""
        return {
            (4, self.cast.provider.mail): "On that day only three letters came. Was it really so long?",
            (7, self.cast.assistant.mail): "This looks like the training of last month. Which letters were these?",
            (10, self.cast.provider.mail): "Please say what this was for: I find no letters of that afternoon.",
        }.get((week, mail), "")

    # ---------------------------------------------------------------- what goes back, and what is opened again

    def second_thoughts(self) -> Iterator[Scene]:
        yield self.scene(on(5, "tue"), "18:10", self.correct_the_line)
        yield self.scene(on(5, "tue"), "18:12", partial(self.submit, 4, self.cast.provider.mail))
        yield self.scene(on(5, "wed"), "20:15", partial(self.decide_again, 4))
        yield self.scene(on(8, "tue"), "18:05", self.take_the_line_out)
        yield self.scene(on(5, "fri"), "17:30", self.take_back_and_submit_again)
        yield self.scene(on(9, "wed"), "20:05", self.open_a_line_again)
        yield self.scene(on(9, "thu"), "20:35", partial(self.decide_again, 8))

    def correct_the_line(self) -> None:
        line = self._returned(4, self.cast.provider.mail)
        assert line.started_at is not None
        shorter = Stint(line.kind, "Letters, and 20 minutes on the list of scents",
                        started_at=line.started_at, ended_at=line.started_at + timedelta(minutes=50))  # fmt: skip
        change(self.told.provider, line.id, shorter)

    def take_the_line_out(self) -> None:
        discard(self.told.assistant, self._returned(7, self.cast.assistant.mail).id)

    def take_back_and_submit_again(self) -> None:
        """The assistant forgot an hour; what was logged twice goes."""
        mail, day = self.cast.assistant.mail, self.calendar.day(on(5, "wed"))
        sheet = self._sheet(5, mail)
        withdraw(self.told.assistant, sheet.id)
        for what in ("Letters of the weekend", "Letters of the weekend, twice"):
            log(self.told.assistant, self.told.engagements[MAIL], Stint("Customer mail", what, day, 3000))
        twice = next(line for line in self._lines(sheet) if line.description.endswith("twice"))
        discard(self.told.assistant, twice.id)
        submit(self.told.assistant, sheet.id)

    def open_a_line_again(self) -> None:
        line = self._lines(self._sheet(8, self.cast.provider.mail))[-1]
        reopen(self.told.owner, line.id, "I approved this before I had asked about it.")

    def decide_again(self, week: int) -> None:
        sheet = self._sheet(week, self.cast.provider.mail)
        waiting = [line for line in self._lines(sheet) if line.status == "submitted"]
        decide(self.told.owner, sheet.id, [_word(line) for line in waiting])

    # ---------------------------------------------------------------- pieces for a fee

    def pieces(self) -> Iterator[Scene]:
        yield self.scene(
            on(4, "wed"), "12:20", self._deliver(LEAFLET, "Two folds, as we said. The paper is your choice.")
        )
        yield self.scene(on(4, "thu"), "20:30", self.send_the_leaflet_back)
        yield self.scene(on(5, "tue"), "11:05", self._deliver(LEAFLET, "The shop's new address is on the back now."))
        yield self.scene(on(5, "tue"), "20:50", self.accept_the_leaflet)
        yield self.scene(
            on(11, "wed"), "16:45", self._deliver(LABELS, "All six. The gold is one colour, so it prints well.")
        )

    def _deliver(self, name: str, note: str) -> Callable[[], object]:
        def hand_over() -> None:
            designer = self.told.designer
            drawing = DRAWING.format(name).encode()
            file = files.keep(drawing, f"{name.lower()}.svg", "image/svg+xml", designer.business_id)
            deliver(designer, self.told.engagements[DESIGN], name, note, file)

        return hand_over

    def send_the_leaflet_back(self) -> None:
        return_task(self.told.owner, self._task(), "The address on the back is the old one.")

    def accept_the_leaflet(self) -> None:
        accept(self.told.owner, self._task())

    # ---------------------------------------------------------------- what the scenes look up

    def _actor(self, mail: str) -> Actor:
        return self.told.provider if mail == self.cast.provider.mail else self.told.assistant

    def _find(self, week: int, mail: str) -> Timesheet | None:
        actor = self._actor(mail) if mail == self.cast.provider.mail or week >= 3 else None
        if actor is None:
            return None
        return (
            Timesheet.objects.visible_to(actor)
            .filter(worker_id=person_id(actor), first_day=self.calendar.day(on(week, "mon")))
            .first()
        )

    def _sheet(self, week: int, mail: str) -> Timesheet:
        found = self._find(week, mail)
        assert found is not None, f"week {week} has no timesheet of {mail}"
        return found

    def _lines(self, sheet: Timesheet) -> list[TimeEntry]:
        return [line for line in work.lines(self.told.owner, sheet.id) if line.status != "removed"]

    def _returned(self, week: int, mail: str) -> TimeEntry:
        return next(line for line in self._lines(self._sheet(week, mail)) if line.status == "returned")

    def _task(self) -> UUID:
        found: UUID = next(task.id for task in work.tasks_awaiting(self.told.owner) if task.name == LEAFLET)
        return found


def _word(line: TimeEntry, doubt: str = "") -> Decision:
    return Decision(line.id, line.revision, approves=not doubt, reason=doubt)
