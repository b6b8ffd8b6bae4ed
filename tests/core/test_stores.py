"""What every store of files promises, on both kinds; and what a bucket says when it is away."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from handsel.core import stores
from handsel.core.stores import Store, StoreAway
from tests.core import s3

pytestmark = pytest.mark.one_engine("sqlite")  # no database is asked


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3.running() as endpoint:
        yield endpoint


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> Store:
    s3.choose(settings, monkeypatch, endpoint)
    return stores.chosen()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Store:
    settings.DATA, settings.FILES = tmp_path, {}
    return stores.chosen()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


def content(store: Store, key: str) -> bytes:
    with store.open(key) as file:
        return file.read()


def test_what_was_put_comes_back_whole_in_pieces_and_counted(store: Store) -> None:
    store.put("files/a", [b"three ", b"", b"candles"], once=True)
    assert content(store, "files/a") == b"three candles"
    assert (store.exists("files/a"), store.size("files/a")) == (True, 13)
    pieces = [(6, 7), (6, 4), (0, 5), (6, 100), (12, 9), (13, 1), (50, 3), (4, 0)]
    assert [store.read("files/a", *piece) for piece in pieces] == [
        b"candles", b"cand", b"three", b"candles", b"s", b"", b"", b"",
    ]  # fmt: skip


def test_one_may_seek_in_what_was_opened(store: Store) -> None:
    store.put("spool/a", [b"three candles"], once=True)
    with store.open("spool/a") as file:
        assert file.readline() == b"three candles" and file.seek(6) == 6 and file.read() == b"candles"


def test_empty_bytes_are_bytes_too(store: Store) -> None:
    store.put("files/empty", [], once=True)
    assert store.exists("files/empty") and store.size("files/empty") == 0 and content(store, "files/empty") == b""


def test_put_once_it_stays_put_again_it_is_replaced(store: Store) -> None:
    store.put("files/a", [b"first"], once=True)
    store.put("files/a", [b"second"], once=True)
    assert content(store, "files/a") == b"first"
    store.put("files/a", [b"third"], once=False)
    assert content(store, "files/a") == b"third"


def test_more_than_goes_up_at_once_comes_back_equal(store: Store) -> None:
    piece = bytes(range(256)) * 4096  # 1 MB
    store.put("mail/a.pack", (piece for _ in range(17)), once=True)
    assert store.size("mail/a.pack") == 17 * len(piece) and content(store, "mail/a.pack") == piece * 17
    assert store.read("mail/a.pack", 16 * len(piece) + 5, 3) == b"\5\6\7"


def test_what_breaks_off_leaves_nothing(store: Store) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * (9 << 20)
        raise OSError(5, "the source broke off")

    with pytest.raises(OSError):
        store.put("files/a", broken(), once=True)
    assert not store.exists("files/a") and list(store.listed("files/")) == []


def test_where_nothing_lies_is_said_so(store: Store) -> None:
    store.put("files/ab", [b"its name only begins so"], once=True)
    for ask in (store.open, store.size, lambda key: store.read(key, 0, 1)):
        with pytest.raises(FileNotFoundError):
            ask("files/a")
    assert not store.exists("files/a")
    store.remove("files/a")


def test_what_is_removed_is_gone(store: Store) -> None:
    store.put("spool/a", [b"x"], once=True)
    store.remove("spool/a")
    assert not store.exists("spool/a") and list(store.listed("spool/")) == []


def test_a_list_holds_what_lies_below_in_order(store: Store) -> None:
    for key in ("mail/x", "files/ab/cd/2", "files/ab/cd/1", "files/0"):
        store.put(key, [key.encode()], once=True)
    assert list(store.listed("files/")) == [("files/0", 7), ("files/ab/cd/1", 13), ("files/ab/cd/2", 13)]
    assert list(store.listed("spool/")) == []


# ---------------------------------------------------------------- a bucket


def test_keys_lie_below_the_prefix(bucket: Store, settings: Any) -> None:
    bucket.put("files/a", [b"x"], once=True)
    assert s3.keys(settings) == ["handsel/files/a"]


def test_a_store_that_is_away_is_said_and_is_no_missing_file(bucket: Store, settings: Any) -> None:
    with s3.away(settings):
        gone = stores.chosen()
        with pytest.raises(OSError, match="the store of files did not take it"):
            gone.put("files/a", [b"x"], once=True)
        with pytest.raises(StoreAway, match="cannot be reached just now") as said:
            gone.open("files/a")
    assert (said.value.status, said.value.says_no) == (503, False)


def test_a_bucket_that_is_gone_is_no_missing_file(bucket: Store, settings: Any) -> None:
    settings.FILES = {"bucket": "nobodys-bucket", "prefix": ""}
    gone = stores.chosen()
    for ask in (
        gone.open,
        gone.size,
        gone.exists,
        lambda key: gone.read(key, 0, 1),
        lambda key: list(gone.listed(key)),
    ):
        with pytest.raises(StoreAway) as said:
            ask("files/a")
        assert said.value.says_no and "nobodys-bucket" in said.value.why


def test_bytes_that_break_off_on_their_way_are_no_file(bucket: Store, settings: Any) -> None:
    with breaking_off() as settings.FILES_ENDPOINT, pytest.raises(StoreAway):
        stores.chosen().open("files/a")


class _Promise(socketserver.StreamRequestHandler):
    """Promises 100 bytes and gives 10."""

    def handle(self) -> None:
        self.request.recv(65536)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n" + b"x" * 10)


@contextmanager
def breaking_off() -> Iterator[str]:
    """The address of a store that breaks off in the middle."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Promise) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_without_a_key_the_store_is_not_asked(bucket: Store, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    with s3.away(settings), pytest.raises(StoreAway) as said:
        stores.chosen().exists("files/a")
    assert said.value.says_no and "Unable to locate credentials" in said.value.why


def test_a_prefix_may_be_left_out(bucket: Store, settings: Any) -> None:
    settings.FILES = {**settings.FILES, "prefix": ""}
    stores.chosen().put("files/a", [b"x"], once=True)
    assert s3.keys(settings) == ["files/a"]
