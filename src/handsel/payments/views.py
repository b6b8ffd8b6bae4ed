"""The pages of payments: what is to be paid, and each document."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.agreements.rules import agreed_of
from handsel.core import files
from handsel.ledger import queries as ledger
from handsel.ledger import wording
from handsel.payments import actions, papers, queries
from handsel.payments.forms import CreditForm, DraftForm, IssueForm, PaymentForm, PressForm
from handsel.payments.models import Document, DocumentLine
from handsel.payments.queries import Shown
from handsel.payments.rules import Outcome, State
from handsel.people.entrance import for_member
from handsel.ui.marks import Status
from handsel.ui.tables import Chip, Column, Empty, Table, table_response
from handsel.values.actors import Actor
from handsel.values.days import day_in_words, day_of
from handsel.values.money import Money
from handsel.values.refusals import NotVisible

_MARKS = {
    State.DRAFT: Status("Draft", "open", "open", "Not issued yet"),
    State.ISSUED: Status("Issued", "open", "given", "Issued by the provider, not paid yet"),
    State.PAID: Status("Paid", "given", "given", "Issued by the provider, paid by the owner"),
    State.CREDITED: Status("Credited", "open", "refused", "Taken back in full by a credit note", "quiet"),
}


_MOST_TO_PAY = 7
_MOST_WAITING = 50


@dataclass(frozen=True)
class Account:
    """An engagement with what is owed in it now."""

    engagement: Engagement
    owed: list[Money]


@for_member
def overview(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What is to be paid, what waits for an invoice, and every document."""
    if actor.is_assistant:
        raise NotVisible("page")
    owed = ledger.owed_by_engagement(actor)
    waiting = queries.waiting(actor)
    context = {
        "waiting": waiting[:_MOST_WAITING],
        "drafts": actor.may("payments.draft"),
        "pays": actor.may("payments.record_payment"),
        "to_pay": queries.to_pay(actor, _MOST_TO_PAY),
        "open_sums": queries.still_open_sums(actor),
        "accounts": [Account(e, owed.get(e.id, [])) for e in agreements.engagements(actor)[:50]],
    }
    return table_response(request, _documents_table(actor, leads=not waiting), "payments/overview.html", context)


def _documents_table(actor: Actor, *, leads: bool) -> Table:
    """leads: whether the empty table leads on to the work; not where the page has a nearer act."""
    drafts = [Chip("drafts", "Drafts", Q(issue__isnull=True))] if actor.may("payments.draft") else []
    owner = actor.is_owner_side
    return Table(
        name="Documents",
        caption="Invoices and credit notes, newest first",
        source=queries.documents(actor),
        dressed=lambda rows: [queries.shown(row) for row in rows],
        search=["issue__number", "engagement__title", "engagement__provider__name"],
        columns=[
            Column("Number", lambda s: s.title if s.is_invoice else f"{s.title}, credit note",
                   link=lambda s: reverse("payments:document", args=[actor.slug, s.document.id])),
            Column("Amount", lambda s: s.amount if s.is_invoice else -s.amount, number=True),
            Column("From" if owner else "Work",
                   lambda s: s.document.engagement.provider.name if owner else s.document.engagement.title),
            Column("Issued", lambda s: s.day),
            Column("State", lambda s: _MARKS[s.state] if s.is_invoice else Status("Issued")),
            Column("Due", lambda s: s.due_day),
        ],
        chips=[
            Chip("open", "To be paid", queries.is_open(actor)),
            Chip("paid", "Paid", queries.is_paid(actor)),
            *drafts,
        ],
        empty=Empty(
            "No invoice yet",
            "An invoice is made from approved work alone. It stands here from its issue until it is paid."
            if owner else "Approval comes first: what the owner approved can be put on an invoice, line by line.",
            "See the work" if leads else "", reverse("work:list", args=[actor.slug]),
        ),
    )  # fmt: skip


