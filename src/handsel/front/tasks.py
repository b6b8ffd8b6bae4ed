"""The search index follows the trail: each thing that something happened to is read anew."""

from collections.abc import Callable, Sequence
from itertools import groupby
from uuid import UUID

from django.utils import timezone

from handsel.core import words
from handsel.core.followers import follows_all
from handsel.core.models import Chain, Event, Follower, SearchEntry
from handsel.core.rooms import Found
from handsel.core.writes import transaction_in_turn
from handsel.front import house

_MOST_TEXT = 20_000
_AT_ONCE = 200  # things of one kind that a room is asked for at a time
_NAME = "front.search"


@follows_all(_NAME)
def index(events: Sequence[Event]) -> None:
    """Bring the entry of each thing up to what its room says of it now; away with it where the room knows it no more."""
    things = dict.fromkeys((event.chain_id, event.thing_kind, event.thing_id) for event in events)
    for (chain_id, kind), rows in groupby(sorted(things), key=lambda thing: thing[:2]):
        if find := house.things().get(kind):
            keys = [thing_id for _, _, thing_id in rows]
            found = {thing.thing_id: thing for thing in find(chain_id, keys)}
            for thing_id in keys:
                _write(chain_id, kind, thing_id, found.get(thing_id))


def _write(business_id: UUID, kind: str, thing_id: UUID, found: Found | None) -> None:
    entry = {"business_id": business_id, "kind": kind, "thing_id": thing_id}
    with transaction_in_turn():
        if found is None:
            SearchEntry.objects.filter(**entry).delete()
            return
        at = found.at or timezone.now()
        told = {
            "title": found.title[:300], "url": found.url, "side": found.side, "engagement_id": found.engagement_id,
            "text": words.stored(business_id, f"{found.word} {found.title}\n{found.text}"[:_MOST_TEXT]),
            "at": at, "place": words.place_at(at, thing_id),
        }  # fmt: skip
        SearchEntry.objects.update_or_create(**entry, defaults=told, create_defaults=told)


def reindex(progress: Callable[[int, int], None]) -> int:
    """Forget the index and build it anew from what the rooms say now; gives how many things are found. What happens
    meanwhile is followed after. progress: called with how many things were looked at, of how many."""
    heads = dict(Chain.objects.values_list("id", "number"))
    things = list(
        Event.objects.order_by("chain_id", "thing_kind").values_list("chain_id", "thing_kind", "thing_id").distinct()
    )
    with transaction_in_turn():
        SearchEntry.objects.all().delete()
    done = 0
    for (chain_id, kind), rows in groupby(things, key=lambda thing: thing[:2]):
        keys = [thing_id for _, _, thing_id in rows]
        for n in range(0, len(keys), _AT_ONCE):
            _find_anew(chain_id, kind, keys[n : n + _AT_ONCE])
            done += len(keys[n : n + _AT_ONCE])
            progress(done, len(things))
    for chain_id, number in heads.items():
        with transaction_in_turn():
            Follower.objects.update_or_create(
                name=_NAME, chain_id=chain_id, defaults={"number": number}, create_defaults={"number": number}
            )
    return SearchEntry.objects.count()


def _find_anew(chain_id: UUID, kind: str, keys: list[UUID]) -> None:
    find = house.things().get(kind)
    for thing in find(chain_id, keys) if find else ():
        _write(chain_id, kind, thing.thing_id, thing)
