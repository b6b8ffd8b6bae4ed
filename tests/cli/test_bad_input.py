"""Whatever is given to a command, it answers with a sentence: no traceback, and nothing half done."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as of_the_process
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handsel.cli import ground
from handsel.cli.backup.writing import write_backup
from handsel.core.models import Event
from handsel.front.export import verify
from handsel.mail.importing import import_mbox
from handsel.people.models import Business, Person
from handsel.values.refusals import Refusal
from tests.cli.installation import Installation
from tests.cli.telling import refused, say
from tests.cli.test_commands import MBOX
from tests.front import exports
from tests.front.exports import two_providers

few = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
fewer = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a backup and the export of each side; what they come from is rolled back."""
    folder = tmp_path_factory.mktemp("written")
    before, of_the_process.DATA = of_the_process.DATA, folder / "data"
    of_the_process.DATA.mkdir()
    with django_db_blocker.unblock(), transaction.atomic():
        business = two_providers()
        (folder / "mail.mbox").write_bytes(MBOX)
        import_mbox(folder / "mail.mbox", business.owner.slug)
        exports.exported(business.owner, folder)
        write_backup(folder / "all.backup", lambda done, most: None)
        transaction.set_rollback(True)
    of_the_process.DATA = before
    return folder


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return tmp_path


def tried(folder: Path, content: bytes, *words: object, named: str = "given.zip") -> None:
    """A command is given this file: it ends with a sentence, and where it refuses, nothing is here."""
    (folder / named).write_bytes(content)
    with transaction.atomic():
        done = say(*words[:1], folder / named, *words[1:])
        assert done.exit_code in {0, 1, 2} and "Traceback" not in done.output
        if done.exit_code:
            assert done.output.strip()
            assert not Business.objects.exists() and not Person.objects.exists() and not Event.objects.exists()
        transaction.set_rollback(True)


@st.composite
def harmed(draw: Callable[[st.SearchStrategy[Any]], Any], whole: bytes) -> bytes:
    """A file after something happened to it: cut, a byte changed, some put in, a piece twice."""
    start = draw(st.integers(0, len(whole) - 1))
    end = draw(st.integers(start, min(len(whole), start + 400)))
    how = draw(st.sampled_from(["cut", "changed", "put in", "taken out", "twice", "zeroed"]))
    new = {
        "cut": whole[:start],
        "changed": whole[:start] + bytes([whole[start] ^ draw(st.integers(1, 255))]) + whole[start + 1 :],
        "put in": whole[:start] + draw(st.binary(max_size=20)) + whole[start:],
        "taken out": whole[:start] + whole[end:],
        "twice": whole[:end] + whole[start:],
        "zeroed": whole[:start] + bytes(end - start) + whole[end:],
    }[how]
    return new if new != whole else whole[:-1]


def rezipped(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


@st.composite
def other_manifest(draw: Callable[[st.SearchStrategy[Any]], Any], whole: Path) -> bytes:
    """A file whose manifest says something else somewhere, and whose hash fits: no accident makes that."""
    parts = exports.content(whole)
    manifest = json.loads(parts["manifest.json"])
    place: Any = manifest
    for _ in range(draw(st.integers(1, 4))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place))) if isinstance(place, list) else []
        if not keys:
            break
        key = draw(st.sampled_from(keys[:12]))
        if draw(st.booleans()) or not isinstance(place[key], (dict, list)):
            place[key] = draw(anything)
            break
        place = place[key]
    text = json.dumps(manifest).encode()
    fitting = f"{hashlib.sha256(text).hexdigest()}  manifest.json\n".encode()
    return rezipped({**parts, "manifest.json": text, "manifest.sha256": fitting})


@st.composite
def other_row(draw: Callable[[st.SearchStrategy[Any]], Any], whole: Path) -> bytes:
    """An export in which a value of a row is another, and every hash fits."""
    parts = exports.content(whole)
    table = draw(st.sampled_from(sorted(name[7:-6] for name in parts if name.startswith("tables/") and parts[name])))
    row = json.loads(parts[f"tables/{table}.jsonl"].splitlines()[0])
    name, value = draw(st.sampled_from(sorted(row))), draw(anything)
    changed = exports.repaired(whole, table, lambda row: row.update({name: value}))
    return changed.read_bytes()


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("command", ["import", "restore"])
@few
@given(content=st.binary(max_size=300))
def test_a_file_of_anything_is_refused(here: Path, command: str, content: bytes) -> None:
    tried(here, content, command)


@pytest.mark.parametrize(("command", "name"), [("import", "owner.zip"), ("restore", "all.backup")])
@few
@given(data=st.data())
def test_a_file_that_was_harmed_comes_in_whole_or_not_at_all(
    here: Path, written: Path, command: str, name: str, data: st.DataObject
) -> None:
    """A byte between two members of a zip means nothing; everything else is refused."""
    tried(here, data.draw(harmed((written / name).read_bytes())), command)


@pytest.mark.parametrize(("command", "name"), [("import", "owner.zip"), ("restore", "all.backup")])
@fewer
@given(data=st.data())
def test_a_manifest_that_makes_no_sense_is_refused(
    here: Path, written: Path, command: str, name: str, data: st.DataObject
) -> None:
    tried(here, data.draw(other_manifest(written / name)), command)


