"""One engagement, from the sign-up to the paid invoice and the export, by clicks, typing and keys alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from handsel.values.days import monday_of
from tests.journeys.chapters import (
    agreeing,
    answering,
    beginning,
    deciding,
    handing_over,
    leaving,
    paying,
    talking,
    working,
)
from tests.journeys.chapters.walking import Somebody, Walk

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CHAPTERS = [
    beginning.begin,
    deciding.decide,
    deciding.propose,
    agreeing.agree,
    handing_over.hand_over,
    working.work,
    working.deliver,
    answering.answer,
    paying.pay,
    talking.talk,
    agreeing.amend_and_end,
    leaving.leave,
]


@pytest.fixture
def walk(opened_by: Callable[..., Page], time_machine: Any, tmp_path: Path, width: int) -> Walk:
    """A Monday morning, an empty installation, and three people who do not know each other yet."""
    monday = monday_of(timezone.now().date()) + timedelta(days=7)
    time_machine.move_to(datetime.combine(monday, time(8), UTC), tick=True)
    nora, ines, guest = (Somebody(opened_by(None, width=width)) for _ in range(3))
    return Walk(nora, ines, guest, tmp_path, time_machine, monday)


@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.both_engines), 375])
def test_an_engagement_goes_from_the_first_thought_to_the_export(walk: Walk, capsys: Any) -> None:
    for chapter in CHAPTERS:
        began = monotonic()
        chapter(walk)
        walk.said.append(f"{chapter.__name__}: {monotonic() - began:.1f} s")
    with capsys.disabled():
        print("", *walk.said, sep="\n")
