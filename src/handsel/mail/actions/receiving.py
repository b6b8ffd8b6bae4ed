"""Mail comes in: bytes first, understanding second, a batch of some hundred mails in one transaction."""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F, Max
from django.utils import timezone

from handsel.core.actions import action, record
from handsel.mail import events, queries
from handsel.mail.models import (
    Attachment,
    Conversation,
    Mailbox,
    MailImport,
    Message,
    MessageReference,
    OwnAddress,
    Parse,
    Party,
    Placement,
    RawMail,
    Sighting,
)
from handsel.mail.reading import Reading
from handsel.mail.reading.addresses import Role, normalised
from handsel.mail.reading.reader import VERSION
from handsel.mail.reading.threading import Placed, Threads, threaded
from handsel.planning import actions as planning
from handsel.planning.rules import Kit
from handsel.values.actors import Actor
from handsel.values.refusals import Refusal


@dataclass(frozen=True)
class Kept:
    """Where the bytes of a mail lie: they are on the disk already. length: of them; size: of the whole mail."""

    digest: str
    size: int
    pack: UUID
    offset: int
    length: int
    envelope: str = ""

    @property
    def whole(self) -> bool:
        return self.size == self.length


@dataclass(frozen=True)
class Arrived:
    """One mail of a file. kept, reading: None where this mailbox knows the bytes already, `digest` names them."""

    digest: str
    position: int
    kept: Kept | None = None
    reading: Reading | None = None


@action
def open_mailbox(actor: Actor, name: str, addresses: Sequence[str]) -> Mailbox:
    """A mailbox, and the addresses that are ours in it."""
    mailbox = Mailbox.objects.create(business_id=actor.business_id, name=name.strip()[:120] or "Mailbox")
    _write_addresses(actor, mailbox, {a: True for a in _sound(addresses)})
    record(events.MAILBOX_OPENED, mailbox)
    return mailbox


@action
def correct_addresses(actor: Actor, mailbox_id: UUID, addresses: Sequence[str]) -> None:
    """Say which addresses are ours: whose mails are ours, and so which conversations wait, follows at once."""
    mailbox = Mailbox.objects.get_visible(actor, mailbox_id, lock=True)
    wanted, before = set(_sound(addresses)), set(queries.own_addresses(mailbox.id))
    if not wanted:
        raise Refusal("no_own_address", "A mailbox needs an address that is yours.",
                      mend="Write the one that customers write to.", place="addresses", status=422)  # fmt: skip
    _write_addresses(actor, mailbox, {a: a in wanted for a in sorted(wanted ^ before)})
    messages = Message.objects.filter(mailbox=mailbox)
    messages.filter(sender_address__in=wanted, outgoing=False).update(outgoing=True)
    messages.filter(sender_address__in=before - wanted, outgoing=True, send=None).update(outgoing=False)
    record(events.ADDRESSES_CORRECTED, mailbox, ours=len(wanted))


@action
def begin_import(actor: Actor, name: str, size: int, spool: str = "") -> MailImport:
    """Write down that a mailbox file is going to be read; its mailbox is known when the first mails are."""
    started = MailImport.objects.create(
        business_id=actor.business_id, person_id=actor.person_id, name=name[:200], size=size, spool=spool
    )
    record(events.IMPORT_BEGUN, started)
    return started


@action
def receive(actor: Actor, import_id: UUID, mailbox_id: UUID, mails: Sequence[Arrived], done: int) -> int:
    """Take one batch of a file; gives how many mails are new. What is there already is not taken twice.

    done: bytes of the file that are read with it. The bytes of each new mail lie on the disk already.
    """
    mailbox = Mailbox.objects.get_visible(actor, mailbox_id, lock=True)
    batch = _Batch(actor, mailbox, import_id)
    new = batch.take(mails)
    MailImport.objects.filter(pk=import_id, business_id=actor.business_id).update(
        mailbox=mailbox, done=done, messages=F("messages") + len(mails), new=F("new") + new
    )
    record(events.MAIL_RECEIVED, mailbox, new=new, seen=len(mails))
    return new


