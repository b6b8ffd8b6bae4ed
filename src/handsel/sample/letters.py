"""The mail of the story: letters of customers and the owner's answers, from a text file into the form of a mailbox."""

import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path

from handsel.sample.calendar import Calendar
from handsel.sample.cast import Cast

_MAILS = Path(__file__).parent / "mails"
_HEAD = re.compile(r"^=== (-?\d+) \| ([^|\n]+) \| (\S+) \| ([^|\n]+?)(?: \| ([^|\n]+))?$", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """What a customer wrote on a day of the story. kind: the owner's word for what is asked, where she names it after
    this letter. answer: empty where nobody has answered yet."""

    day: int
    name: str
    mail: str
    subject: str
    kind: str
    text: str
    answer: str = ""
    on: date | None = None  # where it came in the weeks between, which have no days of the story

    @property
    def is_old(self) -> bool:
        """Written before the story: the owner's answer stands in her mailbox."""
        return self.day < 0

    @property
    def has_photo(self) -> bool:
        return "photo" in self.text.lower()


def letters_of(cast: Cast) -> list[Letter]:
    """Every letter of the cast's file, in the order of their days."""
    _, *parts = _HEAD.split((_MAILS / cast.mails).read_text(encoding="utf-8"))
    blocks = [parts[i : i + 6] for i in range(0, len(parts), 6)]
    return sorted((_letter(*block) for block in blocks), key=lambda letter: letter.day)


def _letter(day: str, name: str, mail: str, subject: str, kind: str | None, body: str) -> Letter:
    text, _, answer = body.partition("\n---\n")
    return Letter(int(day), name, mail, subject, kind or "", text.strip(), answer.strip())


def mailbox(letters: Iterable[Letter], cast: Cast, calendar: Calendar) -> bytes:
    """The letters, and the answers to old ones, as an mbox file."""
    return b"".join(
        _from_line(when) + _quoted(message.as_bytes())
        for letter in letters
        for when, message in _messages(letter, cast, calendar)
    )


def _messages(letter: Letter, cast: Cast, calendar: Calendar) -> Iterator[tuple[datetime, EmailMessage]]:
    """The letter, written between seven and four; its answer follows some hours later."""
    minutes = sum(letter.mail.encode()) % 540
    written = calendar.at(letter.on or calendar.day(letter.day), "7:00") + timedelta(minutes=minutes)
    key = f"{letter.mail.partition('@')[0]}.{letter.day}@{letter.mail.partition('@')[2]}"
    customer, owner = formataddr((letter.name, letter.mail)), formataddr((cast.owner.name, cast.owner.mail))
    first = _message(customer, owner, letter.subject, letter.text, written, key)
    if letter.has_photo:
        first.add_attachment(PHOTO, maintype="image", subtype="png", filename="photo.png")
        first.set_boundary(f"=_{letter.day}")
    yield written, first
    if letter.is_old:
        answered = written + timedelta(hours=3 + minutes % 5, minutes=minutes % 50)
        quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
        text = f"{letter.answer}\n\nOn {written:%d %B %Y}, {letter.name} wrote:\n{quoted}"
        answer = _message(owner, customer, f"Re: {letter.subject}", text, answered, f"re.{key}")
        answer["In-Reply-To"] = answer["References"] = f"<{key}>"
        yield answered, answer


def _message(sender: str, to: str, subject: str, text: str, when: datetime, key: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = format_datetime(when), f"<{key}>"
    message.set_content(text + "\n")
    return message


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _photo(width: int = 96, height: int = 64) -> bytes:
    """A picture of a candle in the simplest form of PNG (8 bits of grey), so that letters with a photo have one."""
    rows = b"".join(
        b"\0"
        + bytes(40 if abs(x - 48) < 9 and y > 20 else 250 if abs(x - 48) < 3 and y > 8 else 200 for x in range(width))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


PHOTO = _photo()


def _from_line(when: datetime) -> bytes:
    return f"From sample@larkspur.example {when:%a %b %d %H:%M:%S %Y}\n".encode()


def _quoted(message: bytes) -> bytes:
    """As mboxrd keeps it: a line that would begin a message is quoted."""
    return re.sub(rb"(?m)^(>*From )", rb">\1", message.replace(b"\r\n", b"\n")) + b"\n"
