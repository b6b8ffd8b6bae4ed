"""Replies: written, read, returned, sent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Max, Q

from handsel.agreements.models import Engagement
from handsel.core.keys import Key
from handsel.mail.models.desk import Desk
from handsel.mail.models.kinds import ReplyTemplate
from handsel.mail.models.received import Conversation, Message
from handsel.people.models import Person, Provider, RowQuerySet
from handsel.values.actors import Actor, Side


class OfAReply(Desk):
    """A reply, or a part of it: of a provider's replies only that provider reads, of the owner's side no provider."""

    whose: ClassVar[str] = "reply__provider"

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        mine = super().seen_by(actor)
        return mine & Q(**{cls.whose: actor.provider_id}) if actor.side is Side.PROVIDER_SIDE else mine


class Reply(OfAReply):
    """An answer on its way: a draft until it is sent. `status` follows its records; what became of the mail itself
    says the outbox. provider, engagement: of whom and under what an assistant writes; empty for the owner's side."""

    whose = "provider"

    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False, related_name="replies")
    author = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, db_index=False, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, null=True, db_index=False, related_name="+")
    answers = models.ForeignKey(Message, models.PROTECT, db_index=False, related_name="+")
    template = models.ForeignKey(ReplyTemplate, models.PROTECT, null=True, db_index=False, related_name="+")
    kind_name = models.CharField(max_length=80, blank=True)  # the stream of hand-over that it counts for
    status = models.CharField(max_length=10, default="draft")

    class Meta:
        verbose_name_plural = "replies"
        indexes = [
            models.Index(fields=["business", "status", "made_at"], name="reply_status"),
            models.Index(fields=["conversation", "status"], name="reply_conversation"),
        ]

    def next_n(self) -> int:
        """The number of this reply's next record; its lock is held."""
        newest = [m.objects.filter(reply=self).aggregate(n=Max("n"))["n"] or 0 for m in REPLY_RECORDS]
        return max(newest) + 1


class ReplyVersion(OfAReply):
    """One wording of a reply, never changed. waiting: how many open places it has; with one it does not go out.

    seen_through: the newest message that its writer saw.
    """

    reply = models.ForeignKey(Reply, models.PROTECT, db_index=False, related_name="versions")
    n = models.PositiveIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    to = models.JSONField()
    cc = models.JSONField(default=list)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    waiting = models.PositiveIntegerField(default=0)
    seen_through = models.ForeignKey(Message, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "n"],
                name="reply_version_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="This reply was changed a moment ago, perhaps in another window.",
            )
        ]


class ReplyRecord(OfAReply):
    """What happened with a reply: the newest one says how it stands."""

    reply = models.ForeignKey(Reply, models.PROTECT, db_index=False, related_name="+")
    n = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["reply", "n"], name="%(class)s_n_once")]


class ReplySubmission(ReplyRecord):
    """Handed in to be read. output_id: what it counts as in the hand-over; practice: it never goes out."""

    version = models.ForeignKey(ReplyVersion, models.PROTECT, db_index=False, related_name="+")
    output_id = Key()
    practice = models.BooleanField(default=False)


class ReplyReturn(ReplyRecord):
    """Back to its writer, with the reason."""

    version = models.ForeignKey(ReplyVersion, models.PROTECT, db_index=False, related_name="+")
    reason = models.CharField(max_length=1000)


class Discard(ReplyRecord):
    """It will not be sent; kept all the same. why: `unwanted`, `answered` by another reply, or `practice` that was read."""

    why = models.CharField(max_length=10)


class Send(ReplyRecord):
    """This wording goes out, once, under this Message-ID, because this person said so."""

    version = models.OneToOneField(ReplyVersion, models.PROTECT, related_name="send")
    message_id = models.CharField(max_length=300, unique=True)
    sent_as = models.OneToOneField(Message, models.PROTECT, related_name="send")

    class Meta(ReplyRecord.Meta):
        constraints = [
            *ReplyRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["reply"],
                name="send_once",
                violation_error_code="reply_not_open",
                violation_error_message="This reply has already gone on its way.",
            ),
        ]


REPLY_RECORDS: tuple[type[Any], ...] = (ReplySubmission, ReplyReturn, Discard, Send)

__all__ = ["REPLY_RECORDS", "RowQuerySet"]