@action
def end_import(actor: Actor, import_id: UUID, conversations: int, refused: Sequence[str], trouble: str = "") -> None:
    """The file is read, or cannot be (trouble says why). What was asked each week is evidence for the plan."""
    imported = MailImport.objects.get_visible(actor, import_id)
    MailImport.objects.filter(pk=imported.pk).update(
        conversations=conversations, refused=list(refused), trouble=trouble[:500], finished_at=timezone.now()
    )
    for monday, sunday, requests in queries.requests_by_week(imported.pk):
        planning.note_evidence(
            actor, Kit.MAIL, "Mailbox", monday, sunday, requests, 0, f"mail:{imported.pk}:{monday.isoformat()}"
        )
    record(events.IMPORT_ENDED, imported, new=imported.new)


def _sound(addresses: Iterable[str]) -> list[str]:
    found = [a.strip() for a in addresses if a.strip()]
    for address in found:
        if not normalised(address):
            raise Refusal("mail_address", f"“{address}” is no mail address.", mend="Write it like name@example.com.",
                          place="addresses", status=422)  # fmt: skip
    return list(dict.fromkeys(normalised(a) for a in found))


def _write_addresses(actor: Actor, mailbox: Mailbox, ours: dict[str, bool]) -> None:
    last = OwnAddress.objects.filter(mailbox=mailbox).aggregate(n=Max("n"))["n"] or 0
    for n, (address, is_ours) in enumerate(ours.items(), last + 1):
        OwnAddress.objects.create(
            business_id=actor.business_id, mailbox=mailbox, n=n, address=address, ours=is_ours,
            person_id=actor.person_id,
        )  # fmt: skip


# ---------------------------------------------------------------- one batch


@dataclass
class _Rows:
    """What a batch writes, table by table, in the order in which the tables point to one another."""

    raws: list[RawMail] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    parses: list[Parse] = field(default_factory=list)
    references: list[MessageReference] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    placements: list[Placement] = field(default_factory=list)

    def write(self) -> None:
        """One statement per table, as far as the engine's limit of parameters lets it be one."""
        for rows in (self.raws, self.sightings, self.conversations, self.messages, self.parses, self.references,
                     self.parties, self.attachments, self.placements):  # fmt: skip
            if rows:
                type(rows[0]).objects.bulk_create(rows)  # type: ignore[attr-defined]  # every one is a Row


