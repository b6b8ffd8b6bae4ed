"""Pieces of the designer that come up later: agreed as an amendment, delivered, sent back once, paid."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from uuid import UUID

from handsel.agreements.actions import amend
from handsel.agreements.rules import Fee
from handsel.core import files
from handsel.payments.actions import record_payment
from handsel.sample.calendar import Scene
from handsel.sample.chapters.agreeing import DESIGN
from handsel.sample.chapters.paying import METHOD
from handsel.sample.chapters.working import DRAWING
from handsel.sample.doing import in_force, invoice, read_and_sign
from handsel.sample.months.course import FEWEST
from handsel.sample.months.month import Month
from handsel.work import queries as work
from handsel.work.actions import accept, deliver, return_task

PIECES = (("Card on the care of candles", Decimal(160)), ("Spring leaflet", Decimal(260)))
EVERY = 20  # weeks between two pieces


class Designing(Month):
    """One piece in the first weeks, another half a year later."""

    def scenes(self) -> Iterator[Scene]:
        if self.course.weeks < FEWEST:
            return
        for (name, fee), week in zip(PIECES, range(0, self.course.weeks, EVERY), strict=False):
            yield self.scene(self.day(week, 1), "20:30", partial(self.offer, name, fee, week))
            yield self.scene(self.day(week, 2), "11:20", self.designer_signs)
            yield self.scene(self.day(week + 2, 1), "12:20", partial(self.deliver, name, "First form, for your eyes."))
            yield self.scene(self.day(week + 2, 1), "20:30", partial(self.send_back, name))
            yield self.scene(self.day(week + 3, 2), "11:05", partial(self.deliver, name, "With the larger type."))
            yield self.scene(self.day(week + 3, 2), "20:50", partial(self.accept, name))
            yield self.scene(self.day(week + 3, 4), "11:00", partial(self.invoice_and_pay, week))

    def offer(self, name: str, fee: Decimal, week: int) -> None:
        owner, engagement = self.told.owner, self.told.engagements[DESIGN]
        agreed = in_force(owner, engagement)
        more = Fee(name, fee, self.day(week + 4), "Ready for print")
        changed = replace(agreed, valid_from=self.day(week + 1), fees=(*agreed.fees, more))
        amend(owner, engagement, changed)
        read_and_sign(owner, engagement)

    def designer_signs(self) -> None:
        read_and_sign(self.told.designer, self.told.engagements[DESIGN])

    def deliver(self, name: str, note: str) -> None:
        designer = self.told.designer
        file = files.keep(DRAWING.format(name).encode(), f"{name.lower()}.svg", "image/svg+xml", designer.business_id)
        deliver(designer, self.told.engagements[DESIGN], name, note, file)

    def send_back(self, name: str) -> None:
        return_task(self.told.owner, self._task(name), "The type is too small to read by candlelight.")

    def accept(self, name: str) -> None:
        accept(self.told.owner, self._task(name))

    def invoice_and_pay(self, week: int) -> None:
        days = self.day(week), self.day(week + 3, 6)
        document = invoice(self.told.designer, self.told.engagements[DESIGN], *days)
        record_payment(self.told.bookkeeper, document, self.day(week + 3, 4), METHOD, "design")

    def _task(self, name: str) -> UUID:
        found: UUID = next(task.id for task in work.tasks_awaiting(self.told.owner) if task.name == name)
        return found
