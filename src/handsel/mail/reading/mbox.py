"""Walk through an mbox file in constant memory: each mail's exact slice of the file, in order.

A `From ` line begins a mail only at the start of the file or after a blank line (RFC 4155, section 3 and appendix A);
the blank line before it belongs to neither mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from handsel.values.refusals import Refusal

LARGEST_SLICE = 50 * 1024 * 1024
"""Bytes of one mail that are taken into memory; a longer one gives its beginning only, and says so by `whole`."""

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = (b"\n", b"\r\n")
_LONE_CR = re.compile(rb"[^\r\n]*\r(?!\r*\n)")


@dataclass(frozen=True)
class Slice:
    """One mail of the file.

    offset, length: bytes, of what follows the `From ` line, without the blank line that parts it from the next.
    original: exactly those bytes of the file, their SHA-256 the identity of the mail; where it is longer than
    LARGEST_SLICE, only its beginning. envelope: the `From ` line.
    """

    offset: int
    length: int
    original: bytes
    envelope: bytes

    @property
    def whole(self) -> bool:
        """False where the mail is too large to be kept: only its headers can be read."""
        return len(self.original) == self.length

    @property
    def as_sent(self) -> bytes:
        """The mail with the file's `>From` quoting undone: this is what is read, `original` is what is kept."""
        return without_from_quoting(self.original)


def without_from_quoting(original: bytes) -> bytes:
    """Undo the `>` that an mbox file puts before lines beginning with `From ` (the "mboxrd" way: one `>` is taken)."""
    return _QUOTED_FROM.sub(rb"\1", original) if b">From " in original else original


def why_not_a_mailbox(beginning: bytes) -> Refusal | None:
    """The reason why a file that begins with these bytes is no mbox file; None where it may be one."""
    if not beginning.strip():
        return Refusal(
            "mailbox_empty", "This file is empty.", mend="Choose the mbox file that your mail program wrote."
        )
    first = beginning.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if first.startswith(b"From "):
        return _why_not_its_lines() if _LONE_CR.match(first) else None
    return Refusal(
        "not_a_mailbox",
        f"This is not a mailbox file: it begins with “{_shown(beginning)}”.",
        mend="A mailbox file (mbox) begins with “From ”. Export the folder as mbox in your mail program.",
    )


def _why_not_its_lines() -> Refusal:
    """Lines that end in a carriage return alone, as on Macs before 2001: the whole file would be taken for one line."""
    return Refusal(
        "mac_line_ends",
        "The lines of this mailbox file end as on old Macs, so its mails cannot be told apart.",
        mend="Export the folder as mbox anew, or let somebody turn its line ends from CR into LF; then choose it again.",
    )


def slices(file: BinaryIO) -> Iterator[Slice]:
    """Each mail of an mbox file, from the start. Raises Refusal where the file is empty or no mbox.

    A file that was cut off gives its last mail as far as it goes; the reader notes what is missing in it.
    """
    file.seek(0)
    if refusal := why_not_a_mailbox(file.read(4096)):
        raise refusal
    file.seek(0)
    envelope, position, mail = b"", 0, _Mail(0)
    for line in _lines(file):
        position += len(line)
        if _begins_mail(line, first=not envelope, after_blank=mail.after_blank):
            if envelope:
                yield mail.cut(envelope)
            envelope, mail = line, _Mail(position)
        elif envelope:
            mail.take(line)
    yield mail.cut(envelope)


def _begins_mail(line: bytes, first: bool, after_blank: bool) -> bool:
    if first:
        return line.removeprefix(b"\xef\xbb\xbf").startswith(b"From ")
    return after_blank and line.startswith(b"From ")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines with their ends, none longer than 1 MiB, so that a file without line ends does not fill the memory."""
    return iter(lambda: file.readline(1 << 20), b"")


class _Mail:
    """The lines of one mail while they are read."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.length = 0
        self.last = b"\n"
        self._lines: list[bytes] = []

    @property
    def after_blank(self) -> bool:
        """Whether the last line was blank; a `From ` line right after another begins a mail too, an empty one."""
        return self.last in _BLANK

    def take(self, line: bytes) -> None:
        if self.length <= LARGEST_SLICE:
            self._lines.append(line)
        self.length += len(line)
        self.last = line

    def cut(self, envelope: bytes) -> Slice:
        """The mail without the blank line at its end."""
        length = self.length - (len(self.last) if self.length and self.after_blank else 0)
        original = b"".join(self._lines)
        return Slice(self.offset, length, original[:length], envelope.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n"))


def _shown(beginning: bytes) -> str:
    """The first few characters, harmless to print."""
    first = beginning[:40].decode("utf-8", "replace").splitlines() or [""]
    return "".join(c if c.isprintable() else "·" for c in first[0])
