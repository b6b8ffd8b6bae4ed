"""Mailboxes for tests: the large public one where it lies beside the repository, else one made here."""

import itertools
from datetime import UTC, datetime
from pathlib import Path

from handsel.mail.mining import Letter, Pair, paired
from handsel.mail.reading import Reading, read
from handsel.mail.reading.addresses import Role
from handsel.mail.reading.mbox import slices
from handsel.mail.reading.threading import Threads, threaded
from tests.mail import candle_shop

_NORA = "hello@larkspurcandles.example"
_SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "mailboxes"


def threads_mbox(folder: Path) -> Path:
    """A mailbox in which every conversation is one request with one reply: 4,000 of them, or 300 made here."""
    given = _SHARED / "threads" / "mail.mbox"
    return given if given.is_file() else _made(folder / "made.mbox", 300)


def shop_pairs() -> list[Pair]:
    """The requests of a whole mailbox of 18 months, or those of the small candle shop."""
    given = _SHARED / "shop" / "mail.mbox"
    if not given.is_file():
        return candle_shop.pairs()
    threads: Threads[int] = Threads(itertools.count().__next__, [_NORA])
    with given.open("rb") as file:
        return paired([_letter(reading, threads) for one in slices(file) if (reading := read(one.as_sent)).sent_at])


def _letter(reading: Reading, threads: Threads[int]) -> Letter:
    outgoing = reading.sender is not None and reading.sender.normalised == _NORA
    other = next((party for party in reading.parties if party.role is Role.TO), None) if outgoing else reading.answer_to
    return Letter(
        key=reading.known_as,
        conversation=str(threads.place(threaded(reading)).conversation),
        message_id=reading.known_as,
        in_reply_to=reading.in_reply_to,
        kind=reading.kind,
        outgoing=outgoing,
        customer=other.normalised if other else "",
        customer_name=other.name if other else "",
        at=reading.sent_at or datetime.min.replace(tzinfo=UTC),
        text=reading.text,
    )


def _made(path: Path, conversations: int) -> Path:
    with path.open("wb") as file:
        for n in range(conversations):
            file.write(
                _mail(f"ana{n}@mail.example", "help@shop.example", f"<{n}.q@mail.example>", "", f"Where is {n}?")
            )
            file.write(
                _mail(
                    "help@shop.example",
                    f"ana{n}@mail.example",
                    f"<{n}.r@shop.example>",
                    f"<{n}.q@mail.example>",
                    "Soon.",
                )
            )
    return path


def _mail(sender: str, to: str, own_id: str, answers: str, text: str) -> bytes:
    refers = f"In-Reply-To: {answers}\nReferences: {answers}\n" if answers else ""
    return (
        f"From MAILER-DAEMON Mon Sep 01 08:00:00 2025\nFrom: {sender}\nTo: {to}\nMessage-ID: {own_id}\n{refers}"
        f"Date: Mon, 01 Sep 2025 08:27:00 +0000\nSubject: Request\n\n{text}\n\n"
    ).encode()
