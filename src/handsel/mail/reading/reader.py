"""Bytes of a mail to what a person needs of it. Whatever the bytes are, there is an answer and never an exception."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from email.errors import MissingHeaderBodySeparatorDefect
from email.message import Message
from email.parser import BytesFeedParser, BytesHeaderParser
from email.policy import compat32
from enum import Enum

from handsel.mail.reading.addresses import Party, Role, parties
from handsel.mail.reading.bodies import Attachment, Body, Notes, body_of
from handsel.mail.reading.headers import Headers, date_of, decoded, first, headers_of, ids_in, message_id, received_at
from handsel.mail.reading.kinds import Kind, kind_of
from handsel.mail.reading.quotes import fold_offset

VERSION = 1
"""Of this reader: a mail read by an older one may be read again."""
LARGEST_MAIL = 25 * 1024 * 1024
"""Bytes. Of a larger mail only the headers are read."""


MOST_COMPARISONS = 100_000_000
"""Of lines with boundaries; some ten seconds of the standard parser."""
_BOUNDARY = re.compile(rb"boundary[ \t]*=", re.IGNORECASE)


class Outcome(Enum):
    """How much of a mail was understood."""

    READ = "read"
    PARTLY = "partly"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Reading:
    """One mail, understood as far as it goes.

    notes: plain words for the reader of the mail. message_id with angle brackets, None where the sender gave none.
    references: in the order of the header, In-Reply-To apart. sent_at, received_at: UTC; what the Date header says,
    what our own server says; either may be missing or wrong. html: as sent, to be cleaned before it is shown.
    fold_offset: where in `text` the quoted history begins, None where nothing is to be folded.
    """

    outcome: Outcome
    notes: tuple[str, ...]
    kind: Kind
    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    sent_at: datetime | None
    received_at: datetime | None
    subject: str
    parties: tuple[Party, ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    content_digest: str
    fold_offset: int | None

    @property
    def sender(self) -> Party | None:
        """Who wrote it: From, else Sender."""
        return self._first(Role.FROM) or self._first(Role.SENDER)

    @property
    def answer_to(self) -> Party | None:
        """Where an answer goes: Reply-To where it can be answered (`Reply-To: <>` cannot), else the sender."""
        return self._first(Role.REPLY_TO) or self.sender

    @property
    def known_as(self) -> str:
        """The sender's id, or one of our own made from the digest; the same mail always gets the same."""
        return self.message_id or f"<{self.content_digest[:40]}@no-id.invalid>"

    @property
    def new_text(self) -> str:
        """The text without its folded history."""
        return self.text if self.fold_offset is None else self.text[: self.fold_offset]

    def _first(self, role: Role) -> Party | None:
        return next((party for party in self.parties if party.role is role and party.normalised), None)


def read(original: bytes) -> Reading:
    """Read one mail as received. Never raises."""
    notes = Notes()
    raw = _with_line_feeds(original)
    if not raw.strip():
        return _unreadable(raw, "This mail is empty.")
    if len(raw) > LARGEST_MAIL:
        return _headers_alone(raw, Outcome.PARTLY, "This mail is larger than 25 MB. Open it in your mailbox.")
    if _takes_too_long(raw):
        return _headers_alone(raw, Outcome.UNREADABLE, "This mail is built too deep to be read. Open the original.")
    # The one place where everything is caught: the standard parser has raised nine sorts of exception on real mail,
    # and a mail that cannot be read must not stop those behind it.
    try:
        message = _parsed(raw, notes)
        return _reading(headers_of(message), body_of(message, notes), notes)
    except Exception:
        return _headers_alone(raw, Outcome.UNREADABLE, "We could not read this mail. Open the original.")


def _with_line_feeds(original: bytes) -> bytes:
    """Old Macintosh line ends become line feeds; all others stay."""
    return original.replace(b"\r", b"\n") if b"\n" not in original else original


def _takes_too_long(raw: bytes) -> bool:
    """The standard parser compares each line with every boundary around it: 25 MB within 90 parts took 70 seconds."""
    return len(_BOUNDARY.findall(raw)) * raw.count(b"\n") > MOST_COMPARISONS


def _headers_alone(raw: bytes, outcome: Outcome, note: str) -> Reading:
    """Who, when and what about, of a mail whose body cannot be read."""
    try:
        message = BytesHeaderParser(policy=compat32).parsebytes(raw[: 256 * 1024].replace(b"\0", b""))
        read_from_headers = _reading(headers_of(message), Body("", "", []), Notes([note], damaged=True))
    except Exception:
        return _unreadable(raw, note)
    # Of two such mails only the bytes can tell whether they are the same.
    return replace(read_from_headers, outcome=outcome, content_digest=hashlib.sha256(raw).hexdigest())


