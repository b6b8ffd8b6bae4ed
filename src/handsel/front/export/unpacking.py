"""The bytes of an export on their way into the store of files: papers under their SHA-256, mails at their places in packs."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from tempfile import SpooledTemporaryFile
from uuid import UUID

from handsel.core import files, stores
from handsel.core.stores import Store, StoreAway
from handsel.front.export.opening import Opened, Row
from handsel.mail import originals
from handsel.values.refusals import Refusal

_AT_ONCE = 1 << 20


@dataclass
class _Unpacking:
    """made: keys in the store under which nothing lay before."""

    export: Opened
    store: Store = field(default_factory=stores.chosen)
    made: list[str] = field(default_factory=list)

    def unpack(self) -> None:
        for row in self.export.rows("core_storedfile"):
            if row["path"]:
                self._put(files.key_of(row["digest"]), self.export.bytes_of(row["path"]))
        mails = sorted(self.export.rows("mail_rawmail"), key=lambda row: (row["pack"], row["offset"]))
        for pack, rows in groupby(mails, key=lambda row: str(row["pack"])):
            self._fill_pack(originals.key_of(UUID(pack)), list(rows))  # a name of nothing else

    def _put(self, key: str, content: bytes) -> None:
        if not self.store.exists(key):
            self.made.append(key)
            self.store.put(key, [content], once=True)

    def _fill_pack(self, key: str, rows: list[Row]) -> None:
        """Each mail at the place where it was; between them, where nobody's mail lay, nothing."""
        kept = [row for row in rows if f"papers/mail/{row['digest']}.eml" in self.export.names]
        if not kept:
            return
        with SpooledTemporaryFile(_AT_ONCE) as pack:
            self._begin_pack(key, pack)
            for row in kept:
                pack.seek(row["offset"])
                pack.write(self.export.bytes_of(f"papers/mail/{row['digest']}.eml"))
            pack.seek(0)
            self.store.put(key, iter(partial(pack.read, _AT_ONCE), b""), once=False)

    def _begin_pack(self, key: str, pack: "SpooledTemporaryFile[bytes]") -> None:
        """What lies there already, from the other side's export, stays."""
        try:
            with self.store.open(key) as there:
                shutil.copyfileobj(there, pack, _AT_ONCE)
        except FileNotFoundError:
            self.made.append(key)

    def take_back(self) -> None:
        for key in self.made:
            with suppress(OSError, StoreAway):
                self.store.remove(key)


@contextmanager
def unpacked(export: Opened) -> Iterator[None]:
    """Papers and mails lie in the store, safe, before a row names them; where the rows do not come in, they go again.
    Raises Refusal where they cannot be kept."""
    unpacking = _Unpacking(export)
    try:
        unpacking.unpack()
        yield
    except OSError as trouble:
        unpacking.take_back()
        raise Refusal(
            "file_not_kept", f"The papers could not be kept: {trouble.strerror}.",
            mend=f"{unpacking.store.advice} Nothing was changed here.", status=507,
        ) from trouble  # fmt: skip
    except BaseException:
        unpacking.take_back()
        raise
