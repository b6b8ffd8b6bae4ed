"""What is looked at before it starts: a sentence with its mend, or a warning where it can run all the same."""

from __future__ import annotations

import shutil
import socket
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from handsel.cli import ground
from handsel.core import writes
from handsel.core.models import Event
from handsel.values.refusals import Refusal
from tests.cli.installation import Installation
from tests.cli.telling import refused
from tests.stories import SignedEngagement

Disk = namedtuple("Disk", "total used free")


def test_a_misspelt_variable_stops_the_start_and_names_the_one_that_was_meant(tmp_path: Path) -> None:
    done = Installation(tmp_path).say("check", HANDSEL_DATABSE_URL="postgresql://shop@127.0.0.1/handsel")
    refused(done, "There is no variable HANDSEL_DATABSE_URL; the nearest is HANDSEL_DATABASE_URL.", "Set that one")
    assert list(tmp_path.iterdir()) == [tmp_path / "secret-key"]


def test_a_wrong_value_stops_the_start(tmp_path: Path) -> None:
    refused(Installation(tmp_path).say("check", HANDSEL_PROXIES="some"), "HANDSEL_PROXIES must be a whole number")


def test_a_full_disk_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Disk(2**30, 2**30 - 2**20, 2**20))
    with pytest.raises(Refusal, match="is full: 1 MB are free. Free at least 64 MB"):
        ground._check_folder(tmp_path)


def test_all_is_well_without_a_word(db: None) -> None:
    assert list(ground.doubts()) == []


def test_a_clock_that_stands_before_the_newest_event_is_a_warning(engagement: SignedEngagement) -> None:
    assert list(ground.doubts()) == []
    with writes.migrating():
        newest = Event.objects.order_by("-id").first()
        assert newest is not None
        Event.objects.create(
            chain_id=newest.chain_id, number=newest.number + 1, at=timezone.now() + timedelta(days=2), verb="work.logged",
            way="page", side="owner", thing_kind="timeentry", thing_id=newest.thing_id, facts_hash="0", link="0",
        )  # fmt: skip
    (said,) = ground.doubts()
    assert "Set the clock right" in said


def test_a_mail_server_that_does_not_answer_is_a_warning(db: None, settings: Any) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, and never listening
        settings.MAIL_SERVER = {"host": "127.0.0.1", "port": closed.getsockname()[1]}
        (said,) = ground.doubts()
    assert "does not answer" in said and "Mail waits" in said


def test_a_mail_server_that_answers_is_none(db: None, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.MAIL_SERVER = {"host": "127.0.0.1", "port": server.getsockname()[1]}
        assert list(ground.doubts()) == []


def test_an_address_with_https_and_no_proxy_is_a_warning(db: None, settings: Any) -> None:
    settings.ADDRESS = "https://handsel.example"
    (said,) = ground.doubts()
    assert "HANDSEL_PROXIES=1" in said
    settings.PROXIES = 1
    assert list(ground.doubts()) == []
