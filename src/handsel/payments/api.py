"""Payments over the API: invoices from approved work, credit notes, what was paid."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from django.http import FileResponse
from ninja import Query
from pydantic import Field

from handsel.core import files
from handsel.core.paging import Page, Window, page
from handsel.core.wire import Amount, Currency, Day, Given, Line, Number, Reason, Shown, plain
from handsel.payments import actions, queries
from handsel.payments.models import Document, DocumentLine, Payment
from handsel.payments.queries import Waiting
from handsel.payments.rules import Credit, Outcome
from handsel.people.api import PersonShown
from handsel.people.callers import Call, routes
from handsel.values.money import Money
from handsel.values.refusals import NotVisible, Refusal

router = routes("payments")
Kind = Literal["invoice", "credit_note"]


class DocumentShown(Shown):
    """An invoice, or a credit note that corrects one."""

    id: UUID
    engagement_id: UUID
    kind: str = Field(description="invoice or credit_note.")
    number: str | None = Field(description="Null while it is a draft.")
    state: Literal["Draft", "Issued", "Paid", "Credited"]
    amount: Amount
    still_open: Amount = Field(description="What is to be paid of it.")
    credited: Amount = Field(description="What credit notes took back.")
    first_day: date = Field(description="The first work day that it covers.")
    last_day: date
    issued_on: date | None
    due_day: date | None
    corrects_id: UUID | None = Field(description="The invoice that a credit note corrects.")

    @classmethod
    def of(cls, row: Document) -> Self:
        shown = queries.shown(row)
        return cls(
            id=row.id, engagement_id=row.engagement_id, kind=row.kind, state=shown.state.value,
            number=None if shown.is_draft else shown.title, amount=Amount.of(shown.amount),
            still_open=Amount.of(shown.still_open), credited=Amount.of(shown.credited), first_day=row.first_day,
            last_day=row.last_day, issued_on=shown.day, due_day=shown.due_day, corrects_id=row.corrects_id,
        )  # fmt: skip


class DocumentLineShown(Shown):
    """A line of a document: quantity × price = amount."""

    id: UUID
    charge_id: UUID
    words: str
    work_day: date
    worker: PersonShown
    quantity: str = Field(description="Hours, or pieces, with two decimals.")
    price: str = Field(description="Of one, in the currency of the document.")
    amount: Amount
    outcome: str = Field(description="On a credit note: what becomes of the work (paid, back, void).")

    @classmethod
    def of(cls, line: DocumentLine, currency: str) -> Self:
        return cls(
            id=line.id, charge_id=line.charge_id, words=line.words, work_day=line.charge.work_day,
            worker=PersonShown.of(line.charge.worker), quantity=plain(Decimal(line.quantity_e2).scaleb(-2)),
            price=plain(Decimal(line.price_e4).scaleb(-4)), amount=Amount.of(Money.from_minor(line.amount, currency)),
            outcome=line.outcome,
        )  # fmt: skip


class PaymentShown(Shown):
    """What was paid of an invoice."""

    id: UUID
    amount: Amount
    day: date
    method: str
    reference: str
    noted_by: PersonShown
    noted_at: datetime

    @classmethod
    def of(cls, payment: Payment) -> Self:
        return cls(
            id=payment.id, amount=Amount.of(Money.from_minor(payment.amount, payment.currency)), day=payment.day,
            method=payment.method, reference=payment.reference, noted_by=PersonShown.of(payment.person),
            noted_at=payment.made_at,
        )  # fmt: skip


class WholeDocumentShown(DocumentShown):
    """A document with its lines and payments."""

    lines: list[DocumentLineShown]
    payments: list[PaymentShown]
    seen: str | None = Field(description="Of a draft: names what is read here; `issue` asks for it.")


class DocumentsAsked(Window):
    """Which documents."""

    engagement_id: UUID | None = None
    kind: Kind | None = None
    issued: bool | None = Field(None, description="False: drafts alone.")


@router.get("/documents", response=Page[DocumentShown], summary="Invoices and credit notes")
def documents(request: Call, asked: Query[DocumentsAsked]) -> Page[DocumentShown]:
    """The documents that this person reads, the newest first. A draft is seen by its own side."""
    rows = queries.documents(request.auth)
    if asked.engagement_id:
        rows = rows.filter(engagement_id=asked.engagement_id)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.issued is not None:
        rows = rows.filter(issue__isnull=not asked.issued)
    return page(request, asked, rows, DocumentShown.of, ("-made_at", "-id"))


@router.get("/documents/{key}", response=WholeDocumentShown, summary="A document")
def document(request: Call, key: UUID) -> WholeDocumentShown:
    """One document with its lines and payments."""
    actor = request.auth
    row = queries.document(actor, key).document
    shown = DocumentShown.of(row)
    is_draft = shown.number is None
    kept = [found.line for found in queries.draft_lines(row.id) if found.stands] if is_draft else []
    return WholeDocumentShown(
        **shown.model_dump(),
        lines=[DocumentLineShown.of(line, row.currency) for line in queries.lines(actor, row.id)],
        payments=[PaymentShown.of(payment) for payment in queries.payments(actor, row.id)],
        seen=queries.seen_as(kept) if is_draft else None,
    )


_PDF = {"responses": {200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}}


@router.get("/documents/{key}/paper", summary="The printed document", openapi_extra=_PDF)
def paper(request: Call, key: UUID) -> FileResponse:
    """The PDF that both sides keep, a moment after the issue; 404 before."""
    found = queries.paper_of(request.auth, queries.document(request.auth, key).document.id)
    if found is None:
        raise NotVisible("paper")
    return files.download(found.file)


class WaitingShown(Shown):
    """Approved work of one engagement that is on no invoice."""

    engagement_id: UUID
    amount: Amount
    lines: int
    first_day: date
    last_day: date
    pay_day: date = Field(description="When the oldest of it is expected to be paid, if it is invoiced in its period.")
    draft_id: UUID | None = Field(description="A draft that asks for some of it.")

    @classmethod
    def of(cls, waiting: Waiting) -> Self:
        return cls(
            engagement_id=waiting.engagement.id, amount=Amount.of(waiting.amount), lines=waiting.lines,
            first_day=waiting.first_day, last_day=waiting.last_day, pay_day=waiting.pay_day, draft_id=waiting.draft_id,
        )  # fmt: skip


@router.get("/waiting-for-invoice", response=list[WaitingShown], summary="What waits for an invoice")
def waiting(request: Call) -> list[WaitingShown]:
    """Approved work that is on no invoice, by engagement and currency."""
    actor = request.auth
    if actor.is_assistant:
        raise NotVisible("address")
    return [WaitingShown.of(found) for found in queries.waiting(actor)]


class DraftGiven(Given):
    """Which days of which work go on the invoice."""

    engagement_id: UUID
    first_day: Day
    last_day: Day


@router.post("/documents", response={201: WholeDocumentShown}, summary="Draft an invoice")
def draft(request: Call, body: DraftGiven) -> WholeDocumentShown:
    """Draft an invoice of all approved work of these days that is on none. A draft reserves nothing."""
    made = actions.draft(request.auth, body.engagement_id, body.first_day, body.last_day)
    return document(request, made.id)


@router.post("/documents/{key}/removal", response={204: None}, summary="Throw a draft away")
def discard_draft(request: Call, key: UUID) -> None:
    """The work stays approved, and can be invoiced another time."""
    actions.discard_draft(request.auth, key)


class SeenGiven(Given):
    """What was read before."""

    seen: Annotated[str, Field(pattern="^[0-9a-f]{16}$")] = Field(description="`seen` of the draft, as it was read.")


@router.post("/documents/{key}/issue", response=WholeDocumentShown, summary="Issue an invoice")
def issue(request: Call, key: UUID, body: SeenGiven) -> WholeDocumentShown:
    """Give the draft its number, for ever; refused if it changed since it was read."""
    actions.issue(request.auth, key, body.seen)
    return document(request, key)


class CreditGiven(Given):
    """What is taken back of one line."""

    line_id: UUID
    outcome: Outcome = Field(description="paid: it stays paid for a lower price; back: it can be invoiced again; void: "
                             "never charged again.")  # fmt: skip
    lower_by: Number | None = Field(None, description="With `paid` only, in the currency of the invoice.")


class CreditsGiven(Given):
    """What is taken back of an invoice, and why."""

    credits: list[CreditGiven] = Field(min_length=1, max_length=500)
    currency: Currency = Field(description="Of the invoice.")
    reason: Reason


@router.post("/documents/{key}/credit", response={201: WholeDocumentShown}, summary="Credit an invoice")
def credit(request: Call, key: UUID, body: CreditsGiven) -> WholeDocumentShown:
    """Take lines of an issued invoice back; gives the credit note."""
    if queries.document(request.auth, key).document.currency != body.currency:
        raise Refusal("other_currency", "The invoice is in another currency.", mend="Read the invoice again.",
                      place="currency", status=422)  # fmt: skip
    credits = [Credit(c.line_id, c.outcome, _money(c.lower_by, body.currency)) for c in body.credits]
    return document(request, actions.credit(request.auth, key, credits, body.reason).document_id)


def _money(number: Decimal | None, currency: str) -> Money | None:
    if number is None:
        return None
    try:
        return Money(number, currency)
    except ValueError as fault:
        raise Refusal("too_fine", str(fault), mend="Round it.", place="credits.lower_by", status=422) from fault


class PaymentGiven(Given):
    """That what is open was paid, in full."""

    day: Day
    method: Annotated[Line, Field(min_length=1, max_length=60)]
    reference: Annotated[Line, Field(max_length=120)] = ""


@router.post("/documents/{key}/payments", response={201: PaymentShown}, summary="Note a payment")
def record_payment(request: Call, key: UUID, body: PaymentGiven) -> PaymentShown:
    """Note that what is open of an invoice was paid, in full, on this day."""
    made = actions.record_payment(request.auth, key, body.day, body.method, body.reference)
    return PaymentShown.of(made)
