"""The search index follows the trail: each thing that something happened to is read anew."""

from uuid import UUID

from django.utils import timezone

from handsel.core.followers import follows
from handsel.core.models import Event, SearchEntry
from handsel.core.rooms import Found
from handsel.core.writes import transaction_in_turn
from handsel.front import house
from handsel.front.finding import folded

_MOST_TEXT = 20_000


@follows(name="front.search")
def index(event: Event) -> None:
    """Bring one thing's entry up to what its room says of it now; away with it where the room knows it no more."""
    find = house.things().get(event.thing_kind)
    if find is not None:
        found = {thing.thing_id: thing for thing in find(event.chain_id, [event.thing_id])}
        _write(event.chain_id, event.thing_kind, event.thing_id, found.get(event.thing_id))


def _write(business_id: UUID, kind: str, thing_id: UUID, found: Found | None) -> None:
    entry = {"business_id": business_id, "kind": kind, "thing_id": thing_id}
    with transaction_in_turn():
        if found is None:
            SearchEntry.objects.filter(**entry).delete()
            return
        words = {
            "title": found.title[:300], "text": folded(f"{found.word} {found.title}\n{found.text}")[:_MOST_TEXT],
            "url": found.url, "side": found.side, "engagement_id": found.engagement_id, "at": found.at or timezone.now(),
        }  # fmt: skip
        SearchEntry.objects.update_or_create(**entry, defaults=words, create_defaults=words)
