"""Put a backup in the place of what is here: files first, then every row in one transaction, guards at the end.

Whatever goes wrong, database and files are as they were before.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from handsel.cli.backup import form, reading
from handsel.cli.backup.form import Table
from handsel.cli.backup.reading import Backup
from handsel.cli.backup.writing import Progress, write_backup
from handsel.core import files, guards, stores, trail, writes
from handsel.core.locks import migration_lock
from handsel.core.models import Chain, OutboxItem
from handsel.core.stores import StoreAway
from handsel.core.whole import whole_file
from handsel.values.refusals import Refusal

_AT_ONCE = 1000  # rows
_NOTHING_LOST = "Nothing was changed: what was here is as it was."
_NONSENSE = (
    OSError, DatabaseError, ValidationError, ValueError, ArithmeticError, TypeError, LookupError, AttributeError,
    RecursionError,
)  # fmt: skip
_NAMES = {
    form.FILES: re.compile(r"[0-9a-f]{64}"),
    form.MAIL: re.compile(r"[0-9a-f-]{36}\.pack"),
    form.SPOOL: re.compile(r"[0-9a-f]{32}\.mbox"),
}


@dataclass(frozen=True)
class Restored:
    """What was put back. missing: files that the backup lacked already. broken: faults of the trail, as the backup holds
    them. waiting: mails that go out once Handsel starts. kept_aside: the backup of what was here before, or empty."""

    rows: int
    files: int
    missing: list[str]
    broken: list[str]
    waiting: int
    made_at: str
    handsel: str
    kept_aside: str


def restore(file: Path, replace: bool, progress: Progress) -> Restored:
    """Put the backup in the place of what is here. Raises Refusal, with everything as it was, where it may not be or
    cannot be. replace: where something is here, keep it aside as a backup in the data folder first."""
    with reading.opened(file) as backup:
        _prepare(replace)
        with migration_lock():
            kept_aside = _make_room(backup, replace, progress)
            restoring = _Restoring(backup, progress)
            restoring.restore()
        if not is_of_this_version():
            call_command("migrate", verbosity=0, interactive=False)
    return restoring.restored(kept_aside)


def is_of_this_version() -> bool:
    """Whether the database has every step of this version behind it."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


# ---------------------------------------------------------------- what is here


def _prepare(replace: bool) -> None:
    """Bring an empty database to this version; an old one too, where it is to be replaced."""
    if is_of_this_version():
        return
    if form.steps_done() and not replace:
        raise _not_empty("a database of another version")
    call_command("migrate", verbosity=0, interactive=False)


def _make_room(backup: Backup, replace: bool, progress: Progress) -> str:
    """Where something is here, keep it aside; gives the name of that backup, or nothing."""
    holds = _holds()
    if not holds:
        return ""
    if not replace:
        raise _not_empty(holds)
    if set(form.steps_done()) != set(backup.steps):
        raise Refusal(
            "backup_older", "This backup is of an older version: it comes into an empty installation only.",
            mend="Restore it with another HANDSEL_DATA, and on PostgreSQL into an empty database.",
        )  # fmt: skip
    aside: Path = settings.DATA / f"before-restore-{timezone.now():%Y-%m-%dT%H-%M-%S-%f}.backup"
    write_backup(aside, progress)
    return str(aside)


def _holds() -> str:
    """What is here besides what `migrate` puts there; empty where it is nothing."""
    tables = form.tables_after(form.steps_done())
    for table, words in (("people_business", "a business"), ("people_person", "a person"), ("auth_user", "a log-in")):
        if tables[table].model._base_manager.exists():
            return words
    return "files that were kept" if any(stores.chosen().listed(files.FOLDER)) else ""


def _not_empty(holds: str) -> Refusal:
    return Refusal(
        "place_not_empty", f"There is something here already: {holds}.",
        mend="Restore into an empty folder and database, or add --replace: what is here is kept aside first.",
    )  # fmt: skip


def _not_restored(fault: Exception) -> Refusal:
    said = getattr(fault, "strerror", None) or (str(fault).strip().splitlines() or ["?"])[0]
    return Refusal("not_restored", f"The backup could not be restored: {said}.", mend=_NOTHING_LOST)


# ---------------------------------------------------------------- what is put in its place


