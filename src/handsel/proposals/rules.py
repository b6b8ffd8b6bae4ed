"""What a proposal offers, when it may be sent, and when it may be accepted; pure."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from handsel.values.days import ZONES, day_in_words
from handsel.values.money import CURRENCIES, Money, exponent
from handsel.values.refusals import Refusal, marked

LONGEST_LINE = 500  # of the scope
_MERGE = re.compile(r"\{([^{}\n]{1,40})\}")


class Period(StrEnum):
    """For how long hours are gathered before they are handed in."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Excluded:
    """What is not part of the work, and what happens instead."""

    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.what}: {self.instead}" if self.instead else self.what


@dataclass(frozen=True)
class Deliverable:
    """A thing that is delivered by a day, accepted by a test, and paid by a fee where it has one."""

    name: str
    due: date | None = None
    accept: str = ""
    fee: Decimal | None = None


@dataclass(frozen=True)
class Offer:
    """All that a version says. rate: for an hour, None where only fees are paid. handling: pages of the playbook by
    name. hours: when in a day or week. valid_until: the last day on which it can be accepted, in `zone`."""

    work: str
    what: str
    first_day: date
    valid_until: date
    currency: str
    zone: str
    scope: tuple[str, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    last_day: date | None = None
    hours: str = ""
    handling: tuple[str, ...] = ()
    rate: Decimal | None = None
    usual_hours: Decimal = Decimal(0)
    period: Period = Period.WEEK
    due_days: int = 14
    method: str = "Bank transfer"
    tracking: str = "Hours are logged in Handsel and submitted at the end of each period."
    notice_days: int = 14
    answer_days: int = 1

    def document(self) -> dict[str, Any]:
        """The text as data, in plain strings: what a consent names by its hash."""
        return json.loads(json.dumps(asdict(self), default=str))  # type: ignore[no-any-return]

    @property
    def hash(self) -> str:
        text = json.dumps(self.document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def usual_month(self) -> Money | None:
        """What a usual month pays, None where no hours are paid; fees come on top, each when it is accepted."""
        if self.rate is None or not self.usual_hours:
            return None
        return Money.rounded(self.rate * self.usual_hours, self.currency)

    def fees(self) -> Money:
        """All fees together."""
        return Money.total((Money(d.fee, self.currency) for d in self.deliverables if d.fee), self.currency)


def offer_of(document: Mapping[str, Any]) -> Offer:
    """The inverse of `Offer.document`."""
    d = dict(document)
    for name in ("first_day", "valid_until", "last_day"):
        d[name] = _day(d[name])
    d["excluded"] = tuple(Excluded(**e) for e in d["excluded"])
    d["deliverables"] = tuple(
        Deliverable(x["name"], _day(x["due"]), x["accept"], Decimal(x["fee"]) if x["fee"] is not None else None)
        for x in d["deliverables"]
    )
    d["scope"], d["handling"] = tuple(d["scope"]), tuple(d["handling"])
    d["rate"] = Decimal(d["rate"]) if d["rate"] is not None else None
    d["usual_hours"], d["period"] = Decimal(d["usual_hours"]), Period(d["period"])
    return Offer(**d)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def price(amount: Decimal, currency: str) -> str:
    """A price in words; a rate may be finer than the currency."""
    try:
        return str(Money(amount, currency))
    except ValueError:
        return f"{amount.normalize():f} {currency}"


# ---------------------------------------------------------------- merge fields


def filled(offer: Offer, business: str) -> Offer:
    """The offer with the merge fields of its words filled, as far as there is something to fill them with."""
    values = _values(offer, business)

    def fill(text: str) -> str:
        return _MERGE.sub(lambda m: values.get(m[1].strip().lower()) or m[0], text)

    return replace(
        offer,
        what=fill(offer.what),
        scope=tuple(map(fill, offer.scope)),
        excluded=tuple(Excluded(fill(e.what), fill(e.instead)) for e in offer.excluded),
        deliverables=tuple(replace(d, name=fill(d.name), accept=fill(d.accept)) for d in offer.deliverables),
        handling=tuple(map(fill, offer.handling)),
        hours=fill(offer.hours),
        method=fill(offer.method),
        tracking=fill(offer.tracking),
    )


def _values(offer: Offer, business: str) -> dict[str, str]:
    usual = offer.usual_month()
    return {
        "business": business,
        "work": offer.work,
        "first day": day_in_words(offer.first_day, year=True),
        "last day": day_in_words(offer.last_day, year=True) if offer.last_day else "",
        "valid until": day_in_words(offer.valid_until, year=True),
        "rate": price(offer.rate, offer.currency) if offer.rate is not None else "",
        "usual month": str(usual) if usual else "",
    }


MERGE_FIELDS = ("business", "work", "first day", "last day", "valid until", "rate", "usual month")


def empty_fields(offer: Offer) -> list[str]:
    """The merge fields that stand open in the words, each once, in the order of the text."""
    return list(dict.fromkeys(name for text in _texts(offer.document()) for name in _MERGE.findall(text)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


# ---------------------------------------------------------------- what keeps it from being written or sent


def why_not_offer(o: Offer) -> Refusal | None:
    """The first thing that keeps these words from being a version."""
    if not o.work.strip():
        return _mend("nameless", marked("The work needs a name."), "Write it like Customer mail.", "work")
    if o.rate is None and not any(d.fee for d in o.deliverables):
        return _mend("nothing_paid", marked("This proposal pays nothing yet."), "Name a price for an hour, or a fee.",
                     "rate")  # fmt: skip
    if o.rate is not None and (o.rate <= 0 or Decimal(o.rate * 10000) % 1):
        return _mend("bad_rate", marked("An hour has a price above nothing, with at most four decimals."),
                     "Write it as 18.50.", "rate")  # fmt: skip
    if o.currency not in CURRENCIES:
        return _mend("unknown_currency", marked("We do not know this currency."), "Choose one of the list.", "currency")
    if o.zone not in ZONES:
        return _mend("unknown_zone", marked("We do not know this time zone."), "Choose one of the list.", "zone")
    return _why_not_items(o)


def _why_not_items(o: Offer) -> Refusal | None:
    for n, d in enumerate(o.deliverables, 1):
        if d.fee is not None and (d.fee <= 0 or Money.rounded(d.fee, o.currency).amount != d.fee):
            return _mend("bad_fee", f"A fee is above nothing, and {o.currency} has {exponent(o.currency)} decimals.",
                         "Write it as 240.00.", f"fee_{n}")  # fmt: skip
        if not d.accept:
            return _mend("no_acceptance", f"“{d.name}” does not say when it is accepted.",
                         "Write it like: ready for print.", f"accept_{n}")  # fmt: skip
    if len({d.name for d in o.deliverables}) < len(o.deliverables):
        return _mend("named_twice", marked("Two lines have the same name."), "Give each its own name.", "name_1")
    for place, lines in (("scope", o.scope), ("excluded", [w for e in o.excluded for w in (e.what, e.instead)])):
        if long := next((line for line in lines if len(line) > LONGEST_LINE), None):
            return _mend("line_too_long", f"The line that begins “{long[:40]}” has more than {LONGEST_LINE} characters.",
                         "Make two lines of it.", place)  # fmt: skip
    silent = next((e for e in o.excluded if not e.instead), None)
    if silent:
        return _mend("no_instead", f"“{silent.what}” does not say what happens instead.",
                     f"Write it like “{silent.what}: you pass it on to us”.", "excluded")  # fmt: skip
    if o.last_day and o.last_day < o.first_day:
        return _mend("days_order", marked("The last day lies before the first."), "Choose a later one.", "last_day")
    return None


def why_not_send(o: Offer, lacking: Sequence[str], reason: str, today: date) -> Refusal | None:
    """The reason why this version may not go out; None where it may. lacking: what the plan lacks, in words."""
    if today > o.valid_until:
        return _mend("proposal_lapsed", f"This version was valid until {day_in_words(o.valid_until)}.",
                     "Write a new version with a later day.", None)  # fmt: skip
    if open_fields := empty_fields(o):
        named = ", ".join(f"{{{name}}}" for name in open_fields)
        return _mend("merge_field_empty", f"Nothing stands for {named} yet.",
                     "Write a new version in which it is filled in.", None)  # fmt: skip
    if lacking and not reason.strip():
        things = lacking[0] if len(lacking) == 1 else f"{', '.join(lacking[:-1])}, and {lacking[-1]}"
        return _mend("plan_incomplete", f"Your plan still lacks {things}.",
                     "Complete it, or write why you send the proposal all the same.", "reason")  # fmt: skip
    return None


def _mend(code: str, sentence: str, mend: str, place: str | None) -> Refusal:
    return Refusal(code, sentence, mend=mend, place=place, status=422)


# ---------------------------------------------------------------- what became of it


class State(StrEnum):
    """How an invitation stands; derived from its records and the clock."""

    SENT = "Sent"
    LAPSED = "Lapsed"
    ACCEPTED = "Accepted"
    DECLINED = "Declined"
    TAKEN_BACK = "Taken back"
    DRAWN_UP = "Terms drawn up"
    REPLACED = "Replaced"


def why_not_consent(state: State, valid_until: date, stated: str, real: str, n: int,
                    changed: Sequence[str]) -> Refusal | None:  # fmt: skip
    """The reason why the newest version, n, may not be accepted now. stated: the hash of the text that was read."""
    if stated != real:
        said = f" {' '.join(changed)}" if changed else ""
        return Refusal("proposal_superseded", f"A newer version has replaced the one that you read.{said}",
                       mend=f"Read version {n} here, then accept it.")  # fmt: skip
    if state is State.LAPSED:
        return Refusal("proposal_lapsed", f"This proposal could be accepted until {day_in_words(valid_until, year=True)}.",
                       mend="Ask below whether it still stands.")  # fmt: skip
    if state is not State.SENT:
        return Refusal("proposal_not_open", f"This proposal is not open any more: {state.value.lower()}.",
                       mend="Reload the page to see where it stands.")  # fmt: skip
    return None


def why_not_decline(state: State) -> Refusal | None:
    """Either side may say no until terms are drawn up; after that the terms themselves are declined."""
    if state in {State.SENT, State.LAPSED, State.ACCEPTED}:
        return None
    mend = "Decline the terms instead." if state is State.DRAWN_UP else "Reload the page to see where it stands."
    return Refusal("proposal_not_open", f"This proposal is not open any more: {state.value.lower()}.", mend=mend)


# ---------------------------------------------------------------- what changed between two versions

_WORDS = {
    "work": "The work", "what": "What it is about", "first_day": "The first day", "last_day": "The last day",
    "valid_until": "The last day to accept", "hours": "When", "rate": "The price of an hour",
    "usual_hours": "The hours of a usual month", "period": "The period", "due_days": "The days to pay",
    "method": "How it is paid", "tracking": "How work is tracked", "notice_days": "The days of notice",
    "answer_days": "The days to answer", "currency": "The currency", "zone": "The time zone",
}  # fmt: skip


def changes(before: Offer, after: Offer) -> list[str]:
    """One sentence for each thing that differs; lists by their items, whatever the order. Equal: none."""
    found: list[str] = []
    for field in fields(Offer):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if isinstance(old, tuple):
            found += [f"Gone: {_shown(x)}." for x in old if x not in new]
            found += [f"New: {_shown(x)}." for x in new if x not in old]
        elif old != new:
            found.append(f"{_WORDS[field.name]}: {_shown(new)}, was {_shown(old)}.")
    return found


def _shown(value: Any) -> str:
    if isinstance(value, date):
        return day_in_words(value, year=True)
    if isinstance(value, Deliverable):
        due = f", due {day_in_words(value.due)}" if value.due else ""
        return f"{value.name}{due}{f', fee {value.fee:f}' if value.fee else ''}, accepted when {value.accept}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "nothing" if value in (None, "") else str(value).rstrip(".")
