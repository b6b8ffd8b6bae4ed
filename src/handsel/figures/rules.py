"""Sums by month; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

SHOWN_MONTHS = 12
LEAST_MONTHS = 6  # so that the first month does not stand alone


@dataclass(frozen=True)
class Part:
    """One charge as a month counts it: hours of time work, and an amount in minor units."""

    day: date
    hours: float
    minor: int
    is_paid: bool


@dataclass(frozen=True)
class Month:
    """What was approved for the work of one month, and how much of it is paid."""

    first_day: date
    paid_hours: float
    open_hours: float
    paid: int
    open: int

    @property
    def hours(self) -> float:
        return self.paid_hours + self.open_hours


def first_shown(today: date) -> date:
    """The first day of the first month that is drawn: twelve months with the one of today."""
    return _first_of(today, SHOWN_MONTHS)


def _first_of(today: date, number: int) -> date:
    """The first day of the first of so many months, the one of today counted."""
    months = today.year * 12 + today.month - number
    return date(months // 12, months % 12 + 1, 1)


def by_month(parts: Iterable[Part], today: date) -> list[Month]:
    """Every month from the first with work, but six at least, to the one of today; some stand with nothing."""
    found = list(parts)
    if not found:
        return []
    months, first = [], min(min(p.day for p in found).replace(day=1), _first_of(today, LEAST_MONTHS))
    while first <= today:
        after = (first + timedelta(days=32)).replace(day=1)
        months.append(_month(first, [p for p in found if first <= p.day < after]))
        first = after
    return months


def _month(first: date, parts: list[Part]) -> Month:
    paid, still_open = [p for p in parts if p.is_paid], [p for p in parts if not p.is_paid]
    return Month(
        first, sum(p.hours for p in paid), sum(p.hours for p in still_open), sum(p.minor for p in paid),
        sum(p.minor for p in still_open),
    )  # fmt: skip