@dataclass
class _Restoring:
    """One restore on its way. made: keys in the store under which nothing lay before."""

    backup: Backup
    progress: Progress
    made: list[str] = field(default_factory=list)
    done: int = 0

    def restore(self) -> None:
        try:
            self._restore_files()
            self._restore_rows()
            self._restore_secret()
        except _NONSENSE as fault:
            self._take_back()
            raise _not_restored(fault) from fault
        except BaseException:
            self._take_back()
            raise

    def restored(self, kept_aside: str) -> Restored:
        manifest = self.backup.manifest
        broken = [fault for chain in Chain.objects.order_by("pk") for fault in trail.broken_links(chain.pk)]
        waiting = OutboxItem.objects.filter(state__in=("queued", "trying")).count()
        count = sum(len(self.backup.paths(folder)) for folder in _NAMES)
        return Restored(
            self.backup.rows, count, manifest["missing"], broken, waiting, manifest["made_at"], manifest["handsel"],
            kept_aside,
        )  # fmt: skip

    def _take_back(self) -> None:
        for key in self.made:
            with suppress(OSError, StoreAway):
                stores.chosen().remove(key)

    # ------------------------------------------------------------ files

    def _restore_files(self) -> None:
        for folder, allowed in _NAMES.items():
            for path in self.backup.paths(folder):
                name = path.removeprefix(folder)
                if not allowed.fullmatch(name):
                    raise ValueError(f"{path} is no name of a file")
                self._put(path, files.key_of(name) if folder == form.FILES else path)

    def _put(self, path: str, key: str) -> None:
        """A pack never shrinks: where a longer one lies, it holds these bytes too."""
        store, size = stores.chosen(), self.backup.archive.getinfo(path).file_size
        new = not store.exists(key)
        if not new and path.startswith(form.MAIL) and store.size(key) >= size:
            return
        with self.backup.archive.open(path) as member:
            store.put(key, iter(partial(member.read, 1 << 20), b""), once=False)
        if new:
            self.made.append(key)

    def _restore_secret(self) -> None:
        """The key that signs sessions and links, so that those which are out there go on working."""
        if form.SECRET_KEY in self.backup.archive.namelist():
            with whole_file(settings.DATA / form.SECRET_KEY) as file:
                file.write(self.backup.archive.read(form.SECRET_KEY))

    # ------------------------------------------------------------ rows

    def _restore_rows(self) -> None:
        """Every row of every table, in one transaction; a backup of an older version comes in as it was."""
        with _at(self.backup.steps):
            tables = form.tables_after(self.backup.steps)
            self._refuse_other_tables(tables)
            with writes.migrating(), connection.constraint_checks_disabled(), writes.transaction_in_turn():
                _wait_a_moment_only()
                guards.drop(connection)
                _empty(tables)
                for table in tables.values():
                    self._fill(table)
                connection.check_constraints()
                _set_sequences(tables)
                guards.install(connection)

    def _refuse_other_tables(self, tables: dict[str, Table]) -> None:
        stated = {name: set(table["columns"]) for name, table in self.backup.manifest["tables"].items()}
        known = {table.name: set(table.columns) for table in tables.values()}
        if differing := sorted(name for name in {*stated, *known} if stated.get(name) != known.get(name)):
            raise ValueError(f"its table {differing[0]} is not as this version knows it")

    def _fill(self, table: Table) -> None:
        stated = self.backup.manifest["tables"][table.name]
        ordered = table.in_order(stated["columns"])
        names = ", ".join(connection.ops.quote_name(column) for column in ordered.columns)
        places = ", ".join(["%s"] * len(ordered.columns))
        insert = f"INSERT INTO {connection.ops.quote_name(table.name)} ({names}) VALUES ({places})"  # noqa: S608 - names of ours
        lines = self.backup.lines_of(table.name)
        written = 0
        with connection.cursor() as cursor:
            while rows := [ordered.stored(line) for line in islice(lines, _AT_ONCE)]:
                cursor.executemany(insert, rows)
                written += len(rows)
                self.done += len(rows)
                self.progress(self.done, self.backup.rows)
        if written != stated["rows"]:
            raise ValueError(f"its table {table.name} has {written} rows where {stated['rows']} were counted")


@contextmanager
def _at(steps: list[form.Step]) -> Iterator[None]:
    """The empty database as it was after these steps. Where it cannot be filled so, it is brought back to this version."""
    if set(form.steps_done()) == set(steps):
        yield
        return
    _move(steps)
    try:
        yield
    except BaseException:
        _move(sorted(form.known_steps()))
        raise


def _move(steps: list[form.Step]) -> None:
    """Migrate the empty database, forward or back, until exactly these steps are done."""
    executor = MigrationExecutor(connection)
    graph, wanted = executor.loader.graph, set(steps)
    last = [
        node for node in wanted if not {c.key for c in graph.node_map[node].children if c.key[0] == node[0]} & wanted
    ]
    none = [(app, None) for app in executor.loader.migrated_apps if not any(name == app for name, _ in wanted)]
    with writes.migrating(), guards.aside(connection):
        executor.migrate([*last, *none])


def _wait_a_moment_only() -> None:
    """Somebody may be connected from another machine; then this is refused, and does not hang."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10s'")


def _empty(tables: dict[str, Table]) -> None:
    statements = connection.ops.sql_flush(no_style(), list(tables))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _set_sequences(tables: dict[str, Table]) -> None:
    statements = connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables.values()])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
