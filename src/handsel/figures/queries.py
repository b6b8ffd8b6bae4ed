"""Every read of figures: what the ledger and the plans know, by month. No other facts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils import timezone

from handsel.figures import rules
from handsel.figures.rules import Month, Part
from handsel.ledger import queries as ledger
from handsel.ledger.queries import Worth
from handsel.planning import queries as planning
from handsel.values.actors import Actor
from handsel.values.days import day_of
from handsel.values.money import Money


@dataclass(frozen=True)
class Against:
    """What a plan foresaw for a usual month, beside what the last whole month and this one came to."""

    area_id: UUID
    name: str
    planned: Money
    last_month: Money
    this_month: Money


@dataclass(frozen=True)
class Figures:
    """months: by currency. against: one for each area whose plan has a budget."""

    months: dict[str, list[Month]]
    against: list[Against]


def figures(actor: Actor) -> Figures:
    """Twelve months of approved work and money, and the plans beside them; six SQL queries."""
    today = day_of(timezone.now(), actor.zone)
    worths = ledger.worths(actor, rules.first_shown(today))
    parts: dict[str, list[Part]] = defaultdict(list)
    for worth in worths:
        parts[worth.currency].append(Part(worth.work_day, worth.hours_e2 / 100, worth.amount, not worth.is_open))
    months = {currency: rules.by_month(found, today) for currency, found in sorted(parts.items())}
    return Figures(months, _against(actor, worths, today))


def _against(actor: Actor, worths: list[Worth], today: date) -> list[Against]:
    this_month = today.replace(day=1)
    last_month = date(this_month.year - (this_month.month == 1), (this_month.month - 2) % 12 + 1, 1)
    spent: dict[tuple[UUID | None, str, date], int] = defaultdict(int)
    for worth in worths:
        spent[worth.area_id, worth.currency, worth.work_day.replace(day=1)] += worth.amount
    found = []
    for standing in planning.standings(actor):
        currency = standing.area.currency
        if planned := _budget(standing.plan.answers.get("budget_usual", ""), currency):
            last, this = (
                Money.from_minor(spent[standing.area.id, currency, m], currency) for m in (last_month, this_month)
            )
            found.append(Against(standing.area.id, standing.area.name, planned, last, this))
    return found


def _budget(text: str, currency: str) -> Money | None:
    """A budget as the plan holds it; None where it has none yet."""
    try:
        return Money.rounded(Decimal(text), currency) if text else None
    except InvalidOperation:
        return None
