"""Where bytes lie: below the data folder, or in a bucket of an S3-compatible store, as whoever runs Handsel chose.

Each kind keeps the same promises, those of `Store`; nobody outside knows which of the two it is.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings

from handsel.core.stores.folder import Folder
from handsel.values.refusals import Refusal


class Store(Protocol):
    """Bytes under keys that read like paths: `files/…`, `mail/…`, `spool/…`.

    Whatever only reads or removes raises `StoreAway` where a store on another machine gives no answer.
    """

    @property
    def advice(self) -> str:
        """What to look at where nothing can be kept: a sentence."""

    def put(self, key: str, parts: Iterable[bytes], *, once: bool) -> None:
        """Keep these bytes, whole or not at all; they are safe on return. once: what lies under the key already stays.
        Raises OSError where they cannot be kept."""

    def open(self, key: str) -> BinaryIO:
        """All the bytes, from their beginning; one may seek in them. Raises FileNotFoundError where there are none."""

    def read(self, key: str, offset: int, length: int) -> bytes:
        """A piece of the bytes, shorter where they end before. Raises FileNotFoundError where there are none."""

    def exists(self, key: str) -> bool:
        """Whether something lies under the key."""

    def size(self, key: str) -> int:
        """How many bytes lie under the key. Raises FileNotFoundError where there are none."""

    def listed(self, below: str) -> Iterator[tuple[str, int]]:
        """Every key that begins with `below`, as in `files/`, in order, each with its size in bytes."""

    def remove(self, key: str) -> None:
        """Nothing lies under the key any more."""


class StoreAway(Refusal):
    """The store of files cannot be read. why: for whoever runs Handsel; says_no: that will not pass by
    itself, for it answered and will not have us, or we have no key to it."""

    def __init__(self, why: str, *, says_no: bool = False) -> None:
        super().__init__(
            "files_away", "The files cannot be reached just now.",
            mend="Nothing is lost: try again in a few minutes. If it stays so, tell whoever runs Handsel.", status=503,
        )  # fmt: skip
        self.why = why
        self.says_no = says_no


def chosen() -> Store:
    """The store of this installation."""
    if settings.FILES:
        from handsel.core.stores.bucket import bucket  # only where it was chosen: its library is large, and an extra

        return bucket(settings.FILES, settings.FILES_ENDPOINT)
    return Folder(Path(settings.DATA))


def not_kept(what: str, trouble: OSError) -> Refusal:
    """What is said where `put` could not keep a thing."""
    return Refusal(
        "file_not_kept", f"The {what} could not be kept: {trouble.strerror}.", mend=chosen().advice, status=507
    )
