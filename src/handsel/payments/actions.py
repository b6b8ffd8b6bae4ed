"""Every change about documents and payments."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.agreements.queries import InForceTerms
from handsel.core import letters, outbox
from handsel.core.actions import action, record
from handsel.ledger import actions as ledger
from handsel.ledger import queries as owed
from handsel.ledger.actions import Movement
from handsel.payments import events, queries, rules
from handsel.payments.models import Document, DocumentLine, DocumentPaper, Issue, Payment, Series
from handsel.payments.rules import Credit, Open, Outcome
from handsel.values.actors import Actor
from handsel.values.days import day_in_words, day_of
from handsel.values.money import Money
from handsel.values.refusals import NotVisible, Refusal, marked


@action
def draft(actor: Actor, engagement_id: UUID, first_day: date, last_day: date) -> Document:
    """Draft an invoice of approved work that is on no invoice yet. A draft reserves nothing."""
    engagement = Engagement.objects.get_visible(actor, engagement_id)
    if last_day < first_day:
        raise Refusal("ends_before_start", marked("The last day lies before the first."), mend="Correct one of them.",
                      place="last_day", status=422)  # fmt: skip
    found = owed.unbilled_charges(actor, engagement_id=engagement.id, work_day__range=(first_day, last_day))
    if not found:
        raise Refusal("nothing_to_invoice", marked("No approved work of these days is waiting for an invoice."),
                      mend="Choose other days, or wait until the work is approved.", place="first_day", status=422)  # fmt: skip
    currencies = sorted({f.charge.currency for f in found})
    if len(currencies) > 1:
        raise Refusal("two_currencies", f"Work of these days is owed in {' and '.join(currencies)}.",
                      mend="Choose days with one currency.", place="last_day", status=422)  # fmt: skip
    document = Document.objects.create(
        business_id=actor.business_id, engagement=engagement, kind=Document.INVOICE, currency=currencies[0],
        first_day=found[0].charge.work_day, last_day=found[-1].charge.work_day,
    )  # fmt: skip
    for position, f in enumerate(found, start=1):
        DocumentLine.objects.create(
            business_id=actor.business_id, document=document, position=position, charge=f.charge, words=f.charge.words,
            quantity_e2=f.quantity_e2, price_e4=f.charge.price_e4, amount=f.amount,
        )  # fmt: skip
    total = Money.from_minor(sum(f.amount for f in found), document.currency)
    record(events.DRAFTED, document, lines=len(found), amount=str(total))
    return document


@action
def discard_draft(actor: Actor, document_id: UUID) -> None:
    """Throw a draft away; the work stays approved, and can be invoiced another time."""
    document = _draft(actor, document_id)
    record(events.DRAFT_DISCARDED, document)
    document.lines.all().delete()
    Document.objects.visible_to(actor).filter(pk=document.pk).delete()


@action
def issue(actor: Actor, document_id: UUID, seen: str) -> Issue:
    """Give the draft its number, for ever. seen: what the page showed of it (`rules.seen_as`); work that was opened again
    or invoiced since the draft drops out. What was paid in advance is set off at once."""
    document = _draft(actor, document_id)
    kept = [found.line for found in queries.draft_lines(document.id) if found.stands]
    if not kept:
        raise Refusal("nothing_to_invoice", marked("None of this work waits for an invoice any more."),
                      mend="Throw the draft away.")  # fmt: skip
    if seen != queries.seen_as(kept):
        total = Money.from_minor(sum(line.amount for line in kept), document.currency)
        raise Refusal("changed_since", f"This draft changed since you looked: it now comes to {total}.",
                      mend="Look at it again, then issue it.")  # fmt: skip
    document.lines.exclude(pk__in=[line.pk for line in kept]).delete()
    issued = _give_number(actor, document, _terms_of(kept))
    ledger.post(actor, document.engagement_id, "invoiced", [
        Movement("payable", "unbilled", Money.from_minor(line.amount, document.currency), line.charge_id, document.id,
                 quantity_e2=line.quantity_e2)
        for line in kept
    ], issued.number)  # fmt: skip
    record(events.ISSUED, document, number=issued.number, amount=_said(issued))
    _set_off(actor, document, issued)
    return issued


@action
def credit(actor: Actor, document_id: UUID, credits: Sequence[Credit], reason: str) -> Issue:
    """Take lines of an issued invoice back, each with what becomes of its work. Gives the credit note's issue."""
    invoice = Document.objects.filter(kind=Document.INVOICE).get_visible(actor, document_id, lock=True)
    issued = _issue_of(invoice)
    if not credits:
        raise Refusal("nothing_credited", marked("No line is credited yet."),
                      mend="Say of at least one line what is taken back.", status=422)  # fmt: skip
    if not reason.strip():
        raise Refusal("reason_missing", marked("A credit note needs a reason."), mend="Say in a sentence why.",
                      place="reason", status=422)  # fmt: skip
    left = {found.line.key: found for found in queries.open_lines(invoice)}
    for c in credits:
        _refuse(rules.why_not_credit(left.get(c.line_id), c))
    chosen = [(left[c.line_id], c) for c in credits]
    note = _write_note(actor, invoice, chosen, reason)
    numbered = _give_number(actor, note, agreements.terms_of([issued.terms_id])[issued.terms_id])
    movements = [m for found, c in chosen for m in _credit_movements(note, found, c)]
    taken = sum(rules.taken_back(found, c)[1].minor for found, c in chosen)
    closes = min(taken, owed.open_of([invoice.id]).get(invoice.id, 0))
    if closes:
        movements.append(Movement("advance", "payable", Money.from_minor(closes, invoice.currency),
                                  document_id=invoice.id))  # fmt: skip
    ledger.post(actor, invoice.engagement_id, "credited", movements, numbered.number)
    record(events.CREDITED, note, number=numbered.number, amount=_said(numbered))
    return numbered


