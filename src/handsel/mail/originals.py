"""The bytes of mail as received, in the store of files: one pack for each batch that is read, put there whole before the
rows that name its places are committed. A rolled back batch leaves bytes that nobody refers to, never the reverse."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import UUID

from handsel.core import stores
from handsel.core.keys import new_key
from handsel.values.refusals import Refusal

_RESTORE = (
    "Whoever runs Handsel can put it back from a backup, among the files “mail”. What the mail says stands in the "
    "conversation all the same."
)


@dataclass
class Pack:
    """Mails on their way into the store."""

    key: UUID = field(default_factory=new_key)
    _mails: list[bytes] = field(default_factory=list)
    _end: int = 0

    def append(self, original: bytes) -> int:
        """Where the bytes begin in the pack. They are safe only after `keep`."""
        offset = self._end
        self._mails.append(original)
        self._end += len(original)
        return offset

    def keep(self) -> None:
        """Put everything that was appended into the store. Raises Refusal where it cannot be kept."""
        try:
            if self._mails:
                stores.chosen().put(key_of(self.key), self._mails, once=True)
        except OSError as trouble:
            raise stores.not_kept("mail", trouble) from trouble


def key_of(pack: UUID) -> str:
    """Where a pack lies in the store."""
    return f"mail/{pack}.pack"


def bytes_of(pack: UUID, offset: int, length: int, digest: str) -> bytes:
    """The bytes of one mail, exactly as they were received. Raises Refusal where they are not there any more, are
    others than those with this SHA-256, or cannot be reached."""
    try:
        original = stores.chosen().read(key_of(pack), offset, length)
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


# ---------------------------------------------------------------- a mailbox file until it is read


def spool(chunks: Iterable[bytes]) -> str:
    """Keep a file that was sent by the page until it is read; gives its name. Raises Refusal where it cannot be kept,
    and then nothing of it stays."""
    name = secrets.token_hex(16)
    try:
        stores.chosen().put(_spooled(name), chunks, once=True)
    except OSError as trouble:
        raise stores.not_kept("file", trouble) from trouble
    return name


def spooled(name: str) -> BinaryIO | None:
    """The file of this name; None where it was read."""
    try:
        return stores.chosen().open(_spooled(name))
    except FileNotFoundError:
        return None


def unspool(name: str) -> None:
    """Let go of a file that was read."""
    stores.chosen().remove(_spooled(name))


def _spooled(name: str) -> str:
    return f"spool/{name}.mbox"
