"""A mailbox file gives each mail exactly as it lies in it."""

import hashlib
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.mail.reading import read
from handsel.mail.reading.mbox import slices, why_not_a_mailbox
from handsel.values.refusals import Refusal
from tests.mail.boxes import threads_mbox

_ONE = b"From a@b Mon Sep 01 08:00:00 2025\nSubject: one\n\nFirst\n"
_TWO = b"From a@b Mon Sep 01 08:00:00 2025\nSubject: two\n\nSecond\n"


def test_each_original_equals_its_slice_of_the_file(tmp_path: Path) -> None:
    path = threads_mbox(tmp_path)
    whole = path.read_bytes()
    with path.open("rb") as file:
        for one in slices(file):
            there = whole[one.offset : one.offset + one.length]
            assert hashlib.sha256(one.original).digest() == hashlib.sha256(there).digest()


def test_no_mail_of_the_file_is_left_out(tmp_path: Path) -> None:
    path = threads_mbox(tmp_path)
    beginnings = path.read_bytes().count(b"\n\nFrom ") + 1
    with path.open("rb") as file:
        assert sum(1 for _ in slices(file)) == beginnings


def test_a_from_line_counts_only_after_a_blank_line() -> None:
    found = list(slices(io.BytesIO(_ONE + b"From here on it is still the first mail.\n\n" + _TWO)))
    assert [one.original.split(b"\n")[0] for one in found] == [b"Subject: one", b"Subject: two"]
    assert b"From here on" in found[0].original


def test_the_blank_line_between_two_mails_belongs_to_neither() -> None:
    first, second = slices(io.BytesIO(_ONE + b"\n" + _TWO))
    assert first.original == b"Subject: one\n\nFirst\n"
    assert second.original == b"Subject: two\n\nSecond\n"


def test_windows_line_ends_are_kept_as_they_are() -> None:
    first, second = slices(io.BytesIO((_ONE + b"\n" + _TWO).replace(b"\n", b"\r\n")))
    assert first.original == b"Subject: one\r\n\r\nFirst\r\n"
    assert second.envelope == b"From a@b Mon Sep 01 08:00:00 2025"


def test_a_quoted_from_is_kept_and_read_without_its_mark() -> None:
    (one,) = slices(io.BytesIO(_ONE + b">From the start\n>>From quoted\n"))
    assert b">From the start" in one.original
    assert read(one.as_sent).text == "First\nFrom the start\n>From quoted"


def test_a_file_that_was_cut_off_gives_what_is_left() -> None:
    first, second = slices(io.BytesIO((_ONE + b"\n" + _TWO)[:-10]))
    assert first.original.endswith(b"First\n")
    assert second.original == b"Subject: tw"


def test_a_file_that_is_no_mailbox_is_refused_with_its_beginning() -> None:
    with pytest.raises(Refusal, match="This is not a mailbox file: it begins with “PK··x”") as refused:
        list(slices(io.BytesIO(b"PK\x03\x04x\nmore")))
    assert refused.value.code == "not_a_mailbox"
    assert refused.value.mend


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\r\r"])
def test_a_file_with_the_line_ends_of_old_macs_is_not_taken_for_one_mail(before: bytes) -> None:
    with pytest.raises(Refusal, match="end as on old Macs") as refused:
        list(slices(io.BytesIO(before + (_ONE + b"\n" + _TWO).replace(b"\n", b"\r"))))
    assert refused.value.code == "mac_line_ends" and refused.value.mend


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lone_carriage_returns_within_a_mail_are_its_own(end: bytes) -> None:
    whole = _ONE.replace(b"\n", end) + b"a\rb\r" + end + end + _TWO.replace(b"\n", end)
    assert len(list(slices(io.BytesIO(whole)))) == 2


@pytest.mark.parametrize("nothing", [b"", b"\n\n  \n"])
def test_an_empty_file_is_refused(nothing: bytes) -> None:
    with pytest.raises(Refusal, match="empty"):
        list(slices(io.BytesIO(nothing)))


def test_a_byte_order_mark_before_the_first_mail_does_no_harm() -> None:
    (one,) = slices(io.BytesIO(b"\xef\xbb\xbf" + _ONE))
    assert one.original == b"Subject: one\n\nFirst\n"


def test_a_large_file_is_walked_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.mbox"
    with path.open("wb") as file:
        for _ in range(400):
            file.write(_ONE + b"x" * 100_000 + b"\n\n")
    tracemalloc.start()
    with path.open("rb") as file:
        assert sum(1 for _ in slices(file)) == 400
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000


def test_a_mail_too_large_to_keep_gives_its_beginning_and_its_true_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handsel.mail.reading.mbox.LARGEST_SLICE", 100)
    large, small = slices(io.BytesIO(_ONE + b"x\n" * 5_000 + b"\n" + _TWO))
    assert (large.whole, large.length) == (False, len(_ONE) - 34 + 10_000)
    assert large.original.startswith(b"Subject: one")
    assert small.whole


@given(
    st.lists(st.sampled_from([b"From ", b"From a\n", b"\n", b"\r\n", b"x\n", b">From y\n", b"\x00\xff"]), max_size=40)
)
def test_any_file_gives_slices_that_lie_in_it_in_order(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    if why_not_a_mailbox(whole[:4096]):
        return
    end = 0
    for one in slices(io.BytesIO(whole)):
        assert one.offset >= end
        assert one.original == whole[one.offset : one.offset + one.length]
        end = one.offset + one.length