@fewer
@given(data=st.data())
def test_a_row_that_makes_no_sense_is_refused(here: Path, written: Path, data: st.DataObject) -> None:
    tried(here, data.draw(other_row(written / "owner.zip")), "import")


@fewer
@given(data=st.data())
def test_the_verifier_says_a_sentence_of_whatever_it_reads(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], data: st.DataObject
) -> None:
    whole = written / "owner.zip"
    some = st.one_of(st.binary(max_size=300), harmed(whole.read_bytes()), other_manifest(whole), other_row(whole))
    (tmp_path / "x.zip").write_bytes(data.draw(some))
    assert verify.main([str(tmp_path / "x.zip")]) in {0, 1, 2}
    assert capsys.readouterr().out.strip()


@few
@given(content=st.binary(max_size=400) | harmed(MBOX * 3))
def test_a_mailbox_of_anything_is_read_or_refused(here: Path, content: bytes) -> None:
    from tests.stories import owner_of

    (here / "given.mbox").write_bytes(content)
    with transaction.atomic():
        slug = owner_of().slug
        done = say("import-mail", here / "given.mbox", "--business", slug)
        assert done.exit_code in {0, 1} and "Traceback" not in done.output and done.output.strip()
        transaction.set_rollback(True)


# ---------------------------------------------------------------- words


WORDED: list[tuple[str, ...]] = [
    ("create-owner", "{}", "--business", "{}"), ("export", "{}", "--business", "{}", "--side", "owner"),
    ("import-mail", "{}", "--business", "{}"), ("mine", "--business", "{}"), ("trail", "verify", "--business", "{}"),
    ("restore", "{}"), ("import", "{}"), ("web", "--port", "{}"), ("nothing", "{}"), ("{}",),
]  # fmt: skip


@pytest.mark.parametrize("command", WORDED, ids=lambda command: " ".join(command))
@fewer
@given(word=words)
def test_words_of_any_kind_are_answered(here: Path, command: tuple[str, ...], word: str) -> None:
    if (command[0] == "web" and word.strip().isdigit()) or (command[0] == "{}" and not word.strip()):
        return  # it would serve, or show its help
    with transaction.atomic():
        done = say(*(word if part == "{}" else part for part in command))
        assert done.exit_code in {0, 1, 2} and "Traceback" not in done.output
        transaction.set_rollback(True)


@few
@given(host=words, port=st.integers(1, 65535))
def test_an_address_of_any_kind_can_be_listened_on_or_is_refused(host: str, port: int) -> None:
    try:
        ground.check_port(host, port)
    except Refusal as refusal:
        assert refusal.mend


@few
@given(address=words)
def test_a_database_address_of_any_kind_is_understood_or_refused(address: str) -> None:
    from handsel.config import environment

    try:
        assert environment.database({"HANDSEL_DATABASE_URL": address, "HANDSEL_DATA": "/nowhere"})["ENGINE"]
    except ValueError as fault:
        assert "HANDSEL_DATABASE_URL" in str(fault)


# ---------------------------------------------------------------- what lies outside


COMMANDS = [
    ("check",), ("backup", "x.backup"), ("restore", "x.backup"), ("import", "x.zip"), ("trail", "verify"), ("reindex",),
    ("ledger", "verify"), ("mine", "--business", "x"), ("worker",), ("demo",), ("migrate",),
    ("export", "x.zip", "--business", "x", "--side", "owner"), ("create-owner", "a@b.example", "--business", "x"),
]  # fmt: skip


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database does not answer, whatever the engine."""
    from django.db import OperationalError, connection

    def refuses(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", refuses)
    monkeypatch.setattr(ground, "_knock", refuses)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_a_database_that_does_not_answer_is_named_by_every_command(away: None, command: tuple[str, ...]) -> None:
    refused(say(*command), "connection refused", "HANDSEL_DATA")


@pytest.mark.parametrize("command", [("backup", "x.backup"), ("trail", "verify"), ("reindex",), ("check",)])
def test_a_database_that_gives_way_in_the_middle_is_a_sentence(
    here: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    from django.db import OperationalError

    from handsel.cli.backup import form
    from handsel.core.models import Chain

    def malformed(*_: object, **__: object) -> None:
        raise OperationalError("database disk image is malformed")

    monkeypatch.chdir(here)
    monkeypatch.setattr(form.Table, "rows", malformed)
    monkeypatch.setattr(Chain.objects, "values_list", malformed)
    monkeypatch.setattr(Chain.objects, "filter", malformed)
    refused(say(*command), "gave way in the middle of it: database disk image is malformed", "handsel check")
    assert not list(here.glob("*.backup"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_a_folder_that_may_not_be_written_is_named_by_every_command(
    settings: Any, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    settings.DATA = tmp_path / "file" / "data"
    refused(say(*command), "data folder cannot be written", "HANDSEL_DATA=")


def test_a_name_that_no_writing_system_spells_is_refused(tmp_path: Path) -> None:
    """A file name is bytes, and need not be UTF-8."""
    installation = Installation(tmp_path / "data")
    refused(installation.say("import-mail", "no-\udcff-name", "--business", "x"), "cannot be read")
