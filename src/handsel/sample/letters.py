"""The mail of the story: letters of customers and the owner's answers, from a text file into the form of a mailbox."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path

from handsel.sample.calendar import Calendar
from handsel.sample.cast import Cast

_MAILS = Path(__file__).parent / "mails"
_HEAD = re.compile(r"^=== (-?\d+) \| (.+?) \| (\S+) \| (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """What a customer wrote on a day of the story, and what the owner answered; empty where nobody has yet."""

    day: int
    name: str
    mail: str
    subject: str
    text: str
    answer: str = ""

    @property
    def order(self) -> str:
        """The order number that it speaks of, if it does."""
        found = re.search(r"\b[A-Z]{2}-\d{3,}\b", f"{self.subject} {self.text}")
        return found[0] if found else ""


def letters_of(cast: Cast) -> list[Letter]:
    """Every letter of the cast's file, in the order of their days."""
    _, *parts = _HEAD.split((_MAILS / cast.mails).read_text(encoding="utf-8"))
    blocks = [parts[i : i + 5] for i in range(0, len(parts), 5)]
    return sorted((_letter(*block) for block in blocks), key=lambda letter: letter.day)


def _letter(day: str, name: str, mail: str, subject: str, body: str) -> Letter:
    text, _, answer = body.partition("\n---\n")
    return Letter(int(day), name, mail, subject, text.strip(), answer.strip())


def mailbox(letters: Iterable[Letter], cast: Cast, calendar: Calendar) -> bytes:
    """The letters and their answers as an mbox file."""
    return b"".join(
        _from_line(when) + _quoted(message.as_bytes())
        for letter in letters
        for when, message in _messages(letter, cast, calendar)
    )


def _messages(letter: Letter, cast: Cast, calendar: Calendar) -> Iterator[tuple[datetime, EmailMessage]]:
    """The letter, written between seven and four; its answer follows some hours later."""
    minutes = sum(letter.mail.encode()) % 540
    written = calendar.instant(letter.day, "7:00") + timedelta(minutes=minutes)
    key = f"{letter.mail.partition('@')[0]}.{letter.day}@{letter.mail.partition('@')[2]}"
    customer, owner = formataddr((letter.name, letter.mail)), formataddr((cast.owner.name, cast.owner.mail))
    yield written, _message(customer, owner, letter.subject, letter.text, written, key)
    if letter.answer:
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


def _from_line(when: datetime) -> bytes:
    return f"From sample@larkspur.example {when:%a %b %d %H:%M:%S %Y}\n".encode()


def _quoted(message: bytes) -> bytes:
    """As mboxrd keeps it: a line that would begin a message is quoted."""
    return re.sub(rb"(?m)^(>*From )", rb">\1", message.replace(b"\r\n", b"\n")) + b"\n"
