"""The rooms as the front walks them: what each declares in its `room.py`, as far as it stands."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from uuid import UUID

from django.conf import settings

from handsel.core.asking import answers
from handsel.core.rooms import Found, Need, Question, Room
from handsel.core.trail import Verb
from handsel.values.actors import Actor, Side

# The letter that leads to a room after g; h is home.
KEYS = {
    "planning": "p", "proposals": "r", "agreements": "a", "handover": "o", "playbooks": "l", "mail": "m", "work": "w",
    "payments": "y", "talk": "t", "figures": "f",
}  # fmt: skip
# On a phone these have a place of their own, beside home and "More".
ON_A_PHONE = ("mail", "work", "payments")
# The provider agrees first and learns then.
_PROVIDER_ORDER = ("agreements", "playbooks", "handover", "mail", "work", "payments", "talk")

Things = Callable[[UUID, Sequence[UUID]], Sequence[Found]]


@cache
def rooms() -> tuple[Room, ...]:
    """What the rooms declare, by floor."""
    modules = (f"handsel.{name}.room" for name in settings.ROOMS if find_spec(f"handsel.{name}.room"))
    return tuple(import_module(module).ROOM for module in modules)


def open_rooms(actor: Actor) -> list[Room]:
    """The rooms with a place in this person's navigation, in the order of an engagement's life."""
    found = [room for room in rooms() if actor.side.value in room.nav and room.visible_when(actor)]
    if actor.side is Side.PROVIDER_SIDE:
        found.sort(key=lambda r: _PROVIDER_ORDER.index(r.name) if r.name in _PROVIDER_ORDER else len(_PROVIDER_ORDER))
    return found


def needs_by_room(actor: Actor) -> dict[str, list[Need]]:
    """What each room says needs this person, one index probe per kind of need; what rooms ask of their tables alone is
    asked in one SQL query."""
    needs: dict[str, list[Need]] = {}
    asking: dict[str, list[Question]] = {}
    for room in rooms():
        asking[room.name] = list(room.questions(actor)) if room.questions else []
        needs[room.name] = [] if room.questions else list(room.needs(actor))
    found = iter(answers([question.rows for own in asking.values() for question in own]))
    for name, own in asking.items():
        needs[name] += [need for question in own for need in question.needs(next(found))]
    return needs


@cache
def verbs() -> dict[str, Verb]:
    """Every verb of the trail by its name."""
    return {verb.name: verb for room in rooms() for verb in _events_of(room)}


def _events_of(room: Room) -> Sequence[Verb]:
    if room.events:
        return room.events
    module = f"handsel.{room.name}.events"
    return import_module(module).EVENTS if find_spec(module) else ()


@cache
def things() -> dict[str, Things]:
    """Kind of thing → the function that tells its title, address and text."""
    return {kind: find for room in rooms() for kind, find in room.things.items()}
