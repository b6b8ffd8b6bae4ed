"""The share of the work by week, drawn: planned against actual."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from handsel.handover.rules import Ramp, ShareOfWeek, how_far
from handsel.ui.charts import Chart, Week, share_by_week
from handsel.ui.templatetags.say import percent, short_day
from handsel.values.days import day_in_words, monday_of


@dataclass(frozen=True)
class Names:
    """Who hands over, and to whom, as the page calls them."""

    owner: str
    provider: str


def chart(weeks: Sequence[ShareOfWeek], names: Names, today: date) -> Chart:
    """Planned and actual share of every week. A week without items is drawn like the one before it, and says so in the
    table."""
    drawn, shown = [], 0.0
    last = max((n for n, week in enumerate(weeks) if week.items), default=-1)
    for n, week in enumerate(weeks):
        shown = shown if week.share is None else week.share
        drawn.append(Week(short_day(week.monday), (week.planned or 0) / 100, shown if n <= last else None))
    found = share_by_week(
        headline(weeks, names, today), "Share of the items done, by week, in per cent.", drawn,
        owner=names.owner, provider=names.provider, note_head="Items",
    )  # fmt: skip
    return replace(found, table=[_row(week) for week in weeks])


def headline(weeks: Sequence[ShareOfWeek], names: Names, today: date) -> str:
    """Ines did 64 % of last week's work; 60 % was planned."""
    week = newest(weeks, today)
    if week is None or week.share is None:
        return f"What {names.provider} should do, week by week"
    planned = f"; {week.planned} % was planned" if week.planned is not None else ""
    return f"{names.provider} did {percent(week.share)} of {_which(week.monday, today)}{planned}"


def newest(weeks: Sequence[ShareOfWeek], today: date) -> ShareOfWeek | None:
    """The newest whole week with items; the present one where there is none."""
    counted = [week for week in weeks if week.items]
    whole = [week for week in counted if week.monday < monday_of(today)]
    found = whole or counted
    return found[-1] if found else None


def standing(weeks: Sequence[ShareOfWeek], ramp: Ramp | None, names: Names, today: date) -> str:
    """One sentence on how the hand-over goes: Week 8 of 12, a little ahead of the plan."""
    week = newest(weeks, today)
    if ramp is None:
        return f"{headline(weeks, names, today)}. No plan says how much it should be." if week else ""
    at = (monday_of(today) - ramp.first_week).days // 7 + 1
    if at < 1:
        return f"The plan begins in the week of {day_in_words(ramp.first_week)}, with {ramp.start} %."
    where = f"Week {at} of {ramp.weeks}" if at <= ramp.weeks else f"The {ramp.weeks} weeks of the plan are over"
    if week is None:
        return f"{where}; nothing is counted yet."
    return f"{where}, {how_far(week)}."


def _which(monday: date, today: date) -> str:
    days = (monday_of(today) - monday).days
    if days == 0:
        return "this week’s work so far"
    return "last week’s work" if days == 7 else f"the work in the week of {day_in_words(monday)}"


def _row(week: ShareOfWeek) -> tuple[str, ...]:
    planned = "–" if week.planned is None else f"{week.planned} %"
    actual = "–" if week.share is None else percent(week.share)
    return short_day(week.monday), planned, actual, str(week.items) if week.items else "–"
