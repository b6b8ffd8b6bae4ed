"""Promises about money, days and durations."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.values.days import ZONES, at, day_of, day_seconds, day_start, seconds_between, span_in_words, split_by_day
from handsel.values.durations import format_duration, parse_duration
from handsel.values.money import Money, rounded
from handsel.values.refusals import Refusal

INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1)).map(lambda d: d.replace(microsecond=0, tzinfo=UTC))


def test_a_span_in_berlin_over_the_spring_night_is_one_hour_and_over_the_autumn_night_three() -> None:
    spring = at(date(2026, 3, 29), time(1, 30), "Europe/Berlin"), at(date(2026, 3, 29), time(3, 30), "Europe/Berlin")
    autumn = at(date(2026, 10, 25), time(1, 30), "Europe/Berlin"), at(date(2026, 10, 25), time(3, 30), "Europe/Berlin")
    assert seconds_between(*spring) == 3600
    assert seconds_between(*autumn) == 3 * 3600
    assert day_seconds(date(2026, 10, 25), "Europe/Berlin") == 25 * 3600


def test_a_day_starts_even_where_midnight_does_not_exist() -> None:
    """Santiago sets its clocks forward at midnight."""
    day = date(2024, 9, 8)
    assert day_of(day_start(day, "America/Santiago"), "America/Santiago") == day
    assert day_seconds(day, "America/Santiago") == 23 * 3600


@given(
    INSTANTS,
    st.integers(1, 300_000),
    st.sampled_from(["Europe/Berlin", "Asia/Manila", "America/Denver", "America/Santiago", "UTC"]),
)
def test_the_parts_of_a_span_join_to_it_again(start: datetime, seconds: int, zone: str) -> None:
    end = start + timedelta(seconds=seconds)
    parts = list(split_by_day(start, end, zone))
    assert sum(p.seconds for p in parts) == seconds
    assert parts[0].start == start and parts[-1].end == end
    assert all(a.end == b.start for a, b in pairwise(parts))
    assert all(day_of(p.start, zone) == p.day for p in parts)


def test_every_zone_is_known_to_the_database_of_zones() -> None:
    assert "Europe/Dublin" in ZONES and "UTC" in ZONES


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:30", 5400), ("1.5", 5400), ("1,5", 5400), ("1h30m", 5400), ("90m", 5400), ("1 h 30 min", 5400), ("45s", 45),
     (":45", 2700), ("2", 7200), ("0:00:30", 30), ("8.20", 29520)],
)  # fmt: skip
def test_a_length_of_time_is_read_in_every_usual_way(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["1:75", "1.234", "25", "", "abc", "-1:00", "1:30:99", "1h 2h", "٣"])
def test_what_is_no_length_of_time_is_refused_with_the_way_to_write_it(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_duration(text)
    assert refused.value.mend


@given(st.integers(0, 86_400))
def test_a_length_that_is_written_is_read_as_the_same(seconds: int) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Refusal):
        assert parse_duration(text) >= 0


def test_money_is_never_finer_than_its_currency() -> None:
    with pytest.raises(ValueError, match="EUR has 2 decimals"):
        Money("1.005", "EUR")
    assert Money.from_minor(1050, "KWD") == Money("1.050", "KWD")
    assert str(Money(630, "JPY")) == "¥630"
    assert str(Money("-3.5", "USD")) == "−$3.50"
    assert str(Money("1351.5", "CHF")) == "1,351.50 CHF"


def test_money_of_two_currencies_does_not_add_up() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, "EUR") + Money(1, "USD")


def test_rounding_is_half_away_from_zero() -> None:
    assert rounded(Decimal("2.345"), 2) == Decimal("2.35")
    assert rounded(Decimal("-2.345"), 2) == Decimal("-2.35")


def test_spans_are_said_as_people_say_them() -> None:
    assert span_in_words(date(2026, 11, 16), date(2026, 11, 22)).replace("\u2060", "") == "16–22 November"
    assert span_in_words(date(2026, 9, 28), date(2026, 10, 4)) == "28 September – 4 October"
