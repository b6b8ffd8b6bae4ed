"""What terms say and which of them are in force; pure.

The arithmetic of hours and money under terms: MONEY.md 3 (round the seconds of a bucket, make a quantity, price it).
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from handsel.values.days import ZONES, day_in_words, monday_of, month_of
from handsel.values.money import CURRENCIES, Money, exponent
from handsel.values.refusals import Refusal, marked

CONSENT = (
    "I have read this version of the terms in full. By signing I agree to it for my side. It comes into force when "
    "both sides have signed the same text."
)


class Rounding(StrEnum):
    NONE = "none"
    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


class Level(StrEnum):
    """What is rounded: each entry, a person's day, or a person's period."""

    ENTRY = "entry"
    DAY = "day"
    PERIOD = "period"


class Period(StrEnum):
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Rate:
    """The price of an hour of one kind of work."""

    kind: str
    price: Decimal


@dataclass(frozen=True)
class Fee:
    """A flat fee, owed when its deliverable is accepted. accept: what the deliverable is measured by."""

    name: str
    amount: Decimal
    due: date | None = None
    accept: str = ""


@dataclass(frozen=True)
class Agreed:
    """All that a version of the terms says. It is the configuration: no settings page repeats any of it."""

    work: str
    valid_from: date
    currency: str
    zone: str
    rates: tuple[Rate, ...] = ()
    fees: tuple[Fee, ...] = ()
    scope: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    period: Period = Period.WEEK
    rounding: Rounding = Rounding.NONE
    step_minutes: int = 1
    level: Level = Level.ENTRY
    usual_hours: Decimal = Decimal(0)  # a usual month, for the preview of what it pays
    due_days: int = 14
    method: str = "Bank transfer"
    tracking: str = "Hours are logged in Handsel and submitted at the end of each period."
    notice_days: int = 14
    answer_days: int = 1

    def document(self) -> dict[str, Any]:
        """The text as data, in plain strings: what is hashed and signed."""
        return json.loads(json.dumps(asdict(self), default=str))  # type: ignore[no-any-return]

    @property
    def hash(self) -> str:
        return hash_of(self.document())

    def usual_month(self) -> Money:
        """What a usual month pays: the usual hours at the first rate. Fees come on top, each when it is accepted."""
        if not self.rates:
            return Money(0, self.currency)
        return Money.rounded(self.usual_hours * self.rates[0].price, self.currency)


def hash_of(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a text."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def consent_hash() -> str:
    return hashlib.sha256(CONSENT.encode()).hexdigest()


def agreed_of(document: dict[str, Any]) -> Agreed:
    """The inverse of `Agreed.document`."""
    d = dict(document)
    d["valid_from"] = date.fromisoformat(d["valid_from"])
    d["rates"] = tuple(Rate(r["kind"], Decimal(r["price"])) for r in d["rates"])
    d["fees"] = tuple(
        Fee(f["name"], Decimal(f["amount"]), date.fromisoformat(f["due"]) if f["due"] else None, f["accept"])
        for f in d["fees"]
    )
    d["scope"], d["excluded"] = tuple(d["scope"]), tuple(d["excluded"])
    d["period"], d["rounding"], d["level"] = Period(d["period"]), Rounding(d["rounding"]), Level(d["level"])
    d["usual_hours"] = Decimal(d["usual_hours"])
    return Agreed(**d)


def why_not_terms(a: Agreed) -> Refusal | None:
    """The first thing that keeps a text from being signed."""
    if not a.rates and not a.fees:
        return _mend(
            "nothing_paid", marked("These terms pay nothing yet."), "Name a rate for an hour, or a fee.", "rate"
        )
    if a.currency not in CURRENCIES:
        return _mend("unknown_currency", marked("We do not know this currency."), "Choose one of the list.", "currency")
    if a.zone not in ZONES:
        return _mend("unknown_zone", marked("We do not know this time zone."), "Choose one of the list.", "zone")
    if any(r.price <= 0 or Decimal(r.price * 10000) % 1 for r in a.rates):
        return _mend("bad_rate", marked("An hour has a price above nothing, with at most four decimals."),
                     "Write it as 18.50.", "rate")  # fmt: skip
    if any(f.amount <= 0 or -_places(f.amount) > exponent(a.currency) for f in a.fees):
        return _mend("bad_fee", f"A fee is above nothing, and {a.currency} has {exponent(a.currency)} decimals.",
                     "Write it as 240.00.", "fee")  # fmt: skip
    for names, place in (([r.kind for r in a.rates], "rate"), ([f.name for f in a.fees], "fee_name")):
        if len(set(names)) < len(names):
            return _mend("named_twice", marked("Two lines have the same name."), "Give each its own name.", place)
    if not 1 <= a.step_minutes <= 60:
        return _mend(
            "bad_step", marked("Hours are rounded to steps of 1 to 60 minutes."), "Choose such a step.", "step_minutes"
        )
    return None


def _places(amount: Decimal) -> int:
    return int(amount.normalize().as_tuple().exponent)


def _mend(code: str, sentence: str, mend: str, place: str) -> Refusal:
    return Refusal(code, sentence, mend=mend, place=place, status=422)


# ---------------------------------------------------------------- which version is in force


@dataclass(frozen=True)
class Stretch:
    """A row of `InForce`: from this day this version, or none. `version` is the version's number n."""

    from_day: date
    n: int
    terms_id: UUID | None
    version: int = 0
    why: str = "signed"


def in_force_on(stretches: Iterable[Stretch], day: date) -> Stretch | None:
    """What counts on the day: the last stretch that begins up to it, of one day the latest written."""
    begun = [s for s in stretches if s.from_day <= day]
    return max(begun, key=lambda s: (s.from_day, s.n)) if begun else None


