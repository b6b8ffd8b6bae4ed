"""Figures over the API: approved work and money by month, and the plans beside them."""

from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import Field

from handsel.core.wire import Amount, Shown, plain
from handsel.figures import queries
from handsel.figures.queries import Against
from handsel.figures.room import may_enter
from handsel.figures.rules import Month
from handsel.people.callers import Call, routes
from handsel.values.money import Money
from handsel.values.refusals import NotVisible

router = routes("figures")


class MonthShown(Shown):
    """What was approved for the work of one month."""

    first_day: date
    hours: str = Field(description="Of time work.")
    paid: Amount
    open: Amount = Field(description="Approved, and not paid yet.")

    @classmethod
    def of(cls, month: Month, currency: str) -> Self:
        paid, still_open = (Amount.of(Money.from_minor(minor, currency)) for minor in (month.paid, month.open))
        hours = Decimal(str(round(month.hours, 2)))
        return cls(first_day=month.first_day, hours=plain(hours), paid=paid, open=still_open)


class AgainstShown(Shown):
    """What a plan foresaw for a usual month, and what it came to."""

    area_id: UUID
    name: str
    planned: Amount
    last_month: Amount
    this_month: Amount

    @classmethod
    def of(cls, found: Against) -> Self:
        planned, last, this = map(Amount.of, (found.planned, found.last_month, found.this_month))
        return cls(area_id=found.area_id, name=found.name, planned=planned, last_month=last, this_month=this)


class FiguresOfMonthsShown(Shown):
    """Twelve months at most, in each currency, and the plans that have a budget."""

    months: list[MonthShown]
    against: list[AgainstShown]


@router.get("/figures", response=FiguresOfMonthsShown, summary="Months and plans")
def figures(request: Call) -> FiguresOfMonthsShown:
    """Approved work and money by month, the first month first; plans beside them."""
    if not may_enter(request.auth):
        raise NotVisible("address")
    found = queries.figures(request.auth)
    months = [MonthShown.of(month, currency) for currency, own in found.months.items() for month in own]
    return FiguresOfMonthsShown(months=months, against=[AgainstShown.of(plan) for plan in found.against])
