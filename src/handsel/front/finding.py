"""Search: things by the words in them, rooms and acts by their names."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import NoReverseMatch, reverse

from handsel.agreements.queries import engagements
from handsel.core.models import SearchEntry
from handsel.core.rooms import Room
from handsel.front import house
from handsel.people.permissions import NOT_READ
from handsel.ui.shell import Room as Place
from handsel.values.actors import Actor, Side
from handsel.work.models import TimeEntry, Timesheet

MOST_FOUND = 30
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


def folded(text: str) -> str:
    """Text as it is compared: no accents, no capitals, the same on both engines."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def things(actor: Actor, query: str) -> list[SearchEntry]:
    """Things that hold every word of the query, titles first, then the newest; one SQL query."""
    words = folded(query).split()[:_MOST_WORDS]
    if not words:
        return []
    rows = seen(actor)
    for word in words:
        rows = rows.filter(text__contains=word)
    in_title = Case(When(title__icontains=words[0], then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(rows.annotate(rank=in_title).order_by("rank", "-at", "id")[:MOST_FOUND])


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
    wish = folded(query)
    return [
        Hit(room.word, room.url, room.icon, f"g {room.key}" if room.key else "")
        for room in rooms
        if wish in folded(room.word)
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
    words = folded(query).split()
    found = []
    for word, right, name, named, icon in _ACTS:
        if (not right or actor.may(right)) and all(part in folded(word) for part in words):
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
