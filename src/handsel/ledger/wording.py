"""Quantities, prices and reasons in words: the same on the ledger, the invoice and its paper. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from handsel.values.durations import format_duration
from handsel.values.money import Money

_ROUNDED = {"up": "up", "down": "down", "nearest": "to the nearest"}
_TOGETHER = {"day": "with the rest of that day", "period": "with the rest of that period"}


def how_it_stands(sums: Sequence[tuple[Money, Money]], to: str = "") -> str:
    """The first sentence of the ledger, from what is owed and what was paid ahead, per currency. to: whom it is owed."""
    said = [sentence for owed, ahead in sums if (sentence := _how_one_stands(owed, ahead, to))]
    return " ".join(said) or "Nothing is owed now."


def _how_one_stands(owed: Money, ahead: Money, to: str) -> str:
    if owed.amount > 0:
        after = f", after {ahead} that was paid ahead" if ahead else ""
        return f"{owed} is owed{f' to {to}' if to else ''}{after}."
    if owed.amount < 0:
        return f"{-owed} is paid ahead, beyond all that is approved. It counts towards the next invoice."
    return f"Nothing is owed now: {ahead} that was paid ahead covers what is approved." if ahead else ""


def quantity(kind: str, quantity_e2: int) -> str:
    """1.50 h, from hundredths of an hour; a fee counts pieces: 1."""
    amount = Decimal(quantity_e2) / 100
    return f"{amount:.2f} h" if kind == "time" else f"{amount.normalize():f}"


def price(price_e4: int, currency: str) -> str:
    """€18.50, from 1/10,000; with all its decimals where a rate is finer than the currency."""
    amount = Decimal(price_e4) / 10000
    try:
        return str(Money(amount, currency))
    except ValueError:
        return f"{amount.normalize():f} {currency}"


def rounding(explanation: dict[str, object], quantity_e2: int) -> str:
    """How seconds became a quantity: the sentence of the charge's explanation."""
    seconds = int(str(explanation.get("seconds", 0)))
    made = f"{format_duration(seconds)} became {quantity('time', quantity_e2)}"
    rule = str(explanation.get("rounding", "none"))
    if rule == "none":
        return f"{made}: hundredths of an hour, without rounding up or down"
    step = f"{_ROUNDED[rule]} in steps of {explanation['step']} minutes"
    before = int(str(explanation.get("before", 0)))
    together = f", {_TOGETHER[str(explanation['level'])]}, {format_duration(before)} of which was approved before" if before else ""  # fmt: skip
    return f"{made}: rounded {step}{together}"
