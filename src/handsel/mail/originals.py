"""The bytes of mail as received, in the data folder: one pack per import, only ever appended to, flushed before the
rows that name its places are committed. A rolled back batch leaves bytes that nobody refers to, never the reverse."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from handsel.core.keys import new_key
from handsel.core.whole import flush_folder
from handsel.values.refusals import Refusal

_RESTORE = (
    "Whoever runs Handsel can put the folder “mail” of its data folder back from a backup. What the mail says stands in "
    "the conversation all the same."
)


class Pack:
    """A pack that is being written."""

    def __init__(self, key: UUID, file: BinaryIO) -> None:
        self.key = key
        self._file = file
        self._end = 0

    def append(self, original: bytes) -> int:
        """Where the bytes begin in the pack. They are safe only after `flush`."""
        offset = self._end
        self._file.write(original)
        self._end += len(original)
        return offset

    def flush(self) -> None:
        """Wait until everything that was appended lies on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def new_pack() -> Iterator[Pack]:
    """A pack to write into; one that stayed empty is taken away. Raises Refusal where the data folder is full or
    closed."""
    key = new_key()
    path = _path(key)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            flush_folder(path.parent)
            yield Pack(key, file)
    except OSError as trouble:
        raise _not_kept("mail", trouble) from trouble
    finally:
        if path.exists() and not path.stat().st_size:
            path.unlink()


def bytes_of(pack: UUID, offset: int, length: int, digest: str) -> bytes:
    """The bytes of one mail, exactly as they were received. Raises Refusal where they are not there any more, or are
    others than those with this SHA-256."""
    try:
        with _path(pack).open("rb") as file:
            file.seek(offset)
            original = file.read(length)
    except OSError as trouble:
        raise _missing() from trouble
    if len(original) < length:
        raise _missing()
    if hashlib.sha256(original).hexdigest() != digest:
        raise Refusal("original_changed", "The original of this mail was changed in the files: it is not what was received.",
                      mend=_RESTORE, status=410)  # fmt: skip
    return original


def _missing() -> Refusal:
    return Refusal(
        "original_missing", "The original of this mail is missing from the files.", mend=_RESTORE, status=410
    )


def spool(chunks: Iterable[bytes]) -> str:
    """Keep a file that was sent by the page until it is read; gives its name. Raises Refusal where the data folder is
    full or closed, and then nothing of it stays."""
    name = secrets.token_hex(16)
    path = spooled(name)
    try:
        _write(path, chunks)
    except OSError as trouble:
        if path.exists():
            path.unlink()
        raise _not_kept("file", trouble) from trouble
    return name


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _not_kept(what: str, trouble: OSError) -> Refusal:
    return Refusal(
        "file_not_kept", f"The {what} could not be kept: {trouble.strerror}.",
        mend="Whoever runs Handsel should look at the space and the rights of its data folder.", status=507,
    )  # fmt: skip


def spooled(name: str) -> Path:
    return Path(settings.DATA) / "spool" / f"{name}.mbox"


def _path(pack: UUID) -> Path:
    return Path(settings.DATA) / "mail" / f"{pack}.pack"
