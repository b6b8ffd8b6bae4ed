"""Who is who: persons, businesses, providers, and who is a member of what in which role."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from handsel.core.keys import Key, new_key
from handsel.values.actors import Actor, Role, Side
from handsel.values.refusals import NotVisible

M = TypeVar("M", bound=models.Model)


class Person(models.Model):
    """A human being who logs in. The log-in itself (mail, password, second factor) belongs to the accounts library."""

    id = Key(primary_key=True, default=new_key)
    login = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="person", db_index=False
    )
    name = models.CharField(max_length=120)
    mail = models.EmailField(unique=True)
    made_at = models.DateTimeField(default=timezone.now)


class Business(models.Model):
    """A small business that hands work over: whose installation this part of it is."""

    id = Key(primary_key=True, default=new_key)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    zone = models.CharField(max_length=60, default="UTC")
    currency = models.CharField(max_length=3, default="EUR")
    made_at = models.DateTimeField(default=timezone.now)


class Provider(models.Model):
    """A freelancer or a firm. It belongs to nobody's business: it may work for several."""

    id = Key(primary_key=True, default=new_key)
    name = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=timezone.now)


class RowQuerySet(models.QuerySet[M]):
    """The one rule of who reads what."""

    def visible_to(self, actor: Actor) -> Self:
        """Rows of the actor's business that this side, this provider and this person may read."""
        return self.filter(self.model.seen_by(actor))  # type: ignore[attr-defined]  # every Row answers it

    def get_visible(self, actor: Actor, key: UUID, *, lock: bool = False) -> M:
        """The row with this key, or `NotVisible`: a foreign key and an unknown one give the same answer."""
        rows = self.visible_to(actor)
        if lock:
            rows = rows.select_for_update(of=("self",))
        found = rows.filter(pk=key).first()
        if found is None:
            raise NotVisible(str(self.model._meta.verbose_name))
        return found


class Row(models.Model):
    """A row of a business. What a subclass declares decides who reads it:

    side: only this side reads it, None: both. to_provider: path to the provider's key, for rows that a provider reads
    only where they concern it; empty: rows of the business that every member of the provider side may read.
    to_worker: path to the person's key, where an assistant reads only her own. travels: whether an export holds the
    rows; not where they follow from others. names_person: the columns of name and mail of somebody who is named beside
    the account; struck with it.
    """

    side: ClassVar[Side | None] = None
    to_provider: ClassVar[str] = ""
    to_worker: ClassVar[str] = ""
    travels: ClassVar[bool] = True
    names_person: ClassVar[tuple[str, ...]] = ()

    id = Key(primary_key=True, default=new_key)
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[RowQuerySet[Any]] = RowQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, actor: Actor) -> models.Q:
        """The filter of `visible_to`."""
        mine = models.Q(business_id=actor.business_id)
        if actor.role is Role.SYSTEM:
            return mine
        if actor.role is Role.BY_LINK:
            return mine & models.Q(pk__in=[])
        if cls.side is not None and cls.side is not actor.side:
            return mine & models.Q(pk__in=[])
        if actor.side is Side.PROVIDER_SIDE:
            if cls.to_provider:
                mine &= models.Q(**{cls.to_provider: actor.provider_id})
            if cls.to_worker and actor.is_assistant:
                mine &= models.Q(**{cls.to_worker: actor.person_id})
        return mine


class ProviderMember(models.Model):
    """Who belongs to a provider. The first one opened it."""

    id = Key(primary_key=True, default=new_key)
    provider = models.ForeignKey(Provider, models.PROTECT, db_index=False, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="provider_memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "person"], name="provider_member_once")]
        indexes = [models.Index(fields=["person"], name="provider_member_person")]


class Membership(Row):
    """A person's place in a business: the role, and the provider on the provider's side. It ends with a `Departure`."""

    to_provider = "provider"

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, db_index=False, related_name="+")
    left_at = models.DateTimeField(null=True)  # a date beside the record, set by the departure's guard-free action

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "person"],
                condition=models.Q(left_at=None),
                name="membership_once",
                violation_error_code="already_member",
                violation_error_message="This person is a member already.",
            )
        ]
        indexes = [models.Index(fields=["person", "business"], name="membership_person")]

    @classmethod
    def seen_by(cls, actor: Actor) -> models.Q:
        """A provider sees its own people and those of the owner's side; never another provider's."""
        mine = models.Q(business_id=actor.business_id)
        if actor.side is Side.PROVIDER_SIDE:
            mine &= models.Q(provider=actor.provider_id) | models.Q(provider=None)
        return mine


class Invitation(Row):
    """A link by which somebody joins a business in a role. Of the link only the SHA-256 is kept."""

    to_provider = "provider"
    names_person = ("name", "mail")

    name = models.CharField(max_length=120)
    mail = models.EmailField()
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, db_index=False, related_name="+")
    engagement_id = Key(null=True)  # what it is about, where it is about one
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["business", "made_at"], name="invitation_business")]


class InvitationAnswer(Row):
    """What became of an invitation: accepted by whom, or revoked."""

    to_provider = "invitation__provider"

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="answer")
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    accepted = models.BooleanField()


class RatesWord(Row):
    """What a provider says of its rates at this client: shown to its assistants, or not. The greatest n counts; while
    nothing was said they are not shown."""

    side = Side.PROVIDER_SIDE
    to_provider = "provider"

    provider = models.ForeignKey(Provider, models.PROTECT, db_index=False, related_name="+")
    n = models.PositiveIntegerField()
    shown = models.BooleanField()
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "provider", "n"],
                name="rates_word_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody of your firm was a moment faster.",
            )
        ]


class Token(Row):
    """A secret by which a program acts as its person in one business. Of the secret only the SHA-256 is kept.

    scopes: names of `rules.SCOPES`. used_at: when it was last used, to within a few minutes.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, db_index=False, related_name="+")
    name = models.CharField(max_length=120)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["membership", "made_at"], name="token_membership")]

    @classmethod
    def seen_by(cls, actor: Actor) -> models.Q:
        """Whoever made it, and nobody else."""
        return models.Q(business_id=actor.business_id, membership__person_id=actor.person_id)


class TokenRevocation(Row):
    """A token that works no more."""

    token = models.OneToOneField(Token, models.PROTECT, related_name="revocation")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    @classmethod
    def seen_by(cls, actor: Actor) -> models.Q:
        return models.Q(business_id=actor.business_id, person_id=actor.person_id)


class LogInLink(models.Model):
    """A one-time way in, for whoever runs the server to hand over; used once, for a day."""

    id = Key(primary_key=True, default=new_key)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Preference(models.Model):
    """What a person likes: the theme, the zone of her own clock, which notices reach her."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="preference")
    theme = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    notices_seen = models.JSONField(default=dict)
