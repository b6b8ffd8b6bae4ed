"""What is asked often: kinds of request, and the drafts that answer them."""

from __future__ import annotations

from django.db import models

from handsel.mail.models.desk import Desk, Mailbox, RequestKind
from handsel.mail.models.received import Conversation
from handsel.people.models import Person


class Mining(Desk):
    """One search for kinds of request; finished_at is empty while it runs. The newest finished one is shown."""

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, db_index=False, related_name="minings")
    n = models.PositiveIntegerField()
    requests = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "n"], name="mining_n_once")]


class KindCount(Desk):
    """What one search counted of a kind. per_week: [[Monday, requests], …]; note: how far to trust it."""

    mining = models.ForeignKey(Mining, models.PROTECT, db_index=False, related_name="counts")
    kind = models.ForeignKey(RequestKind, models.PROTECT, db_index=False, related_name="counts")
    position = models.PositiveIntegerField()
    requests = models.PositiveIntegerField()
    customers = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    per_week = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mining", "kind"], name="kind_count_once"),
            models.UniqueConstraint(fields=["kind", "mining"], name="kind_count_kind_once"),
        ]


class KindOf(Desk):
    """A conversation asks for this kind of thing, as one search saw it; position 0 is the most typical."""

    mining = models.ForeignKey(Mining, models.PROTECT, db_index=False, related_name="+")
    kind = models.ForeignKey(RequestKind, models.PROTECT, db_index=False, related_name="conversations")
    conversation = models.ForeignKey(Conversation, models.PROTECT, db_index=False, related_name="kinds")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "mining"], name="kind_of_once")]
        indexes = [models.Index(fields=["kind", "mining", "position"], name="kind_of_kind")]


class ReplyTemplate(Desk):
    """One version of the draft reply to a kind: text with `{slots}`. person: who wrote it, None where it was mined."""

    kind = models.ForeignKey(RequestKind, models.PROTECT, db_index=False, related_name="templates")
    n = models.PositiveIntegerField()
    text = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "n"],
                name="reply_template_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody changed this draft a moment ago.",
            )
        ]


# ---------------------------------------------------------------- mail out
