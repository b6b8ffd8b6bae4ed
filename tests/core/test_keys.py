"""Promises about keys."""

import threading
import time
from uuid import UUID

import pytest

from handsel.core import keys
from handsel.core.keys import new_key


def test_keys_count_on_and_never_run_backward() -> None:
    keys = [new_key() for _ in range(5000)]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_keys_of_many_threads_are_all_different() -> None:
    made: list[UUID] = []

    def make() -> None:
        made.extend(new_key() for _ in range(2000))

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


def test_a_key_is_a_uuid_of_version_7_with_its_milliseconds_in_front(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_last", 0)  # another test may have moved the clock ahead
    key = new_key()
    assert key.version == 7
    assert key.variant == "specified in RFC 4122"
    assert abs((key.int >> 80) / 1000 - time.time()) < 5
