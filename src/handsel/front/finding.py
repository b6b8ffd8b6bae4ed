"""Search: things by the words in them, rooms and acts by their names."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import NoReverseMatch, reverse

from handsel.agreements.queries import engagements
from handsel.core import words
from handsel.core.models import SearchEntry
from handsel.core.rooms import Room
from handsel.front import house
from handsel.people.permissions import NOT_READ
from handsel.ui.shell import Room as Place
from handsel.values.actors import Actor, Side
from handsel.work.models import TimeEntry, Timesheet

MOST_FOUND = 30
_LOOKED_AT = 400  # of the newest things that hold the words
_MOST_WORDS = 6
# What a provider finds although it belongs to no engagement: what the business wrote for all who work for it.
_SHARED_KINDS = ("playbook", "playbookversion", "houserule", "business", "membership")
# Hours and money that an assistant finds only where they are her own.
_OWN_KINDS = ("timesheet", "timeentry")
_MONEY_KINDS = ("charge", "document", "payment")
_ICONS = {
    "membership": "users", "business": "house", "engagement": "handshake", "terms": "signature", "plan": "compass",
    "proposal": "file-text", "playbook": "book-open", "conversation": "inbox", "timesheet": "clock", "task": "list-checks",
    "document": "receipt-text", "call": "phone",
}  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """One line of the palette."""

    word: str
    url: str
    icon: str
    key: str = ""


def things(actor: Actor, query: str) -> list[SearchEntry]:
    """Things that hold a word beginning with each word of the query: of the newest some hundred those with it in the
    title first, then the newest; two SQL queries where most of them are not this person's to see, else one."""
    wanted = words.words(query)[:_MOST_WORDS]
    if actor.business_id is None or not wanted:
        return []
    found = _things(actor, actor.business_id, wanted, _LOOKED_AT)
    if len(found) < MOST_FOUND and (actor.side is Side.PROVIDER_SIDE or unread_rooms(actor)):
        found = _things(actor, actor.business_id, wanted, _LOOKED_AT * 100)
    return found


def _things(actor: Actor, business_id: UUID, wanted: Sequence[str], most: int) -> list[SearchEntry]:
    rows = seen(actor).filter(place__in=words.newest(business_id, wanted, most))
    in_title = Case(When(title__icontains=wanted[0], then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(rows.annotate(rank=in_title).order_by("rank", "-place")[:MOST_FOUND])


def seen(actor: Actor) -> QuerySet[SearchEntry]:
    """What this person may find: own side, own engagements, and for an assistant own hours and no money."""
    rows = SearchEntry.objects.filter(business_id=actor.business_id, side__in=("", actor.side.value))
    if actor.side is Side.OWNER_SIDE:
        return rows.exclude(kind__in=[kind for room in unread_rooms(actor) for kind in room.things])
    mine = Q(engagement_id__in=engagements(actor).order_by().values("id"))
    rows = rows.filter(mine | Q(engagement_id=None, kind__in=_SHARED_KINDS))
    if actor.is_assistant:
        own = Q(thing_id__in=Timesheet.objects.visible_to(actor).values("id"))
        own |= Q(thing_id__in=TimeEntry.objects.visible_to(actor).values("id"))
        rows = rows.exclude(kind__in=_MONEY_KINDS).filter(~Q(kind__in=_OWN_KINDS) | own)
    return rows


def unread_rooms(actor: Actor) -> list[Room]:
    """The rooms whose things this role does not read, although its side does."""
    return [room for room in house.rooms() if room.name in NOT_READ.get(actor.role, ())]


def as_hit(entry: SearchEntry) -> Hit:
    return Hit(entry.title, entry.url, _ICONS.get(entry.kind, "file-text"))


def places(rooms: Sequence[Place], query: str) -> list[Hit]:
    """Rooms whose name holds the query; all of them where nothing is typed."""
    wish = words.folded(query)
    return [
        Hit(room.word, room.url, room.icon, f"g {room.key}" if room.key else "")
        for room in rooms
        if wish in words.folded(room.word)
    ]


# Acts by name: (words, the right that it needs, URL name, whether the address names the business, icon).
_ACTS = (
    ("Plan what to hand over", "planning.record_area", "planning:new", True, "compass"),
    ("Draw up terms with somebody", "agreements.draw_up", "agreements:new", True, "handshake"),
    ("Invite somebody to your side", "people.invite", "people:members", True, "users"),
    ("See who may do what", "", "people:who_may", True, "shield"),
    ("Look back at everything that happened", "", "front:history", True, "history"),
    ("Read your notices", "", "front:notices", True, "bell"),
    ("See the keys", "", "front:keys", True, "keyboard"),
    ("Set a password, an authenticator or a passkey", "", "people:settings", False, "key-round"),
    ("Light or dark", "", "people:settings", False, "moon"),
    ("Open another business", "", "people:new_business", False, "plus"),
)  # fmt: skip


def acts(actor: Actor, query: str) -> list[Hit]:
    """What this person may do, by name."""
    wanted = words.folded(query).split()
    found = []
    for word, right, name, named, icon in _ACTS:
        if (not right or actor.may(right)) and all(part in words.folded(word) for part in wanted):
            url = address(name, actor.slug) if named else address(name)
            if url:
                found.append(Hit(word, url, icon))
    return found


def address(name: str, *arguments: object) -> str:
    """The address of a page; empty while its room does not have it."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
