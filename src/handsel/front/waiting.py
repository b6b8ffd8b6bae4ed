"""What needs a person, by room, remembered as long as nothing happened in the business.

The number of the newest event is the version of everything that a need can be about, so the memory never outlives its
truth; what the clock alone changes is at most a minute late.
"""

from django.core.cache import cache
from django.db.models import OuterRef, QuerySet, Subquery

from handsel.core.models import Chain
from handsel.core.rooms import Need
from handsel.front import house
from handsel.people.models import Membership
from handsel.values.actors import Actor

_SECONDS = 60


def with_numbers(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Memberships with `number`, that of the newest event of their business."""
    number = Chain.objects.filter(pk=OuterRef("business_id")).values("number")[:1]
    return memberships.annotate(number=Subquery(number))


def needs(actor: Actor, number: int) -> dict[str, list[Need]]:
    """What each room says needs this person, as of the event with this number."""
    known = remembered(actor, number)
    if known is None:
        known = house.needs_by_room(actor)
        cache.set(_key(actor, number), known, _SECONDS)
    return known


def remembered(actor: Actor, number: int) -> dict[str, list[Need]] | None:
    """The same where it was asked a moment ago; no SQL query."""
    found: dict[str, list[Need]] | None = cache.get(_key(actor, number))
    return found


def _key(actor: Actor, number: int) -> str:
    return f"needs:{actor.business_id}:{actor.person_id}:{actor.role.name}:{number}"
