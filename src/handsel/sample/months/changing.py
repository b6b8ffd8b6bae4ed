"""What changes on the way: a rate on the night of the clocks, a pause, a slip, and what they say about it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

from handsel.agreements.actions import amend, pause, resume
from handsel.agreements.rules import Rate
from handsel.handover.actions import place_stage
from handsel.handover.rules import Stage
from handsel.playbooks import queries as playbooks
from handsel.playbooks.actions import acknowledge, publish
from handsel.sample.calendar import Scene
from handsel.sample.chapters.agreeing import MAIL
from handsel.sample.doing import in_force, read_and_sign
from handsel.sample.months.course import NEVER
from handsel.sample.months.month import Month
from handsel.sample.told import person_id
from handsel.talk.actions import hold_check_in, log_call

RISE = Decimal("0.50")
PAGE = "Tone"
MORE = "\nNever promise what a courier does. Say what *we* do next.\n"
NOTES = (
    "The letters of the week are answered; two were hard.",
    "Returns go well. Wholesale letters take longer than we thought.",
    "Nothing waits. The list of questions that come often has grown by three.",
    "Late parcels again, all from one courier.",
)
WISHES = ("Ask before you offer money back.", "Write shorter.", "")
ANSWERS = ("A photo of each new scent, please.", "Say early when the shop is closed.", "")


class Changing(Month):
    """A check-in every other week, and what the course holds."""

    def scenes(self) -> Iterator[Scene]:
        for week in range(0, self.course.weeks, 2):
            if self.course.works(week):
                yield self.scene(self.day(week, 4), "15:30", partial(self.check_in, week))
        for week in range(3, self.course.weeks, 8):
            yield self.scene(self.day(week, 2), "14:50", partial(self.call, week))
        for week in sorted(self.course.clocks):
            yield self.scene(self.day(week, 1), "20:05", partial(self.raise_the_rate, week))
            yield self.scene(self.day(week, 2), "8:40", self.provider_signs)
        if self.course.pause != NEVER:
            yield self.scene(self.day(self.course.pause - 1, 3), "20:00", self.pause)
            yield self.scene(self.day(self.course.pause, 4), "10:15", self.resume)
        if self.course.slip != NEVER:
            yield from self._slip(self.course.slip)

    def _slip(self, week: int) -> Iterator[Scene]:
        """After a week of returns the assistant writes for practice, both read the page anew, and then she is back."""
        yield self.scene(self.day(week, 6), "16:30", self.publish_anew)
        yield self.scene(self.day(week, 6), "16:40", partial(self.place, Stage.SHADOW, "Four letters promised a day."))
        yield self.scene(self.day(week + 1, 0), "8:20", self.both_read)
        yield self.scene(self.day(week + 1, 6), "19:20", partial(self.place, Stage.SUPERVISED))

    def check_in(self, week: int) -> None:
        actor = self.told.owner if week % 4 else self.told.provider
        words = (NOTES[week % len(NOTES)], WISHES[week % len(WISHES)], ANSWERS[week % len(ANSWERS)])
        hold_check_in(actor, self.told.engagements[MAIL], self.day(week, 4), *words)

    def call(self, week: int) -> None:
        log_call(self.told.owner, self.told.engagements[MAIL], self.calendar.at(self.day(week, 2), "14:20"), 20,
                 self.cast.provider.name, "What comes in, and what comes back.", "", None)  # fmt: skip

    def raise_the_rate(self, week: int) -> None:
        """From the Sunday on whose night the clocks change."""
        owner, engagement = self.told.owner, self.told.engagements[MAIL]
        agreed = in_force(owner, engagement)
        rates = tuple(Rate(rate.kind, rate.price + RISE) for rate in agreed.rates)
        amend(owner, engagement, replace(agreed, valid_from=self.day(week, 6), rates=rates))
        read_and_sign(owner, engagement)

    def provider_signs(self) -> None:
        read_and_sign(self.told.provider, self.told.engagements[MAIL])

    def pause(self) -> None:
        pause(self.told.owner, self.told.engagements[MAIL], self.day(self.course.pause), "We take a week off.")

    def resume(self) -> None:
        resume(self.told.owner, self.told.engagements[MAIL], self.day(self.course.pause + 1), "We are back.")

    def publish_anew(self) -> None:
        page = playbooks.page(self.told.owner, self.told.pages[PAGE])
        publish(self.told.owner, PAGE, page.text.rstrip() + "\n" + MORE, True, page.playbook_id, page.n)

    def both_read(self) -> None:
        for actor in (self.told.provider, self.told.assistant):
            acknowledge(actor, self.told.pages[PAGE], playbooks.page(actor, self.told.pages[PAGE]).n)

    def place(self, stage: Stage, reason: str = "") -> None:
        who = person_id(self.told.assistant)
        place_stage(self.told.owner, self.told.engagements[MAIL], who, "", stage, reason)
