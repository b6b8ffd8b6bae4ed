"""Numbers, sums, states, and what a credit note does to each line; pure (MONEY.md 1, 2)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from handsel.values.money import Money
from handsel.values.refusals import Refusal, marked


class Outcome(StrEnum):
    """What becomes of the work on a line that is credited."""

    PAID = "paid"  # it stays paid, for a lower price
    BACK = "back"  # it goes back to approved, and can be invoiced again
    VOID = "void"  # it is neither paid nor ever charged again


class State(StrEnum):
    DRAFT = "Draft"
    ISSUED = "Issued"
    PAID = "Paid"
    CREDITED = "Credited"


@dataclass(frozen=True)
class Line:
    """A line as arithmetic sees it: quantity in hundredths, amount in minor units."""

    key: UUID
    charge_id: UUID
    quantity_e2: int
    amount: int


@dataclass(frozen=True)
class Open:
    """A line of an invoice with what can still be credited of it."""

    line: Line
    price_e4: int
    words: str
    day: date
    left_quantity_e2: int
    left: Money

    @property
    def is_lowered(self) -> bool:
        """Its price was lowered before: what is left is no longer quantity times price."""
        return self.left.minor != self.line.amount


@dataclass(frozen=True)
class Credit:
    """What the issuer says of one line. amount: by how much the price is lowered; of use with `Outcome.PAID` only."""

    line_id: UUID
    outcome: Outcome
    amount: Money | None = None


def state(is_issued: bool, amount: int, still_open: int, credited: int) -> State:
    """How a document stands, from its records: its issue, what is open of it, what was credited."""
    if not is_issued:
        return State.DRAFT
    if credited >= amount > 0:
        return State.CREDITED
    return State.PAID if still_open == 0 else State.ISSUED


def number(prefix: str, year: int, n: int) -> str:
    """MS-LC-2026-0001."""
    return f"{prefix}-{year}-{n:04}"


def prefix_of(provider: str, business: str, taken: Iterable[str]) -> str:
    """The initials of both, so that neither side's papers mix with another's; with a figure where that is taken."""
    base = f"{_initials(provider)}-{_initials(business)}"
    used, n = set(taken), 1
    while (found := base if n == 1 else f"{base}{n}") in used:
        n += 1
    return found


def _initials(name: str) -> str:
    words = ["".join(c for c in word if c.isascii() and c.isalnum()) for word in name.split()]
    found = [word for word in words if word]
    if len(found) == 1:
        return found[0][:2].upper()
    return "".join(word[0] for word in found[:3]).upper() or "HS"


def seen_as(lines: Sequence[tuple[UUID, int]]) -> str:
    """What a page showed of a draft, in sixteen letters: its lines and their amounts."""
    text = ",".join(f"{key}:{amount}" for key, amount in sorted(lines))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def due_day(issued: date, due_days: int) -> date:
    return issued + timedelta(days=due_days)


def why_not_credit(found: Open | None, credit: Credit) -> Refusal | None:
    """Why this cannot be taken back from this line; None where it can."""
    place = f"outcome-{credit.line_id}"
    if found is None or not (found.left or found.left_quantity_e2):
        return Refusal("credit_too_much", marked("This line was credited in full already."),
                       mend="Reload the page to see what is left.", place=place)  # fmt: skip
    if credit.outcome is Outcome.PAID:
        return _why_not_lower(found, credit)
    if credit.outcome is Outcome.BACK and found.is_lowered:
        return Refusal("price_was_lowered", marked("The price of this line was lowered before, so it cannot go back."),
                       mend="Void what is left, or lower the price further.", place=place)  # fmt: skip
    return None


def _why_not_lower(found: Open, credit: Credit) -> Refusal | None:
    place = f"amount-{credit.line_id}"
    if credit.amount is None or credit.amount.minor <= 0:
        return Refusal("credit_amount_missing", marked("By how much is the price of this line lowered?"),
                       mend=f"Write an amount up to {found.left}.", place=place, status=422)  # fmt: skip
    if credit.amount.minor > found.left.minor:
        return Refusal("credit_too_much", f"At most {found.left} of this line can still be credited.",
                       mend="Write a smaller amount.", place=place, status=422)  # fmt: skip
    return None


def taken_back(found: Open, credit: Credit) -> tuple[int, Money]:
    """Quantity in hundredths, and amount, that this credit takes from the line."""
    if credit.outcome is Outcome.PAID:
        assert credit.amount is not None
        return 0, credit.amount
    return found.left_quantity_e2, found.left
