"""Files that people gave or Handsel made: the bytes in the store under their SHA-256, what they are in a row."""

import hashlib
import re
import unicodedata
from typing import BinaryIO
from uuid import UUID

from django.http import FileResponse

from handsel.core import stores
from handsel.core.headers import SAVED_NOT_RUN
from handsel.core.models import StoredFile
from handsel.values.refusals import NotVisible, Refusal

FOLDER = "files/"
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")


def keep(content: bytes, name: str, media_type: str, business_id: UUID | None) -> StoredFile:
    """Keep a file; the bytes lie in the store, safe, before the row is written. A rolled back row leaves bytes that
    nobody refers to, never a row without its bytes. Raises Refusal where they cannot be kept."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        stores.chosen().put(key_of(digest), [content], once=True)
    except OSError as trouble:
        raise stores.not_kept("file", trouble) from trouble
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
    """The bytes of a kept file, from their beginning. Raises Refusal where they are missing, or cannot be reached."""
    return _bytes_of(stored(key))


def download(file: StoredFile) -> FileResponse:
    """An answer that a browser saves and never runs, whatever the file says that it is."""
    answer = FileResponse(_bytes_of(file), as_attachment=True, filename=file.name, content_type=file.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = SAVED_NOT_RUN
    answer["Cache-Control"] = "private, no-store"
    return answer


def key_of(digest: str) -> str:
    """Where the bytes with this SHA-256 lie in the store."""
    return f"{FOLDER}{digest[:2]}/{digest[2:4]}/{digest}"


def _bytes_of(file: StoredFile) -> BinaryIO:
    try:
        return stores.chosen().open(key_of(file.digest))
    except FileNotFoundError as trouble:
        raise Refusal(
            "file_missing", "The bytes of this file are missing from the files.",
            mend="Whoever runs Handsel can put them back from a backup.", status=410,
        ) from trouble  # fmt: skip


def safe_name(name: str) -> str:
    """A name for a file on anybody's disk: no folder, no control sign, no leading dot, at most 120 signs."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*')
    plain = " ".join(plain.split()).lstrip(".")
    if len(plain) > 120:
        stem, dot, end = plain.rpartition(".")
        plain = f"{stem[: 110 - len(end)]}.{end}" if dot and len(end) <= 10 else plain[:120]
    return plain or "file"
