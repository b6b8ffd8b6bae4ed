"""An area of work and its plan, told by the actions that people use."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from handsel.planning.actions import answer_plan, complete_plan, place, record_area
from handsel.planning.models import Area
from handsel.planning.rules import Decision, Figures, Guess, Kit
from handsel.values.actors import Actor
from tests.stories import TODAY


def guess(usual: str, low: str | None = None, high: str | None = None, firm: bool = False) -> Guess:
    ends = [Decimal(end) if end else None for end in (low, high)]
    return Guess.around(Decimal(usual), *ends, firm)


def busy_figures(**changes: Any) -> Figures:
    """A hundred mails a week: worth handing over (PLAN.md 5, BUSY)."""
    said: dict[str, Any] = {
        "volume": guess("100", "85", "120", firm=True),
        "minutes": guess("7", "5", "11"),
        "hour": guess("35", "20", "50"),
        "price": guess("13", "11", "16"),
    }
    return Figures(**{**said, **changes})


def small_figures() -> Figures:
    """Eight mails a week: not worth it (PLAN.md 5, SMALL)."""
    return busy_figures(volume=guess("8", "6", "11"), price=guess("22", "18", "28"), hour=guess("30", "20", "50"))


def customer_mail(owner: Actor, figures: Figures | None = None) -> Area:
    return record_area(owner, "Customer mail", Kit.MAIL, figures or busy_figures())


def plan_answers(**changes: str) -> dict[str, str]:
    return {
        "what": "Answer the customers of the shop.",
        "why": "My evenings.",
        "how": "Page “Refunds”; page “Where is my order”.",
        "success": "95 of 100 answered within one working day, by March.",
        "budget_usual": "500.00",
        "budget_most": "700.00",
        "first_day": (TODAY() + timedelta(days=14)).isoformat(),
        "accesses": "The mailbox\nThe shop’s order list",
        **changes,
    }


def planned_area(owner: Actor) -> Area:
    """Handed over, with a complete plan."""
    area = customer_mail(owner)
    place(owner, area.id, Decision.HAND_OVER)
    answer_plan(owner, area.id, plan_answers())
    complete_plan(owner, area.id)
    return area
