"""A backup holds everything as of one moment, and comes back equal, row by row and file by file, or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from handsel.cli.backup import form
from handsel.cli.backup.restoring import restore
from handsel.cli.backup.writing import write_backup
from handsel.core import checks, guards, stores, writes
from handsel.core.files import key_of
from handsel.mail.importing import import_mbox
from handsel.people.models import Business, Person
from handsel.values.refusals import Refusal
from tests.cli.installation import Installation, migrated
from tests.cli.telling import answered, refused, say
from tests.cli.test_commands import MBOX
from tests.front import exports
from tests.front.exports import two_providers
from tests.stories import owner_of

Change = Callable[[dict[str, bytes]], dict[str, bytes]]
_QUIET: Callable[[int, int], None] = lambda done, most: None  # noqa: E731


@pytest.fixture
def data(tmp_path: Path, settings: Any) -> Path:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return tmp_path / "data"


@pytest.fixture
def business(db: None, data: Path, tmp_path: Path) -> exports.Business:
    """A business with papers, files, mail, and a mailbox file that waits to be read."""
    business = two_providers()
    (tmp_path / "mail.mbox").write_bytes(MBOX)
    import_mbox(tmp_path / "mail.mbox", business.owner.slug)
    (data / "spool").mkdir()
    (data / "spool" / f"{'ab' * 16}.mbox").write_bytes(MBOX)
    (data / "secret-key").write_text("the key that signs")
    connection.check_constraints()
    return business


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {table.name: list(table.rows()) for table in form.tables_after(form.steps_done()).values()}


def files_of(folder: Path) -> dict[str, str]:
    """Every file of a data folder with its SHA-256; but the database, the lock and what was kept aside."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock" and "sqlite3" not in path.name and path.suffix != ".backup"
    }


def rewritten(file: Path, change: Change, fit: bool = False) -> Path:
    """The same backup with some of its parts changed. fit: the manifest's hash of itself is made to fit, too."""
    parts = change(exports.content(file))
    if fit:
        parts[form.MANIFEST_HASH] = f"{hashlib.sha256(parts[form.MANIFEST]).hexdigest()}  manifest.json\n".encode()
    return exports.written(parts, file.with_name("changed.backup"))


def stated(**changes: Any) -> Change:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        return {**parts, form.MANIFEST: json.dumps({**json.loads(parts[form.MANIFEST]), **changes}).encode()}

    return change


# ---------------------------------------------------------------- back and forth


def test_what_is_restored_is_equal_row_by_row_and_file_by_file(
    business: exports.Business, data: Path, tmp_path: Path, settings: Any
) -> None:
    file = tmp_path / "all.backup"
    made = answered("backup", file)
    rows, files = everything(), files_of(data)
    assert made["rows"] == sum(map(len, rows.values())) and made["files"] == len(files) - 1 and made["missing"] == []
    settings.DATA = tmp_path / "elsewhere"
    settings.DATA.mkdir()
    done = answered("restore", file, "--replace")
    assert everything() == rows
    assert files_of(settings.DATA) == files
    assert (done["rows"], done["files"], done["broken"]) == (made["rows"], made["files"], [])


def test_after_a_restore_the_guards_stand_the_trail_verifies_and_the_owner_works_on(
    business: exports.Business, tmp_path: Path
) -> None:
    write_backup(tmp_path / "all.backup", _QUIET)
    restore(tmp_path / "all.backup", True, _QUIET)
    assert guards.missing(connection) == []
    assert [said for find in checks.all_checks().values() for said in find()] == []
    exports.worked(business.ines, 600)
    assert owner_of("Another", "maeve@soaps.example", "Maeve").business_id


def test_what_was_here_before_is_kept_aside_and_can_be_put_back(
    business: exports.Business, data: Path, tmp_path: Path
) -> None:
    write_backup(tmp_path / "all.backup", _QUIET)
    owner_of("Came later", "maeve@soaps.example", "Maeve")
    connection.check_constraints()
    rows = everything()
    done = restore(tmp_path / "all.backup", True, _QUIET)
    assert not Business.objects.filter(name="Came later").exists()
    connection.check_constraints()
    restore(Path(done.kept_aside), True, _QUIET)
    assert everything() == rows


