"""What payments give to the house."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.urls import reverse

from handsel.core.rooms import Dated, Found, Need, Room, Step
from handsel.payments import queries
from handsel.payments.events import EVENTS
from handsel.payments.models import Document
from handsel.payments.queries import Shown, Waiting
from handsel.values.actors import Actor
from handsel.values.days import day_in_words


def needs(actor: Actor) -> Sequence[Need]:
    """Invoices to pay; for the provider, approved work that is on no invoice."""
    if actor.may("payments.record_payment"):
        return [_to_pay(actor, shown) for shown in queries.to_pay(actor)[:20]]
    if actor.may("payments.draft"):
        return [_to_invoice(actor, found) for found in queries.waiting(actor)[:20]]
    return []


def _to_pay(actor: Actor, shown: Shown) -> Need:
    provider = shown.document.engagement.provider.name
    due = f" by {day_in_words(shown.due_day)}" if shown.due_day else ""
    return Need(
        f"Invoice {shown.title}", f"{provider} asks for {shown.still_open}{due}.", "Pay and mark it",
        reverse("payments:document", args=[actor.slug, shown.document.id]), shown.document.made_at, due=shown.due_day,
        person=provider, side="provider", given=("open", "given"),
    )  # fmt: skip


def _to_invoice(actor: Actor, found: Waiting) -> Need:
    expected = f"{found.amount} is on no invoice. Invoiced in its period, it is paid by {day_in_words(found.pay_day)}."
    if found.draft_id:
        url, act = reverse("payments:document", args=[actor.slug, found.draft_id]), "Issue the draft"
    else:
        url, act = f"{reverse('payments:new', args=[actor.slug])}?engagement={found.engagement.id}", "Draft the invoice"
    return Need(f"Approved work: {found.engagement.title}", expected, act, url, found.since, side="owner",
                given=("given", "open"))  # fmt: skip


def steps(actor: Actor, engagement_id: UUID) -> Sequence[Step]:
    """Payment: later while nothing is owed or was paid, now while something is owed, done when all is paid."""
    if actor.is_assistant:
        return []
    return [Step("Payment", queries.payment_step(actor, engagement_id),
                 reverse("ledger:charges", args=[actor.slug, engagement_id]))]  # fmt: skip


def _found(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = (
        Document.objects.filter(business_id=business_id, pk__in=keys, issue__isnull=False)
        .select_related("issue", "business", "engagement__provider")
    )  # fmt: skip
    return [
        Found("document", "Invoice" if d.kind == Document.INVOICE else "Credit note", d.id, d.issue.number,
              reverse("payments:document", args=[d.business.slug, d.id]),
              f"{d.engagement.provider.name} {d.engagement.title}", engagement_id=d.engagement_id, at=d.issue.made_at)
        for d in rows
    ]  # fmt: skip


def dates(actor: Actor, first: date, last: date) -> Sequence[Dated]:
    """When invoices of which something is open are due; one SQL query."""
    rows = queries.documents(actor).filter(kind=Document.INVOICE, issue__due_day__range=(first, last), still_open__gt=0)
    return [
        Dated(row.issue.due_day, f"Due: {row.issue.number}, {queries.shown(row).still_open}",
              reverse("payments:document", args=[actor.slug, row.id]), f"{row.id}-due")
        for row in rows[:500]
    ]  # fmt: skip


ROOM = Room(
    name="payments",
    nav={"owner": ("Payments", "wallet", "payments:list"), "provider": ("Pay", "wallet", "payments:list")},
    needs=needs,
    steps=steps,
    events=EVENTS,
    things={"document": _found},
    dates=dates,
    visible_when=lambda actor: not actor.is_assistant,
)
