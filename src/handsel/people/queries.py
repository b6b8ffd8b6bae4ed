"""Every read about people, and the way to an `Actor`."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from handsel.core.models import Chain
from handsel.people.models import (
    Business,
    Invitation,
    InvitationAnswer,
    LogInLink,
    Membership,
    Person,
    Preference,
    RatesWord,
    Token,
)
from handsel.people.permissions import grants_of
from handsel.people.rules import token_hash
from handsel.values.actors import Actor, Role, Side, Way
from handsel.values.refusals import NotVisible

SYSTEM_NAME = "Handsel"


def actor_for(person_id: UUID, slug: str, way: Way = Way.PAGE, key: str | None = None, origin: str = "") -> Actor:
    """The person as a member of the business with this slug; `NotVisible` for everybody else. One SQL query."""
    return actor_of(membership_for(person_id, slug), way, key, origin)


def membership_for(person_id: UUID, slug: str) -> Membership:
    """The person's place in the business with this slug, with what she prefers; `NotVisible` for everybody else."""
    return place_among(memberships_of(person_id).filter(business__slug=slug), slug)


def place_among(memberships: Iterable[Membership], slug: str) -> Membership:
    """The one of a person's places that has this slug; `NotVisible` where there is none."""
    found = next((m for m in memberships if m.business.slug == slug), None)
    if found is None:
        raise NotVisible("business")
    return found


def clock_of(membership: Membership) -> str:
    """The zone of the clock that this person sees: her own, or that of the business."""
    liked = getattr(membership.person, "preference", None)
    return (liked.zone if liked else "") or membership.business.zone


def actor_of(membership: Membership, way: Way = Way.PAGE, key: str | None = None, origin: str = "") -> Actor:
    role = Role(membership.role)
    return Actor(
        person_id=membership.person_id,
        business_id=membership.business_id,
        role=role,
        grants=grants_of(role),
        way=way,
        provider_id=membership.provider_id,
        key=key,
        name=membership.person.name,
        slug=membership.business.slug,
        zone=membership.business.zone,
        origin=origin,
        rates_shown=bool(getattr(membership, "rates_shown", False)),
    )


def token_by_secret(secret: str) -> Token | None:
    """The token with this secret, with its person and business; None where it is unknown, over, revoked, or its person
    has left. One SQL query."""
    said = RatesWord.objects.filter(business=OuterRef("business_id"), provider=OuterRef("membership__provider_id"))
    rows = Token.objects.annotate(rates_shown=Subquery(said.order_by("-n").values("shown")[:1]))
    rows = rows.filter(token_hash=token_hash(secret), revocation=None, expires_at__gt=timezone.now())
    rows = rows.filter(membership__left_at=None).select_related("membership__person", "membership__business")
    found: Token | None = rows.first()
    if found is not None:
        found.membership.rates_shown = found.rates_shown  # type: ignore[attr-defined]  # read by `actor_of`
    return found


def tokens(actor: Actor) -> QuerySet[Token]:
    """The person's own tokens here that are not revoked, newest first; one SQL query."""
    return Token.objects.visible_to(actor).filter(revocation=None).order_by("-made_at", "-id")


def system_actor(business_id: UUID | None = None, way: Way = Way.JOB) -> Actor:
    """Handsel itself: jobs, imports from the command line, the first sign-up."""
    return Actor(None, business_id, Role.SYSTEM, grants_of(Role.SYSTEM), way, name=SYSTEM_NAME)


def own_actor(person_id: UUID) -> Actor:
    """A person with nothing but her own rows: settings that belong to no business."""
    grants = frozenset({"people.prefer", "people.see_notices", "people.sign_out_elsewhere"})
    return Actor(person_id, None, Role.AUDITOR, grants)


def person_opening_a_business(person_id: UUID, key: str | None, way: Way = Way.PAGE) -> Actor:
    """A person who is signed in and opens one more business: what Handsel does at a sign-up, in her name."""
    return Actor(person_id, None, Role.SYSTEM, frozenset({"people.sign_up"}), way, key=key)


def link_actor(business_id: UUID, person_id: UUID | None = None, key: str | None = None, origin: str = "") -> Actor:
    """Whoever holds a mailed link: the invitation or the send stands in the place of the person."""
    return Actor(
        person_id, business_id, Role.BY_LINK, grants_of(Role.BY_LINK), Way.LINK, key=key, name="by link", origin=origin
    )


def person_of_login(login_id: int) -> Person | None:
    return Person.objects.filter(login_id=login_id).first()


def person_by_mail(mail: str) -> Person | None:
    return Person.objects.filter(mail=mail.lower()).first()


def person(person_id: UUID) -> Person:
    return Person.objects.select_related("preference").get(pk=person_id)


def log_in_link(token: str) -> LogInLink:
    """The one-time link with this secret; it may be used up, which the page says."""
    found = LogInLink.objects.filter(token_hash=token_hash(token)).select_related("person").first()
    if found is None:
        raise NotVisible("link")
    return found


