"""How often a token may call: counted over all processes, said in every answer, and plainly where it is too often."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from handsel.core import allowances
from handsel.core.allowances import Limit, Purse
from handsel.core.models import Allowance
from handsel.people import callers
from tests.api.conftest import problem, program
from tests.stories import SignedEngagement

pytestmark = pytest.mark.django_db
TEN = Limit("test", 10, 60)
FEW = Limit("token", 3, 60)


class Clock:
    """Stands until it is set."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def test_no_more_is_given_than_there_is_and_all_of_it_again_later() -> None:
    clock = Clock()
    purse = Purse(clock)
    assert [purse.spend(TEN, "a").allowed for _ in range(12)] == [True] * 10 + [False] * 2
    assert purse.spend(TEN, "b").allowed, "another one has an allowance of their own"
    clock.now += 60
    assert purse.spend(TEN, "a").allowed


def test_several_processes_share_one_allowance() -> None:
    clock = Clock()
    purses = [Purse(clock), Purse(clock), Purse(clock)]
    allowed = sum(purse.spend(TEN, "a").allowed for _ in range(10) for purse in purses)
    assert allowed == 10


def test_a_process_that_took_a_part_keeps_what_is_its_own() -> None:
    hundred, clock = Limit("test", 100, 60), Clock()
    first, second = Purse(clock), Purse(clock)
    first.spend(hundred, "a")
    while second.spend(hundred, "a").allowed:
        pass
    assert [first.spend(hundred, "a").allowed for _ in range(5)] == [True] * 4 + [False]


def test_the_database_is_asked_once_in_many(django_assert_num_queries: Any) -> None:
    purse = Purse(Clock())
    purse.spend(Limit("test", 600, 60), "a")
    with django_assert_num_queries(0):
        for _ in range(29):
            purse.spend(Limit("test", 600, 60), "a")


def test_names_are_kept_as_fingerprints_alone() -> None:
    Purse(Clock()).spend(TEN, "somebody")
    assert "somebody" not in str(Allowance.objects.values().get())


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callers, "CALLS", FEW)
    monkeypatch.setattr(allowances, "purse", Purse(Clock()))


@pytest.mark.reaches("too_many_calls")
def test_one_call_too_many_is_told_when_to_come_again(few: None, engagement: SignedEngagement) -> None:
    script = program(engagement.provider)
    left = [script.get("/me")["RateLimit"] for _ in range(3)]
    assert left == ['"token";r=2;t=60', '"token";r=1;t=60', '"token";r=0;t=60']
    answer = script.get("/me")
    said = problem(answer, 429, "too_many_calls")
    assert said["mend"] == "Wait 60 seconds." and answer["Retry-After"] == "60"
    assert answer["RateLimit-Policy"] == '"token";q=3;w=60'


def test_another_token_is_not_held_up(few: None, engagement: SignedEngagement) -> None:
    script, other = program(engagement.provider), program(engagement.provider)
    while script.get("/me").status_code == 200:
        pass
    assert other.get("/me").status_code == 200


def test_a_calendar_that_is_read_too_often_is_told_so_plainly(
    client: Client, engagement: SignedEngagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handsel.api import calendar

    monkeypatch.setattr(calendar, "READINGS", Limit("calendar", 1, 60))
    monkeypatch.setattr(allowances, "purse", Purse(Clock()))
    path = f"/calendar/{program(engagement.provider, 'calendar').secret}.ics"
    assert client.get(path).status_code == 200
    answer = client.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60") and b"<" not in answer.content
