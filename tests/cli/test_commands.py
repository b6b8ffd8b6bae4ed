"""Each command says in one sentence what is wrong and how to mend it, and ends with code 1."""

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from handsel.core import guards, writes
from tests.cli.installation import Installation, fresh
from tests.cli.telling import answered, refused, say
from tests.core.processes import ROOT

MBOX = b"""From nora@larkspur.example Mon Jan  5 09:00:00 2026
From: Ada <ada@customer.example>
To: nora@larkspur.example
Subject: Where is my parcel
Date: Mon, 5 Jan 2026 09:00:00 +0000
Message-ID: <one@customer.example>

Where is my parcel?

"""
COMMANDS = [
    "", "run", "web", "worker", "migrate", "check", "create-owner", "import-mail", "demo", "export", "import", "verify",
    "backup", "restore", "trail", "trail verify", "ledger", "ledger verify", "reindex", "mine", "sign-out",
]  # fmt: skip


@pytest.fixture
def nothing(tmp_path: Path) -> Installation:
    """An installation that is never reached: the fault lies before its database."""
    return Installation(tmp_path / "data")


@pytest.fixture
def slug(db: None) -> str:
    return str(answered("create-owner", "nora@larkspur.example", "--business", "Larkspur Candles")["business"])


@pytest.fixture
def mbox(tmp_path: Path) -> Path:
    (tmp_path / "mail.mbox").write_bytes(MBOX)
    return tmp_path / "mail.mbox"


# ---------------------------------------------------------------- in this process


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    done = say(*command.split(), "--help")
    assert (done.exit_code, done.stdout[:6]) == (0, "Usage:")
    assert done.stdout.splitlines()[2].strip(), "it says what it does"


def test_no_command_is_forgotten_here() -> None:
    from handsel.cli.main import main

    shown = {name for name, command in main.commands.items() if not command.hidden}
    assert shown == {command for command in COMMANDS if command and " " not in command}


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in {"", "trail", "ledger"}])
def test_the_readme_names_every_command(command: str) -> None:
    assert f"| `handsel {command}" in (ROOT / "README.md").read_text()


def test_every_command_that_the_page_for_operators_names_is_one() -> None:
    from handsel.cli.main import main

    said = re.findall(r"\bhandsel ([a-z][a-z-]+)", (ROOT / "docs" / "operating.md").read_text())
    assert set(said) <= set(main.commands)


def test_a_migrated_installation_is_as_it_must_be(db: None) -> None:
    done = say("check")
    assert (done.exit_code, done.stdout) == (0, "All is as it must be.\n")
    assert answered("check") == {"findings": []}


def test_an_owner_is_made_with_a_link_that_stands_on_the_last_line(db: None) -> None:
    done = say("create-owner", "nora@larkspur.example", "--business", "Larkspur Candles")
    assert done.exit_code == 0, done.stderr
    slug, link = done.stdout.splitlines()[-2:]
    assert slug == "larkspur-candles"
    assert link.startswith("http://localhost/in/")


def test_a_mail_address_that_is_none_makes_no_owner(db: None) -> None:
    refused(say("create-owner", "nora", "--business", "Larkspur"), "“nora” is no mail address.", "name@example.com")
    refused(say("create-owner", "nora@larkspur.example", "--business", " "), "needs a name", "--business NAME")


def test_a_refusal_for_a_program_is_one_line_with_its_code(db: None) -> None:
    said = answered("create-owner", "nora", "--business", "Larkspur", code=1)
    assert said["refused"] == "mail_address" and "nora" in said["sentence"] and said["mend"]


def test_a_mailbox_is_read_once_and_its_figures_stand_on_the_last_line(slug: str, mbox: Path) -> None:
    first = json.loads(say("import-mail", mbox, "--business", slug).stdout.splitlines()[-1])
    second = answered("import-mail", mbox, "--business", slug)
    assert first == {"messages": 1, "new": 1, "conversations": 1, "refused": []}
    assert (second["messages"], second["new"]) == (1, 0)


def test_a_mailbox_for_a_business_that_does_not_exist_is_refused(db: None, mbox: Path) -> None:
    refused(say("import-mail", mbox, "--business", "nobody"), "business")


def test_a_mailbox_with_the_line_ends_of_old_macs_is_refused(slug: str, mbox: Path) -> None:
    mbox.write_bytes((MBOX + b"\n" + MBOX).replace(b"\n", b"\r"))
    refused(say("import-mail", mbox, "--business", slug), "end as on old Macs", "from CR into LF")


def test_a_mail_file_that_does_not_exist_is_refused() -> None:
    refused(say("import-mail", "/no/such/file", "--business", "x"), "cannot be read", "No such file")


@pytest.mark.parametrize("command", ["web", "worker", "check"])
def test_nothing_is_served_on_a_database_of_another_day(db: None, command: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'talk'")
    refused(say(command, *(["--port", "1"] if command == "web" else [])), "behind this version", "handsel migrate")


def test_nothing_is_served_while_a_guard_is_missing(db: None) -> None:
    with writes.migrating():
        guards.drop(connection, only="core_event_kept")
    for command in ("web", "worker", "check"):
        refused(say(command), "core_event_kept_update", "handsel migrate")
    call_command("migrate", verbosity=0)
    assert say("check").exit_code == 0


def test_a_port_in_use_is_named_and_another_one_offered() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in ("run", "web"):
            refused(say(command, "--port", port), f"Port {port} on 127.0.0.1 is in use", "--port")


def test_an_address_that_this_machine_has_not_is_named() -> None:
    refused(say("run", "--host", "203.0.113.7"), "no address 203.0.113.7")


# ---------------------------------------------------------------- what lies in the environment: a process of its own


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(Installation(tmp_path / "file").say("check"), "cannot be written", "HANDSEL_DATA=")


def test_asking_for_help_makes_no_folder(nothing: Installation) -> None:
    assert nothing.say("check", "--help").returncode == 0
    assert not nothing.folder.exists()


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


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Installation]:
    with fresh(tmp_path / "data") as installation:
        yield installation


def test_nothing_is_looked_at_before_anything_was_migrated(empty: Installation) -> None:
    refused(empty.say("check"), "steps behind this version", "handsel migrate")
