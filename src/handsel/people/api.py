"""People over the API: who calls, who is in the business, who is invited."""

from datetime import datetime
from typing import Self
from uuid import UUID

from ninja import Query
from pydantic import Field

from handsel.core.paging import Page, Window, page
from handsel.core.wire import Given, Mail, Name, Shown
from handsel.people import actions, queries
from handsel.people.callers import Call, routes
from handsel.people.models import Invitation, Membership, Person
from handsel.values.actors import Role, Side

router = routes("people")


class PersonShown(Shown):
    """A person."""

    id: UUID
    name: str

    @classmethod
    def of(cls, person: Person) -> Self:
        return cls(id=person.id, name=person.name)


class MemberShown(Shown):
    """Somebody who is in this business."""

    id: UUID = Field(description="Of the membership.")
    person: PersonShown
    mail: str
    role: Role
    side: Side
    provider: str | None = Field(description="The name of the provider, on the provider's side.")
    since: datetime

    @classmethod
    def of(cls, member: Membership) -> Self:
        role = Role(member.role)
        return cls(
            id=member.id, person=PersonShown.of(member.person), mail=member.person.mail, role=role, side=role.side,
            provider=member.provider.name if member.provider else None, since=member.made_at,
        )  # fmt: skip


class InvitationGiven(Given):
    """Somebody of one's own side."""

    name: Name
    mail: Mail
    role: Role = Field(description="On the owner's side manager, reviewer, bookkeeper or auditor; on the provider's "
                       "side provider admin or assistant.")  # fmt: skip


class InvitationShown(Shown):
    """An invitation that nobody has answered. Its link went by mail, and is shown on the page alone."""

    id: UUID
    name: str
    mail: str
    role: Role
    expires_at: datetime

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        return cls(
            id=invitation.id, name=invitation.name, mail=invitation.mail, role=Role(invitation.role),
            expires_at=invitation.expires_at,
        )  # fmt: skip


@router.get("/members", response=Page[MemberShown], summary="Who is in this business")
def members(request: Call, window: Query[Window]) -> Page[MemberShown]:
    """Both sides' people as far as this side sees them, the first first."""
    return page(request, window, queries.members(request.auth), MemberShown.of, ("id",))


@router.post("/members/{key}/removal", response={204: None}, summary="Take somebody out")
def remove_member(request: Call, key: UUID) -> None:
    """Take somebody of one's own side out of this business. What they did stays in the record."""
    actions.remove_member(request.auth, key)


@router.get("/invitations", response=Page[InvitationShown], summary="Open invitations")
def invitations(request: Call, window: Query[Window]) -> Page[InvitationShown]:
    """Invitations of one's own side that nobody has answered, the newest first."""
    rows = queries.open_invitations(request.auth)
    return page(request, window, rows, InvitationShown.of, ("-made_at", "-id"))


@router.post("/invitations", response={201: InvitationShown}, summary="Invite somebody")
def invite(request: Call, body: InvitationGiven) -> InvitationShown:
    """Invite somebody of one's own side by a mailed link."""
    invitation, _ = actions.invite(request.auth, body.name, body.mail, body.role)
    return InvitationShown.of(invitation)


@router.post("/invitations/{key}/withdrawal", response={204: None}, summary="Take an invitation back")
def revoke_invitation(request: Call, key: UUID) -> None:
    """The link of the invitation stops working at once."""
    actions.revoke_invitation(request.auth, key)
