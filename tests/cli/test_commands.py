"""Each command says in one sentence what is wrong and how to mend it, and ends with code 1."""

import json
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cli.installation import Installation, fresh

MBOX = b"""From nora@larkspur.example Mon Jan  5 09:00:00 2026
From: Ada <ada@customer.example>
To: nora@larkspur.example
Subject: Where is my parcel
Date: Mon, 5 Jan 2026 09:00:00 +0000
Message-ID: <one@customer.example>

Where is my parcel?

"""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with fresh(tmp_path_factory.mktemp("installation")) as installation:
        assert installation.say("migrate").returncode == 0
        yield installation


@pytest.fixture
def nothing(tmp_path: Path) -> Installation:
    """An installation that is never reached: the fault lies before its database."""
    return Installation(tmp_path / "data")


def refused(done: object, *parts: str) -> None:
    said = f"{done.stdout}{done.stderr}"  # type: ignore[attr-defined]
    assert done.returncode == 1, said  # type: ignore[attr-defined]
    assert "Traceback" not in said
    for part in parts:
        assert part in said


@pytest.mark.parametrize("command", ["", "run", "web", "worker", "migrate", "check", "create-owner", "import-mail"])
def test_every_command_explains_itself(command: str, nothing: Installation) -> None:
    done = nothing.say(*filter(None, [command]), "--help")
    assert (done.returncode, done.stdout.splitlines()[0][:6]) == (0, "Usage:")
    assert not nothing.folder.exists()


def test_a_migrated_installation_is_as_it_must_be(migrated: Installation) -> None:
    done = migrated.say("check")
    assert (done.returncode, done.stdout) == (0, "All is as it must be.\n")


def test_an_owner_is_made_with_a_link_that_stands_on_the_last_line(migrated: Installation) -> None:
    done = migrated.say("create-owner", "nora@larkspur.example", "--business", "Larkspur Candles")
    assert done.returncode == 0, done.stderr
    slug, link = done.stdout.splitlines()[-2:]
    assert slug == "larkspur-candles"
    assert link.startswith("http://127.0.0.1:8000/")


def test_a_mail_address_that_is_none_makes_no_owner(migrated: Installation) -> None:
    refused(
        migrated.say("create-owner", "nora", "--business", "Larkspur"), "“nora” is no mail address.", "name@example.com"
    )
    refused(migrated.say("create-owner", "nora@larkspur.example", "--business", " "), "needs a name", "--business NAME")


def test_a_mailbox_is_read_once_and_its_figures_stand_on_the_last_line(migrated: Installation, tmp_path: Path) -> None:
    slug = migrated.say("create-owner", "ada@wick.example", "--business", "Wick").stdout.splitlines()[-2]
    (tmp_path / "mail.mbox").write_bytes(MBOX)
    first, second = (
        json.loads(
            migrated.say("import-mail", str(tmp_path / "mail.mbox"), "--business", slug, *more).stdout.splitlines()[-1]
        )
        for more in ([], ["--json"])
    )
    assert first == {"messages": 1, "new": 1, "conversations": 1, "refused": []}
    assert (second["messages"], second["new"]) == (1, 0)


def test_a_mailbox_for_a_business_that_does_not_exist_is_refused(migrated: Installation, tmp_path: Path) -> None:
    (tmp_path / "mail.mbox").write_bytes(MBOX)
    refused(migrated.say("import-mail", str(tmp_path / "mail.mbox"), "--business", "nobody"), "business")


def test_a_mailbox_with_the_line_ends_of_old_macs_is_refused(migrated: Installation, tmp_path: Path) -> None:
    slug = migrated.say("create-owner", "mac@larkspur.example", "--business", "Old Mac").stdout.splitlines()[-2]
    (tmp_path / "mail.mbox").write_bytes((MBOX + b"\n" + MBOX).replace(b"\n", b"\r"))
    done = migrated.say("import-mail", str(tmp_path / "mail.mbox"), "--business", slug)
    refused(done, "end as on old Macs", "from CR into LF")


def test_a_mail_file_that_does_not_exist_is_refused(nothing: Installation) -> None:
    refused(nothing.say("import-mail", "/no/such/file", "--business", "x"), "cannot be read", "No such file")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(Installation(tmp_path / "file").say("check"), "cannot be written", "HANDSEL_DATA=")


def test_a_wrong_database_address_is_named(nothing: Installation) -> None:
    refused(nothing.say("check", HANDSEL_DATABASE_URL="mysql://x"), "HANDSEL_DATABASE_URL must look like")
    away = "postgresql://nora:secret@127.0.0.1:1/handsel"
    done = nothing.say("check", HANDSEL_DATABASE_URL=away)
    refused(done, "handsel at 127.0.0.1:1 does not answer", "HANDSEL_DATABASE_URL")
    assert "secret" not in done.stdout + done.stderr


def test_a_wrong_mail_server_is_named(nothing: Installation) -> None:
    refused(nothing.say("check", HANDSEL_SMTP="mail.example.com"), "HANDSEL_SMTP must look like")


def test_a_file_that_is_no_database_is_named(nothing: Installation) -> None:
    nothing.folder.mkdir()
    (nothing.folder / "handsel.sqlite3").write_bytes(b"no database at all, but long enough to be read as one" * 40)
    refused(nothing.say("check"), "handsel.sqlite3 cannot be opened", "last copy")


def test_nothing_is_served_on_a_database_of_another_day(nothing: Installation) -> None:
    for command in ("web", "worker", "check"):
        refused(nothing.say(command), "steps behind this version", "handsel migrate")


def test_nothing_is_served_while_a_guard_is_missing(migrated: Installation) -> None:
    _drop_a_guard(migrated)
    for command in ("web", "worker", "check"):
        refused(migrated.say(command), "core_event_kept_update", "handsel migrate")
    migrated.say("migrate")
    assert migrated.say("check").returncode == 0


def test_a_port_in_use_is_named_and_another_one_offered(nothing: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in ("run", "web"):
            refused(nothing.say(command, "--port", str(port)), f"Port {port} on 127.0.0.1 is in use", "--port")


def test_an_address_that_this_machine_has_not_is_named(nothing: Installation) -> None:
    refused(nothing.say("run", "--host", "203.0.113.7"), "no address 203.0.113.7")


def _drop_a_guard(installation: Installation) -> None:
    if installation.database:
        with psycopg.connect(installation.database, autocommit=True) as line:
            line.execute("DROP TRIGGER core_event_kept_update ON core_event")
        return
    line_ = sqlite3.connect(installation.folder / "handsel.sqlite3")
    line_.execute("DROP TRIGGER core_event_kept_update")
    line_.close()
