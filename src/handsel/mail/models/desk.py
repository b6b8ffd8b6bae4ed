"""Who reads the mail, and what it takes to know that: the mailboxes, and what the kinds of request are called."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Left
from django.utils import timezone

from handsel.agreements.models import InForce
from handsel.handover.models import Stream
from handsel.handover.rules import UNPLACED
from handsel.people.models import Person, Row
from handsel.values.actors import Actor, Role, Side
from handsel.values.days import day_of


class Desk(Row):
    """A row that holds customers' mail, or says something of it.

    The owner's side reads it, the bookkeeper apart. Of a provider only a person to whom mail was handed over: who is
    named for an engagement in force today (not before both signed, not in a pause, not after the end), and whom the
    owner gave a stage there for everything or for a kind of request. Whoever draws leaflets reads no mail.
    """

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        mine = Q(business_id=actor.business_id)
        if actor.role is Role.SYSTEM:
            return mine
        if actor.role in {Role.BY_LINK, Role.BOOKKEEPER}:
            return mine & Q(pk__in=[])
        if actor.side is Side.OWNER_SIDE:
            return mine
        return mine & Q(pk__in=[]) if cls.side is Side.OWNER_SIDE else mine & Q(Exists(answering(actor)))


def answering(actor: Actor) -> models.QuerySet[Stream]:
    """What of the mail is in this person's hands today, one of a provider's; any one of it opens the mail to her."""
    hers = mail_streams(actor.business_id).filter(worker_id=actor.person_id, engagement__provider_id=actor.provider_id)
    return in_force_today(actor, hers.filter(engagement__workers__person_id=actor.person_id))


def mail_streams(business_id: UUID | None) -> models.QuerySet[Stream]:
    """The record that mail was handed over: a stage for everything, or for a kind of request by any name it ever had.
    A stage for other work ("Leaflets") is none."""
    named = [Left("name", Stream._meta.get_field("kind").max_length or 0)]
    kinds = RequestKind.objects.filter(business_id=business_id).values_list(*named)
    words = KindName.objects.filter(business_id=business_id).values_list(*named)
    placed = Stream.objects.filter(business_id=business_id).exclude(stage=UNPLACED)
    return placed.filter(Q(kind="") | Q(kind__in=kinds) | Q(kind__in=words))


def in_force_today(actor: Actor, streams: models.QuerySet[Stream]) -> models.QuerySet[Stream]:
    """Those of the streams whose engagement is in force on this person's day."""
    today: date = day_of(timezone.now(), actor.zone)
    in_force = InForce.objects.filter(engagement=OuterRef("engagement"), from_day__lte=today)
    newest = Subquery(in_force.order_by("-from_day", "-n").values("terms")[:1])
    return streams.annotate(now=newest).exclude(now=None)


class Mailbox(Desk):
    """A mailbox of the business. Which addresses are "us" say its own addresses."""

    side = Side.OWNER_SIDE

    name = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["business", "made_at"], name="mailbox_business")]


class RequestKind(Desk):
    """Something that customers ask again and again. name: as it was found; the newest `KindName` stands above it."""

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, db_index=False, related_name="kinds")
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name = "kind of request"
        indexes = [models.Index(fields=["business", "mailbox"], name="request_kind_business")]


class KindName(Desk):
    """The owner's own word for a kind."""

    kind = models.ForeignKey(RequestKind, models.PROTECT, db_index=False, related_name="names")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "n"], name="kind_name_n_once")]
