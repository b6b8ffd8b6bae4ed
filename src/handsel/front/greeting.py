"""What home says first; pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from handsel.core.rooms import Need

MOST_NEEDS = 7
_SOON = timedelta(days=3)
_NUMBERS = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
)  # fmt: skip
_MORNING, _AFTERNOON, _EVENING = 5, 12, 18


def hello(hour: int) -> str:
    """Good morning from five, good afternoon from noon, good evening from six until five."""
    if _MORNING <= hour < _AFTERNOON:
        return "Good morning"
    return "Good afternoon" if _AFTERNOON <= hour < _EVENING else "Good evening"


def in_words(number: int) -> str:
    """Four; from thirteen on the figure."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def things_need_you(number: int) -> str:
    """Nothing needs you; One thing needs you; Four things need you."""
    if number == 0:
        return "Nothing needs you"
    return "One thing needs you" if number == 1 else f"{in_words(number)} things need you"


def minutes_in_all(needs: Sequence[Need]) -> str:
    """About eleven minutes in all; about an hour and a half in all."""
    minutes = sum(need.minutes for need in needs)
    if minutes < 60:
        return f"About {in_words(minutes).lower()} minute{'' if minutes == 1 else 's'} in all."
    halves = round(minutes / 30)
    hours = halves // 2
    words = "an hour" if hours == 1 else f"{in_words(hours).lower()} hours"
    return f"About {words}{' and a half' if halves % 2 else ''} in all."


def urgent_first(needs: Sequence[Need], today: date) -> list[Need]:
    """What the other side waits for first; of the rest what is overdue, then due soonest, then has waited longest."""
    return sorted(needs, key=lambda n: (n.given is None, n.due is None or n.due > today, n.due or date.max, n.since))


def now_and_later(needs: Sequence[Need], today: date) -> tuple[list[Need], list[Need]]:
    """What needs the person now, most urgent first; and what is due later than in three days, by its day."""
    later = [need for need in needs if need.due is not None and need.due > today + _SOON]
    now = [need for need in needs if need not in later]
    return urgent_first(now, today), sorted(later, key=lambda n: n.due or date.max)


def nothing_else(later: Sequence[Need], today: date) -> str:
    """Nothing else is due before Friday."""
    if not later or later[0].due is None:
        return "Nothing else is due."
    due = later[0].due
    return f"Nothing else is due before {f'{due:%A}' if (due - today).days < 7 else f'{due.day} {due:%B}'}."
