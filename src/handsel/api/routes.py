"""What every token may ask, whatever it was made for."""

from datetime import datetime

from pydantic import Field

from handsel.core.wire import Shown
from handsel.people.api import PersonShown
from handsel.people.callers import Call, routes
from handsel.values.actors import Role, Side

router = routes("")


class CallerShown(Shown):
    """Whom this token belongs to, and how far it reaches."""

    person: PersonShown
    business: str = Field(description="The name of the business.")
    slug: str = Field(description="The short name of the business, as addresses of pages have it.")
    side: Side
    role: Role
    zone: str = Field(description="The time zone of the business.")
    scopes: list[str] = Field(description="What the token was made for.")
    expires_at: datetime


@router.get("/me", response=CallerShown, summary="Who am I")
def me(request: Call) -> CallerShown:
    """The person, business, role and scopes of the token."""
    token = request.token
    member, actor = token.membership, request.auth
    return CallerShown(
        person=PersonShown.of(member.person), business=member.business.name, slug=actor.slug, side=actor.side,
        role=actor.role, zone=actor.zone, scopes=token.scopes, expires_at=token.expires_at,
    )  # fmt: skip
