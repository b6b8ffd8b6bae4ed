"""The bytes of an export on their way into the data folder: papers under their SHA-256, mails at their places in packs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from uuid import UUID

from django.conf import settings

from handsel.core import files
from handsel.core.whole import flush_folder, whole_file
from handsel.front.export.opening import Opened, Row
from handsel.values.refusals import Refusal


@dataclass
class _Unpacking:
    """made: files that were not here before."""

    export: Opened
    made: list[Path] = field(default_factory=list)

    def unpack(self) -> None:
        for row in self.export.rows("core_storedfile"):
            if row["path"]:
                self._put(files.path_of(row["digest"]), self.export.bytes_of(row["path"]))
        mails = sorted(self.export.rows("mail_rawmail"), key=lambda row: (row["pack"], row["offset"]))
        for pack, rows in groupby(mails, key=lambda row: str(row["pack"])):
            self._fill_pack(settings.DATA / "mail" / f"{UUID(pack)}.pack", list(rows))  # a name of nothing else

    def _put(self, target: Path, content: bytes) -> None:
        if not target.exists():
            self._is_new(target)
            with whole_file(target) as file:
                file.write(content)

    def _fill_pack(self, target: Path, rows: list[Row]) -> None:
        """Each mail at the place where it was; between them, where nobody's mail lay, nothing."""
        kept = [row for row in rows if f"papers/mail/{row['digest']}.eml" in self.export.names]
        if not kept:
            return
        self._is_new(target)
        with os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            for row in kept:
                file.seek(row["offset"])
                file.write(self.export.bytes_of(f"papers/mail/{row['digest']}.eml"))
            file.flush()
            os.fsync(file.fileno())
        flush_folder(target.parent)

    def _is_new(self, target: Path) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not target.exists():
            self.made.append(target)

    def take_back(self) -> None:
        for path in self.made:
            with suppress(OSError):
                path.unlink()


@contextmanager
def unpacked(export: Opened) -> Iterator[None]:
    """Papers and mails lie on the disk, flushed, before a row names them; where the rows do not come in, they go again.
    Raises Refusal where the data folder cannot be written."""
    unpacking = _Unpacking(export)
    try:
        unpacking.unpack()
        yield
    except OSError as trouble:
        unpacking.take_back()
        raise Refusal(
            "file_not_kept", f"The papers could not be kept: {trouble.strerror}.",
            mend="Look at the space and the rights of the data folder. Nothing was changed here.", status=507,
        ) from trouble  # fmt: skip
    except BaseException:
        unpacking.take_back()
        raise
