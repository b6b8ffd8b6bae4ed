"""What people gives to the house."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from handsel.core.rooms import Found, Room
from handsel.people.events import EVENTS
from handsel.people.models import Business, Invitation, Membership
from handsel.values.actors import Role, Side


def _memberships(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Membership.objects.filter(business_id=business_id, pk__in=keys).select_related("person", "business")
    return [
        Found("membership", "Person", m.id, m.person.name, reverse("people:members", args=[m.business.slug]),
              f"{m.person.mail} {m.role}", "owner" if Role(m.role).side is Side.PROVIDER_SIDE else "", at=m.made_at)
        for m in rows
    ]  # fmt: skip


def _invitations(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Invitation.objects.filter(business_id=business_id, pk__in=keys).select_related("business")
    return [
        Found("invitation", "Invitation", i.id, f"Invitation of {i.name}",
              reverse("people:members", args=[i.business.slug]), i.mail, Role(i.role).side.value if not i.engagement_id
              else "owner", i.engagement_id, i.made_at)
        for i in rows
    ]  # fmt: skip


def _businesses(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Business.objects.filter(pk=business_id, id__in=keys)
    return [
        Found("business", "Business", b.id, b.name, reverse("front:home", args=[b.slug]), at=b.made_at) for b in rows
    ]


ROOM = Room(
    name="people",
    events=EVENTS,
    things={"membership": _memberships, "invitation": _invitations, "business": _businesses},
)
