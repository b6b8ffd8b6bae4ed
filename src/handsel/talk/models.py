"""What the two sides said to each other: calls, check-ins, comments; and who else is told. Nothing here decides about
work or money."""

from django.db import models
from django.db.models import Q

from handsel.agreements.models import Engagement, Worker
from handsel.core.keys import Key
from handsel.people.models import Membership, Person, Provider, Row
from handsel.values.actors import Actor, Role


class Said(Row):
    """Something that was said about an engagement; both sides read it, an assistant where she is named."""

    to_provider = "engagement__provider"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        mine = super().seen_by(actor)
        if actor.is_assistant:
            named = Worker.objects.filter(person_id=actor.person_id).values("engagement_id")
            mine &= Q(engagement__in=named)
        return mine


class Call(Said):
    """A call that one side noted down: when, how long, with whom, what was decided, when to speak again."""

    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    with_whom = models.CharField(max_length=120)
    notes = models.TextField(blank=True)
    decisions = models.TextField(blank=True)
    follow_up = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["business", "engagement", "at"], name="call_engagement")]


class CheckIn(Said):
    """A check-in that was held: its day, what was said, and what each side asks the other to change."""

    day = models.DateField()
    notes = models.TextField(blank=True)
    owner_asks = models.TextField(blank=True)
    provider_asks = models.TextField(blank=True)

    class Meta:
        verbose_name = "check-in"
        indexes = [models.Index(fields=["business", "engagement", "day"], name="check_in_engagement")]


class Comment(Said):
    """A remark on any thing of an engagement: a line, a task, a version of the terms."""

    thing_kind = models.CharField(max_length=40)
    thing_id = Key()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["business", "thing_id"], name="comment_thing")]


class Told(Row):
    """What belongs to one side alone: to the owner's, or to one provider's."""

    provider = models.ForeignKey(Provider, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        mine = Q(business_id=actor.business_id)
        if actor.role is Role.SYSTEM:
            return mine
        return mine & (Q(pk__in=[]) if actor.is_assistant else Q(provider_id=actor.provider_id))


class Subscription(Told):
    """An address of another server that is told what happens here, as its maker sees it.

    verbs: names of verbs, or rooms; empty: everything. reached: the number of the last event that was looked at. Its
    secret is made from its key and the server's own: it lies nowhere.
    """

    member = models.ForeignKey(Membership, models.PROTECT, db_index=False, related_name="+")
    url = models.CharField(max_length=500)
    verbs = models.JSONField(default=list)
    reached = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["business", "made_at"], name="subscription_business")]


class SubscriptionChange(Told):
    """A subscription was paused, resumed or removed: the newest says how it stands."""

    PAUSED, RESUMED, REMOVED = "paused", "resumed", "removed"

    subscription = models.ForeignKey(Subscription, models.PROTECT, db_index=False, related_name="changes")
    n = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "n"],
                name="subscription_change_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody changed this a moment ago.",
            )
        ]
