"""Promises about the hand-over, in plain values."""

from datetime import date, timedelta

import pytest

from handsel.handover.rules import Ramp, Stage, weeks_of, why_not_place

MONDAY = date(2026, 10, 5)


def test_a_ramp_begins_at_its_start_and_ends_at_its_goal() -> None:
    ramp = Ramp(MONDAY, 12, 10, 90)
    shares = [ramp.percent(MONDAY + timedelta(weeks=n)) for n in range(-1, 14)]
    assert shares == [0, 10, 17, 25, 32, 39, 46, 54, 61, 68, 75, 83, 90, 90, 90]


def test_a_ramp_of_one_week_is_at_its_goal_at_once() -> None:
    assert Ramp(MONDAY, 1, 10, 90).percent(MONDAY) == 90


def test_weeks_run_without_a_gap_from_the_first_item_to_the_end_of_the_plan() -> None:
    done = {MONDAY - timedelta(weeks=2): (3, 1)}
    weeks = weeks_of(Ramp(MONDAY, 2, 10, 90), done)
    assert [(w.planned, w.items) for w in weeks] == [(0, 4), (0, 0), (10, 0), (90, 0)]
    assert [w.share for w in weeks] == [0.25, None, None, None]
    assert weeks_of(None, {}) == []


def test_an_item_of_long_ago_does_not_make_the_list_endless() -> None:
    assert len(weeks_of(None, {date(2000, 1, 3): (1, 0), MONDAY: (1, 0)})) == 156


@pytest.mark.parametrize(
    ("unread", "sentence"),
    [
        (["Refunds"], "“Refunds”"),
        (["Refunds", "Tone"], "“Refunds” and “Tone”"),
        (["Refunds", "Tone", "Post"], "“Refunds” and 2 more pages"),
    ],
)
def test_the_pages_that_are_not_known_are_named(unread: list[str], sentence: str) -> None:
    refusal = why_not_place("shadow", Stage.SUPERVISED, unread, "Ines", "")
    assert refusal is not None
    assert refusal.sentence == f"Ines has not acknowledged {sentence}."
