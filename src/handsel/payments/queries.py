"""Every read about documents and payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.agreements.rules import pay_day, period_of
from handsel.core import outbox
from handsel.ledger import queries as owed
from handsel.ledger.models import Transfer
from handsel.ledger.queries import Backlog
from handsel.payments import rules
from handsel.payments.models import Document, DocumentLine, DocumentPaper, Issue, Payment, Series
from handsel.payments.rules import Line, Open, State
from handsel.people import queries as people
from handsel.values.actors import Actor, Role
from handsel.values.money import Money
from handsel.values.refusals import NotVisible


@dataclass(frozen=True)
class Shown:
    """A document as lists and pages show it. still_open: what is to be paid of it; credited: what notes took back."""

    document: Document
    state: State
    title: str
    amount: Money
    still_open: Money
    credited: Money
    day: date | None
    due_day: date | None

    @property
    def is_invoice(self) -> bool:
        return self.document.kind == Document.INVOICE

    @property
    def is_draft(self) -> bool:
        return self.state is State.DRAFT


def documents(actor: Actor) -> QuerySet[Document]:
    """Documents with number, sum, what is open and what was credited, newest first; one SQL query."""
    moved = Transfer.objects.filter(document_id=OuterRef("pk")).values("document_id")
    lines = DocumentLine.objects.filter(document=OuterRef("pk")).values("document")
    credited = DocumentLine.objects.filter(
        document__corrects=OuterRef("pk"), document__issue__isnull=False
    ).values("document__corrects")  # fmt: skip
    return cast("QuerySet[Document]", (
        Document.objects.visible_to(actor)
        .select_related("engagement__provider", "issue", "corrects__issue")
        .annotate(
            total=Coalesce(Subquery(lines.annotate(s=Sum("amount")).values("s")), 0),
            debited=Coalesce(Subquery(moved.filter(debit="payable").annotate(s=Sum("amount")).values("s")), 0),
            paid_off=Coalesce(Subquery(moved.filter(credit="payable").annotate(s=Sum("amount")).values("s")), 0),
            credited=Coalesce(Subquery(credited.annotate(s=Sum("amount")).values("s")), 0),
            still_open=F("debited") - F("paid_off"),
        )
        .order_by("-made_at", "-id")
    ))  # fmt: skip


def shown(row: Document) -> Shown:
    """A row of `documents` in words."""
    issued = getattr(row, "issue", None)
    figures = row.total, row.still_open, row.credited  # type: ignore[attr-defined]  # annotated by `documents`
    amount, still_open, credited = (Money.from_minor(minor, row.currency) for minor in figures)
    is_invoice = row.kind == Document.INVOICE
    state = rules.state(issued is not None, amount.minor, still_open.minor, credited.minor)
    if issued and not is_invoice:
        state = State.ISSUED
    return Shown(
        row, state, issued.number if issued else "Draft invoice", amount, still_open, credited,
        issued.day if issued else None, issued.due_day if issued and is_invoice else None,
    )  # fmt: skip


def document(actor: Actor, key: UUID) -> Shown:
    found = documents(actor).filter(pk=key).first()
    if found is None:
        raise NotVisible("document")
    return shown(found)


@dataclass(frozen=True)
class DraftLine:
    """A line of a draft. stands: its work still waits for an invoice, in this very form."""

    line: DocumentLine
    stands: bool


def draft_lines(document_id: UUID) -> list[DraftLine]:
    """The lines of a draft in order, each with whether it still stands; one SQL query."""
    of_charge = Transfer.objects.filter(charge=OuterRef("charge")).values("charge")

    def balance(column: str) -> CombinedExpression:
        debited = Subquery(of_charge.filter(debit="unbilled").annotate(s=Sum(column)).values("s"))
        credited = Subquery(of_charge.filter(credit="unbilled").annotate(s=Sum(column)).values("s"))
        return Coalesce(debited, 0) - Coalesce(credited, 0)

    rows = (
        DocumentLine.objects.filter(document_id=document_id)
        .select_related("charge")
        .annotate(now_amount=balance("amount"), now_quantity=balance("quantity_e2"))
        .order_by("position")
    )
    return [DraftLine(row, (row.now_amount, row.now_quantity) == (row.amount, row.quantity_e2)) for row in rows]


def seen_as(lines: Sequence[DocumentLine]) -> str:
    return rules.seen_as([(line.pk, line.amount) for line in lines])


def lines(actor: Actor, document_id: UUID) -> QuerySet[DocumentLine]:
    """The lines of a document in order, with charge and worker; one SQL query."""
    return (
        DocumentLine.objects.visible_to(actor)
        .filter(document_id=document_id)
        .select_related("charge__worker", "charge__terms")
        .order_by("position")
    )


def open_lines(invoice: Document) -> list[Open]:
    """The lines of an issued invoice with what can still be credited of each; one SQL query."""
    of_issued = Q(credited_by__document__issue__isnull=False)
    rows = (
        DocumentLine.objects.filter(document_id=invoice.pk)
        .annotate(
            back_amount=Coalesce(Sum("credited_by__amount", filter=of_issued), 0),
            back_quantity=Coalesce(Sum("credited_by__quantity_e2", filter=of_issued), 0),
        )
        .select_related("charge")
        .order_by("position")
    )
    return [
        Open(Line(row.pk, row.charge_id, row.quantity_e2, row.amount), row.price_e4, row.words, row.charge.work_day,
             row.quantity_e2 - row.back_quantity, Money.from_minor(row.amount - row.back_amount, invoice.currency))
        for row in rows
    ]  # fmt: skip


def payments(actor: Actor, document_id: UUID) -> QuerySet[Payment]:
    return Payment.objects.visible_to(actor).filter(document_id=document_id).select_related("person").order_by("id")


def credit_notes(actor: Actor, document_id: UUID) -> QuerySet[Document]:
    return documents(actor).filter(corrects_id=document_id)


def prefixes_taken(business_id: UUID, provider_id: UUID) -> set[str]:
    """Prefixes that would mix with another series of this business or of this provider."""
    rows = Series.objects.filter(Q(business_id=business_id) | Q(provider_id=provider_id))
    return set(rows.values_list("prefix", flat=True))


# ---------------------------------------------------------------- what waits for an invoice


@dataclass(frozen=True)
class Waiting:
    """Approved work of one engagement that is on no invoice. pay_day: when the oldest of it is expected to be paid, if
    it is invoiced in its period. draft_id: a draft that asks for some of it."""

    engagement: Engagement
    amount: Money
    lines: int
    first_day: date
    last_day: date
    since: datetime
    pay_day: date
    draft_id: UUID | None


def waiting(actor: Actor, engagement_id: UUID | None = None) -> list[Waiting]:
    """What waits for an invoice, by engagement, oldest first; three SQL queries, however many lines it is."""
    rows = owed.backlogs(actor, **({"engagement_id": engagement_id} if engagement_id else {}))
    terms = agreements.terms_of({found.terms_id for found in rows})
    engagements = _with_drafts(actor, {found.engagement_id for found in rows})
    by_engagement: dict[tuple[UUID, str], list[Backlog]] = {}
    for found in rows:
        by_engagement.setdefault((found.engagement_id, found.currency), []).append(found)
    return [
        Waiting(
            engagements[key], Money.from_minor(sum(f.amount for f in own), currency), sum(f.lines for f in own),
            own[0].first_day, max(f.last_day for f in own), min(f.since for f in own),
            min(_pay_day(f.first_day, terms[f.terms_id]) for f in own), engagements[key].draft_id,
        )
        for (key, currency), own in by_engagement.items()
    ]  # fmt: skip


def _with_drafts(actor: Actor, keys: set[UUID]) -> dict[UUID, Any]:
    """Engagements, each with its newest draft invoice (`draft_id`); one SQL query."""
    drafts = Document.objects.visible_to(actor).filter(issue=None, engagement=OuterRef("pk")).order_by("-id")
    return agreements.engagements(actor).annotate(draft_id=Subquery(drafts.values("id")[:1])).in_bulk(keys)


def _pay_day(work_day: date, terms: agreements.InForceTerms) -> date:
    return pay_day(period_of(work_day, terms.agreed.period)[1], terms.agreed.due_days)


def to_pay(actor: Actor, most: int = 20) -> list[Shown]:
    """Issued invoices of which something is open, the one due first before the others; one SQL query."""
    first = open_invoices(actor).values("pk")[:most]
    return [shown(row) for row in documents(actor).filter(pk__in=first).order_by("issue__due_day", "id")]


def still_open_sums(actor: Actor) -> list[Money]:
    """What is open of all invoices together, one amount per currency that is not nothing; one SQL query."""
    left = owed.open_accounts(actor, "payable").values("currency").annotate(sum=Sum("amount")).order_by("currency")
    return owed.amounts(dict(row) for row in left)


def is_open(actor: Actor) -> Q:
    """The filter over documents: issued, and something of it is to be paid."""
    return Q(pk__in=owed.open_accounts(actor, "payable").values("about_id"))


def is_paid(actor: Actor) -> Q:
    """The filter over `documents`: an invoice of which nothing is open, and which no credit note took back."""
    paid = Q(kind=Document.INVOICE, issue__isnull=False) & ~is_open(actor)
    return paid & (Q(credited__lt=F("total")) | Q(total=0))


def open_invoices(actor: Actor) -> QuerySet[Document]:
    """The same as rows of `documents`; looked up by what is open, not by all."""
    left = owed.open_accounts(actor, "payable")
    rows = documents(actor).filter(pk__in=left.values("about_id"), kind=Document.INVOICE, issue__isnull=False)
    return rows.order_by("issue__due_day", "id")


# ---------------------------------------------------------------- parties and papers


@dataclass(frozen=True)
class Parties:
    """Who asks whom for money."""

    owner: str
    provider: str
    slug: str
    work: str


def parties(row: Document) -> Parties:
    return Parties(row.business.name, row.engagement.provider.name, row.business.slug, row.engagement.title)


def addresses(actor: Actor, row: Document) -> list[str]:
    """Where a paper goes: owners and bookkeepers of the business, and those who lead the provider; one SQL query."""
    found = people.members(actor).filter(
        Q(role__in=[Role.OWNER.value, Role.BOOKKEEPER.value])
        | Q(role=Role.PROVIDER_ADMIN.value, provider_id=row.engagement.provider_id)
    )
    return [member.person.mail for member in found]


def how_mailed(document_id: UUID) -> str:
    """How the mail with the paper stands, in words; empty where none was queued."""
    item = outbox.items_about([document_id]).get(document_id)
    return outbox.how_it_stands(item) if item else ""


def issue_of(document_id: UUID) -> Issue:
    return Issue.objects.select_related("terms", "person").get(document_id=document_id)


def set_off_of(row: Document) -> Money:
    """What had been paid before and was set off when the invoice was issued; one SQL query."""
    moved = Transfer.objects.filter(document_id=row.pk, posting__kind="set off").aggregate(s=Sum("amount"))["s"]
    return Money.from_minor(moved or 0, row.currency)


def paper_of(actor: Actor, document_id: UUID) -> DocumentPaper | None:
    """The printed document, once a job has made it."""
    return DocumentPaper.objects.visible_to(actor).filter(document_id=document_id).select_related("file").first()


def payment_step(actor: Actor, engagement_id: UUID) -> str:
    """How far payment is in the life of an engagement: later, now or done; two SQL queries."""
    moved = Transfer.objects.visible_to(actor).filter(engagement_id=engagement_id)
    still_owed = owed.owed(actor, engagement_id)
    return "now" if still_owed else "done" if moved.filter(debit="paid").exists() else "later"
