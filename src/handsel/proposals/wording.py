"""A proposal in words: the same on the page, on the paper and in the mail. Pure but for the types of the paper."""

from collections.abc import Iterator
from datetime import date

from handsel.proposals.rules import Offer, price
from handsel.ui.papers import Clause, Line, Meta, Pair, Part, Party, Proposal
from handsel.values.days import day_in_words
from handsel.values.money import Money


def paper(offer: Offer, n: int, day: date, business: str, provider: str, record: str = "") -> Proposal:
    """The facts of the paper; the page shows the same ones. day: when the version was written."""
    return Proposal(
        day=day,
        title=f"Proposal, version {n}: {offer.work}",
        heading=offer.work,
        owner=Party(business),
        provider=Party(provider),
        meta=(
            Meta(f"Proposal, version {n}", firm=True),
            Meta(f"Can be accepted until {day_in_words(offer.valid_until, year=True)}"),
        ),
        record=record,
        between=f"from {business} to {provider}",
        parts=tuple(_parts(offer)),
        pay=tuple(_pay(offer)),
        usual_total=Pair("A usual month pays", str(offer.usual_month() or Money(0, offer.currency))),
        lead=offer.what,
        not_in=tuple(map(str, offer.excluded)),
        deliverables=tuple(_deliverable(offer, n) for n in range(len(offer.deliverables))),
        frame=tuple(_frame(offer)),
        usual_month=tuple(_usual_month(offer)),
        notes=(
            "This is a proposal. Accepting it binds nobody yet: work begins when both sides have signed terms drawn "
            "from it.",
        ),
    )


def _parts(offer: Offer) -> Iterator[Part]:
    if offer.scope:
        yield Part("The work", tuple(map(Clause.plain, offer.scope)))
    if offer.handling:
        yield Part("How it is handled", tuple(map(Clause.plain, offer.handling)))


def _deliverable(offer: Offer, at: int) -> Line:
    d = offer.deliverables[at]
    fee = f"Fee {Money(d.fee, offer.currency)}, owed once it is accepted. " if d.fee is not None else ""
    due = day_in_words(d.due, year=True) if d.due else "as agreed"
    return Line(d.name, (due,), f"{fee}Accepted when: {d.accept}.")


def _frame(offer: Offer) -> Iterator[Pair]:
    yield Pair("First day", day_in_words(offer.first_day, year=True))
    yield Pair(
        "Last day", day_in_words(offer.last_day, year=True) if offer.last_day else "open, until one side ends it"
    )
    if offer.hours:
        yield Pair("When", offer.hours)
    yield Pair("Answers", f"within {offer.answer_days} working {'day' if offer.answer_days == 1 else 'days'}")
    yield Pair("Notice", f"{offer.notice_days} days, by either side")
    yield Pair("Time zone", offer.zone)


def _pay(offer: Offer) -> Iterator[Pair]:
    if offer.rate is not None:
        yield Pair("An hour", price(offer.rate, offer.currency))
    if offer.fees():
        yield Pair("Fees altogether", str(offer.fees()))
    yield Pair("When", f"within {offer.due_days} days of each invoice; hours are handed in each {offer.period.value}")
    yield Pair("How", offer.method)
    yield Pair("How work is tracked", offer.tracking)


def _usual_month(offer: Offer) -> Iterator[Line]:
    usual = offer.usual_month()
    if usual and offer.rate is not None:
        hours = f"{offer.usual_hours.normalize():f} h"
        yield Line(offer.work, (hours, price(offer.rate, offer.currency), str(usual)))


def pay_in_short(offer: Offer) -> str:
    """€18.50 an hour and fees of €240.00: for a sentence."""
    said = [f"{price(offer.rate, offer.currency)} an hour"] if offer.rate is not None else []
    if offer.fees():
        said.append(f"fees of {offer.fees()}")
    return " and ".join(said)


def invitation(person: str, business: str, name: str, offer: Offer) -> tuple[str, str]:
    """Subject and text of the mail that asks: business, work, money."""
    usual = offer.usual_month()
    month = f"\nA usual month: {offer.usual_hours.normalize():f} hours, {usual}." if usual else ""
    text = (
        f"Hello {name},\n\n{person} of {business} asks whether you would do this work.\n\n"
        f"The work: {offer.work}\nThe pay: {pay_in_short(offer)}, paid within {offer.due_days} days of each invoice.{month}\n"
        f"First day: {day_in_words(offer.first_day, year=True)}\n\n"
        "The link opens the whole proposal: you read it, ask, accept it, or decline with a word. You need no account. It "
        f"can be accepted until {day_in_words(offer.valid_until, year=True)}."
    )
    return f"{business} asks you: {offer.work}", text


def answered(business: str, name: str) -> tuple[str, str]:
    """Subject and text of the mail that says that an answer is there."""
    return f"{business} has answered your question", f"Hello {name},\n\nthe answer stands on the page of the proposal:"
