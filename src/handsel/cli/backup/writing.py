"""Write the whole installation into one file, as of one moment, while it runs."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection

from handsel import __version__
from handsel.cli.backup import form
from handsel.cli.backup.form import Table
from handsel.core import files, stores
from handsel.core.moments import one_moment
from handsel.core.whole import member_of, require_free, whole_file, write_part
from handsel.values.refusals import Refusal

_AT_ONCE = 1 << 20

# How much is done, of how much: rows and files counted together.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Written:
    """What a backup holds. missing: files of which only the row was there."""

    rows: int
    tables: int
    files: int
    missing: list[str]
    size: int


def write_backup(target: Path, progress: Progress) -> Written:
    """Write rows, kept files and mail into this file, whole or not at all. Raises Refusal where it cannot be written."""
    require_free(target)
    try:
        with whole_file(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            writing = _Writing(archive, progress)
            writing.write()
    except OSError as trouble:
        raise Refusal(
            "backup_not_written", f"The backup could not be written: {trouble.strerror}.",
            mend="Look at the folder, its rights and its space. Handsel itself goes on as before.",
        ) from trouble  # fmt: skip
    return writing.written(target.stat().st_size)


@dataclass
class _Writing:
    """One backup on its way."""

    archive: zipfile.ZipFile
    progress: Progress
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    parts: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    digests: set[str] = field(default_factory=set)
    packs: dict[str, int] = field(default_factory=dict)  # name → up to which byte mails lie in it
    missing: list[str] = field(default_factory=list)
    done: int = 0
    most: int = 1

    def write(self) -> None:
        with ExitStack() as held:
            with one_moment():
                steps = form.steps_done()
                spooled = _spooled(held)
                self._write_tables(form.tables_after(steps))
            self._write_files(spooled)
        self._write_manifest(steps)

    def written(self, size: int) -> Written:
        rows = sum(table["rows"] for table in self.tables.values())
        kept = sum(part["path"].startswith((form.FILES, form.MAIL, form.SPOOL)) for part in self.parts)
        return Written(rows, len(self.tables), kept, self.missing, size)

    # ------------------------------------------------------------ rows

    def _write_tables(self, tables: dict[str, Table]) -> None:
        self.most = sum(table.model._base_manager.count() for table in tables.values()) or 1
        for table in tables.values():
            lines = self._lines(table)
            self.tables[table.name] = {"columns": table.columns, "rows": 0}
            self._write_part(f"{form.TABLES}{table.name}.jsonl", lines)

    def _lines(self, table: Table) -> Iterator[bytes]:
        named = {name: place for place, name in enumerate(table.columns)}
        for row in table.rows():
            self._note_bytes(table.name, row, named)
            self.tables[table.name]["rows"] += 1
            self._step()
            yield table.spelled(row) + b"\n"

    def _note_bytes(self, table: str, row: tuple[Any, ...], named: dict[str, int]) -> None:
        """What this row refers to in the store of files."""
        if table == "core_storedfile":
            self.digests.add(row[named["digest"]])
        elif table == "mail_rawmail":
            pack = f"{row[named['pack']]}.pack"
            end = row[named["offset"]] + row[named["length"]]
            self.packs[pack] = max(self.packs.get(pack, 0), end)

    # ------------------------------------------------------------ files

    def _write_files(self, spooled: dict[str, BinaryIO]) -> None:
        self.most += len(self.digests) + len(self.packs) + len(spooled)
        for digest in sorted(self.digests):
            self._write_file(f"{form.FILES}{digest}", files.key_of(digest))
        for pack, end in sorted(self.packs.items()):
            self._write_file(f"{form.MAIL}{pack}", f"{form.MAIL}{pack}", end)
        for name, file in spooled.items():
            self._write_part(f"{form.SPOOL}{name}", _chunks(file))
            self._step()
        secret = settings.DATA / form.SECRET_KEY
        if secret.exists():
            self._write_part(form.SECRET_KEY, [secret.read_bytes()])

    def _write_file(self, path: str, key: str, end: int | None = None) -> None:
        """end: bytes up to which the rows refer to; what lies behind belongs to nobody yet."""
        try:
            file = stores.chosen().open(key)
        except FileNotFoundError:
            self.missing.append(path)
        else:
            with file:
                self._write_part(path, _chunks(file, end))
        self._step()

    def _write_part(self, path: str, parts: Iterable[bytes]) -> None:
        self.parts.append(write_part(self.archive, self._member(path), parts))

    def _member(self, path: str) -> zipfile.ZipInfo:
        """What people kept is compressed already."""
        is_kept = path.startswith(form.FILES)
        return member_of(path, self.made_at, zipfile.ZIP_STORED if is_kept else zipfile.ZIP_DEFLATED)

    def _write_manifest(self, steps: list[form.Step]) -> None:
        manifest = {
            "format": form.FORMAT, "version": form.VERSION, "handsel": __version__, "engine": connection.vendor,
            "made_at": self.made_at.isoformat(timespec="seconds"), "migrations": steps, "tables": self.tables,
            "missing": self.missing, "parts": self.parts,
        }  # fmt: skip
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self.archive.writestr(self._member(form.MANIFEST), text)
        stated = f"{hashlib.sha256(text).hexdigest()}  {form.MANIFEST}\n"
        self.archive.writestr(self._member(form.MANIFEST_HASH), stated.encode())

    def _step(self) -> None:
        self.done += 1
        if self.done % 500 == 0 or self.done == self.most:
            self.progress(self.done, self.most)


def _spooled(held: ExitStack) -> dict[str, BinaryIO]:
    """Mailbox files that wait to be read, held open: one that is read meanwhile goes from the store, not from us."""
    store = stores.chosen()
    keys = [key for key, _ in store.listed(form.SPOOL) if key.endswith(".mbox")]
    return {key.removeprefix(form.SPOOL): held.enter_context(store.open(key)) for key in keys}


def _chunks(file: BinaryIO, end: int | None = None) -> Iterator[bytes]:
    left = end
    while chunk := file.read(_AT_ONCE if left is None else min(_AT_ONCE, left)):
        left = None if left is None else left - len(chunk)
        yield chunk