def business_names_of_login(login_id: int) -> list[str]:
    """The names of the businesses in which the person behind a log-in has a place."""
    places = Membership.objects.filter(person__login_id=login_id, left_at=None)
    return list(places.values_list("business__name", flat=True))


def open_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations of one's own side that nobody has answered, newest first; one SQL query."""
    roles = _roles_of(actor.side)
    rows = own_invitations(actor).filter(answer=None, expires_at__gt=timezone.now())
    if actor.is_owner_side:  # those who were invited to sign are shown with their terms
        rows = rows.filter(role__in=roles)
    return rows.select_related("invited_by").order_by("-made_at", "-id")


def own_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that this side wrote: only it may take them back."""
    own = Membership.objects.filter(business_id=actor.business_id, role__in=_roles_of(actor.side)).values("person_id")
    mine = Q(invited_by__in=own)
    if actor.is_owner_side:
        mine |= Q(invited_by=None)  # what Handsel wrote for the business
    rows: QuerySet[Invitation] = Invitation.objects.visible_to(actor).filter(mine)
    return rows


def _roles_of(side: Side) -> list[str]:
    return [role.value for role in Role if role.side is side]


def memberships_of(person_id: UUID) -> QuerySet[Membership]:
    """A person's places, one SQL query; the first is where she was first. `number` is that of the newest event there;
    `rates_shown`: whether the firm lets its assistants read what the work pays."""
    number = Chain.objects.filter(pk=OuterRef("business_id")).values("number")[:1]
    said = RatesWord.objects.filter(business=OuterRef("business_id"), provider=OuterRef("provider_id")).order_by("-n")
    return (
        Membership.objects.annotate(number=Subquery(number), rates_shown=Subquery(said.values("shown")[:1]))
        .select_related("person__preference", "business", "provider")
        .filter(person_id=person_id, left_at=None)
        .order_by("id")
    )


def rates_shown(actor: Actor) -> bool:
    """Whether this firm shows its assistants what the work for this client pays; one SQL query."""
    newest = RatesWord.objects.visible_to(actor).filter(provider_id=actor.provider_id).order_by("-n").first()
    return newest is not None and newest.shown


def members(actor: Actor) -> QuerySet[Membership]:
    """Who is in this business, as far as this side sees them."""
    return Membership.objects.visible_to(actor).filter(left_at=None).select_related("person", "provider").order_by("id")


def former(actor: Actor) -> list[Membership]:
    """Who left one's own side and has no place here any more, the last place of each, the newest first."""
    rows = Membership.objects.visible_to(actor).select_related("person", "provider").order_by("-left_at", "-id")
    here = {row.person_id for row in rows if row.left_at is None}
    found: dict[UUID, Membership] = {}
    for row in rows:
        if row.left_at is not None and row.person_id not in here and Role(row.role).side is actor.side:
            found.setdefault(row.person_id, row)
    return list(found.values())


def business_by_slug(slug: str) -> Business:
    found = Business.objects.filter(slug=slug).first()
    if found is None:
        raise NotVisible("business")
    return found


def business_of(actor: Actor) -> Business:
    return Business.objects.get(pk=actor.business_id)


def invitation_by_token(token: str) -> Invitation:
    """The invitation that the link names; it may be over, which the page says."""
    found = Invitation.objects.filter(token_hash=token_hash(token)).select_related("business", "invited_by").first()
    if found is None:
        raise NotVisible("invitation")
    return found


@dataclass(frozen=True)
class Named:
    """A person as a page writes them."""

    name: str
    side: str


def names(actor: Actor, person_ids: set[UUID]) -> dict[UUID, Named]:
    """Names and sides of persons of this business; one SQL query. Handsel itself is not among them."""
    rows = Membership.objects.filter(business_id=actor.business_id, person_id__in=person_ids).select_related("person")
    return {m.person_id: Named(m.person.name, Role(m.role).side.value) for m in rows}


def side_of_person(business_id: UUID, person_id: UUID) -> Side | None:
    membership = Membership.objects.filter(business_id=business_id, person_id=person_id).order_by("-id").first()
    return Role(membership.role).side if membership else None


def memberships_of_business(business_id: UUID) -> QuerySet[Membership]:
    """Who is in a business, for Handsel itself; the first one opened it."""
    rows = Membership.objects.filter(business_id=business_id, left_at=None)
    return rows.select_related("person", "business").order_by("id")


def is_over(invitation: Invitation) -> bool:
    """Whether an invitation was answered, taken back, or is too old."""
    return invitation.expires_at < timezone.now() or InvitationAnswer.objects.filter(invitation=invitation).exists()


def any_business() -> bool:
    """Whether anybody has signed up on this installation."""
    return Business.objects.exists()


def notices_seen(person_id: UUID, business_id: UUID | None) -> int:
    """The number of the newest event of the business that the person has seen as a notice."""
    known = Preference.objects.filter(pk=person_id).values_list("notices_seen", flat=True).first()
    return int((known or {}).get(str(business_id), 0))
