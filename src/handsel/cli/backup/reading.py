"""Look whether a backup is whole and of a version that this one understands, before anything is touched."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from handsel import __version__
from handsel.cli.backup import form
from handsel.values.refusals import Refusal

_AT_ONCE = 1 << 20
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    LookupError,
)
_AGAIN = "Take another backup, or copy this one again from where it lies whole. Nothing was changed here."


@dataclass(frozen=True)
class Backup:
    """A backup whose every part has the SHA-256 that its manifest names."""

    archive: zipfile.ZipFile
    manifest: dict[str, Any]

    @property
    def steps(self) -> list[form.Step]:
        return [(app, name) for app, name in self.manifest["migrations"]]

    @property
    def rows(self) -> int:
        return sum(int(table["rows"]) for table in self.manifest["tables"].values())

    def paths(self, folder: str) -> list[str]:
        """The parts in this folder of the backup."""
        return [part["path"] for part in self.manifest["parts"] if part["path"].startswith(folder)]

    def lines_of(self, table: str) -> Iterator[bytes]:
        with self.archive.open(f"{form.TABLES}{table}.jsonl") as member:
            yield from member


@contextmanager
def opened(file: Path) -> Iterator[Backup]:
    """The backup in this file. Raises Refusal where it is not whole, was changed, or is of a newer version."""
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError as fault:
        raise Refusal("no_such_backup", f"There is no file {file}.", mend="Look at its name.") from fault
    except OSError as fault:
        raise Refusal(
            "backup_unreadable",
            f"The backup {file} cannot be read: {fault.strerror}.",
            mend="Look at its name and rights.",
        ) from fault
    except _DAMAGE as fault:
        raise _not_whole(f"{file} is no whole backup of Handsel: it was cut short, or is another file.") from fault
    with archive:
        yield _checked(file, archive)


def _checked(file: Path, archive: zipfile.ZipFile) -> Backup:
    try:
        text = archive.read(form.MANIFEST)
        stated = archive.read(form.MANIFEST_HASH)[:64]
        if stated != hashlib.sha256(text).hexdigest().encode():
            raise _not_whole(f"{file} was changed: manifest.json is not as it was written.")
        manifest = json.loads(text)
        if manifest["format"] != form.FORMAT:
            raise _not_whole(f"{file} is no backup of Handsel.")
        backup = Backup(archive, manifest)
        _refuse_newer(backup)
        _refuse_changed(file, backup)
        _refuse_nonsense(backup)
    except (*_DAMAGE, TypeError, AttributeError) as fault:
        raise _not_whole(f"{file} is no whole backup of Handsel: its manifest cannot be read.") from fault
    return backup


def _refuse_nonsense(backup: Backup) -> None:
    """Raises what `_checked` says in words, where the manifest lacks something that is read from it later."""
    manifest = backup.manifest
    backup.rows  # noqa: B018 - that it can be counted
    datetime.fromisoformat(manifest["made_at"])
    texts = [manifest["handsel"], *manifest["missing"]]
    columns = [column for table in manifest["tables"].values() for column in table["columns"]]
    if not all(isinstance(text, str) for text in [*texts, *columns]) or not isinstance(manifest["missing"], list):
        raise TypeError("a text is expected")


def _refuse_newer(backup: Backup) -> None:
    unknown = set(backup.steps) - form.known_steps()
    if backup.manifest["version"] == form.VERSION and not unknown:
        return
    made_by = backup.manifest["handsel"]
    raise Refusal(
        "backup_newer", f"This backup was made by Handsel {made_by}, which is newer than this one ({__version__}).",
        mend="Install the Handsel that made it, or a newer one, then restore. Nothing was changed here.",
    )  # fmt: skip


def _refuse_changed(file: Path, backup: Backup) -> None:
    listed = {part["path"]: part for part in backup.manifest["parts"]}
    names = set(backup.archive.namelist()) - {form.MANIFEST, form.MANIFEST_HASH}
    wanted = {f"{form.TABLES}{table}.jsonl" for table in backup.manifest["tables"]}
    if lacking := sorted((set(listed) | wanted) - names):
        raise _not_whole(f"{file} is not whole: {lacking[0]} is missing.")
    if added := sorted(names - set(listed)):
        raise _not_whole(f"{file} was changed: {added[0]} was put in.")
    for path, part in listed.items():
        if _hash_of(backup.archive, path) != part["sha256"]:
            raise _not_whole(f"{file} was changed: {path} is not as it was written.")


def _hash_of(archive: zipfile.ZipFile, path: str) -> str:
    total = hashlib.sha256()
    try:
        with archive.open(path) as member:
            while chunk := member.read(_AT_ONCE):
                total.update(chunk)
    except _DAMAGE:
        return "damaged"
    return total.hexdigest()


def _not_whole(sentence: str) -> Refusal:
    return Refusal("backup_not_whole", sentence, mend=_AGAIN)