def test_a_backup_is_readable_by_its_owner_alone_and_holds_the_key_that_signs(
    business: exports.Business, tmp_path: Path
) -> None:
    write_backup(tmp_path / "all.backup", _QUIET)
    assert (tmp_path / "all.backup").stat().st_mode & 0o077 == 0
    assert exports.content(tmp_path / "all.backup")["secret-key"] == b"the key that signs"


def test_the_manifest_names_version_steps_rows_and_the_hash_of_each_part(
    business: exports.Business, tmp_path: Path
) -> None:
    write_backup(tmp_path / "all.backup", _QUIET)
    parts = exports.content(tmp_path / "all.backup")
    manifest = json.loads(parts[form.MANIFEST])
    assert {part["path"]: part["sha256"] for part in manifest["parts"]} == {
        name: hashlib.sha256(text).hexdigest() for name, text in parts.items() if not name.startswith("manifest.")
    }
    assert ["core", "0001_initial"] in manifest["migrations"] and manifest["engine"] == connection.vendor
    assert manifest["tables"]["people_business"]["rows"] == 1


def test_no_table_of_the_database_is_forgotten(db: None) -> None:
    mirrors = tuple(guard.other for guard in guards.registered() if isinstance(guard, guards.Mirrors))
    there = {name for name in connection.introspection.table_names() if not name.startswith(mirrors)}  # filled anew
    assert there - {"django_migrations"} == set(form.tables_after(form.steps_done()))  # the steps stand in the manifest


def test_a_file_that_is_missing_here_is_named_and_stops_nothing(business: exports.Business, tmp_path: Path) -> None:
    digest = hashlib.sha256(b"Three candles on a shelf").hexdigest()
    stores.chosen().remove(key_of(digest))
    assert answered("backup", tmp_path / "all.backup")["missing"] == [f"files/{digest}"]
    assert answered("restore", tmp_path / "all.backup", "--replace")["missing"] == [f"files/{digest}"]


@pytest.mark.django_db(transaction=True)
def test_it_is_taken_as_of_one_moment_while_others_write(data: Path, tmp_path: Path) -> None:
    business = two_providers()
    before = {name: len(rows) for name, rows in everything().items()}
    wrote: list[str] = []

    def write_meanwhile(done: int, most: int) -> None:
        if not wrote:
            wrote.append("now")
            in_a_thread_of_its_own(lambda: exports.worked(business.ines, 600))

    write_backup(tmp_path / "all.backup", write_meanwhile)
    manifest = json.loads(exports.content(tmp_path / "all.backup")[form.MANIFEST])
    assert wrote and {name: table["rows"] for name, table in manifest["tables"].items()} == before
    restore(tmp_path / "all.backup", True, _QUIET)
    assert {name: len(rows) for name, rows in everything().items()} == before


def in_a_thread_of_its_own(act: Callable[[], object]) -> None:
    def body() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()


# ---------------------------------------------------------------- what is refused, and nothing lost


def flipped(prefix: str) -> Change:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        name = next(name for name in parts if name.startswith(prefix))
        middle = len(parts[name]) // 2
        text = parts[name][:middle] + bytes([parts[name][middle] ^ 1]) + parts[name][middle + 1 :]
        return {**parts, name: text}

    return change


def without(prefix: str) -> Change:
    return lambda parts: {name: text for name, text in parts.items() if not name.startswith(prefix)}


