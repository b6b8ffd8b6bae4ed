"""The trail and the one-time keys."""

from django.db import models
from django.utils import timezone

from handsel.core.keys import Key, new_key


class Chain(models.Model):
    """One unbroken trail: that of a business, a person or a provider, whose key it has. `head` is the newest hash."""

    id = Key(primary_key=True)
    kind = models.CharField(max_length=10)
    number = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True, default="")


class Event(models.Model):
    """Who did which verb on what, by which way, with short facts; linked to the event before it by its hash.

    `facts_hash` covers salt and facts, `link` covers everything else with `facts_hash` and the link before: facts and
    salt can be blanked, and the chain still verifies. No text of a message or a person stands in the facts.
    """

    id = Key(primary_key=True, default=new_key)
    chain = models.ForeignKey(Chain, models.PROTECT, db_index=False, related_name="events")
    number = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=60)
    person_id = Key(null=True)
    way = models.CharField(max_length=10)
    side = models.CharField(max_length=10)
    thing_kind = models.CharField(max_length=40)
    thing_id = Key()
    engagement_id = Key(null=True)
    facts = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, blank=True)
    facts_hash = models.CharField(max_length=64)
    link = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="event_number_once")]
        indexes = [
            models.Index(fields=["thing_id", "number"], name="event_thing"),
            models.Index(fields=["chain", "engagement_id", "number"], name="event_engagement"),
        ]


class OnceKey(models.Model):
    """The key of a form or call that was carried out, and what came of it: a repetition gets the first result."""

    id = Key(primary_key=True, default=new_key)
    scope_id = Key()
    key = models.CharField(max_length=80)
    action = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    call_digest = models.CharField(max_length=64, blank=True, default="")  # of a call of the API, once it is answered
    answer_status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope_id", "key"], name="once_key_once")]
