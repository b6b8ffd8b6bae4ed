"""One lock file in the data folder: whoever migrates holds it alone, whoever serves holds it shared."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from handsel.values.refusals import Refusal


@contextmanager
def migration_lock() -> Iterator[int]:
    """Alone, or a Refusal: Handsel is running."""
    yield from _held(
        fcntl.LOCK_EX,
        "in_use",
        "Handsel is running in this folder.",
        "Stop it, then migrate; `handsel run` migrates by itself.",
    )


@contextmanager
def serving_lock() -> Iterator[int]:
    """The number of the open lock file. Shared by everything that serves; refused while somebody migrates."""
    yield from _held(fcntl.LOCK_SH, "migrating", "The database is being migrated.", "Wait until it is done.")


def _held(kind: int, code: str, sentence: str, mend: str) -> Iterator[int]:
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with (settings.DATA / "lock").open("w") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(code, sentence, mend=mend) from None
        yield file.fileno()
