"""What all web processes remember together: tries at a log-in, codes that were used. The accounts library counts in it,
so its limits hold however many processes there are.

It lies in the database, as plain JSON: nothing is unpacked into objects. What one process may remember for itself, the
cache named "memory" holds.
"""

import hashlib
import json
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from handsel.core.models import Remembered
from handsel.core.writes import transaction_in_turn

_FOR_EVER = 4102444800.0  # 2100
_PUT = (
    "INSERT INTO core_remembered (name, value, until) VALUES (%s, %s, %s) ON CONFLICT (name) DO UPDATE SET "
    "value = excluded.value, until = excluded.until"
)
_ADD = f"{_PUT} WHERE core_remembered.until <= %s"


class Shared(BaseCache):
    """Django's cache over one table. Each call is one statement, so that two processes never both `add`."""

    def __init__(self, location: str, options: dict[str, Any]) -> None:
        super().__init__(options)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = Remembered.objects.filter(pk=self._name(key, version), until__gt=time.time())
        value = found.values_list("value", flat=True).first()
        return default if value is None else json.loads(value)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(_PUT, [self._name(key, version), json.dumps(value), self._until(timeout)])

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Put it only where nothing stands; whether it was put."""
        row = [self._name(key, version), json.dumps(value), self._until(timeout), time.time()]
        return self._write(_ADD, row) == 1

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        found = Remembered.objects.filter(pk=self._name(key, version), until__gt=time.time())
        return bool(found.update(until=self._until(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        gone, _ = Remembered.objects.filter(pk=self._name(key, version)).delete()
        return bool(gone)

    def clear(self) -> None:
        Remembered.objects.all().delete()

    def _name(self, key: str, version: int | None) -> str:
        """Keys of the library hold addresses; what is kept does not."""
        return hashlib.sha256(self.make_key(key, version=version).encode()).hexdigest()

    def _until(self, timeout: Any) -> float:
        until: float | None = self.get_backend_timeout(timeout)
        return _FOR_EVER if until is None else until

    def _write(self, statement: str, row: list[Any]) -> int:
        with transaction_in_turn(), connection.cursor() as cursor:
            cursor.execute(statement, row)
            return int(cursor.rowcount)


def forget() -> None:
    """What is over is thrown away."""
    Remembered.objects.filter(until__lte=time.time()).delete()
