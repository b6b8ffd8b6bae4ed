"""Terms in words: the same clauses on the page, on the paper and in the mail. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from handsel.agreements.rules import Agreed, Period, Rounding
from handsel.ui.papers import Clause, Part, Span
from handsel.values.days import day_in_words
from handsel.values.money import Money

_PAY = "The pay"


def parts(agreed: Agreed, owner: str, provider: str, before: Agreed | None = None, proposed_by: str = "") -> list[Part]:
    """All clauses. Where a version stood before, a clause that changed says what it was, in the ink of who proposed it."""
    now = _all(agreed, owner, provider)
    if before is None:
        return now
    old = _all(before, owner, provider)
    return [_compared(part, old[n], proposed_by) for n, part in enumerate(now)]


def without_pay(parts: list[Part]) -> list[Part]:
    """The clauses for whoever does not read what the work pays."""
    return [part for part in parts if part.title != _PAY]


def _all(a: Agreed, owner: str, provider: str) -> list[Part]:
    return [
        Part("The work", tuple(map(Clause.plain, _work(a, owner, provider)))),
        Part(_PAY, tuple(map(Clause.plain, _pay(a, owner)))),
        Part("How work is recorded", tuple(map(Clause.plain, _recording(a, owner)))),
        Part("Working together, and ending", tuple(map(Clause.plain, _ending(a)))),
    ]


def _work(a: Agreed, owner: str, provider: str) -> Iterator[str]:
    yield f"{provider} does this for {owner}: {a.work}."
    yield f"This version counts from {day_in_words(a.valid_from, year=True)}, once both have signed it."
    yield from (f"Part of it: {item}" for item in a.scope)
    yield from (f"Not part of it: {item}" for item in a.excluded)


def _pay(a: Agreed, owner: str) -> Iterator[str]:
    for rate in a.rates:
        yield f"{rate.kind}: {_price(rate.price, a.currency)} an hour."
    for fee in a.fees:
        due = f", due {day_in_words(fee.due, year=True)}" if fee.due else ""
        accept = f" It is accepted when: {fee.accept}." if fee.accept else ""
        yield f"{fee.name}: a flat fee of {Money(fee.amount, a.currency)}{due}, owed once it is accepted.{accept}"
    if a.rates and a.usual_hours:
        yield f"A usual month has {a.usual_hours.normalize():f} hours and pays {a.usual_month()}."
    yield f"{owner} pays within {a.due_days} days of each invoice. Method: {a.method}."
    yield f"All amounts are in {a.currency}."


def _recording(a: Agreed, owner: str) -> Iterator[str]:
    yield a.tracking
    each = "month" if a.period is Period.MONTH else "week, Monday to Sunday"
    yield f"Hours are handed in for each {each}; days are cut in the time zone {a.zone}."
    yield _rounding(a)
    yield f"{owner} approves or returns each line, with a reason. What is approved is owed from then on."


def _rounding(a: Agreed) -> str:
    if a.rounding is Rounding.NONE:
        return "Time is counted to the second and charged in hundredths of an hour, without rounding up or down."
    direction = {"up": "up", "down": "down", "nearest": "to the nearest"}[a.rounding.value]
    return f"The time of each {a.level.value} is rounded {direction} in steps of {a.step_minutes} minutes."


def _ending(a: Agreed) -> Iterator[str]:
    yield f"Each side answers the other within {a.answer_days} working {'day' if a.answer_days == 1 else 'days'}."
    yield f"Either side may end this with {a.notice_days} days’ notice. Work done until the last day is paid as agreed."
    yield "A change is a new version. The old terms stay in force until both sides have signed the new ones."


def _price(price: Decimal, currency: str) -> str:
    try:
        return str(Money(price, currency))
    except ValueError:  # a rate may be finer than the currency
        return f"{price.normalize():f} {currency}"


def _compared(part: Part, old: Part, proposed_by: str) -> Part:
    """Clauses of the new version; what the old one had in the place of a changed one stands struck behind it."""
    stood = [clause.spans[0].text for clause in old.clauses]
    clauses, used = [], set()
    for clause in part.clauses:
        text = clause.spans[0].text
        if text in stood:
            used.add(text)
    gone = [text for text in stood if text not in used]
    for clause in part.clauses:
        text = clause.spans[0].text
        if text in stood:
            clauses.append(clause)
            continue
        was = next((g for g in gone if _alike(g, text)), None)
        spans = clause.spans
        if was:
            gone.remove(was)
            spans = (*spans, Span(" "), Span(was, "was"))
        clauses.append(replace(clause, spans=spans, changed_by="owner" if proposed_by == "owner" else "provider"))
    clauses += [Clause((Span(text, "was"),), "owner" if proposed_by == "owner" else "provider") for text in gone]
    return Part(part.title, tuple(clauses))


def _alike(old: str, new: str) -> bool:
    """Whether two clauses are one, changed: they begin with the same word."""
    return old.split()[0] == new.split()[0]


def pay_in_short(agreed: Agreed) -> str:
    """€18.50 an hour and a fee of €240.00: for a sentence."""
    said = [f"{_price(r.price, agreed.currency)} an hour" for r in agreed.rates[:1]]
    fees = [str(Money(f.amount, agreed.currency)) for f in agreed.fees]
    if fees:
        said.append(f"{'a fee' if len(fees) == 1 else 'fees'} of {', '.join(fees)}")
    return " and ".join(said)


def invitation(person: str, business: str, agreed: Agreed) -> tuple[str, str]:
    """Subject and text of the mail that asks the other side to read and sign: business, work and money."""
    subject = f"{business} asks you to read and sign terms: {agreed.work}"
    text = (
        f"{person} of {business} would like to work with you on terms that both sides sign.\n\n"
        f"The work: {agreed.work}\nThe pay: {pay_in_short(agreed)}, paid within {agreed.due_days} days of each invoice."
    )
    if agreed.rates and agreed.usual_hours:
        text += f"\nA usual month: {agreed.usual_hours.normalize():f} hours, {agreed.usual_month()}."
    text += "\n\nThe link opens the whole text. An account is made only when you sign:"
    return subject, text


def sealed(business: str, provider: str, n: int) -> tuple[str, str]:
    """Subject and text of the mail that brings the sealed paper."""
    text = (
        f"{business} and {provider} have both signed version {n} of their terms. The sealed paper is attached; keep it. "
        "It carries the head of the record, so nobody can change what was signed unnoticed, not even whoever runs the server."
    )
    return f"Signed by both: terms version {n}, {business} and {provider}", text
