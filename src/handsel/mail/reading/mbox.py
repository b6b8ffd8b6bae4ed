"""Walk through an mbox file in constant memory: each mail's exact slice of the file, in order.

A `From ` line begins a mail only at the start of the file or after a blank line (RFC 4155, section 3 and appendix A);
the blank line before it belongs to neither mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from handsel.values.refusals import Refusal

LARGEST_SLICE = 200 * 1024 * 1024
"""Bytes. What is longer than this is no mail; the file is refused rather than the memory filled."""

_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = (b"\n", b"\r\n")


@dataclass(frozen=True)
class Slice:
    """One mail of the file.

    offset, length: bytes, of what follows the `From ` line, without the blank line that parts it from the next.
    original: exactly those bytes of the file; their SHA-256 is the identity of the mail. envelope: the `From ` line.
    """

    offset: int
    length: int
    original: bytes
    envelope: bytes

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
    if beginning.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").startswith(b"From "):
        return None
    return Refusal(
        "not_a_mailbox",
        f"This is not a mailbox file: it begins with “{_shown(beginning)}”.",
        mend="A mailbox file (mbox) begins with “From ”. Export the folder as mbox in your mail program.",
    )


def slices(file: BinaryIO) -> Iterator[Slice]:
    """Each mail of an mbox file, from the start. Raises Refusal where the file is empty or no mbox.

    A file that was cut off gives its last mail as far as it goes; the reader notes what is missing in it.
    """
    file.seek(0)
    if refusal := why_not_a_mailbox(file.read(4096)):
        raise refusal
    file.seek(0)
    envelope, start, position = b"", 0, 0
    lines: list[bytes] = []
    for line in _lines(file):
        if line.startswith(b"From ") and (not envelope or not lines or lines[-1] in _BLANK):
            if envelope:
                yield _cut(start, lines, envelope)
            envelope, start, lines = line, position + len(line), []
        elif envelope:
            lines.append(line)
            if position - start > LARGEST_SLICE:
                raise Refusal(
                    "mail_too_large", "One mail of this file is larger than 200 MB.", mend="Export it in parts."
                )
        elif line.startswith(b"\xef\xbb\xbfFrom "):
            envelope, start = line, position + len(line)
        position += len(line)
    if envelope:
        yield _cut(start, lines, envelope)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines with their ends, none longer than 1 MiB, so that a file without line ends does not fill the memory."""
    return iter(lambda: file.readline(1 << 20), b"")


def _cut(start: int, lines: list[bytes], envelope: bytes) -> Slice:
    if lines and lines[-1] in _BLANK:
        lines.pop()
    original = b"".join(lines)
    return Slice(start, len(original), original, envelope.rstrip(b"\r\n"))


def _shown(beginning: bytes) -> str:
    """The first few characters, harmless to print."""
    first = beginning[:40].decode("utf-8", "replace").splitlines() or [""]
    return "".join(c if c.isprintable() else "·" for c in first[0])
