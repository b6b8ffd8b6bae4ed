"""So much in so long, over all processes: the database counts, and a process takes a twentieth at a time.

So a call costs the database a write once in many, and never more is given out than there is: what a process took and
did not use is lost at the end of the stretch.
"""

import hashlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection

from handsel.core.writes import transaction_in_turn

_TAKE = (
    "INSERT INTO core_allowance (name, until, taken) VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE SET "
    "taken = CASE WHEN core_allowance.until = excluded.until THEN core_allowance.taken + excluded.taken "
    "ELSE excluded.taken END, until = excluded.until RETURNING taken"
)


@dataclass(frozen=True)
class Limit:
    """many in so many seconds."""

    name: str
    many: int
    seconds: int


@dataclass(frozen=True)
class Left:
    """What is left after one was spent, and in how many seconds there are all again. allowed: whether it was there."""

    limit: Limit
    allowed: bool
    many: int
    seconds: int


@dataclass
class Purse:
    """What one process has taken and not spent, by name: (until, left, what nobody had taken then)."""

    clock: Callable[[], float] = time.time
    _taken: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, limit: Limit, whose: str) -> Left:
        """Spend one of what somebody has."""
        now = self.clock()
        until = (math.floor(now) // limit.seconds + 1) * limit.seconds
        name = hashlib.sha256(f"{limit.name}:{whose}".encode()).hexdigest()
        with self._lock:
            known, left, rest = self._taken.get(name, (0, 0, 0))
            if known != until or left == 0:
                left, rest = _take(name, until, limit)
            self._taken[name] = (until, max(left - 1, 0), rest)
            self._forget(now)
        return Left(limit, left > 0, max(left - 1, 0) + rest, max(1, math.ceil(until - now)))

    def _forget(self, now: float) -> None:
        if len(self._taken) > 10_000:
            self._taken = {name: part for name, part in self._taken.items() if part[0] > now}


def _take(name: str, until: int, limit: Limit) -> tuple[int, int]:
    """A twentieth of the whole, or what is left of it, and what is left then; nothing once all is taken."""
    wish = max(1, limit.many // 20)
    with transaction_in_turn(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [name, until, wish])
        (taken,) = cursor.fetchone()
    return max(0, min(wish, limit.many - (int(taken) - wish))), max(0, limit.many - int(taken))


purse = Purse()
