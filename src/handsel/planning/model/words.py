"""Figures of a forecast in words: rounded as far as a forecast deserves, ranges beside middles."""

from decimal import Decimal
from math import isinf

from handsel.planning.model.spans import Span
from handsel.values.money import Money, exponent


def about(amount: float, currency: str) -> str:
    """An amount as a forecast may say it: €8.40, €64, €155, €650, €2,400."""
    if isinf(amount):
        return "no amount"
    size = abs(amount)
    if size < 20:
        return str(Money.rounded(Decimal(str(amount)).quantize(Decimal("0.1")), currency))
    step = 1 if size < 100 else 5 if size < 1000 else 100 if size < 100_000 else 1000
    whole = str(Money(round(amount / step) * step, currency))
    return whole.replace("." + "0" * exponent(currency), "", 1) if exponent(currency) else whole


def hours(amount: float) -> str:
    """Hours as a forecast may say them: half hours under ten, whole ones above."""
    rounded = round(amount * 2) / 2 if abs(amount) < 10 else float(round(amount))
    return f"{rounded:g} hour" if rounded == 1 else f"{rounded + 0.0:g} hours".replace("-", "−")


def between_amounts(span: Span, currency: str) -> str:
    return _between(about(span.low, currency), about(span.high, currency))


def between_hours(span: Span) -> str:
    return _between(hours(span.low).removesuffix(" hours").removesuffix(" hour"), hours(span.high))


def _between(low: str, high: str) -> str:
    return "" if low == high or high.startswith(f"{low} ") else f"between {low} and {high}"


def behind_or_ahead(ahead: Span, currency: str) -> str:
    """What a year may leave: "€2,400 behind or €4,000 ahead"."""
    low, high = (about(abs(end), currency) for end in (ahead.low, ahead.high))
    if ahead.low >= 0:
        return f"between {low} and {high} ahead"
    if ahead.high < 0:
        return f"between {high} and {low} behind"
    return f"{low} behind or {high} ahead"


def pays_from(months: Span, never: float) -> str:
    """The month from which it pays, with luck and most likely; that it may never is part of the answer."""
    if isinf(months.low):
        return f"It does not pay within two years; the chance that it does is {percent(1 - never)}."
    lucky = f"with luck from month {months.low:.0f}"
    if isinf(months.mid):
        return f"It pays {lucky}; more likely not within two years ({percent(never)})."
    if months.low == months.high:
        return f"It pays from month {months.mid:.0f}."
    late = f"with bad luck from month {months.high:.0f}" if not isinf(months.high) else ""
    late = late or f"not within two years: {percent(never)}"
    return f"It pays most likely from month {months.mid:.0f}, {lucky}; {late}."


def less_time_until(week: Span) -> str:
    """How long the start costs more of her hours than it frees."""
    if isinf(week.mid):
        return "Over two years it wins you no time."
    if week.mid <= 1:
        return "You have more time from the first week."
    return f"You have less time until week {week.mid:.0f}."


def percent(share: float) -> str:
    """Never 0 or 100: a forecast is not sure."""
    return f"{min(99, max(1, round(100 * share)))} %"


# What an input is in her words, and how to find it out (PLAN.md 1.5).
FIND_OUT = {
    "volume": ("how many there are a week", "connect the mailbox and count them"),
    "minutes": ("how long one really takes you", "time ten of them"),
    "price": ("the price", "ask two providers"),
    "quality": ("how well they work at first", "pay for a trial of five"),
    "questions": ("how often they will ask you", "pay for a trial of five"),
    "answering": ("how long an answer to them takes you", "pay for a trial of five"),
    "pace": ("how fast they work", "pay for a trial of five"),
    "practice": ("how fast they learn", "pay for a trial of five"),
    "handable": ("how much of it somebody else can do", "go through the kinds one by one"),
    "ramp": ("how long the hand-over takes", "ask for references"),
    "leaving": ("how long they stay", "ask for references"),
    "gap": ("how long you would be without anybody", "ask for references"),
    "kept": ("how much of your preparation serves the next person", "write the playbooks first"),
    "oversight": ("the hours that looking after it takes", "measure them from week 1"),
    "prepare": ("the hours that preparing takes", "measure them from week 1"),
    "teach": ("the hours that teaching takes", "measure them from week 1"),
    "training": ("the hours that they train", "agree on them beforehand"),
    "reading": ("how long reading a reply takes you", "measure it from week 1"),
    "mending": ("how long mending a reply takes you", "measure it from week 1"),
    "escape": ("what a fault costs that reaches a customer", "look at the last three"),
}
