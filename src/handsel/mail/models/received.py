"""What came in: mails as received and as understood, and conversations."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from handsel.core.keys import Key
from handsel.mail.models.desk import Desk, Mailbox
from handsel.people.models import Person
from handsel.values.actors import Side


class OwnAddress(Desk):
    """An address is, or is not any more, one that "we" write from; of several rows the greatest n counts."""

    side = Side.OWNER_SIDE

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, db_index=False, related_name="own_addresses")
    address = models.CharField(max_length=320)
    n = models.PositiveIntegerField()
    ours = models.BooleanField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "n"], name="own_address_n_once")]
        indexes = [models.Index(fields=["business", "address"], name="own_address_business")]


class MailImport(Desk):
    """One reading of a mailbox file. done, size: bytes. It may be left, and goes on after a fall of the worker.

    spool: the name of the file that was given through the page, until it is read. refused: what could not be taken, in
    plain words. finished_at: empty while it runs.
    """

    side = Side.OWNER_SIDE

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, db_index=False, related_name="imports")
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    name = models.CharField(max_length=200)
    spool = models.CharField(max_length=80, blank=True)
    size = models.BigIntegerField()
    done = models.BigIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    conversations = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    trouble = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "import"
        indexes = [
            models.Index(fields=["business", "made_at"], name="mail_import_business"),
            models.Index(fields=["mailbox", "made_at"], name="mail_import_mailbox"),
        ]


class RawMail(Desk):
    """The bytes of a mail as received: their SHA-256 is their identity, and they lie in a pack from `offset` on."""

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, db_index=False, related_name="+")
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    whole = models.BooleanField(default=True)  # False: too large to be kept, only its beginning lies here
    envelope = models.CharField(max_length=300, blank=True)
    pack = Key()
    offset = models.BigIntegerField()
    length = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "digest"], name="raw_mail_once")]


class Sighting(Desk):
    """Where a mail was seen: in which file, from which byte on."""

    raw = models.ForeignKey(RawMail, models.PROTECT, db_index=False, related_name="sightings")
    mail_import = models.ForeignKey(MailImport, models.PROTECT, db_index=False, related_name="+")
    folder = models.CharField(max_length=200)
    position = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["raw", "folder", "position"], name="sighting_once")]


class Conversation(Desk):
    """Mails that answer one another. `status` and `latest_at` follow its messages, replies and closures (guards.py)."""

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, db_index=False, related_name="conversations")
    mail_import = models.ForeignKey(MailImport, models.PROTECT, null=True, db_index=False, related_name="+")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=500)
    customer_name = models.CharField(max_length=200, blank=True)
    customer_address = models.CharField(max_length=320, blank=True)
    token = models.CharField(max_length=32, unique=True)
    status = models.CharField(max_length=20, default="filed")
    latest_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "number"], name="conversation_number_once")]
        indexes = [
            models.Index(fields=["business", "status", "latest_at"], name="conversation_status"),
            models.Index(fields=["business", "latest_at"], name="conversation_latest"),
            models.Index(fields=["business", "customer_address"], name="conversation_customer"),
            models.Index(fields=["mail_import"], name="conversation_import"),
        ]

    @property
    def customer(self) -> str:
        """The customer as lists write her."""
        return self.customer_name or self.customer_address or "Unknown sender"


class Message(Desk):
    """One mail, understood as far as it goes; `at` orders a conversation, `sent_at` is what its Date header says.

    kind: of `reading.kinds.Kind`. message_id: the sender's, or one of our own made from the digest (`own_id`).
    html: as sent, cleaned where it is shown. fold_at: where in `text` the quoted history begins.
    """

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, db_index=False, related_name="+")
    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False, related_name="messages")
    raw = models.ForeignKey(RawMail, models.PROTECT, null=True, db_index=False, related_name="+")
    outgoing = models.BooleanField()
    kind = models.CharField(max_length=12)
    message_id = models.CharField(max_length=1000)
    own_id = models.BooleanField(default=False)
    content_digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    subject = models.TextField(blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    answer_to = models.CharField(max_length=320, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    fold_at = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "content_digest"], condition=Q(own_id=False), name="message_content_once"
            )
        ]
        indexes = [models.Index(fields=["conversation", "at"], name="message_conversation")]

    @property
    def new_text(self) -> str:
        return self.text if self.fold_at is None else self.text[: self.fold_at]

    @property
    def history(self) -> str:
        """The quoted history that is folded."""
        return "" if self.fold_at is None else self.text[self.fold_at :]


class Parse(Desk):
    """What a reader made of the bytes: the newest counts, a better reader may read again."""

    raw = models.ForeignKey(RawMail, models.PROTECT, db_index=False, related_name="parses")
    message = models.ForeignKey(Message, models.PROTECT, db_index=False, related_name="parses")
    reader = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12)
    notes = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["raw", "reader"], name="parse_once")]
        indexes = [models.Index(fields=["message"], name="parse_message")]


class MessageReference(Desk):
    """The ids that a mail names: at position 0 its own, then those that it answers, seen or not seen yet."""

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, db_index=False, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, db_index=False, related_name="references")
    position = models.PositiveSmallIntegerField()
    named = models.CharField(max_length=1000)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="message_reference_once")]
        indexes = [models.Index(fields=["mailbox", "named"], name="message_reference_named")]


class Party(Desk):
    """One address of a mail. normalised is empty where it is none that could be answered."""

    message = models.ForeignKey(Message, models.PROTECT, db_index=False, related_name="parties")
    role = models.CharField(max_length=10)
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=320, blank=True)
    normalised = models.CharField(max_length=320, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        indexes = [models.Index(fields=["message"], name="party_message")]


class Attachment(Desk):
    """A file of a mail; its bytes are read from the original when it is downloaded."""

    message = models.ForeignKey(Message, models.PROTECT, db_index=False, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    declared_type = models.CharField(max_length=200)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    content_id = models.CharField(max_length=500, blank=True)
    inline = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "position"], name="attachment_once")]


class Placement(Desk):
    """Why a mail stands in its conversation. linked: numbers of others that it says it answers, without entering."""

    message = models.ForeignKey(Message, models.PROTECT, db_index=False, related_name="placements")
    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False, related_name="+")
    n = models.PositiveSmallIntegerField()
    because = models.CharField(max_length=12)
    linked = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "n"], name="placement_n_once")]


class Closure(Desk):
    """Nothing is to be done about a conversation any more, until its customer writes again."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False, related_name="closures")
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["conversation", "made_at"], name="closure_conversation")]


# ---------------------------------------------------------------- what is asked often
