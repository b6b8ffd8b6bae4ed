"""Which version is in force, and what time comes to under it (MONEY.md 3 and its table)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.agreements import rules
from handsel.agreements.rules import Agreed, Fee, Level, Period, Rate, Rounding, Stretch, rounded_seconds
from handsel.values.money import Money

V1, V2, V3 = (UUID(int=n) for n in (1, 2, 3))
D = date.fromisoformat


def stretch(day: str, n: int, version: UUID | None, number: int = 0, why: str = "signed") -> Stretch:
    return Stretch(D(day), n, version, number, why)


def minutes(text: str) -> int:
    whole, _, rest = text.partition(":")
    return int(whole) * 60 + int(rest or 0)


@pytest.mark.parametrize(
    ("seconds", "rounding", "step", "result"),
    [
        (minutes("90:00"), Rounding.UP, 15, 90), (minutes("90:01"), Rounding.UP, 15, 105),
        (minutes("97:29"), Rounding.NEAREST, 15, 90), (minutes("97:30"), Rounding.NEAREST, 15, 105),
        (minutes("97:30"), Rounding.DOWN, 15, 90),
    ],
)  # fmt: skip
def test_time_is_rounded_as_the_terms_say(seconds: int, rounding: Rounding, step: int, result: int) -> None:
    assert rounded_seconds(seconds, rounding, step) == result * 60


@given(st.integers(0, 90_000), st.sampled_from(Rounding), st.integers(1, 60))
def test_rounding_twice_is_rounding_once(seconds: int, rounding: Rounding, step: int) -> None:
    once = rounded_seconds(seconds, rounding, step)
    assert rounded_seconds(once, rounding, step) == once


@given(st.integers(0, 90_000), st.integers(0, 90_000), st.sampled_from(Rounding), st.integers(1, 60))
def test_more_time_never_rounds_to_less(a: int, b: int, rounding: Rounding, step: int) -> None:
    low, high = sorted((a, b))
    assert rounded_seconds(low, rounding, step) <= rounded_seconds(high, rounding, step)


@pytest.mark.parametrize(
    ("time", "price", "currency", "amount"),
    [("50:00", "100", "EUR", "83.00"), ("25:00", "34.34", "EUR", "14.42"), ("25:00", "1500", "JPY", "630"),
     ("25:00", "2.500", "KWD", "1.050")],
)  # fmt: skip
def test_a_quantity_times_its_price_is_the_amount_of_the_table(
    time: str, price: str, currency: str, amount: str
) -> None:
    quantity = rules.quantity_e2(minutes(time))
    assert rules.amount_of(quantity, int(Decimal(price) * 10000), currency) == Money(amount, currency)


def test_the_first_signed_version_is_in_force_from_its_day() -> None:
    assert rules.changes_of_signature([], D("2026-10-01"), 1) == [D("2026-10-01")]


def test_an_amendment_takes_over_where_an_older_version_begins_later() -> None:
    rows = [stretch("2026-10-01", 1, V1, 1), stretch("2026-12-01", 2, V1, 1)]
    assert rules.changes_of_signature(rows, D("2026-11-01"), 2) == [D("2026-11-01"), D("2026-12-01")]


def test_an_amendment_does_not_lift_a_pause() -> None:
    rows = [stretch("2026-10-01", 1, V1, 1), stretch("2026-11-10", 2, None, why="paused"),
            stretch("2026-11-20", 3, V1, 1, "resumed")]  # fmt: skip
    assert rules.changes_of_signature(rows, D("2026-11-12"), 2) == [D("2026-11-20")]
    assert rules.changes_of_signature(rows, D("2026-11-01"), 2) == [D("2026-11-01"), D("2026-11-20")]


def test_an_older_version_signed_late_does_not_replace_a_newer_one() -> None:
    rows = [stretch("2026-10-01", 1, V1, 1), stretch("2026-11-01", 2, V3, 3)]
    assert rules.changes_of_signature(rows, D("2026-10-15"), 2) == [D("2026-10-15")]


def test_an_end_closes_what_would_begin_after_it() -> None:
    rows = [stretch("2026-10-01", 1, V1, 1), stretch("2026-12-01", 2, V2, 2)]
    assert rules.changes_of_stop(rows, D("2026-11-15")) == [D("2026-11-15"), D("2026-12-01")]


def test_resuming_takes_the_newest_version_and_those_that_begin_later() -> None:
    signed = [(D("2026-10-01"), 1, V1), (D("2026-10-20"), 2, V2), (D("2026-12-01"), 3, V3)]
    rows = [
        stretch("2026-10-01", 1, V1, 1),
        stretch("2026-10-20", 2, V2, 2),
        stretch("2026-10-25", 3, None, why="paused"),
    ]
    assert rules.changes_of_resume(rows, signed, D("2026-11-01")) == [(D("2026-11-01"), V2), (D("2026-12-01"), V3)]


SIGNED = [(D("2026-10-01"), 1, V1), (D("2026-11-20"), 2, V2)]


def test_taking_a_pause_back_brings_every_version_back_that_it_closed() -> None:
    rows = [stretch("2026-10-01", 1, V1, 1), stretch("2026-11-20", 2, V2, 2),
            stretch("2026-11-10", 3, None, why="paused"), stretch("2026-11-20", 4, None, why="paused")]  # fmt: skip
    assert [s.n for s in rules.planned_pauses(rows, D("2026-11-01"))] == [3]
    assert rules.changes_of_resume(rows, SIGNED, D("2026-11-10")) == [(D("2026-11-10"), V1), (D("2026-11-20"), V2)]


def test_taking_a_pause_back_lifts_no_other_pause() -> None:
    rows = [stretch("2026-10-01", 1, V1, 1), stretch("2026-11-10", 2, None, why="paused"),
            stretch("2026-11-15", 3, V1, 1, "resumed"), stretch("2026-11-18", 4, None, why="paused")]  # fmt: skip
    assert [s.n for s in rules.planned_pauses(rows, D("2026-11-01"))] == [2, 4]
    assert rules.changes_of_resume(rows, SIGNED, D("2026-11-10")) == [(D("2026-11-10"), V1)]


def test_neither_resuming_nor_taking_back_lifts_the_end() -> None:
    rows = [stretch("2026-10-01", 1, V1, 1), stretch("2026-11-10", 2, None, why="paused"),
            stretch("2026-11-15", 3, None, why="ended")]  # fmt: skip
    assert rules.changes_of_resume(rows, SIGNED, D("2026-11-10")) == [(D("2026-11-10"), V1)]
    before = [*rows[:2], stretch("2026-11-05", 3, None, why="ended")]
    assert rules.planned_pauses(before, D("2026-11-01")) == []
    assert (
        rules.pause_on(before, D("2026-11-10")) is None
        and rules.changes_of_resume(before, SIGNED, D("2026-11-10")) == []
    )


def test_a_pause_that_has_begun_is_not_planned() -> None:
    rows = [stretch("2026-10-01", 1, V1, 1), stretch("2026-11-10", 2, None, why="paused")]
    assert rules.planned_pauses(rows, D("2026-11-10")) == []


def test_of_two_rows_of_one_day_the_later_written_counts() -> None:
    rows = [stretch("2026-10-01", 1, V1, 1), stretch("2026-10-01", 2, None, why="paused")]
    found = rules.in_force_on(rows, D("2026-10-05"))
    assert found is not None and found.terms_id is None
    assert rules.in_force_on(rows, D("2026-09-30")) is None


def terms(**changes: object) -> Agreed:
    facts: dict[str, object] = {
        "work": "Mail", "valid_from": D("2026-10-01"), "currency": "EUR", "zone": "Europe/Berlin",
        "rates": (Rate("Mail", Decimal("18.50")),),
    }  # fmt: skip
    return Agreed(**{**facts, **changes})  # type: ignore[arg-type]


def test_a_text_survives_its_storing_and_keeps_its_hash() -> None:
    agreed = terms(fees=(Fee("Leaflet", Decimal("240.00"), D("2026-11-01"), "Ready"),), scope=("Refunds",),
                   rounding=Rounding.UP, step_minutes=15, level=Level.DAY, period=Period.MONTH)  # fmt: skip
    again = rules.agreed_of(agreed.document())
    assert again.document() == agreed.document()
    assert again.hash == agreed.hash
    assert terms(due_days=15).hash != terms().hash


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"rates": ()}, "nothing_paid"), ({"currency": "XXX"}, "unknown_currency"), ({"zone": "Mars/Base"}, "unknown_zone"),
        ({"rates": (Rate("Mail", Decimal("0")),)}, "bad_rate"), ({"rates": (Rate("Mail", Decimal("1.00001")),)}, "bad_rate"),
        ({"fees": (Fee("Leaflet", Decimal("1.005")),)}, "bad_fee"),
        ({"rates": (Rate("Mail", Decimal(1)), Rate("Mail", Decimal(2)))}, "named_twice"), ({"step_minutes": 0}, "bad_step"),
    ],
)  # fmt: skip
def test_terms_that_cannot_be_kept_are_refused_at_their_place(changes: dict[str, object], code: str) -> None:
    refusal = rules.why_not_terms(terms(**changes))
    assert refusal is not None
    assert (refusal.code, bool(refusal.place), bool(refusal.mend)) == (code, True, True)


def test_a_period_parts_the_calendar() -> None:
    assert rules.period_of(D("2026-11-18"), Period.WEEK) == (D("2026-11-16"), D("2026-11-22"))
    assert rules.period_of(D("2026-02-18"), Period.MONTH) == (D("2026-02-01"), D("2026-02-28"))