class _Batch:
    """Some mails of one mailbox on their way into the tables: one query per table reads what they need to know."""

    def __init__(self, actor: Actor, mailbox: Mailbox, import_id: UUID) -> None:
        self.mailbox = mailbox
        self.import_id = import_id
        self.common = {"business_id": actor.business_id}
        self.ours = frozenset(queries.own_addresses(mailbox.id))
        self.rows = _Rows()
        self.now = timezone.now()

    def take(self, mails: Sequence[Arrived]) -> int:
        raws = dict(
            RawMail.objects.filter(mailbox=self.mailbox, digest__in={m.digest for m in mails}).values_list("digest", "id")
        )
        fresh = [mail for mail in mails if mail.reading and mail.kept and mail.digest not in raws]
        self._know([mail.reading for mail in fresh if mail.reading])
        for mail in fresh:
            if mail.digest not in raws:
                raws[mail.digest] = self._receive(mail)
        self._see(mails, raws)
        self.rows.write()
        return len(self.rows.raws)

    def _know(self, readings: Sequence[Reading]) -> None:
        """What the tables know of the ids, contents and parties of these mails."""
        ids = {one for reading in readings for one in threaded(reading).ids}
        named = MessageReference.objects.filter(mailbox=self.mailbox, named__in=ids).order_by("id")
        conversations: dict[str, Conversation] = {}
        found: dict[UUID, Conversation] = {}
        for name, row in ((r.named, r.message.conversation) for r in named.select_related("message__conversation")):
            conversations.setdefault(name, found.setdefault(row.id, row))
        parties: dict[Conversation, set[str]] = defaultdict(set)
        for key, address in Party.objects.filter(message__conversation__in=found).values_list(
            "message__conversation_id", "normalised"
        ):
            parties[found[key]].add(address)
        self.threads: Threads[Conversation] = Threads(self._new_conversation, self.ours, conversations, parties)
        self.number = Conversation.objects.filter(mailbox=self.mailbox).aggregate(n=Max("number"))["n"] or 0
        digests = {reading.content_digest for reading in readings if reading.message_id}
        self.same: dict[str, UUID] = dict(
            Message.objects.filter(mailbox=self.mailbox, own_id=False, content_digest__in=digests).values_list(
                "content_digest", "id"
            )
        )

    def _receive(self, mail: Arrived) -> UUID:
        """The rows of one mail that is new; the same words that came by another way stay one message."""
        kept, reading = mail.kept, mail.reading
        assert kept is not None and reading is not None
        raw = RawMail(
            **self.common, mailbox=self.mailbox, digest=kept.digest, size=kept.size, whole=kept.whole,
            envelope=kept.envelope[:300], pack=kept.pack, offset=kept.offset, length=kept.length,
        )  # fmt: skip
        self.rows.raws.append(raw)
        message_id = self.same.get(reading.content_digest) if reading.message_id else None
        if message_id is None:
            message_id = self._understand(raw, reading)
            if reading.message_id:
                self.same[reading.content_digest] = message_id
        notes = list(reading.notes) if kept.whole else [*reading.notes, "Only the beginning of this mail was kept."]
        self.rows.parses.append(
            Parse(**self.common, raw=raw, message_id=message_id, reader=VERSION, outcome=reading.outcome.value,
                  notes=notes)
        )  # fmt: skip
        return raw.id

    def _understand(self, raw: RawMail, reading: Reading) -> UUID:
        self.reading, self.at = reading, min(reading.received_at or reading.sent_at or self.now, self.now)
        placed = self.threads.place(threaded(reading))
        sender = reading.sender
        answer_to = reading.answer_to
        message = Message(
            **self.common, mailbox=self.mailbox, conversation=placed.conversation, raw=raw,
            outgoing=bool(sender and sender.normalised in self.ours), kind=reading.kind.value,
            message_id=reading.known_as[:1000], own_id=reading.message_id is None, content_digest=reading.content_digest,
            at=self.at, sent_at=reading.sent_at, subject=reading.subject,
            sender_name=sender.name if sender else "", sender_address=sender.normalised if sender else "",
            answer_to=answer_to.normalised if answer_to else "", text=reading.text,
            html=reading.html.replace("\0", ""), fold_at=reading.fold_offset,
        )  # fmt: skip
        self.rows.messages.append(message)
        self._describe(message, placed)
        return message.id

    def _describe(self, message: Message, placed: Placed[Conversation]) -> None:
        reading, below = self.reading, {**self.common, "message": message}
        self.rows.references += [
            MessageReference(**below, mailbox=self.mailbox, position=n, named=one[:1000])
            for n, one in enumerate(threaded(reading).ids)
        ]
        self.rows.parties += [
            Party(**below, role=p.role.value, name=p.name, address=p.address, normalised=p.normalised)
            for p in reading.parties
        ]
        self.rows.attachments += [
            Attachment(**below, position=n, name=f.name[:200], declared_type=f.declared_type[:200], size=f.size,
                       digest=hashlib.sha256(f.content).hexdigest(), content_id=f.content_id[:500], inline=f.inline)
            for n, f in enumerate(reading.attachments)
        ]  # fmt: skip
        self.rows.placements.append(
            Placement(**below, conversation=placed.conversation, n=1, because=placed.because.value,
                      linked=[c.number for c in placed.linked])
        )  # fmt: skip

    def _new_conversation(self) -> Conversation:
        """A conversation that begins with the mail in hand; the customer is whoever is not us."""
        reading = self.reading
        outgoing = reading.sender is not None and reading.sender.normalised in self.ours
        to = next((p for p in reading.parties if p.role is Role.TO and p.normalised), None)
        other = to if outgoing else reading.answer_to
        self.number += 1
        conversation = Conversation(
            **self.common, mailbox=self.mailbox, mail_import_id=self.import_id, number=self.number,
            subject=reading.subject[:500] or "(no subject)", token=secrets.token_hex(16),
            customer_name=other.name if other else "", customer_address=other.normalised if other else "",
        )  # fmt: skip
        self.rows.conversations.append(conversation)
        return conversation

    def _see(self, mails: Sequence[Arrived], raws: dict[str, UUID]) -> None:
        """Where each mail was seen; seen in the same place again says nothing new."""
        folder = queries.folder_of_import(self.import_id)
        keys: set[tuple[Any, str, int]] = set(
            Sighting.objects.filter(raw_id__in=set(raws.values()), folder=folder).values_list(
                "raw_id", "folder", "position"
            )
        )
        for mail in mails:
            key = (raws[mail.digest], folder, mail.position)
            if key not in keys:
                keys.add(key)
                self.rows.sightings.append(
                    Sighting(**self.common, raw_id=key[0], mail_import_id=self.import_id, folder=folder,
                             position=mail.position)
                )  # fmt: skip

