"""What a backup looks like: a zip of rows (JSON Lines, one array per row), kept files, mail, and a manifest.

Rows are spelled as the program reads them, not as one engine stores them, so a backup of SQLite restores on PostgreSQL
and the other way round.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from handsel.core.spelling import plain, reader

FORMAT, VERSION = "handsel-backup", 1
MANIFEST, MANIFEST_HASH = "manifest.json", "manifest.sha256"
SECRET_KEY = "secret-key"  # noqa: S105 - the name of a file
FILES, MAIL, SPOOL, TABLES = "files/", "mail/", "spool/", "tables/"

_AT_ONCE = 2000  # rows

Step = tuple[str, str]  # app and name of a migration


class Table:
    """A table as some version of the program knows it."""

    def __init__(self, model: type[models.Model], columns: Sequence[str] = ()) -> None:
        self.model = model
        self.name: str = model._meta.db_table
        named: dict[str, models.Field[Any, Any]] = {str(f.column): f for f in model._meta.concrete_fields}
        self.columns = list(columns or named)
        self.fields = [named[column] for column in self.columns]
        self.readers = [reader(field) for field in self.fields]

    def in_order(self, columns: Sequence[str]) -> "Table":
        """The same table with its columns as a backup lists them."""
        return Table(self.model, columns)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Every row, in the order of its key, piece by piece: a cursor of the server is none that PgBouncer keeps."""
        names = [field.attname for field in self.fields]
        place = names.index(self.model._meta.pk.attname)
        found = self.model._base_manager.order_by("pk").values_list(*names)
        piece = list(found[:_AT_ONCE])
        while piece:
            yield from piece
            piece = list(found.filter(pk__gt=piece[-1][place])[:_AT_ONCE])

    def spelled(self, row: Sequence[Any]) -> bytes:
        """A row as it stands in the backup, without its line end."""
        return json.dumps([plain(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode()

    def stored(self, line: bytes) -> list[Any]:
        """A row as a statement of this engine takes it. Raises ValueError where the line is none."""
        row = json.loads(line)
        if not isinstance(row, list) or len(row) != len(self.fields):
            raise ValueError(f"{self.name}: {len(self.fields)} values are expected in a row")
        return [read(value) for read, value in zip(self.readers, row, strict=True)]


# ---------------------------------------------------------------- versions


def known_steps() -> set[Step]:
    """Every migration that this version knows."""
    return set(MigrationExecutor(connection).loader.disk_migrations or {})


def steps_done() -> list[Step]:
    """The migrations that the database has behind it, in order of their names."""
    return sorted(MigrationExecutor(connection).loader.applied_migrations)


def tables_after(steps: Iterable[Step]) -> dict[str, Table]:
    """Every table as it is after these steps, by its name."""
    return _tables_after(frozenset(steps))


@cache
def _tables_after(done: frozenset[Step]) -> dict[str, Table]:
    executor = MigrationExecutor(connection)
    if done >= set(executor.loader.graph.leaf_nodes()):
        return _tables(apps.get_models(include_auto_created=True))
    state = executor.loader.project_state([node for node in executor.loader.graph.nodes if node in done])
    return _tables(state.apps.get_models(include_auto_created=True))


def _tables(found: Iterable[type[models.Model]]) -> dict[str, Table]:
    own = [Table(model) for model in found if model._meta.managed and not model._meta.proxy]
    return {table.name: table for table in sorted(own, key=lambda table: table.name)}
