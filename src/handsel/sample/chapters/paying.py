"""Invoices from approved work, payments, and one credit note."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

from handsel.payments import queries as payments
from handsel.payments.actions import credit, discard_draft, draft, record_payment
from handsel.payments.rules import Credit, Outcome
from handsel.sample.calendar import TURN, Scene, on
from handsel.sample.chapters.agreeing import DESIGN, MAIL
from handsel.sample.chapters.chapter import Chapter
from handsel.sample.doing import invoice
from handsel.values.money import Money

METHOD = "Bank transfer"


class Paying(Chapter):
    """Three invoices of the firm, one of the designer; the newest is not paid yet, and the next is a draft."""

    invoices: dict[str, UUID]

    def scenes(self) -> Iterator[Scene]:
        self.invoices = {}
        yield self.scene(on(4, "wed"), "10:20", partial(self.invoice, "first", 1, 3))
        yield self.scene(on(5, "fri"), "15:10", partial(self.pay, "first", on(5, "fri")))
        yield self.scene(on(5, "thu"), "11:00", self.invoice_the_leaflet)
        yield self.scene(on(7, "mon"), "15:30", partial(self.pay, "leaflet", on(7, "mon")))
        yield self.scene(on(8, "tue"), "10:05", self.draft_too_early)
        yield self.scene(on(8, "thu"), "10:30", partial(self.invoice, "second", 4, 7))
        yield self.scene(on(9, "thu"), "16:20", self.credit_two_lines)
        yield self.scene(on(9, "fri"), "15:45", partial(self.pay, "second", on(9, "fri")))
        yield self.scene(on(11, "mon"), "8:50", self.invoice_what_is_left)
        yield self.scene(on(11, "tue"), "9:10", self.draft_the_next)

    def invoice(self, name: str, first_week: int, last_week: int) -> None:
        days = self.calendar.day(on(first_week, "mon")), self.calendar.day(on(last_week, "sun"))
        self.invoices[name] = invoice(self.told.provider, self.told.engagements[MAIL], *days)

    def invoice_what_is_left(self) -> None:
        """What earlier invoices left out, up to the week before last."""
        days = self.calendar.day(on(1, "mon")), self.calendar.day(on(TURN, "mon")) - timedelta(days=1)
        self.invoices["third"] = invoice(self.told.provider, self.told.engagements[MAIL], *days)

    def invoice_the_leaflet(self) -> None:
        days = self.calendar.day(on(2, "mon")), self.calendar.day(on(5, "sun"))
        self.invoices["leaflet"] = invoice(self.told.designer, self.told.engagements[DESIGN], *days)

    def draft_too_early(self) -> None:
        """A week of it is not approved yet, so the draft is thrown away."""
        days = self.calendar.day(on(4, "mon")), self.calendar.day(on(6, "sun"))
        discard_draft(self.told.provider, draft(self.told.provider, self.told.engagements[MAIL], *days).id)

    def draft_the_next(self) -> None:
        """It is issued when the month is over."""
        days = self.calendar.day(on(10, "mon")), self.calendar.day(on(10, "sun"))
        draft(self.told.provider, self.told.engagements[MAIL], *days)

    def credit_two_lines(self) -> None:
        """One price is lowered, and one line goes back to be invoiced another time."""
        invoice = self.invoices["second"]
        cheaper, back = payments.lines(self.told.provider, invoice)[:2]
        credit(self.told.provider, invoice, [
            Credit(cheaper.id, Outcome.PAID, Money("4.50", "EUR")),
            Credit(back.id, Outcome.BACK),
        ], "The call of that day was not work, and one line belongs to the next month.")  # fmt: skip

    def pay(self, name: str, day: int) -> None:
        record_payment(self.told.bookkeeper, self.invoices[name], self.calendar.day(day), METHOD, f"{name} invoice")
