"""The firm finds a second client: nothing of the one is ever shown to the other."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from handsel.agreements.actions import draw_up, invite_to_sign
from handsel.agreements.rules import Agreed, Rate
from handsel.payments.actions import record_payment
from handsel.people import queries as people
from handsel.people.actions import sign_up
from handsel.sample.calendar import Scene
from handsel.sample.chapters.agreeing import MAIL
from handsel.sample.chapters.paying import METHOD
from handsel.sample.doing import invoice, read_and_sign
from handsel.sample.months.course import FEWEST
from handsel.sample.months.month import Month
from handsel.sample.told import Told, person_id
from handsel.values.actors import Actor
from handsel.work import queries as work
from handsel.work.actions import Stint, decide, log, submit
from handsel.work.models import Timesheet
from handsel.work.rules import Decision

KIND = "Orders and letters"
PRICE = Decimal("21.00")
BEGINS = 2  # the week in which both sign
MONTH = 4


class SecondClient(Month):
    """A shop for paper has the firm answer on two afternoons; it pays each month."""

    def scenes(self) -> Iterator[Scene]:
        if self.course.weeks < FEWEST:
            return
        yield self.scene(self.day(BEGINS, 0), "10:00", self.open_the_shop)
        yield self.scene(self.day(BEGINS, 0), "20:00", self.owner_signs)
        yield self.scene(self.day(BEGINS, 1), "8:30", self.provider_signs)
        for week in range(BEGINS, self.course.weeks):
            if self.course.works(week):
                yield from self._week(week)
        for week in range(BEGINS + MONTH, self.course.weeks, MONTH):
            yield self.scene(self.day(week, 3), "11:30", partial(self.invoice_and_pay, week))

    def _week(self, week: int) -> Iterator[Scene]:
        for weekday in (1, 3):
            begun = self.calendar.at(self.day(week, weekday), f"16:{self.random.randrange(30):02}")
            ended = begun + timedelta(minutes=self.random.randrange(40, 120))
            yield Scene(ended + timedelta(minutes=3), partial(self.log, begun, ended))
        yield self.scene(self.day(week, 4), "17:30", partial(self.submit, self.day(week)))
        yield self.scene(self.day(week, 6), "19:00", partial(self.approve, self.day(week)))

    # ---------------------------------------------------------------- what is done

    def open_the_shop(self) -> None:
        owner = self.cast.second_owner
        business = sign_up(
            people.system_actor(), owner.name, owner.mail, self.cast.second_business, zone=self.calendar.zone,
            currency="EUR",
        )  # fmt: skip
        self.told.second = Told(self.cast, self.calendar, self.told.seed, slug=business.slug)

    def owner_signs(self) -> None:
        agreed = Agreed(
            work=MAIL, valid_from=self.day(BEGINS, 1), currency="EUR", zone=self.calendar.zone,
            rates=(Rate(KIND, PRICE),), scope=("Orders by mail, two afternoons a week",),
        )  # fmt: skip
        provider = self.cast.provider
        engagement = draw_up(self._owner, agreed, provider.name, provider.mail)
        self.second.engagements[MAIL] = engagement.id
        read_and_sign(self._owner, engagement.id)
        invitation, _ = invite_to_sign(self._owner, engagement.id)
        self.second.comes_in(invitation)

    def provider_signs(self) -> None:
        read_and_sign(self._provider, self.second.engagements[MAIL])

    def log(self, begun: datetime, ended: datetime) -> None:
        stint = Stint(KIND, "Letters and orders", started_at=begun, ended_at=ended)
        log(self._provider, self.second.engagements[MAIL], stint)

    def submit(self, monday: date) -> None:
        submit(self._provider, self._sheet(monday).id)

    def approve(self, monday: date) -> None:
        sheet = self._sheet(monday)
        decide(self._owner, sheet.id, [
            Decision(line.id, line.revision, approves=True) for line in work.lines(self._owner, sheet.id)
        ])  # fmt: skip

    def invoice_and_pay(self, week: int) -> None:
        days = self.day(BEGINS), self.day(week) - timedelta(days=1)
        document = invoice(self._provider, self.second.engagements[MAIL], *days)
        record_payment(self._owner, document, self.day(week, 3), METHOD, "two afternoons")

    # ---------------------------------------------------------------- what the scenes look up

    @property
    def second(self) -> Told:
        assert self.told.second is not None
        return self.told.second

    @property
    def _owner(self) -> Actor:
        return self.second.actor(self.cast.second_owner)

    @property
    def _provider(self) -> Actor:
        return self.second.actor(self.cast.provider)

    def _sheet(self, monday: date) -> Timesheet:
        provider = self._provider
        return Timesheet.objects.visible_to(provider).get(worker_id=person_id(provider), first_day=monday)
