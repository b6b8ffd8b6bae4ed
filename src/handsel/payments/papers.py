"""A document as a paper: the facts that the printer needs, all from rows that never change."""

from handsel.agreements.rules import agreed_of
from handsel.ledger import wording
from handsel.payments import queries
from handsel.payments.models import Document, DocumentLine, Issue
from handsel.payments.rules import Outcome
from handsel.ui import papers
from handsel.values.actors import Actor
from handsel.values.days import day_in_words, day_of, span_in_words
from handsel.values.money import Money

NO_TAX = "No tax is shown on this paper: what tax the sum holds or owes, if any, each side settles in its own books."
BECOMES = {
    Outcome.PAID: "the price is lowered, the work stays paid",
    Outcome.BACK: "the work goes back to approved",
    Outcome.VOID: "the work is void",
}


def printed(actor: Actor, document: Document, number: int, head: str) -> bytes:
    """The PDF of an issued document with the head of the record of which it is part."""
    issued = queries.issue_of(document.id)
    parties = queries.parties(document)
    lines = [_line(document, line, issued.terms.zone) for line in queries.lines(actor, document.id)]
    record = f"Record of {parties.owner}, entry {number}, seal {_grouped(head)}"
    facts = _invoice if document.kind == Document.INVOICE else _credit_note
    paper = facts(document, issued, parties, tuple(lines), record)
    return papers.render(paper.template, paper.as_facts())


def _invoice(document: Document, issued: Issue, parties: queries.Parties, lines: tuple[papers.Line, ...],
             record: str) -> papers.Invoice:  # fmt: skip
    total = Money.from_minor(issued.amount, document.currency)
    before = queries.set_off_of(document)
    method = agreed_of(issued.terms.document).method
    return papers.Invoice(
        day=issued.day, title=f"Invoice {issued.number}", heading=f"Invoice {issued.number}",
        owner=papers.Party(parties.owner), provider=papers.Party(parties.provider),
        meta=(
            papers.Meta(f"Issued {day_in_words(issued.day, year=True)}"),
            papers.Meta(f"Work of {span_in_words(document.first_day, document.last_day)} {document.last_day.year}"),
            papers.Meta(f"Due {day_in_words(issued.due_day, year=True)}", firm=True),
        ),
        record=record, below=parties.provider,
        subject=f"For {parties.work}, under terms version {issued.terms.n}",
        lines=lines,
        sums=(papers.Pair("Sum", str(total)), papers.Pair("Paid before", str(-before))) if before else (),
        total=papers.Pair("To pay", str(total - before)),
        notes=(f"To be paid by {method[:1].lower()}{method[1:]}, quoting {issued.number}.", NO_TAX),
    )  # fmt: skip


def _credit_note(document: Document, issued: Issue, parties: queries.Parties, lines: tuple[papers.Line, ...],
                 record: str) -> papers.CreditNote:  # fmt: skip
    assert document.corrects is not None
    corrected = queries.issue_of(document.corrects.id)
    return papers.CreditNote(
        day=issued.day, title=f"Credit note {issued.number}", heading=f"Credit note {issued.number}",
        owner=papers.Party(parties.owner), provider=papers.Party(parties.provider),
        meta=(
            papers.Meta(f"Issued {day_in_words(issued.day, year=True)}"),
            papers.Meta(f"Corrects invoice {corrected.number} of {day_in_words(corrected.day, year=True)}", firm=True),
        ),
        record=record, below=parties.provider, subject=f"For {parties.work}", lines=lines,
        total=papers.Pair("Credited", str(Money.from_minor(issued.amount, document.currency))),
        notes=(f"Reason: {document.reason}", NO_TAX),
    )  # fmt: skip


def _line(document: Document, line: DocumentLine, zone: str) -> papers.Line:
    charge = line.charge
    approved = day_in_words(day_of(charge.made_at, zone))
    small = f"terms version {charge.terms.n}, approved {approved}"
    if line.outcome:
        small = BECOMES[Outcome(line.outcome)]
    return papers.Line(
        f"{line.words}, {day_in_words(charge.work_day, year=True)}",
        (
            wording.quantity(charge.kind, line.quantity_e2) if line.quantity_e2 else "–",
            wording.price(line.price_e4, document.currency),
            str(Money.from_minor(line.amount, document.currency)),
        ),
        small,
    )


def _grouped(digest: str) -> str:
    """The first sixteen digits in four groups, as people compare them."""
    letters = digest[:16].upper()
    return " ".join(letters[n : n + 4] for n in range(0, 16, 4))
