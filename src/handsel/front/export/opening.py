"""An export that is to come in: looked through by the verifier first, and its rows in the order in which they were made."""

import heapq
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from handsel.front.export import verify
from handsel.values.refusals import Refusal

_NAMED = 5  # findings that the refusal names
_AGAIN = "Take the export again from where it was made, or find out what became of it. Nothing was changed here."
_FOUND_BEFORE = {"lost"}  # kinds of findings that the export had when it was made, and that stop nothing

Row = dict[str, Any]


class Opened:
    """An export in which everything fits together."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Row, lost: int) -> None:
        self.archive = archive
        self.manifest = manifest
        self.lost = lost
        self.names = set(archive.namelist())

    @property
    def tables(self) -> list[str]:
        return list(self.manifest["tables"])

    def count(self, *tables: str) -> int:
        return sum(int(self.manifest["tables"].get(table, {"rows": 0})["rows"]) for table in tables)

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of one table, in the order of their keys."""
        if table in self.manifest["tables"]:
            for line in self._lines(f"tables/{table}.jsonl"):
                yield json.loads(line)

    def in_the_order_made(self, tables: list[str]) -> Iterator[tuple[str, Row]]:
        """The rows of all these tables as they came about, for a key counts on with the time. A line of a timesheet may
        change until it is handed in: it comes just before that, and one that never was comes last."""
        handed_in: dict[str, str] = {}
        for row in self.rows("work_submitted"):
            handed_in.setdefault(row["line_id"], row["id"])
        late = [
            (handed_in.get(row["id"], "~"), row["id"], "work_timeentry", row) for row in self.rows("work_timeentry")
        ]
        late.sort(key=lambda one: one[:2])
        streams = [self._keyed(table) for table in tables if table != "work_timeentry"]
        # "" before the key of the handing in: the line comes first.
        whole = heapq.merge(((*one[:2], *one[2:]) for one in late), *streams, key=_order)
        return ((table, row) for _, _, table, row in whole)

    def _keyed(self, table: str) -> Iterator[tuple[str, str, str, Row]]:
        return ((row["id"], row["id"], table, row) for row in self.rows(table))

    def events(self) -> Iterator[Row]:
        return (json.loads(line) for line in self._lines("trail.jsonl"))

    def beyond(self) -> dict[str, list[UUID]]:
        """Keys of rows that something here refers to, and that this side does not read."""
        return {table: [UUID(key) for key in keys] for table, keys in self.manifest["beyond"].items()}

    def bytes_of(self, path: str) -> bytes:
        return self.archive.read(path)

    def _lines(self, path: str) -> Iterator[bytes]:
        with self.archive.open(path) as member:
            yield from member


def _order(one: tuple[str, str, str, Row]) -> tuple[str, bool]:
    return one[0], one[2] != "work_timeentry"


@contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """The export in this file. Raises Refusal, naming what was changed, where the verifier finds anything."""
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError as fault:
        raise Refusal("no_such_export", f"There is no file {file}.", mend="Look at its name.") from fault
    except verify.DAMAGE as fault:
        words = getattr(fault, "strerror", None) or "it is not a whole zip file"
        raise Refusal("export_unreadable", f"{file} cannot be read: {words}.", mend=_AGAIN) from fault
    with archive:
        yield _verified(file, archive)


def _verified(file: Path, archive: zipfile.ZipFile) -> Opened:
    try:
        export = verify.verify(archive)
    except verify.Unreadable as fault:
        raise Refusal("export_unreadable", f"{file}: {fault}", mend=_AGAIN) from fault
    found = [one for kind, several in export.findings.items() if kind not in _FOUND_BEFORE for one in several]
    if found:
        more = f" And {len(found) - _NAMED} more." if len(found) > _NAMED else ""
        raise Refusal(
            "export_changed", f"{file} is not as it was written. {' '.join(found[:_NAMED])}{more}", mend=_AGAIN
        )
    twice = [name for name, times in Counter(export.names).items() if times > 1]
    assert not twice, "the verifier names them"
    return Opened(archive, export.manifest, len(export.findings["lost"]))
