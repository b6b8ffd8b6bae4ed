"""Read a mailbox file (mbox): bytes first, understanding second, in batches that may be broken off and begun again.

The bytes of a batch lie in the store before its rows are committed. A second run of the same file finds nothing new.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import DataError, connection

from handsel.mail import actions, originals, queries
from handsel.mail.actions.receiving import Arrived, Kept
from handsel.mail.models import MailImport
from handsel.mail.reading import Reading, read
from handsel.mail.reading.addresses import Role
from handsel.mail.reading.mbox import Slice, slices
from handsel.people.queries import business_by_slug, system_actor
from handsel.values.actors import Actor, Way
from handsel.values.refusals import Refusal

BATCH = 200
PAUSE_SECONDS = 0.02
"""Between two batches on SQLite: it has one writer and no queue."""
_SAMPLE = 500
"""Mails that are looked at to guess whose mailbox it is."""

Progress = Callable[[int, int], object]


def import_mbox(path: Path, slug: str, progress: Progress | None = None) -> dict[str, Any]:
    """Read an mbox file into the business with this short name; the worker then looks for kinds of request.

    progress: called with the bytes read and all bytes. Gives {"messages", "new", "conversations", "refused"}: mails in
    the file, those that are new, conversations that they stand in, and a sentence for each that could not be taken.
    """
    actor = system_actor(business_by_slug(slug).id, Way.IMPORT)
    with path.open("rb") as file:
        _require_mailbox(file)
        begun = actions.begin_import(actor, path.name, path.stat().st_size)
        return read_import(actor, begun, file, progress)


def read_import(actor: Actor, begun: MailImport, file: BinaryIO, progress: Progress | None = None) -> dict[str, Any]:
    """Read the file of an import that was begun; also one that was broken off."""
    reading = _Reading(actor, begun)
    try:
        mailbox_id = begun.mailbox_id or mailbox_for(actor, file)
        for batch in _batches(slices(file)):
            reading.take(mailbox_id, batch)
            if progress:
                progress(reading.done, begun.size)
            if connection.vendor == "sqlite":
                time.sleep(PAUSE_SECONDS)
    except Refusal as refusal:
        actions.end_import(actor, begun.id, 0, [], trouble=str(refusal))
        raise
    actions.end_import(actor, begun.id, len(reading.conversations), reading.refused)
    if progress:
        progress(begun.size, begun.size)
    return {
        "messages": reading.messages,
        "new": reading.new,
        "conversations": len(reading.conversations),
        "refused": reading.refused,
    }


def _require_mailbox(file: BinaryIO) -> None:
    """Raises Refusal where this is no mailbox file, before anything is written."""
    next(iter(slices(file)), None)


def _batches(mails: Iterator[Slice]) -> Iterator[list[Slice]]:
    while batch := list(islice(mails, BATCH)):
        yield batch


@dataclass
class _Reading:
    """How far an import has come."""

    actor: Actor
    begun: MailImport
    messages: int = 0
    new: int = 0
    done: int = 0
    conversations: set[UUID] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)

    def take(self, mailbox_id: UUID, batch: list[Slice]) -> None:
        digests = [hashlib.sha256(one.original).hexdigest() for one in batch]
        known = queries.known_digests(self.actor, mailbox_id, digests)
        pack = originals.Pack()
        mails = [_arrived(one, digest, known, pack) for one, digest in zip(batch, digests, strict=True)]
        pack.keep()
        self.done = batch[-1].offset + batch[-1].length
        self._receive(mailbox_id, mails)
        self.conversations |= queries.conversations_of(self.actor, mailbox_id, digests)
        self.messages += len(batch)

    def _receive(self, mailbox_id: UUID, mails: list[Arrived]) -> None:
        """All at once; where the database cannot hold one of them, that one alone is left out and named."""
        try:
            self.new += actions.receive(self.actor, self.begun.id, mailbox_id, mails, self.done)
        except (DataError, ValueError) as trouble:
            if len(mails) == 1:
                self.refused.append(f"The mail at byte {mails[0].position} could not be kept: {trouble}")
                return
            middle = len(mails) // 2
            self._receive(mailbox_id, mails[:middle])
            self._receive(mailbox_id, mails[middle:])


def _arrived(one: Slice, digest: str, known: set[str], pack: originals.Pack) -> Arrived:
    if digest in known:
        return Arrived(digest, one.offset)
    known.add(digest)  # the second of two equal mails in one batch
    envelope = one.envelope.decode("utf-8", "replace").replace("\0", "")
    kept = Kept(digest, one.length, pack.key, pack.append(one.original), len(one.original), envelope)
    return Arrived(digest, one.offset, kept, read(one.as_sent))


# ---------------------------------------------------------------- whose mailbox it is


def mailbox_for(actor: Actor, file: BinaryIO) -> UUID:
    """The mailbox that a file belongs to: one that is known already, else a new one with the guessed address."""
    sample = [read(one.as_sent) for one in islice(slices(file), _SAMPLE)]
    counted = _counted(sample)
    for mailbox_id, addresses in queries.addresses_of_all(actor).items():
        if sum(counted[a] for a in addresses) * 2 >= len(sample):
            return mailbox_id
    guessed = guess(counted)
    key: UUID = actions.open_mailbox(actor, guessed or "Mailbox", [guessed] if guessed else []).id
    return key


def guess(counted: Counter[str]) -> str:
    """The address that stands in most mails, as sender or recipient; empty where no mail names one."""
    return max(counted, key=lambda address: (counted[address], address), default="")


def _counted(sample: list[Reading]) -> Counter[str]:
    """In how many mails each address is sender or recipient; of two that are equal the recipient wins."""
    counted: Counter[str] = Counter()
    for reading in sample:
        named = {p.normalised for p in reading.parties if p.normalised and p.role is not Role.REPLY_TO}
        counted.update(named)
    return counted
