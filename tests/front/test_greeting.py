"""The first sentence of home."""

from datetime import UTC, date, datetime, timedelta

from handsel.core.rooms import Need
from handsel.front import greeting

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 20, tzinfo=UTC)


def need(title: str = "A thing", minutes: int = 3, due: date | None = None, hours: int = 1) -> Need:
    return Need(title, "It waits.", "Look", "/", NOW - timedelta(hours=hours), minutes, due)


def test_the_hour_is_greeted() -> None:
    assert [greeting.hello(hour) for hour in (4, 5, 11, 12, 17, 18, 23)] == [
        "Good evening", "Good morning", "Good morning", "Good afternoon", "Good afternoon", "Good evening", "Good evening"
    ]  # fmt: skip


def test_needs_are_counted_in_words() -> None:
    assert greeting.things_need_you(0) == "Nothing needs you"
    assert greeting.things_need_you(1) == "One thing needs you"
    assert greeting.things_need_you(4) == "Four things need you"
    assert greeting.things_need_you(13) == "13 things need you"


def test_minutes_are_said_as_a_person_would() -> None:
    assert greeting.minutes_in_all([need(minutes=11)]) == "About eleven minutes in all."
    assert greeting.minutes_in_all([need(minutes=1)]) == "About one minute in all."
    assert greeting.minutes_in_all([need(minutes=62)]) == "About an hour in all."
    assert greeting.minutes_in_all([need(minutes=88)]) == "About an hour and a half in all."
    assert greeting.minutes_in_all([need(minutes=121)]) == "About two hours in all."


def test_what_is_overdue_stands_first_then_what_waited_longest() -> None:
    late, old, young = need("late", due=TODAY), need("old", hours=9), need("young", hours=2)
    now, later = greeting.now_and_later([young, old, late], TODAY)
    assert [n.title for n in now] == ["late", "old", "young"] and later == []


def test_what_is_due_later_than_in_three_days_can_wait() -> None:
    soon, far = need("soon", due=TODAY + timedelta(days=3)), need("far", due=TODAY + timedelta(days=4))
    now, later = greeting.now_and_later([far, soon], TODAY)
    assert [n.title for n in now] == ["soon"] and [n.title for n in later] == ["far"]
    assert greeting.nothing_else(later, TODAY) == "Nothing else is due before Saturday."
    assert greeting.nothing_else([], TODAY) == "Nothing else is due."
