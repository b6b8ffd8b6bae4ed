"""Who may write: the connection refuses a write to a room's table outside an action.

`migrating()` is the one other door, open only in `migrate` and in the clean-up of tests. On SQLite writers take
turns: one process-wide lock around the outermost transaction, because SQLite's own waiting is unfair (STACK.md:
p99 1.15–1.70 s without, 168–416 ms with it).
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_open: ContextVar[bool] = ContextVar("writes_open", default=False)
_turn = threading.RLock()
_WRITE = re.compile(
    r"\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)"
    r"\s+(?:ONLY\s+)?\"?(\w+)",
    re.IGNORECASE,
)


class WriteOutsideAction(AssertionError):
    """A write to a room's table that no action made: a bug, never a refusal."""


@contextmanager
def allowed() -> Iterator[None]:
    """Open for the length of an action; only `core.actions` and `migrating` call it."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


@contextmanager
def migrating() -> Iterator[None]:
    """The other door: migrations, and the clean-up of tests."""
    with allowed():
        yield


@contextmanager
def transaction_in_turn() -> Iterator[None]:
    """One transaction; on SQLite writers of this process take turns."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with _turn, transaction.atomic():
            yield
    else:
        with transaction.atomic():
            yield


def refuse_strays(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An execute wrapper of the connection."""
    if not _open.get() and (match := _WRITE.match(sql)) and match[1].partition("_")[0] in _rooms():
        raise WriteOutsideAction(f"{match[1]} is written outside an action: {sql[:120]}")
    return execute(sql, params, many, context)


def watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """On each new connection: refuse strays."""
    if refuse_strays not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse_strays)


def _rooms() -> frozenset[str]:
    global _room_labels
    if not _room_labels:
        from handsel.core.rooms import RoomConfig

        _room_labels = frozenset(c.label for c in apps.get_app_configs() if isinstance(c, RoomConfig))
    return _room_labels


_room_labels: frozenset[str] = frozenset()
