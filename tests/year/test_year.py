"""The year: told by acts alone, the same for the same seed, and whole under faults."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from handsel.core import checks, guards, writes
from handsel.sample.calendar import TURN, YEAR, Calendar, on
from handsel.sample.cast import LARKSPUR
from handsel.sample.letters import letters_of
from handsel.sample.months import MONTHS
from handsel.sample.months.course import NEVER, course_of
from handsel.sample.months.customers import Customers
from handsel.sample.told import Told
from tests.year.playing import TODAY, play

# Seed → weeks between: one with all that the course can hold, the others as long as the story itself.
SEEDS = {1: 8, 2: 0, 3: 0, 4: 0}
BEFORE_A_GUARD_IS_DROPPED = 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_fails_meanwhile_nothing_is_lost_doubled_or_half_done(seed: int) -> None:
    found, broken = play(seed, SEEDS[seed])
    assert broken == []
    assert {"a refused statement", "sent twice", "sent twice at once", "a stepping clock", "a killed worker"} <= set(
        found.met
    )


@pytest.mark.django_db
def test_the_same_seed_tells_the_same_weeks_and_another_one_others() -> None:
    def verbs(seed: int) -> list[tuple[date, str]]:
        told = Told(LARKSPUR, Calendar(TODAY, between=YEAR), seed)
        scenes = [scene for chapter in MONTHS for scene in chapter(told).scenes()]
        return sorted((scene.at.date(), str(scene.act)[:60]) for scene in scenes)

    first, again, other = (Counter(at for at, _ in verbs(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_a_year_is_a_year_long_and_the_weeks_between_lie_side_by_side() -> None:
    calendar = Calendar(TODAY, between=YEAR)
    assert timedelta(weeks=52) <= TODAY - calendar.monday < timedelta(weeks=53)
    assert calendar.day_between(0, 0) == calendar.day(on(TURN - 1, "sun")) + timedelta(days=1)
    assert calendar.day_between(YEAR, 0) == calendar.day(on(TURN, "mon"))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("weeks", [8, 13, YEAR])
def test_every_course_has_a_pause_an_empty_week_a_slip_and_a_credit_on_weeks_of_their_own(
    seed: int, weeks: int
) -> None:
    course = course_of(Calendar(TODAY, between=weeks), Random(seed))
    special = (course.pause, course.slip, course.empty)
    assert NEVER not in special
    assert len(set(special)) == 3
    assert course.slip + 1 not in (course.pause, course.empty)
    assert course.credit not in special
    assert not course.late & set(special)
    assert course.clocks or weeks < YEAR


def test_some_hundred_customers_write_and_no_letter_names_another_ones_order() -> None:
    customers = Customers(Random(1), letters_of(LARKSPUR))
    letters = [customers.letter(TODAY) for _ in range(180)]
    assert len({letter.mail for letter in letters}) > 100
    assert len({(letter.mail, letter.subject) for letter in letters}) == len(letters)
    names = {letter.name for letter in letters_of(LARKSPUR)}
    assert not [x for x in letters for name in names if name in x.text or name in x.answer]


@pytest.mark.django_db(transaction=True)
def test_a_guard_that_was_dropped_by_hand_is_found() -> None:
    """The check names it; and what it held together is found to be broken once somebody makes use of the gap."""
    _, broken = play(BEFORE_A_GUARD_IS_DROPPED, 0)
    assert broken == []
    with writes.migrating():
        guards.drop(connection, only="work_timeentry_follows")
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE work_timeentry SET status = 'approved' WHERE status = 'returned' OR status = 'draft'"
                )
            said = {name: list(find()) for name, find in checks.all_checks().items()}
        finally:
            guards.install(connection)
    assert any("work_timeentry" in words for words in said["guards"])
    assert said["status"]
    assert said["claims"]