def changes_of_signature(stretches: Sequence[Stretch], first_day: date, version: int) -> list[date]:
    """The days from which the newly signed version is in force: its first day, and again where an older version
    already begins later. A pause or an end is never lifted."""
    standing = in_force_on(stretches, first_day)
    days = [first_day] if standing is None or standing.terms_id is not None else []
    for day in sorted({s.from_day for s in stretches if s.from_day > first_day}):
        later = in_force_on(stretches, day)
        if later and later.terms_id is not None and later.version < version:
            days.append(day)
    return days


def changes_of_stop(stretches: Sequence[Stretch], first_day: date) -> list[date]:
    """The days from which nothing is in force: the first, and each later day on which a version would begin."""
    return [first_day] + [
        day
        for day in sorted({s.from_day for s in stretches if s.from_day > first_day})
        if (later := in_force_on(stretches, day)) and later.terms_id is not None
    ]


def pause_on(stretches: Sequence[Stretch], day: date) -> Stretch | None:
    """The pause that lies on this day; None where there is none, or where the engagement has ended by then."""
    now = in_force_on(stretches, day)
    ended = any(s.why == "ended" and s.from_day <= day for s in stretches)
    return now if now and now.why == "paused" and not ended else None


def planned_pauses(stretches: Sequence[Stretch], today: date) -> list[Stretch]:
    """Pauses that begin after today, each by its first row, the next one first."""
    begins = [s for s in stretches if s.from_day > today and pause_on(stretches, s.from_day) == s]
    return sorted((s for s in begins if _works_until(stretches, s.from_day)), key=lambda s: s.from_day)


def _works_until(stretches: Sequence[Stretch], day: date) -> bool:
    before = in_force_on(stretches, day - timedelta(days=1))
    return before is not None and before.terms_id is not None


def changes_of_resume(
    stretches: Sequence[Stretch], signed: Sequence[tuple[date, int, UUID]], first_day: date
) -> list[tuple[date, UUID]]:
    """From which days which version is in force again when the pause on this day is lifted.

    signed: (valid from, n, key) of versions that both signed. Only this pause is lifted: another one, and the end, stay.
    """
    lifted = _rows_of_pause(stretches, pause_on(stretches, first_day))
    changes: list[tuple[date, UUID]] = []
    for day in sorted({first_day, *(s.from_day for s in lifted), *(v[0] for v in signed)}):
        begun = [v for v in signed if v[0] <= day]
        if day >= first_day and begun and pause_on(stretches, day) in lifted:
            changes.append((day, max(begun, key=lambda v: v[1])[2]))
    return changes


def _rows_of_pause(stretches: Sequence[Stretch], first: Stretch | None) -> list[Stretch]:
    """The rows that one act of pausing wrote from this one on: they follow each other by number, and by day."""
    found = [first] if first else []
    for s in sorted(stretches, key=lambda s: s.n):
        if found and s.n == found[-1].n + 1 and s.why == "paused" and s.from_day > found[-1].from_day:
            found.append(s)
    return found


def why_not_sign(seen: bool, signed_by_side: bool, closed: bool, stated_hash: str, real_hash: str) -> Refusal | None:
    """The reason why this person may not sign this version now; None where she may."""
    if closed:
        return Refusal("terms_closed", marked("This version was declined or withdrawn."), mend="Ask for a new version.")
    if signed_by_side:
        return Refusal("already_signed", marked("Your side has signed this version already."), mend="Reload the page.")
    if stated_hash != real_hash:
        return Refusal(
            "other_text",
            marked("This is not the text that is to be signed."),
            mend="Reload the page and read it again.",
        )
    if not seen:
        return Refusal("not_read", marked("Signing comes last: the whole text has to be in view first."),
                       mend="Open the terms, read to the end, and sign there.")  # fmt: skip
    return None


def no_terms_sentence(day: date, first_day: date | None) -> Refusal:
    """Why work on the day does not count, and what to do about it."""
    since = f" Work counts from {day_in_words(first_day, year=True)}." if first_day and first_day > day else ""
    return Refusal("no_terms_in_force", f"On {day_in_words(day, year=True)} no terms were in force.{since}",
                   mend="To have it paid, ask for terms that begin earlier.", place="work_day")  # fmt: skip


# ---------------------------------------------------------------- seconds, quantities, amounts


def rounded_seconds(seconds: int, rounding: Rounding, step_minutes: int) -> int:
    """R(s): the seconds of a bucket, rounded to the step; a tie goes up. Idempotent and monotone."""
    step = step_minutes * 60
    whole, rest = divmod(seconds, step)
    if rounding is Rounding.NONE or not rest:
        return seconds
    if rounding is Rounding.UP or (rounding is Rounding.NEAREST and rest * 2 >= step):
        whole += 1
    return whole * step


def quantity_e2(seconds: int) -> int:
    """Q: hundredths of an hour, nearest, half up: 50 minutes are 83."""
    return int((Decimal(seconds) / 36).to_integral_value(ROUND_HALF_UP))


def amount_of(quantity: int, price_e4: int, currency: str) -> Money:
    """Hundredths of an hour × price in 1/10,000, rounded once to the currency, half away from zero."""
    return Money.rounded(Decimal(quantity) / 100 * Decimal(price_e4) / 10000, currency)


def period_of(day: date, period: Period) -> tuple[date, date]:
    """First and last day of the period around the day."""
    if period is Period.MONTH:
        return month_of(day)
    monday = monday_of(day)
    return monday, monday + timedelta(days=6)


def pay_day(period_end: date, due_days: int) -> date:
    """When what was approved is expected to be paid."""
    return period_end + timedelta(days=due_days)
