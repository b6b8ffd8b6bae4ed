"""Each action that writes a row under terms, found from the register and the source, goes through the gate by its page.

Refused for a work day before both signatures, in a pause and after the end; taken for a day in force.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from handsel.agreements.actions import end, pause
from handsel.agreements.models import UnderTerms
from handsel.work.actions import Stint, log
from handsel.work.models import TimeEntry
from tests.house import source
from tests.stories import TODAY, SignedEngagement, drawn_up, log_in, read_and_sign, signed_engagement

NOW = TODAY()
BEFORE, IN_FORCE, CLOSED = NOW - timedelta(days=40), NOW - timedelta(days=10), NOW - timedelta(days=2)


def writers() -> set[str]:
    """Actions, as `room.verb`, that create or move a row of a table under terms, themselves or through their own files."""
    models = {m.__name__ for m in UnderTerms.tables()}
    found = set()
    for room in source.room_names():
        for file in source.files_of(room, "actions"):
            for function in source.functions(file):
                if "action" in source.decorators(function) and _writes(file, function, models):
                    found.add(f"{room}.{function.name}")
    return found


def _writes(file: Any, function: ast.FunctionDef, models: set[str]) -> bool:
    own = {n.name: n for n in source.tree(file).body if isinstance(n, ast.FunctionDef)}
    queue, seen = [function.name], set[str]()
    while queue:
        name = queue.pop()
        if name in seen or name not in own:
            continue
        seen.add(name)
        text = ast.unparse(own[name])
        if any(
            f"{m}.objects.create" in text or f"{m}.objects.visible_to(actor).filter(pk=line.pk).update" in text
            for m in models
        ):
            return True
        queue.extend(source.names_used(own[name]))
    return False


@dataclass
class Way:
    """How a page is used to have work of a day written: gives whether the row stands afterwards."""

    go: Callable[[Client, SignedEngagement, date], bool]
    only_today: bool = False  # its work day is the day of the click


def by_line(client: Client, story: SignedEngagement, day: date) -> bool:
    url = f"/b/{story.owner.slug}/work/{story.engagement.id}/lines/new/"
    return client.post(url, {"kind": "Customer mail", "work_day": day, "duration": "0:30"}).status_code == 302


def by_clock(client: Client, story: SignedEngagement, day: date) -> bool:
    url = f"/b/{story.owner.slug}/work/{story.engagement.id}/lines/new/"
    clocks = {"kind": "Customer mail", "work_day": day, "started_at": "10:00", "ended_at": "11:00"}
    return client.post(url, clocks).status_code == 302


def by_week(client: Client, story: SignedEngagement, day: date) -> bool:
    url = f"/b/{story.owner.slug}/work/{story.engagement.id}/week/{day - timedelta(days=day.weekday())}/"
    return client.post(url, {f"cell-0-{day}": "1:15", "save": "yes"}).status_code == 302


def by_change(client: Client, story: SignedEngagement, day: date) -> bool:
    """A draft of a good day is moved."""
    (line,) = log(story.provider, story.engagement.id, Stint("Customer mail", "", IN_FORCE - timedelta(days=1), 600))
    url = f"/b/{story.owner.slug}/lines/{line.id}/"
    answer = client.post(url, {"kind": "Customer mail", "work_day": day, "duration": "0:10"})
    assert (answer.status_code == 302) == TimeEntry.objects.filter(pk=line.id, work_day=day).exists()
    return answer.status_code == 302


def by_timer(client: Client, story: SignedEngagement, day: date) -> bool:
    slug, engagement = story.owner.slug, story.engagement.id
    client.post(f"/b/{slug}/work/{engagement}/timer/", {"kind": "Customer mail"})
    return client.post(f"/b/{slug}/timer/stop/", {"once": "x"}).status_code == 302


def by_delivery(client: Client, story: SignedEngagement, day: date) -> bool:
    url = f"/b/{story.owner.slug}/work/{story.engagement.id}/deliverables/0/delivery/"
    return client.post(url, {"note": "Here it is"}).status_code == 302


WAYS = {
    "work.log": [Way(by_line), Way(by_clock)],
    "work.fill_week": [Way(by_week)],
    "work.change": [Way(by_change)],
    "work.stop_timer": [Way(by_timer, only_today=True)],
    "work.deliver": [Way(by_delivery, only_today=True)],
    # `owe` and `unowe` are called by other actions alone: what they write hangs on rows that went through the gate, and
    # the gate stands on charges too (tests/ledger/test_guards.py, tests/agreements/test_gate.py).
    "ledger.owe": [],
    "ledger.unowe": [],
}
EACH = [pytest.param(way, id=f"{name}-{n}") for name, ways in WAYS.items() for n, way in enumerate(ways)]


def test_every_writer_under_terms_is_tried() -> None:
    assert writers() == set(WAYS)


@pytest.mark.parametrize("way", EACH)
def test_nothing_is_written_before_both_have_signed(client: Client, db: None, way: Way) -> None:
    story = drawn_up()
    read_and_sign(story.provider, story.terms)
    log_in(client, story.provider)
    day = NOW if way.only_today else IN_FORCE
    if way.go is not by_change:  # there is no draft to move before both have signed
        assert not way.go(client, story, day)
    assert rows() == 0


@pytest.mark.parametrize("way", EACH)
def test_nothing_is_written_for_a_day_before_the_terms(client: Client, db: None, way: Way) -> None:
    story = signed_engagement()
    log_in(client, story.provider)
    if not way.only_today:
        assert not way.go(client, story, BEFORE)


@pytest.mark.parametrize("way", EACH)
@pytest.mark.parametrize("stop", ["pause", "end"])
def test_nothing_is_written_in_a_pause_or_after_the_end(client: Client, db: None, way: Way, stop: str) -> None:
    story = signed_engagement()
    if stop == "pause":
        pause(story.owner, story.engagement.id, CLOSED)
    else:
        end(story.owner, story.engagement.id, CLOSED - timedelta(days=1))
    log_in(client, story.provider)
    assert not way.go(client, story, NOW if way.only_today else CLOSED)
    if not way.only_today:
        assert way.go(client, story, IN_FORCE), "a day in force counts, even in a pause or after the end"


@pytest.mark.parametrize("way", EACH)
def test_a_day_in_force_is_taken(client: Client, db: None, way: Way, time_machine: Any) -> None:
    story = signed_engagement()
    log_in(client, story.provider)
    if way.go is by_timer:
        time_machine.move_to(f"{NOW - timedelta(days=1)}T10:00:00+00:00", tick=True)
    assert way.go(client, story, NOW if way.only_today else IN_FORCE)
    assert rows() == 1


def rows() -> int:
    return sum(m.objects.count() for m in UnderTerms.tables())
