"""Files that people gave or Handsel made: the bytes in the data folder under their SHA-256, what they are in a row."""

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.http import FileResponse

from handsel.core.headers import SAVED_NOT_RUN
from handsel.core.models import StoredFile
from handsel.core.whole import whole_file
from handsel.values.refusals import NotVisible, Refusal

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")


def keep(content: bytes, name: str, media_type: str, business_id: UUID | None) -> StoredFile:
    """Keep a file; the bytes lie on the disk, flushed, before the row is written. A rolled back row leaves bytes that
    nobody refers to, never a row without its bytes. Raises Refusal where the data folder cannot be written."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        _write_once(path_of(digest), content)
    except OSError as trouble:
        raise Refusal(
            "file_not_kept", f"The file could not be kept: {trouble.strerror}.",
            mend="Whoever runs Handsel should look at the space and the rights of its data folder.", status=507,
        ) from trouble  # fmt: skip
    known = media_type.lower().split(";")[0].strip()
    return StoredFile.objects.create(
        business_id=business_id,
        digest=digest,
        name=safe_name(name),
        media_type=known if _MEDIA_TYPE.fullmatch(known) else "application/octet-stream",
        size=len(content),
    )


def stored(key: UUID) -> StoredFile:
    """The row of a kept file. Who may see it is decided by the thing that it belongs to."""
    found = StoredFile.objects.filter(pk=key).first()
    if found is None:
        raise NotVisible("file")
    return found


def open_file(key: UUID) -> BinaryIO:
    """The bytes of a kept file, from their beginning."""
    return path_of(stored(key).digest).open("rb")


def download(file: StoredFile) -> FileResponse:
    """An answer that a browser saves and never runs, whatever the file says that it is."""
    answer = FileResponse(
        path_of(file.digest).open("rb"), as_attachment=True, filename=file.name, content_type=file.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SAVED_NOT_RUN
    answer["Cache-Control"] = "private, no-store"
    return answer


def path_of(digest: str) -> Path:
    return Path(settings.DATA) / "files" / digest[:2] / digest[2:4] / digest


def safe_name(name: str) -> str:
    """A name for a file on anybody's disk: no folder, no control sign, no leading dot, at most 120 signs."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*')
    plain = " ".join(plain.split()).lstrip(".")
    if len(plain) > 120:
        stem, dot, end = plain.rpartition(".")
        plain = f"{stem[: 110 - len(end)]}.{end}" if dot and len(end) <= 10 else plain[:120]
    return plain or "file"


def _write_once(target: Path, content: bytes) -> None:
    """Write under another name, flush, then rename: a name that is there is whole."""
    if target.exists():
        return
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with whole_file(target) as file:
        file.write(content)
