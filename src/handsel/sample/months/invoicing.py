"""An invoice each month, paid in time or late; one is credited."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from handsel.payments import queries as payments
from handsel.payments.actions import credit, record_payment
from handsel.payments.rules import Credit, Outcome
from handsel.sample.calendar import Scene, on
from handsel.sample.chapters.agreeing import MAIL
from handsel.sample.chapters.paying import METHOD
from handsel.sample.doing import invoice
from handsel.sample.months.month import Month
from handsel.values.money import Money

MONTH = 4  # weeks
PAID_AFTER = (9, 14, 18, 39)  # days


class Invoicing(Month):
    """Of everything that is approved and on no invoice, up to the Sunday before last."""

    invoices: dict[int, UUID]

    def scenes(self) -> Iterator[Scene]:
        self.invoices = {}
        for week in range(2, self.course.weeks, MONTH):
            yield self.scene(self.day(week, 3), "10:30", partial(self.invoice, week))
            if week <= self.course.credit < week + MONTH:
                yield self.scene(self.day(week, 4), "16:20", partial(self.credit, week))
            paid = self.day(week, 3) + timedelta(days=self.random.choice(PAID_AFTER))
            yield self.scene(paid, "15:45", partial(self.pay, week, paid))

    def invoice(self, week: int) -> None:
        days = self.calendar.day(on(1, "mon")), self.day(week - 1) - timedelta(days=1)
        self.invoices[week] = invoice(self.told.provider, self.told.engagements[MAIL], *days)

    def credit(self, week: int) -> None:
        """One line becomes cheaper, one goes back and is invoiced with the next."""
        provider, invoice = self.told.provider, self.invoices[week]
        cheaper, back = payments.lines(provider, invoice)[:2]
        credit(provider, invoice, [
            Credit(cheaper.id, Outcome.PAID, Money("2.00", "EUR")),
            Credit(back.id, Outcome.BACK),
        ], "One line was too dear, one belongs to the next month.")  # fmt: skip

    def pay(self, week: int, day: date) -> None:
        record_payment(self.told.bookkeeper, self.invoices[week], day, METHOD, f"invoice {week}")
