"""What needs a person, by room, remembered as long as nothing happened in the business.

The number of the newest event is the version of everything that a need can be about, so the memory never outlives its
truth; what the clock alone changes is said anew each time home is opened.
"""

from django.core.cache import caches

from handsel.core.rooms import Need
from handsel.front import house
from handsel.people.models import Membership
from handsel.values.actors import Actor

_SECONDS = 15 * 60
cache = caches["memory"]  # what a home shows is cheap to ask again, and never leaves the process


def needs_now(actor: Actor, here: Membership) -> dict[str, list[Need]]:
    """What each room says needs this person, asked now; here: her place, as `memberships_of` gives it."""
    found = house.needs_by_room(actor)
    cache.set(_key(actor, here), found, _SECONDS)
    return found


def needs(actor: Actor, here: Membership) -> dict[str, list[Need]]:
    """The same, from memory where it was asked a moment ago."""
    known = remembered(actor, here)
    return needs_now(actor, here) if known is None else known


def remembered(actor: Actor, here: Membership) -> dict[str, list[Need]] | None:
    """The same if it was asked a moment ago, without any SQL query; else None."""
    found: dict[str, list[Need]] | None = cache.get(_key(actor, here))
    return found


def _key(actor: Actor, here: Membership) -> str:
    number = here.number  # type: ignore[attr-defined]  # annotated by `memberships_of`
    return f"needs:{actor.business_id}:{actor.person_id}:{actor.role.name}:{number}"
