"""Terms: drawn up, signed by both, amended, paused, resumed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from handsel.agreements.actions import (
    amend,
    decline,
    draw_up,
    invite_to_sign,
    name_worker,
    pause,
    resume,
    withdraw_terms,
)
from handsel.agreements.rules import Agreed, Fee, Rate
from handsel.people.actions import invite
from handsel.sample.calendar import Scene, on
from handsel.sample.chapters.chapter import Chapter
from handsel.sample.doing import in_force, newest, read_and_sign
from handsel.sample.told import person_id
from handsel.values.actors import Actor, Role

MAIL, DESIGN = "Customer mail", "Leaflets and labels"
LEAFLET, LABELS = "Autumn leaflet", "Gift box labels"


class Agreeing(Chapter):
    """Two engagements: the mail by the hour, whose terms come from the proposal, and the designer's fees."""

    def scenes(self) -> Iterator[Scene]:
        yield self.scene(on(1, "mon"), "20:45", self.owner_signs_mail)
        yield self.scene(on(1, "tue"), "8:10", self.provider_signs_mail)
        yield self.scene(on(2, "mon"), "20:10", self.draw_up_design)
        yield self.scene(on(2, "tue"), "11:40", self.designer_signs)
        yield self.scene(on(2, "wed"), "9:00", self.bring_the_assistant)
        yield self.scene(on(5, "thu"), "20:00", self.pause_for_the_break)
        yield self.scene(on(6, "fri"), "10:15", self.resume_after_it)
        yield self.scene(on(7, "tue"), "20:30", self.offer_the_designer_less)
        yield self.scene(on(7, "wed"), "9:20", self.designer_declines)
        yield self.scene(on(8, "tue"), "20:05", self.raise_the_rate)
        yield self.scene(on(8, "wed"), "8:40", self.provider_signs_newest)
        yield self.scene(on(10, "thu"), "9:30", self.ask_for_saturdays)
        yield self.scene(on(10, "thu"), "15:00", self.think_better_of_it)
        yield self.scene(on(11, "thu"), "9:15", self.ask_for_a_longer_notice)

    # the first signatures

    def owner_signs_mail(self) -> None:
        engagement = self.told.engagements[MAIL]
        read_and_sign(self.told.owner, engagement)
        invitation, _ = invite_to_sign(self.told.owner, engagement)
        self.told.comes_in(invitation)

    def provider_signs_mail(self) -> None:
        read_and_sign(self.told.provider, self.told.engagements[MAIL])

    def draw_up_design(self) -> None:
        """Somebody whom she knows already: no proposal."""
        part = self.cast.designer
        agreed = Agreed(
            work=DESIGN, valid_from=self.calendar.day(on(2, "tue")), currency="EUR", zone=self.calendar.zone,
            fees=(
                Fee(LEAFLET, self.cast.leaflet, self.calendar.day(on(5, "fri")), "Ready for print, two folds"),
                Fee(LABELS, self.cast.labels, self.calendar.day(on(11, "fri")), "Six labels, ready for print"),
            ),
            scope=("A leaflet for the autumn scents", "Labels for the gift boxes of winter"),
            excluded=("Photographs", "Printing"),
            tracking="Each piece is delivered in Handsel and paid when it is accepted.",
        )  # fmt: skip
        area = self.told.areas[DESIGN]
        engagement = draw_up(self.told.owner, agreed, part.name, part.mail, area_id=area)
        self.told.engagements[DESIGN] = engagement.id
        read_and_sign(self.told.owner, engagement.id)
        invitation, _ = invite_to_sign(self.told.owner, engagement.id)
        self.told.comes_in(invitation)

    def designer_signs(self) -> None:
        read_and_sign(self.told.designer, self.told.engagements[DESIGN])

    def bring_the_assistant(self) -> None:
        part, provider = self.cast.assistant, self.told.provider
        invitation, _ = invite(provider, part.name, part.mail, Role.ASSISTANT)
        self.told.comes_in(invitation)
        name_worker(provider, self.told.engagements[MAIL], person_id(self.told.assistant))

    # what changes on the way

    def pause_for_the_break(self) -> None:
        pause(self.told.owner, self.told.engagements[MAIL], self._day(6, "mon"), "The workshop is closed for a week.")

    def resume_after_it(self) -> None:
        resume(self.told.owner, self.told.engagements[MAIL], self._day(7, "mon"), "We are back.")

    def offer_the_designer_less(self) -> None:
        engagement = self.told.engagements[DESIGN]
        fewer = Fee(LABELS, self.cast.labels - Decimal(80), self.calendar.day(on(11, "fri")), "Four labels instead")
        agreed = in_force(self.told.owner, engagement)
        changed = replace(agreed, valid_from=self._day(8, "mon"), fees=(agreed.fees[0], fewer))
        amend(self.told.owner, engagement, changed)

    def designer_declines(self) -> None:
        terms = newest(self.told.designer, self.told.engagements[DESIGN])
        decline(self.told.designer, terms.id, "All six are drawn already. Let us keep what we said.")

    def raise_the_rate(self) -> None:
        self._propose(self.told.owner, self._day(9, "mon"), rates=self._rates(self.cast.later_hour))
        read_and_sign(self.told.owner, self.told.engagements[MAIL])

    def provider_signs_newest(self) -> None:
        read_and_sign(self.told.provider, self.told.engagements[MAIL])

    def ask_for_saturdays(self) -> None:
        rates = (*self._rates(self.cast.later_hour), Rate("Saturday", self.cast.later_hour + 3))
        self._propose(self.told.provider, self._day(12, "mon"), rates=rates)

    def think_better_of_it(self) -> None:
        terms = newest(self.told.provider, self.told.engagements[MAIL])
        withdraw_terms(self.told.provider, terms.id, "There is less on Saturdays than we thought.")

    def ask_for_a_longer_notice(self) -> None:
        """It waits for the owner's signature to this day."""
        self._propose(self.told.provider, self._day(13, "mon"), notice_days=21)
        read_and_sign(self.told.provider, self.told.engagements[MAIL])

    # what the verbs are made of

    def _rates(self, hour: Decimal) -> tuple[Rate, ...]:
        return Rate("Customer mail", hour), Rate("Training", hour - Decimal("3.50"))

    def _propose(self, actor: Actor, from_day: date, **changed: Any) -> None:
        agreed = in_force(actor, self.told.engagements[MAIL])
        amend(actor, self.told.engagements[MAIL], replace(agreed, valid_from=from_day, **changed))

    def _day(self, week: int, weekday: str) -> date:
        return self.calendar.day(on(week, weekday))
