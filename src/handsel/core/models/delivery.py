"""What leaves the house or runs behind it: the outbox, the worker's beats, periodic jobs, kept files."""

from django.db import models
from django.utils import timezone

from handsel.core.keys import Key, new_key


class OutboxItem(models.Model):
    """One thing to send, written in the transaction of the act that wants it sent.

    state: queued → trying (a worker holds the lease) → handed (committed before the body goes out) → sent, failed or
    uncertain (the worker died while `handed`: it may have been delivered) · left (a person decided so). `about_id` is the
    thing that the item belongs to; `recipients` maps each address to its own state and the words of the server.
    """

    id = Key(primary_key=True, default=new_key)
    business_id = Key(null=True)
    kind = models.CharField(max_length=40)
    about_id = Key()
    payload = models.JSONField()
    state = models.CharField(max_length=10, default="queued")
    queued_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)
    claimed_by = Key(null=True)
    lease_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    recipients = models.JSONField(default=dict)
    words = models.TextField(blank=True)  # how it stands, for a person; empty while all is well

    class Meta:
        indexes = [
            models.Index(fields=["state", "not_before"], name="outbox_due"),
            models.Index(fields=["about_id"], name="outbox_about"),
            models.Index(fields=["business_id", "state", "queued_at"], name="outbox_business"),
        ]


class OutboxAttempt(models.Model):
    """What one try came to, per recipient; `step` is where it stood: connect, mail, rcpt, data, body, or person."""

    id = Key(primary_key=True, default=new_key)
    item = models.ForeignKey(OutboxItem, models.PROTECT, db_index=False, related_name="attempts")
    n = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    step = models.CharField(max_length=10)
    recipient = models.CharField(max_length=320, blank=True)
    code = models.PositiveIntegerField(null=True)  # the server's reply code (RFC 5321, 4.2); None where it gave none
    words = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["item", "n"], name="outbox_attempts")]


class WorkerBeat(models.Model):
    """A worker that lives: it writes `beat_at` every few seconds; what it held is taken back when it falls silent."""

    id = Key(primary_key=True, default=new_key)
    name = models.CharField(max_length=200)
    started_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)


class Periodic(models.Model):
    """When a periodic job runs next, and how it went last; `trouble` is empty where it went well."""

    id = Key(primary_key=True, default=new_key)
    name = models.CharField(max_length=120)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="periodic_once")]


class StoredFile(models.Model):
    """A file as somebody gave it; the bytes lie in the data folder under their SHA-256, the same bytes once."""

    id = Key(primary_key=True, default=new_key)
    business_id = Key(null=True)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["digest"], name="stored_file_digest")]