@action
def record_payment(actor: Actor, document_id: UUID, day: date, method: str, reference: str = "") -> Payment:
    """Note that an invoice was paid in full, and on which day."""
    document = Document.objects.get_visible(actor, document_id, lock=True)
    issued = _issue_of(document)
    still_open = owed.open_of([document.id]).get(document.id, 0)
    if not still_open:
        raise Refusal("nothing_open", f"Nothing is open of {issued.number}.", mend="Reload the page.")
    if day > day_of(timezone.now(), agreements.zone_of(document.engagement_id)):
        raise Refusal("future", f"{day_in_words(day, year=True)} has not been yet.",
                      mend="Note the payment once it has left.", place="day", status=422)  # fmt: skip
    payment = Payment.objects.create(
        business_id=actor.business_id, document=document, amount=still_open, currency=document.currency, day=day,
        method=method, reference=reference, person_id=actor.person_id,
    )  # fmt: skip
    amount = Money.from_minor(still_open, document.currency)
    ledger.post(actor, document.engagement_id, "paid", [
        Movement("paid", "payable", amount, document_id=document.id, payment_id=payment.id)
    ], issued.number)  # fmt: skip
    record(events.PAID, document, number=issued.number, amount=str(amount))
    return payment


@action
def file_paper(actor: Actor, document_id: UUID, file_id: UUID, head_number: int, head: str) -> DocumentPaper:
    """Keep the printed document that a job has made, and mail it to both sides; the second time gives the first one."""
    document = Document.objects.select_related("engagement").get_visible(actor, document_id, lock=True)
    known = DocumentPaper.objects.filter(document=document).first()
    issued = _issue_of(document)
    record(events.PAPER_FILED, document, number=issued.number)
    if known:
        return known
    paper = DocumentPaper.objects.create(
        business_id=actor.business_id, document=document, file_id=file_id, head_number=head_number, head=head
    )
    outbox.queue("mail", business_id=actor.business_id, about=document.id,
                 payload=_letter(actor, document, issued, file_id))  # fmt: skip
    return paper


# ---------------------------------------------------------------- what the verbs are made of


def _draft(actor: Actor, document_id: UUID) -> Document:
    document = Document.objects.get_visible(actor, document_id, lock=True)
    known = Issue.objects.filter(document=document).first()
    if known:
        raise Refusal("already_issued", f"This is {known.number} already.", mend="Reload the page.")
    return document


def _issue_of(document: Document) -> Issue:
    issued = Issue.objects.filter(document=document).select_related("terms").first()
    if issued is None:
        raise NotVisible("invoice")
    return issued


def _terms_of(lines: Sequence[DocumentLine]) -> InForceTerms:
    """The version under which the newest of the work was charged says when it is due."""
    newest = max(lines, key=lambda line: (line.charge.work_day, line.charge_id))
    return agreements.terms_of([newest.charge.terms_id])[newest.charge.terms_id]


