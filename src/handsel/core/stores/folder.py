"""The data folder as a store: a key is a path below it. Whoever runs the server alone may read what lies there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from handsel.core.whole import whole_file


@dataclass(frozen=True)
class Folder:
    """The store in this folder."""

    root: Path
    advice: str = "Whoever runs Handsel should look at the space and the rights of its data folder."

    def put(self, key: str, parts: Iterable[bytes], *, once: bool) -> None:
        """Write under another name, flush, then rename: a name that is there is whole."""
        target = self.root / key
        if once and target.exists():
            return
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with whole_file(target) as file:
            for part in parts:
                file.write(part)

    def open(self, key: str) -> BinaryIO:
        return (self.root / key).open("rb")

    def read(self, key: str, offset: int, length: int) -> bytes:
        with self.open(key) as file:
            file.seek(offset)
            return file.read(length)

    def exists(self, key: str) -> bool:
        return (self.root / key).exists()

    def size(self, key: str) -> int:
        return (self.root / key).stat().st_size

    def listed(self, below: str) -> Iterator[tuple[str, int]]:
        """A name with a leading dot is of a file that is still being written."""
        for path in sorted((self.root / below).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(self.root).as_posix(), path.stat().st_size

    def remove(self, key: str) -> None:
        (self.root / key).unlink(missing_ok=True)
