"""The owner's figures: hours and money by month, drawn, and planned against actual."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from handsel.figures import queries
from handsel.figures.room import may_enter
from handsel.figures.rules import Month
from handsel.people.entrance import for_member
from handsel.ui import charts
from handsel.ui.charts import Chart
from handsel.values.actors import Actor
from handsel.values.money import Money
from handsel.values.refusals import NotVisible

FEWEST_MONTHS = 3
_WORDS = ("Paid", "Approved, not paid yet")


@for_member
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    if not may_enter(actor):
        raise NotVisible("page")
    found = queries.figures(actor)
    drawn = [chart for currency, months in found.months.items() for chart in _charts(currency, months)]
    this = {currency: months[-1] for currency, months in found.months.items()}
    context = {
        "charts": drawn,
        "against": found.against,
        "seconds": round(sum(m.hours for m in this.values()) * 3600),
        "spent": [Money.from_minor(m.paid + m.open, currency) for currency, m in this.items()],
    }
    return render(request, "figures/overview.html", context)


def _charts(currency: str, months: list[Month]) -> list[Chart]:
    begun = next((n for n, m in enumerate(months) if m.hours or m.paid or m.open), 0)
    months = months[min(begun, len(months) - FEWEST_MONTHS) :]  # what was before the first work says nothing
    labels = [f"{m.first_day:%b}" if m.first_day.month > 1 else f"{m.first_day:%b %Y}" for m in months]
    drawn = []
    if any(m.hours for m in months):
        drawn.append(charts.columns(
            "Hours approved, by month of the work", "Hours; blue is paid, ochre waits for payment", labels,
            [m.paid_hours for m in months], [m.open_hours for m in months], words=_WORDS, head="Month",
        ))  # fmt: skip
    drawn.append(charts.columns(
        "What the work of each month costs", f"{currency}; blue is paid, ochre is owed", labels,
        [_major(m.paid, currency) for m in months], [_major(m.open, currency) for m in months],
        words=("Paid", "Owed"), head="Month", say=lambda value: _said(value, currency),
    ))  # fmt: skip
    return drawn


def _major(minor: int, currency: str) -> float:
    return float(Money.from_minor(minor, currency).amount)


def _said(value: float, currency: str) -> str:
    """€1,350 where it is whole, €351.50 where it is not: short enough for the edge of a drawing."""
    return str(Money.rounded(Decimal(str(value)), currency)).replace(".00", "")
