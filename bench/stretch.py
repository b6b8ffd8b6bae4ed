"""The sample business, stretched: the rows that its story left are copied in bulk, by SQL alone, past every guard.

A copy has keys of its own, lies some weeks further back, and points to the copies of what its original pointed to: a
settled week has its timesheet, lines, records, charges, claims, postings, transfers, invoice, payment, events and search
entries, under an engagement and of a worker that were copied too. The newest weeks are copied with what waits in them.
Only for measuring: the links of the trail are not made anew.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

YEARS, STEP_DAYS = 5, 77  # a copy of the story's weeks takes eleven
WORKERS = 10  # of each engagement
WEEK, ENGAGEMENT, WORKER = "", "ee", "ffff"  # before the second half of a key: which copy it belongs to


@dataclass(frozen=True)
class Copy:
    """One copy: where it stands (n), how far back it lies, whether it holds what is not settled yet."""

    n: int
    days: int
    whole: bool
    engagement: int = 0
    worker: int = 0


class Mould:
    """The rows of which copies are made. keys: what is copied → its level; everything else is pointed to as it is."""

    def __init__(self) -> None:
        self.draw = random.Random(7)
        self.count = self.lot = 0
        self.base = int(datetime.now(UTC).timestamp() * 1000)
        _run(
            "CREATE TEMP TABLE mould_keys (old varchar(32) PRIMARY KEY, new varchar(40), settled integer, lot integer)"
        )

    def next_lot(self) -> None:
        """What is added from now on is poured by itself; what was added before is only pointed to."""
        self.lot += 1

    def add(self, keys: Iterable[UUID], level: str = WEEK, settled: Collection[UUID] | None = None) -> None:
        """These keys are copied; settled: those that are in every copy, None: all."""
        rows = []
        for key in sorted(keys):
            half = f"7{self.count >> 12:03x}8{self.count & 4095:03x}{self.draw.getrandbits(48):012x}"
            self.count += 1
            rows.append((key.hex, level + half, int(settled is None or key in settled), self.lot))
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO mould_keys VALUES (%s, %s, %s, %s)", rows)

    def tag(self, days: int, n: int) -> str:
        """The first half of a copy's keys: its time."""
        return f"{self.base - days * 86_400_000 - 1_000_000 + n:012x}"

    def plan(self, copies: Sequence[Copy]) -> None:
        """These copies are made by the next `pour`s, the oldest first."""
        _run("DROP TABLE IF EXISTS mould_copies")
        _run("CREATE TEMP TABLE mould_copies (n integer PRIMARY KEY, days integer, whole integer, tag varchar(12), "
             "etag varchar(12), wtag varchar(12))")  # fmt: skip
        back = YEARS * 366
        rows = [
            (n, c.days, int(c.whole), self.tag(c.days, c.n), self.tag(back, c.engagement), self.tag(back, c.worker))
            for n, c in enumerate(sorted(copies, key=lambda c: -c.days))
        ]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO mould_copies VALUES (%s, %s, %s, %s, %s, %s)", rows)

    def pour(self, model: type[models.Model], by: str = "id", order: str = "m.new", **instead: str) -> int:
        """Copy the rows of a table whose `by` is among the keys. instead: SQL for a column, over s (the row, keys as
        text) and k (the copy); `{}` stands for the column. Gives how many rows came."""
        table, columns = model._meta.db_table, model._meta.concrete_fields
        named = ", ".join(f'"{f.column}"' for f in columns)
        _run(f'DROP TABLE IF EXISTS mould_rows; CREATE TEMP TABLE mould_rows AS SELECT {", ".join(_lifted(f) for f in columns)}, '
             f'row_number() OVER (ORDER BY {order}) AS mould_place, m.settled AS mould_settled FROM {table} x '
             f'JOIN mould_keys m ON m.old = {_hex(f"x.{by}")} AND m.lot = {self.lot}')  # fmt: skip
        cells = []
        for f in columns:
            cell = _cell(f)
            cells.append(instead[f.column].replace("{}", cell) if f.column in instead else cell)
        return _run(f'INSERT INTO {table} ({named}) SELECT {", ".join(cells)} FROM mould_copies k CROSS JOIN mould_rows s '
                    "WHERE (k.whole = 1 OR s.mould_settled = 1) ORDER BY k.n, s.mould_place")  # fmt: skip


def _is_key(field: models.Field[Any, Any]) -> bool:
    return field.db_type(connection) in ("uuid", "blob")


def _lifted(field: models.Field[Any, Any]) -> str:
    """A column of the mould: keys as text, of what is copied the second half alone; a row's own key always so."""
    column = f'x."{field.column}"'
    if not _is_key(field):
        return f'{column} AS "{field.column}"'
    if field.primary_key:
        return f'{_own(column)} AS "{field.column}"'
    kept = f"coalesce((SELECT o.new FROM mould_keys o WHERE o.old = {_hex(column)}), {_hex(column)})"
    if field.one_to_one and field.remote_field and field.remote_field.model is field.model:
        kept = f"(SELECT o.new FROM mould_keys o WHERE o.old = {_hex(column)})"
    return f'{kept} AS "{field.column}"'


def _own(column: str) -> str:
    return f"coalesce((SELECT o.new FROM mould_keys o WHERE o.old = {_hex(column)}), substr({_hex(column)}, 13))"


def _hex(column: str) -> str:
    return f"nullif(lower(hex({column})), '')" if connection.vendor == "sqlite" else f"replace({column}::text, '-', '')"


def _cell(field: models.Field[Any, Any]) -> str:
    column, lite = f's."{field.column}"', connection.vendor == "sqlite"
    if _is_key(field):
        whole = (f"CASE length({column}) WHEN 20 THEN k.tag || {column} WHEN 22 THEN k.etag || substr({column}, 3) "
                 f"WHEN 24 THEN k.wtag || substr({column}, 5) ELSE {column} END")  # fmt: skip
        return f"unhex({whole})" if lite else f"({whole})::uuid"
    if isinstance(field, models.DateTimeField):
        return (f"date(substr({column}, 1, 10), '-' || k.days || ' days') || substr({column}, 11)" if lite
                else f"{column} - k.days * interval '1 day'")  # fmt: skip
    if isinstance(field, models.DateField):
        return f"date({column}, '-' || k.days || ' days')" if lite else f"{column} - k.days"
    return column


def _run(sql: str) -> int:
    count = 0
    with connection.cursor() as cursor:
        for statement in sql.split(";"):
            cursor.execute(statement)
            count = cursor.rowcount
    return count


@contextmanager
def past_every_guard() -> Any:
    """No guard, no key to another table is checked inside; a writer that does not wait for the disk."""
    from handsel.core import guards, writes

    if connection.vendor == "postgresql":
        _run("SET session_replication_role = replica")
        with writes.migrating():
            yield
        _run("SET session_replication_role = origin")
        return
    _run("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000")
    with writes.migrating(), guards.aside(connection):
        yield
    _run("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536")