def _give_number(actor: Actor, document: Document, terms: InForceTerms) -> Issue:
    """The next number of the series, taken last: whoever comes at the same moment waits for this commit."""
    series = _series(document)
    Series.objects.select_for_update().get(pk=series.pk)
    today = day_of(timezone.now(), terms.agreed.zone)
    newest = Issue.objects.filter(series=series, year=today.year).aggregate(n=Max("n"))["n"] or 0
    last = Issue.objects.filter(series=series).order_by("-day").first()
    if last and last.day > today:
        raise Refusal("number_out_of_turn", f"{last.number} is dated {day_in_words(last.day)}.",
                      mend="A later number cannot have an earlier date. Issue this one then.")  # fmt: skip
    is_invoice = document.kind == Document.INVOICE
    return Issue.objects.create(
        business_id=actor.business_id, document=document, series=series, year=today.year, n=newest + 1,
        number=rules.number(series.prefix, today.year, newest + 1), day=today, terms_id=terms.terms_id,
        due_day=rules.due_day(today, terms.agreed.due_days if is_invoice else 0), person_id=actor.person_id,
        amount=sum(document.lines.values_list("amount", flat=True)),
    )  # fmt: skip


def _series(document: Document) -> Series:
    """The numbers of this provider for this business; the first issue begins them."""
    provider = document.engagement.provider
    known = Series.objects.filter(business_id=document.business_id, provider=provider).first()
    if known:
        return known
    taken = queries.prefixes_taken(document.business_id, provider.id)
    prefix = rules.prefix_of(provider.name, document.business.name, taken)
    begun, _ = Series.objects.get_or_create(
        business_id=document.business_id, provider=provider, defaults={"prefix": prefix}
    )
    return begun


def _set_off(actor: Actor, document: Document, issued: Issue) -> None:
    amount = min(owed.advance_of(document.engagement_id, document.currency), issued.amount)
    if amount:
        money = Money.from_minor(amount, document.currency)
        ledger.post(actor, document.engagement_id, "set off", [
            Movement("advance", "payable", money, document_id=document.id)
        ], issued.number)  # fmt: skip
        record(events.SET_OFF, document, number=issued.number, amount=str(money))


def _write_note(actor: Actor, invoice: Document, chosen: Sequence[tuple[Open, Credit]], reason: str) -> Document:
    note = Document.objects.create(
        business_id=actor.business_id, engagement=invoice.engagement, kind=Document.CREDIT_NOTE,
        currency=invoice.currency, first_day=invoice.first_day, last_day=invoice.last_day, corrects=invoice,
        reason=reason.strip(),
    )  # fmt: skip
    for position, (found, c) in enumerate(chosen, start=1):
        quantity, amount = rules.taken_back(found, c)
        DocumentLine.objects.create(
            business_id=actor.business_id, document=note, position=position, charge_id=found.line.charge_id,
            words=found.words, quantity_e2=quantity, price_e4=found.price_e4, amount=amount.minor,
            corrects_id=found.line.key, outcome=c.outcome.value,
        )  # fmt: skip
    return note


def _credit_movements(note: Document, found: Open, c: Credit) -> list[Movement]:
    """As MONEY.md's table has it: debit/credit of each outcome."""
    quantity, amount = rules.taken_back(found, c)
    charge = found.line.charge_id
    if c.outcome is Outcome.PAID:
        return [Movement("work", "advance", amount, charge, note.id)]
    back = Movement("unbilled", "advance", amount, charge, note.id, quantity_e2=quantity)
    if c.outcome is Outcome.BACK:
        return [back]
    return [back, Movement("work", "unbilled", amount, charge, note.id, quantity_e2=quantity)]


def _said(issued: Issue) -> str:
    return str(Money.from_minor(issued.amount, issued.document.currency))


def _letter(actor: Actor, document: Document, issued: Issue, file_id: UUID) -> dict[str, object]:
    parties = queries.parties(document)
    is_invoice = document.kind == Document.INVOICE
    word = "Invoice" if is_invoice else "Credit note"
    due = f", due {day_in_words(issued.due_day, year=True)}" if is_invoice else ""
    page = f"{settings.ADDRESS}/b/{parties.slug}/payments/documents/{document.id}/"
    text = (
        f"{word} {issued.number} from {parties.provider} to {parties.owner} is issued: {_said(issued)}{due}.\n\n"
        f"The paper is attached. How it stands: {page}\n"
    )
    return letters.notice(
        queries.addresses(actor, document), f"{word} {issued.number} from {parties.provider}", text,
        attachments=[file_id],
    )  # fmt: skip


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal
