"""Mail comes in: bytes first, understanding second, a batch of some hundred mails in one transaction."""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Max
from django.utils import timezone

from handsel.core.actions import action, record
from handsel.mail import events, queries
from handsel.mail.actions.rows import NewRows
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
from handsel.people.models import Row
from handsel.planning import actions as planning
from handsel.planning.rules import Kit
from handsel.values.actors import Actor
from handsel.values.refusals import Refusal

_LONGEST_ID = 1000


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
    """Open a mailbox, with the addresses that are one's own in it."""
    mailbox = Mailbox.objects.create(business_id=actor.business_id, name=name.strip()[:120] or "Mailbox")
    _write_addresses(actor, mailbox, dict.fromkeys(_sound(addresses), True))
    record(events.MAILBOX_OPENED, mailbox)
    return mailbox


@action
def correct_addresses(actor: Actor, mailbox_id: UUID, addresses: Sequence[str]) -> None:
    """Say which addresses are one's own; which conversations wait follows at once."""
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
    """Begin to read a mailbox file."""
    started = MailImport.objects.create(
        business_id=actor.business_id, person_id=actor.person_id, name=name[:200], size=size, spool=spool
    )
    record(events.IMPORT_BEGUN, started)
    return started


@action
def receive(actor: Actor, import_id: UUID, mailbox_id: UUID, mails: Sequence[Arrived], done: int) -> int:
    """Take mails of a file in. Gives how many are new. What is there already is not taken twice.

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
    """Say that a file is read, or why it cannot be. What was asked each week is evidence for the plan."""
    imported = MailImport.objects.get_visible(actor, import_id)
    MailImport.objects.filter(pk=imported.pk).update(
        conversations=conversations, refused=list(refused), trouble=trouble[:500], finished_at=timezone.now()
    )
    for monday, sunday, requests in queries.requests_by_week(imported.pk):
        planning.note_evidence(
            actor, Kit.MAIL, "Mailbox", monday, sunday, requests, 0, f"mail:{imported.pk}:{monday.isoformat()}"
        )
    record(events.IMPORT_ENDED, imported, new=imported.new, conversations=queries.conversations_with_news(imported))


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


@dataclass(frozen=True)
class _Talk:
    """A conversation as placing knows it."""

    id: UUID
    number: int


class _Batch:
    """Some mails of one mailbox on their way into the tables: one query per table reads what they need to know, one
    statement per table writes them."""

    def __init__(self, actor: Actor, mailbox: Mailbox, import_id: UUID) -> None:
        self.mailbox = mailbox
        self.import_id = import_id
        self.ours = frozenset(queries.own_addresses(mailbox.id))
        self.now = timezone.now()

        def rows(model: type[Row], columns: str) -> NewRows:
            return NewRows(model, actor.business_id, *columns.split())

        self.raws = rows(RawMail, "mailbox digest size whole envelope pack offset length")
        self.sightings = rows(Sighting, "raw mail_import folder position")
        self.talks = rows(
            Conversation, "mailbox mail_import number subject customer_name customer_address token status latest_at"
        )
        self.messages = rows(
            Message, "mailbox conversation raw outgoing kind message_id own_id content_digest at sent_at subject "
            "sender_name sender_address answer_to text html fold_at",
        )  # fmt: skip
        self.parses = rows(Parse, "raw message reader outcome notes")
        self.references = rows(MessageReference, "mailbox message position named")
        self.parties = rows(Party, "message role name address normalised")
        self.attachments = rows(Attachment, "message position name declared_type size digest content_id inline")
        self.placements = rows(Placement, "message conversation n because linked")

    def take(self, mails: Sequence[Arrived]) -> int:
        raws = dict(
            RawMail.objects.filter(mailbox=self.mailbox, digest__in={m.digest for m in mails}).values_list(
                "digest", "id"
            )
        )
        fresh = [mail for mail in mails if mail.reading and mail.kept and mail.digest not in raws]
        self._know([mail.reading for mail in fresh if mail.reading])
        for mail in fresh:
            if mail.digest not in raws:
                raws[mail.digest] = self._receive(mail)
        self._see(mails, raws)
        for rows in (self.raws, self.sightings, self.talks, self.messages, self.parses, self.references, self.parties,
                     self.attachments, self.placements):  # fmt: skip
            rows.write()
        return len(self.raws)

    def _know(self, readings: Sequence[Reading]) -> None:
        """What the tables know of the ids, contents and parties of these mails."""
        ids = {one[:_LONGEST_ID] for reading in readings for one in threaded(reading).ids}
        named = MessageReference.objects.filter(mailbox=self.mailbox, named__in=ids).order_by("id")
        conversations: dict[str, _Talk] = {}
        for name, key, number in named.values_list(
            "named", "message__conversation_id", "message__conversation__number"
        ):
            conversations.setdefault(name, _Talk(key, number))
        found = {talk.id: talk for talk in conversations.values()}
        parties: dict[_Talk, set[str]] = defaultdict(set)
        for key, address in Party.objects.filter(message__conversation__in=found).values_list(
            "message__conversation_id", "normalised"
        ):
            parties[found[key]].add(address)
        self.threads: Threads[_Talk] = Threads(self._new_conversation, self.ours, conversations, parties)
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
        raw_id = self.raws.add(
            self.mailbox.id,
            kept.digest,
            kept.size,
            kept.whole,
            kept.envelope[:300],
            kept.pack,
            kept.offset,
            kept.length,
        )
        message_id = self.same.get(reading.content_digest) if reading.message_id else None
        if message_id is None:
            message_id = self._understand(raw_id, reading)
            if reading.message_id:
                self.same[reading.content_digest] = message_id
        notes = list(reading.notes) if kept.whole else [*reading.notes, "Only the beginning of this mail was kept."]
        self.parses.add(raw_id, message_id, VERSION, reading.outcome.value, notes)
        return raw_id

    def _understand(self, raw_id: UUID, reading: Reading) -> UUID:
        self.reading = reading
        placed = self.threads.place(threaded(reading))
        sender, answer_to = reading.sender, reading.answer_to
        message_id = self.messages.add(
            self.mailbox.id, placed.conversation.id, raw_id, self._is_ours(reading), reading.kind.value,
            reading.known_as[:_LONGEST_ID], reading.message_id is None, reading.content_digest,
            min(reading.received_at or reading.sent_at or self.now, self.now), reading.sent_at, reading.subject,
            sender.name if sender else "", sender.normalised if sender else "",
            answer_to.normalised if answer_to else "", reading.text, reading.html.replace("\0", ""),
            reading.fold_offset,
        )  # fmt: skip
        self._describe(message_id, reading, placed)
        return message_id

    def _describe(self, message_id: UUID, reading: Reading, placed: Placed[_Talk]) -> None:
        for n, one in enumerate(threaded(reading).ids):
            self.references.add(self.mailbox.id, message_id, n, one[:_LONGEST_ID])
        for p in reading.parties:
            self.parties.add(message_id, p.role.value, p.name, p.address, p.normalised)
        for n, f in enumerate(reading.attachments):
            digest = hashlib.sha256(f.content).hexdigest()
            self.attachments.add(
                message_id, n, f.name[:200], f.declared_type[:200], f.size, digest, f.content_id[:500], f.inline
            )
        linked = [talk.number for talk in placed.linked]
        self.placements.add(message_id, placed.conversation.id, 1, placed.because.value, linked)

    def _is_ours(self, reading: Reading) -> bool:
        return reading.sender is not None and reading.sender.normalised in self.ours

    def _new_conversation(self) -> _Talk:
        """A conversation that begins with the mail in hand; the customer is whoever is not us."""
        reading = self.reading
        to = next((p for p in reading.parties if p.role is Role.TO and p.normalised), None)
        other = to if self._is_ours(reading) else reading.answer_to
        self.number += 1
        key = self.talks.add(
            self.mailbox.id, self.import_id, self.number, reading.subject[:500] or "(no subject)",
            other.name if other else "", other.normalised if other else "", secrets.token_hex(16), "filed", None,
        )  # fmt: skip
        return _Talk(key, self.number)

    def _see(self, mails: Sequence[Arrived], raws: dict[str, UUID]) -> None:
        """Where each mail was seen; seen in the same place again says nothing new."""
        folder = queries.folder_of_import(self.import_id)
        seen = set(
            Sighting.objects.filter(raw_id__in=set(raws.values()), folder=folder).values_list("raw_id", "position")
        )
        for mail in mails:
            place = (raws[mail.digest], mail.position)
            if place not in seen:
                seen.add(place)
                self.sightings.add(place[0], self.import_id, folder, mail.position)
