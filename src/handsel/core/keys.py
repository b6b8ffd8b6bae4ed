"""One key per row, inside and outside: UUIDv7 (RFC 9562, 5.7), `uuid` on PostgreSQL, 16 bytes on SQLite."""

import secrets
import threading
import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _UUIDField = models.UUIDField[Any, Any]
else:
    _UUIDField = models.UUIDField  # Django's fields take no type at run time

_lock = threading.Lock()
_last = 0


def new_key() -> UUID:
    """A UUIDv7. It counts on within a millisecond and never runs backward in a process.

    48 bits of milliseconds, then a 74-bit count that starts at random in each millisecond.
    """
    global _last
    now = time.time_ns() // 1_000_000
    fresh = (now << 74) | secrets.randbits(73)
    with _lock:
        _last = max(fresh, _last + 1)
        count = _last
    milliseconds, rest = count >> 74, count & (1 << 74) - 1
    high, low = rest >> 62, rest & (1 << 62) - 1
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)


def as_stored(key: UUID, vendor: str) -> UUID | bytes:
    """What a hand-written statement passes for a key."""
    return key if vendor == "postgresql" else key.bytes


def as_key(stored: Any) -> UUID | None:
    """The key that a hand-written statement read."""
    if stored is None or isinstance(stored, UUID):
        return stored
    return UUID(bytes=bytes(stored))


class Key(_UUIDField):
    """A UUID column; Django's own field stores 32 characters on SQLite."""

    def get_internal_type(self) -> str:
        return "Key"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "uuid" if connection.vendor == "postgresql" else "blob"

    def rel_db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.db_type(connection)

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None:
            return None
        key = self.to_python(value)
        return as_stored(key, connection.vendor)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> UUID | None:
        return as_key(value)
