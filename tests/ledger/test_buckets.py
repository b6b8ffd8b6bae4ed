"""What approved work earns: the table of MONEY.md 3, and that the order of approvals does not matter."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.agreements.rules import Agreed, Level, Rate, Rounding
from handsel.ledger.rules import earned
from handsel.values.money import Money


def agreed(rounding: Rounding = Rounding.NONE, step: int = 1, level: Level = Level.DAY) -> Agreed:
    return Agreed("Mail", date(2026, 10, 1), "EUR", "UTC", (Rate("Mail", Decimal(1)),), rounding=rounding,
                  step_minutes=step, level=level)  # fmt: skip


def test_two_quarters_of_an_hour_of_one_day_owe_half_an_hour_between_them() -> None:
    first = earned(agreed(), 0, 900, 275000)
    second = earned(agreed(), 900, 900, 275000)
    assert (first.amount, second.amount) == (Money("6.88", "EUR"), Money("6.88", "EUR"))
    assert first.quantity_e2 + second.quantity_e2 == 50


def test_two_short_entries_of_a_day_are_rounded_up_once() -> None:
    """2 × 5 min, up 30: by entry 1:00, by day 0:30."""
    rule = agreed(Rounding.UP, 30)
    assert earned(rule, 0, 300, 10000).quantity_e2 + earned(rule, 300, 300, 10000).quantity_e2 == 50
    assert 2 * earned(rule, 0, 300, 10000).quantity_e2 == 100


@given(
    st.lists(st.integers(1, 20_000), min_size=2, max_size=4), st.sampled_from(Rounding), st.integers(1, 60),
)  # fmt: skip
def test_the_hours_of_a_bucket_do_not_depend_on_the_order_of_approvals(
    parts: list[int], rounding: Rounding, step: int
) -> None:
    rule = agreed(rounding, step)
    totals = set()
    for order in permutations(parts):
        before, total = 0, 0
        for seconds in order:
            total += earned(rule, before, seconds, 185000).quantity_e2
            before += seconds
        totals.add(total)
    assert len(totals) == 1


@pytest.mark.parametrize("seconds", [1, 36, 3600, 86400])
def test_what_is_earned_is_never_negative(seconds: int) -> None:
    for rounding in Rounding:
        assert earned(agreed(rounding, 60), 100, seconds, 185000).quantity_e2 >= 0