PARTS = ["tables/core_event", "files/", "mail/", "spool/", "secret-key", "manifest.json", "manifest.sha256"]
BAD: dict[str, tuple[Change, bool, str]] = {
    **{f"changed {part}": (flipped(part), False, "was changed") for part in PARTS},
    **{f"without {part}": (without(part), False, "whole") for part in PARTS[:5]},
    "more in it": (lambda parts: {**parts, "files/more": b"x"}, False, "files/more was put in"),
    "of a newer version": (stated(migrations=[["core", "9999_later"]], handsel="9.0"), True, "made by Handsel 9.0"),
    "of a newer form": (stated(version=2), True, "newer"),
    "of another program": (stated(format="other"), True, "no backup of Handsel"),
    "with a manifest that makes no sense": (stated(parts=3), True, "cannot be read"),
    "with a table that we do not know": (stated(tables={}), True, "could not be restored"),
    "with another count of rows": (
        lambda parts: stated(
            tables={
                name: {**table, "rows": table["rows"] + (name == "core_event")}
                for name, table in json.loads(parts[form.MANIFEST])["tables"].items()
            }
        )(parts), True, "rows where",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One backup for all that only change it."""
    from django.conf import settings
    from django.db import transaction

    folder, data = tmp_path_factory.mktemp("whole"), settings.DATA
    settings.DATA = folder / "data"
    with django_db_blocker.unblock(), transaction.atomic():
        business.__wrapped__(None, data_folder(folder), folder)  # type: ignore[attr-defined]
        write_backup(folder / "all.backup", _QUIET)
        transaction.set_rollback(True)
    settings.DATA = data
    return folder / "all.backup"


def data_folder(folder: Path) -> Path:
    (folder / "data").mkdir()
    return folder / "data"


@contextmanager
def untouched(data: Path) -> Iterator[None]:
    """Rows and files are the same after as before, and so are the guards."""
    connection.check_constraints()
    rows, files = everything(), files_of(data)
    yield
    assert everything() == rows and files_of(data) == files
    assert guards.missing(connection) == []


@pytest.mark.parametrize("what", BAD)
def test_a_backup_that_is_not_as_it_was_written_is_refused(
    db: None, data: Path, whole: Path, tmp_path: Path, what: str
) -> None:
    change, fit, words = BAD[what]
    (tmp_path / "all.backup").write_bytes(whole.read_bytes())
    owner_of()
    with untouched(data):
        refused(say("restore", rewritten(tmp_path / "all.backup", change, fit), "--replace"), words)


@pytest.mark.parametrize("part", [0, 10, 0.3, 0.9, -1])
def test_a_backup_that_was_cut_short_is_refused(db: None, data: Path, whole: Path, tmp_path: Path, part: float) -> None:
    text = whole.read_bytes()
    (tmp_path / "cut.backup").write_bytes(text[: int(part * len(text)) if 0 < part < 1 else int(part)])
    with untouched(data):
        refused(say("restore", tmp_path / "cut.backup"), "cut short, or is another file", "Nothing was changed")


def test_a_place_that_is_not_empty_is_refused(db: None, data: Path, whole: Path) -> None:
    owner_of()
    with untouched(data):
        refused(say("restore", whole), "something here already: a business", "--replace")


def test_a_folder_with_files_of_somebody_is_refused(db: None, data: Path, whole: Path) -> None:
    (data / "files").mkdir()
    (data / "files" / "x").touch()
    with untouched(data):
        refused(say("restore", whole), "files that were kept", "--replace")


def test_nothing_is_restored_while_handsel_runs(db: None, data: Path, whole: Path) -> None:
    from handsel.core.locks import serving_lock

    with untouched(data), serving_lock():
        refused(say("restore", whole), "Handsel is running", "Stop it")


def test_a_backup_is_taken_while_handsel_runs(db: None, data: Path, tmp_path: Path) -> None:
    from handsel.core.locks import serving_lock

    with serving_lock():
        assert say("backup", tmp_path / "all.backup").exit_code == 0


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_name_that_cannot_be_used_is_refused(db: None, data: Path, tmp_path: Path, command: str) -> None:
    (tmp_path / "there").touch()
    for file in (tmp_path / "no" / "x", tmp_path / "there" / "x", tmp_path, tmp_path / ("x" * 300)):
        refused(say(command, file))
    refused(say("backup", tmp_path / "there"), "There is a file", "Choose another name")
    assert (tmp_path / "there").read_bytes() == b""


def test_a_folder_that_may_not_be_written_is_refused(db: None, data: Path, tmp_path: Path) -> None:
    with as_nobody(), pytest.raises(Refusal, match=r"folder .* cannot be used: Permission denied\. .*rights"):
        write_backup(tmp_path / "all.backup", _QUIET)
    assert not (tmp_path / "all.backup").exists()


def test_a_full_disk_is_refused_and_leaves_no_piece(
    business: exports.Business, data: Path, tmp_path: Path, whole: Path, settings: Any
) -> None:
    with at_most(5_000):
        refused(say("backup", tmp_path / "all.backup"), "could not be written: File too large", "goes on as before")
    assert not list(tmp_path.glob("*all.backup*"))
    with untouched(data), at_most(5_000):
        settings.DATA = tmp_path / "elsewhere"
        with pytest.raises(Refusal, match="Nothing was changed|goes on as before"):
            restore(whole, True, _QUIET)
        assert [path for path in settings.DATA.rglob("*") if path.is_file() and path.name != "lock"] == []


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """No file of this process grows beyond this size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Whoever may do everything may do nothing special inside."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


# ---------------------------------------------------------------- whole installations


def test_a_whole_installation_moves_to_another_folder(whole: Path, tmp_path: Path, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), migrated(tmp_path / "new") as new:
        done = new.say("restore", str(whole), "--json")
        assert done.returncode == 0, done.stderr
        assert new.say("backup", str(tmp_path / "again.backup")).returncode == 0
    assert tables(tmp_path / "again.backup") == tables(whole)


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_an_older_version_is_brought_to_this_one(data: Path, tmp_path: Path) -> None:
    call_command("migrate", "talk", "0001", verbosity=0)
    try:
        with writes.migrating():
            old = form.tables_after(form.steps_done())["people_person"].model
            old._base_manager.create(name="Ann", mail="ann@wick.example")
        write_backup(tmp_path / "old.backup", _QUIET)
        refused(say("restore", tmp_path / "old.backup"), "a database of another version")
        assert ["talk", "0002_subscriptions"] not in json.loads(
            exports.content(tmp_path / "old.backup")[form.MANIFEST]
        )["migrations"]  # fmt: skip
    finally:
        call_command("migrate", verbosity=0)
    refused(say("restore", tmp_path / "old.backup", "--replace"), "of an older version")
    with writes.migrating():
        Person.objects.all().delete()
    assert say("restore", tmp_path / "old.backup").exit_code == 0
    assert list(Person.objects.values_list("name", flat=True)) == ["Ann"]
    assert say("check").stdout == "All is as it must be.\n"


@pytest.mark.one_engine("postgresql")  # and from there to SQLite and back
@pytest.mark.django_db
def test_a_backup_moves_from_one_engine_to_the_other_and_back(business: exports.Business, tmp_path: Path) -> None:
    write_backup(tmp_path / "all.backup", _QUIET)
    small = Installation(tmp_path / "small")
    done = small.say("restore", str(tmp_path / "all.backup"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "small" / "handsel.sqlite3").exists()
    assert small.say("check").stdout == "All is as it must be.\n"
    assert small.say("backup", str(tmp_path / "small.backup")).returncode == 0
    assert tables(tmp_path / "small.backup") == tables(tmp_path / "all.backup")
    rows = everything()
    restore(tmp_path / "small.backup", True, _QUIET)
    assert everything() == rows


def tables(file: Path) -> dict[str, list[Any]]:
    """The rows of every table in a backup."""
    with zipfile.ZipFile(file) as archive:
        return {
            name[7:-6]: [json.loads(line) for line in archive.read(name).splitlines()]
            for name in archive.namelist()
            if name.startswith("tables/")
        }
