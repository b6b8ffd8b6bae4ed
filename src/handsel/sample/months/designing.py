"""Pieces of the designer that come up later: agreed as an amendment, delivered, sent back once, paid."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from uuid import UUID

from handsel.agreements.actions import amend, note_seen, sign
from handsel.agreements.rules import Fee
from handsel.core import files
from handsel.payments import queries as payments
from handsel.payments.actions import draft, issue, record_payment
from handsel.sample.calendar import Scene
from handsel.sample.chapters.agreeing import DESIGN
from handsel.sample.chapters.paying import METHOD
from handsel.sample.chapters.working import DRAWING
from handsel.sample.months.course import FEWEST
from handsel.sample.months.month import Month
from handsel.sample.months.terms import in_force, newest
from handsel.values.actors import Actor
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
        self._read_and_sign(owner, amend(owner, engagement, changed).id)

    def designer_signs(self) -> None:
        self._read_and_sign(self.told.designer, newest(self.told.designer, self.told.engagements[DESIGN]).id)

    def deliver(self, name: str, note: str) -> None:
        designer = self.told.designer
        file = files.keep(DRAWING.format(name).encode(), f"{name.lower()}.svg", "image/svg+xml", designer.business_id)
        deliver(designer, self.told.engagements[DESIGN], name, note, file)

    def send_back(self, name: str) -> None:
        return_task(self.told.owner, self._task(name), "The type is too small to read by candlelight.")

    def accept(self, name: str) -> None:
        accept(self.told.owner, self._task(name))

    def invoice_and_pay(self, week: int) -> None:
        designer = self.told.designer
        document = draft(designer, self.told.engagements[DESIGN], self.day(week), self.day(week + 3, 6))
        standing = [found.line for found in payments.draft_lines(document.id) if found.stands]
        issue(designer, document.id, payments.seen_as(standing))
        record_payment(self.told.bookkeeper, document.id, self.day(week + 3, 4), METHOD, "design")

    def _task(self, name: str) -> UUID:
        found: UUID = next(task.id for task in work.tasks_awaiting(self.told.owner) if task.name == name)
        return found

    def _read_and_sign(self, actor: Actor, terms_id: UUID) -> None:
        note_seen(actor, terms_id)
        sign(actor, terms_id, newest(actor, self.told.engagements[DESIGN]).hash)
