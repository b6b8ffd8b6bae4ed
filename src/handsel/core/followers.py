"""What may come a second later follows the trail: search, notices, sealed papers. There are no callbacks.

A follower is a function of one event. It keeps one cursor per chain; the number of an event is also the order of
commits, so nothing is passed over. It may see an event twice (killed between the two), and must come to the same.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from handsel.core import writes
from handsel.core.models import Chain, Event, Follower

log = logging.getLogger(__name__)
_AT_ONCE = 200

Follow = Callable[[Event], None]


@dataclass(frozen=True)
class Following:
    name: str
    verbs: frozenset[str] | None  # None: every verb
    follow: Follow


_following: dict[str, Following] = {}


def follows(*verbs: str, name: str = "") -> Callable[[Follow], Follow]:
    """Declare a function of a room's `tasks.py` that is called for each event with one of these verbs, or with any."""

    def declare(follow: Follow) -> Follow:
        known_as = name or f"{follow.__module__.split('.')[1]}.{follow.__name__}"
        _following[known_as] = Following(known_as, frozenset(verbs) or None, follow)
        return follow

    return declare


def follow_all() -> int:
    """Bring every follower up to the head of every chain; gives how many events were followed."""
    return sum(_follow_chains(following) for following in _following.values())


def begin_at(chain_id: UUID, number: int, but: Collection[str] = ()) -> None:
    """What came into this chain up to this number was followed elsewhere: nobody follows it again, but those named."""
    for name in sorted(set(_following) - set(but)):
        Follower.objects.update_or_create(
            name=name, chain_id=chain_id, defaults={"number": number}, create_defaults={"number": number}
        )


def forget(name: str) -> None:
    """Let a follower begin anew, from the first event of every chain."""
    Follower.objects.filter(name=name).delete()


def _follow_chains(following: Following) -> int:
    cursors = dict(Follower.objects.filter(name=following.name).values_list("chain_id", "number"))
    behind = [
        (key, cursors.get(key, 0))
        for key, number in Chain.objects.filter(~Q(number=0)).values_list("id", "number")
        if cursors.get(key, 0) < number
    ]
    return sum(_follow_chain(following, key, after) for key, after in behind)


def _follow_chain(following: Following, chain_id: UUID, after: int) -> int:
    done = 0
    while events := list(Event.objects.filter(chain_id=chain_id, number__gt=after).order_by("number")[:_AT_ONCE]):
        for event in events:
            if following.verbs is None or event.verb in following.verbs:
                following.follow(event)
                done += 1
        after = events[-1].number
        with writes.transaction_in_turn():
            Follower.objects.update_or_create(
                name=following.name, chain_id=chain_id, defaults={"number": after}, create_defaults={"number": after}
            )
    return done


def behind() -> int:
    """How many events some follower has not seen yet."""
    heads = dict(Chain.objects.values_list("id", "number"))
    seen = {(f.name, f.chain_id): f.number for f in Follower.objects.all()}
    return sum(heads[chain] - seen.get((name, chain), 0) for name in _following for chain in heads)