def _unreadable(raw: bytes, note: str) -> Reading:
    digest = hashlib.sha256(raw).hexdigest()
    return Reading(
        Outcome.UNREADABLE, (note,), Kind.MACHINE, None, None, (), None, None, "", (), "", "", (), digest, None
    )


_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")
_KNOWN_LINE = re.compile(
    rb"^(from|to|cc|date|subject|message-id|in-reply-to|references|mime-version|content-type|content-transfer-encoding|"
    rb"received|return-path|reply-to|sender|delivered-to)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST_BLANK = re.compile(rb"\r?\n\r?\n")


def _parsed(raw: bytes, notes: Notes) -> Message:
    message = _tree(raw)
    if any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in message.defects):
        mended = _without_malformed_lines(raw)
        if mended != raw:
            notes.say("One line of this mail's header was malformed and is left out here. The original has it.")
            message = _tree(mended)
    for part in message.walk():
        if any(type(defect).__name__ in _CUT_OFF for defect in part.defects):
            notes.lost("The end of this mail is missing.")
            break
    return message


def _tree(raw: bytes) -> Message:
    """Fed in pieces: parsing all at once would hold a large mail three times more in memory."""
    parser = BytesFeedParser(policy=compat32)
    for start in range(0, len(raw), 1 << 16):
        parser.feed(raw[start : start + (1 << 16)])
    return parser.close()


_CUT_OFF = {"CloseBoundaryNotFoundDefect", "StartBoundaryNotFoundDefect"}


def _without_malformed_lines(raw: bytes) -> bytes:
    """A line that is no header ends the block for the parser: where two known headers follow, it is taken out."""
    end = _FIRST_BLANK.search(raw)
    block, rest = (raw[: end.start() + 1], raw[end.start() + 1 :]) if end else (raw, b"")
    known = [found.start() for found in _KNOWN_LINE.finditer(block)]
    kept, position = [], 0
    for n, line in enumerate(block.splitlines(keepends=True)):
        proper = line[:1] in b" \t" or _HEADER_LINE.match(line) or (n == 0 and line.startswith((b"From ", b">From ")))
        if proper or len(known) < 2 or known[-2] < position:
            kept.append(line)
        position += len(line)
    return b"".join(kept) + rest


def _reading(headers: Headers, body: Body, notes: Notes) -> Reading:
    named = _parties(headers, notes)
    sender = next((party.normalised for party in named if party.role is Role.FROM), "")
    answers = ids_in(headers.get("in-reply-to", ()))
    own_id = message_id(first(headers, "message-id"))
    sent_at = date_of(first(headers, "date"))
    subject = decoded(first(headers, "subject"))
    if not headers:
        notes.lost("This mail has no header; all of it is shown as text.")
    return Reading(
        outcome=Outcome.PARTLY if notes.damaged else Outcome.READ,
        notes=tuple(notes.words),
        kind=kind_of(headers, sender),
        message_id=own_id,
        in_reply_to=answers[0] if answers else None,
        references=tuple(one for one in ids_in(headers.get("references", ())) if one != own_id),
        sent_at=sent_at,
        received_at=received_at(headers),
        subject=subject,
        parties=tuple(named),
        text=body.text,
        html=body.html,
        attachments=tuple(body.attachments),
        content_digest=_digest(own_id, sent_at, sender, subject, body),
        fold_offset=fold_offset(body.text),
    )


def _parties(headers: Headers, notes: Notes) -> list[Party]:
    found: list[Party] = []
    for role in Role:
        values = headers.get(role.value, [])
        named, left_out = parties(role, values[:1] if role is Role.FROM else values)
        found += named
        if left_out:
            notes.lost("This mail names more than 2,000 addresses. The original has all of them.")
    return found


def _digest(own_id: str | None, sent_at: datetime | None, sender: str, subject: str, body: Body) -> str:
    """SHA-256 of what the mail says, not of how it came: id, date, sender, subject, texts, files, line ends apart."""
    files = [[file.name, hashlib.sha256(_one_line_end(file.content)).hexdigest()] for file in body.attachments]
    said = [own_id, sent_at.isoformat() if sent_at else None, sender, subject, body.text, body.html, files]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


def _one_line_end(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
