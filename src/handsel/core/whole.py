"""A file that is written whole or not at all: under another name first, flushed, then renamed. And the parts of an
archive, each with what a manifest says of it."""

import hashlib
import os
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from handsel.values.refusals import Refusal


@contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Write into it; only at the end does the file have its name, and then it lies on the disk. Whoever runs the server
    alone may read it. Raises OSError where it cannot be written, and then nothing of it stays."""
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    flush_folder(target.parent)


def flush_folder(folder: Path) -> None:
    """A new name is on the disk only when its folder is (fsync(2))."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_free(target: Path) -> None:
    """Raises Refusal where there is such a file already, or no folder for it that one may look into."""
    folder = target.absolute().parent
    try:
        taken, there = target.exists(), folder.is_dir()
    except OSError as trouble:
        raise Refusal("no_such_folder", f"The folder {folder} cannot be used: {trouble.strerror}.",
                      mend="Look at its name and rights.") from trouble  # fmt: skip
    if taken:
        raise Refusal("file_exists", f"There is a file {target} already.", mend="Choose another name.")
    if not there:
        raise Refusal("no_such_folder", f"There is no folder {folder}.", mend="Make it first.")


def member_of(name: str, at: datetime, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """A part of an archive to be, which whoever unpacks it alone may read."""
    member = zipfile.ZipInfo(name, at.timetuple()[:6])
    member.compress_type = compression
    member.external_attr = 0o600 << 16
    return member


def write_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, parts: Iterable[bytes]) -> dict[str, Any]:
    """Write a part piece by piece; gives its line of a manifest: path, SHA-256 in hex, size in bytes."""
    total, size = hashlib.sha256(), 0
    with archive.open(member, "w", force_zip64=True) as file:
        for part in parts:
            file.write(part)
            total.update(part)
            size += len(part)
    return {"path": member.filename, "sha256": total.hexdigest(), "size": size}