@for_member
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Draft an invoice: which work, which days."""
    if not actor.may("payments.draft"):
        raise NotVisible("page")
    waiting = queries.waiting(actor)
    asked = request.GET.get("engagement", "")
    first = next((w for w in waiting if str(w.engagement.id) == asked), waiting[0] if waiting else None)
    initial = {"engagement_id": first.engagement.id, "first_day": first.first_day, "last_day": first.last_day} if first else {}  # fmt: skip
    form = DraftForm(request.POST or None, waiting=waiting, initial=initial)
    if request.method == "POST" and form.carry_out(
        lambda d: actions.draft(actor, UUID(d["engagement_id"]), d["first_day"], d["last_day"])
    ):
        return redirect("payments:document", actor.slug, form.result.id)
    context = {"form": form, "waiting": waiting, "first": first}
    return render(request, "payments/new.html", context, status=422 if form.is_bound else 200)


# ---------------------------------------------------------------- one document


@dataclass(frozen=True)
class Line:
    """A line of a document as the page shows it. gone: its work no longer waits for this draft."""

    words: str
    small: str
    quantity: str
    price: str
    amount: Money
    gone: bool = False
    why_url: str = ""


@for_member
def document(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    return _page(request, actor, queries.document(actor, document_id))


def _page(request: HttpRequest, actor: Actor, shown: Shown, status: int = 200, **forms: Any) -> HttpResponse:
    if shown.is_draft:
        return render(request, "payments/draft.html", _draft_context(actor, shown) | forms, status=status)
    return render(request, "payments/document.html", _context(actor, shown) | forms, status=status)


def _draft_context(actor: Actor, shown: Shown) -> dict[str, Any]:
    found = queries.draft_lines(shown.document.id)
    standing = [f.line for f in found if f.stands]
    total = Money.from_minor(sum(line.amount for line in standing), shown.document.currency)
    return {
        "shown": shown,
        "parties": queries.parties(shown.document),
        "lines": [_line(actor, shown.document, f.line, gone=not f.stands) for f in found],
        "gone": len(found) - len(standing),
        "total": total,
        "no_tax": papers.NO_TAX,
        "issue_form": IssueForm(initial={"seen": queries.seen_as(standing)}),
        "press": PressForm(),
    }


def _context(actor: Actor, shown: Shown) -> dict[str, Any]:
    row = shown.document
    issued = queries.issue_of(row.id)
    method = agreed_of(issued.terms.document).method
    payments = list(queries.payments(actor, row.id))
    set_off = queries.set_off_of(row) if shown.is_invoice else Money(0, row.currency)
    return {
        "shown": shown,
        "issued": issued,
        "status": _MARKS[shown.state],
        "parties": queries.parties(row),
        "lines": [_line(actor, row, line) for line in queries.lines(actor, row.id)],
        "payments": [(p, Money.from_minor(p.amount, p.currency)) for p in payments],
        "notes": [queries.shown(note) for note in queries.credit_notes(actor, row.id)] if shown.is_invoice else [],
        "set_off": set_off,
        "to_pay": shown.amount - set_off,
        "method": method,
        "corrects": row.corrects,
        "no_tax": papers.NO_TAX,
        "paper": queries.paper_of(actor, row.id),
        "mailed": queries.how_mailed(row.id),
        "pays": actor.may("payments.record_payment") and bool(shown.still_open),
        "credits": actor.may("payments.credit") and shown.is_invoice and shown.state is not State.CREDITED,
        "late": bool(shown.still_open and shown.due_day and shown.due_day < day_of(timezone.now(), actor.zone)),
        "payment_form": PaymentForm(
            initial={"day": day_of(timezone.now(), actor.zone), "method": method, "reference": issued.number}
        ),
    }


def _line(actor: Actor, row: Document, line: DocumentLine, gone: bool = False) -> Line:
    charge = line.charge
    small = papers.BECOMES[Outcome(line.outcome)] if line.outcome else day_in_words(charge.work_day)
    return Line(
        f"{line.words}, {day_in_words(charge.work_day)}" if line.outcome else line.words, small,
        wording.quantity(charge.kind, line.quantity_e2) if line.quantity_e2 else "–",
        wording.price(line.price_e4, row.currency), Money.from_minor(line.amount, row.currency), gone,
        f"{reverse('ledger:charges', args=[actor.slug, row.engagement_id])}?why={line.charge_id}#why",
    )  # fmt: skip


@require_POST
@for_member
def issue(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    form = IssueForm(request.POST)
    if form.carry_out(lambda d: actions.issue(actor, document_id, d["seen"])):
        messages.success(request, f"{form.result.number} is issued. Both sides get it by mail.")
        return redirect("payments:document", actor.slug, document_id)
    return _page(request, actor, queries.document(actor, document_id), 422, refused=form)


@require_POST
@for_member
def removal(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    form = PressForm(request.POST)
    if form.carry_out(lambda d: actions.discard_draft(actor, document_id)):
        messages.success(request, "The draft is gone. Its work stays approved.")
        return redirect("payments:list", actor.slug)
    return _page(request, actor, queries.document(actor, document_id), 422, refused=form)


@require_POST
@for_member
def payment(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    form = PaymentForm(request.POST)
    if form.carry_out(lambda d: actions.record_payment(actor, document_id, **d)):
        messages.success(request, "Marked as paid. The provider sees it now.")
        return redirect("payments:document", actor.slug, document_id)
    return _page(request, actor, queries.document(actor, document_id), 422, payment_form=form)


@for_member
def credit(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponse:
    """Take lines of an invoice back; each is asked what becomes of its work."""
    shown = queries.document(actor, document_id)
    if not actor.may("payments.credit") or shown.is_draft or not shown.is_invoice:
        raise NotVisible("page")
    form = CreditForm(request.POST or None, lines=queries.open_lines(shown.document))
    if request.method == "POST" and form.carry_out(
        lambda d: actions.credit(actor, document_id, form.credits(d), d["reason"])
    ):
        messages.success(request, f"Credit note {form.result.number} is issued.")
        return redirect("payments:document", actor.slug, form.result.document_id)
    context = {"form": form, "shown": shown, "parties": queries.parties(shown.document), "no_tax": papers.NO_TAX}
    return render(request, "payments/credit.html", context, status=422 if form.is_bound else 200)


@for_member
def paper(request: HttpRequest, actor: Actor, document_id: UUID) -> HttpResponseBase:
    """The printed document, for either side."""
    found = queries.paper_of(actor, document_id)
    if found is None:
        raise NotVisible("paper")
    return files.download(found.file)
