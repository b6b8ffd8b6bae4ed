"""What may come a second later follows the trail: search, notices, sealed papers. There are no callbacks.

A follower is a function of one event, or of a run of events of one chain. It keeps one cursor per chain; the number of an event is also the order of
commits, so nothing is passed over. It may see an event twice (killed between the two), and must come to the same.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from handsel.core import writes
from handsel.core.models import Chain, Event, Follower

log = logging.getLogger(__name__)
_AT_ONCE = 200

Follow = Callable[[Event], None]
FollowRun = Callable[[Sequence[Event]], None]


@dataclass(frozen=True)
class Following:
    name: str
    verbs: frozenset[str] | None  # None: every verb
    follow: FollowRun


_following: dict[str, Following] = {}


def follows(*verbs: str) -> Callable[[Follow], Follow]:
    """Declare a function of a room's `tasks.py` that is called for each event with one of these verbs."""

    def declare(follow: Follow) -> Follow:
        def one_by_one(events: Sequence[Event]) -> None:
            for event in events:
                follow(event)

        known_as = f"{follow.__module__.split('.')[1]}.{follow.__name__}"
        _following[known_as] = Following(known_as, frozenset(verbs), one_by_one)
        return follow

    return declare


def follows_all(name: str) -> Callable[[FollowRun], FollowRun]:
    """Declare a function that is called with every event, as many of one chain at a time as have come since, in their
    order."""

    def declare(follow: FollowRun) -> FollowRun:
        _following[name] = Following(name, None, follow)
        return follow

    return declare


def follow_all() -> int:
    """Bring every follower up to the head of every chain; gives how many events were followed. One SQL query for the
    chains and one for the followers where nothing happened."""
    heads = Chain.objects.filter(number__gt=0).values_list("id", "number")
    seen = _seen()
    done = 0
    for chain_id, head in heads:
        at = {name: seen.get((name, chain_id), 0) for name in _following}
        for number in sorted(n for n in set(at.values()) if n < head):
            done += _follow_chain(chain_id, number, [name for name in at if at[name] == number])
    return done


def begin_at(chain_id: UUID, number: int, but: Collection[str] = ()) -> None:
    """What came into this chain up to this number was followed elsewhere: nobody follows it again, but those named."""
    _advance(sorted(set(_following) - set(but)), chain_id, number)


def forget(name: str) -> None:
    """Let a follower begin anew, from the first event of every chain."""
    Follower.objects.filter(name=name).delete()


def _follow_chain(chain_id: UUID, after: int, names: Sequence[str]) -> int:
    """Bring these followers, who have seen as much, to the head. Those whom nothing concerns go on in one statement."""
    done = 0
    while events := list(Event.objects.filter(chain_id=chain_id, number__gt=after).order_by("number")[:_AT_ONCE]):
        after = events[-1].number
        unconcerned = []
        for name in names:
            following = _following[name]
            if wanted := [event for event in events if following.verbs is None or event.verb in following.verbs]:
                following.follow(wanted)
                _advance([name], chain_id, after)
                done += len(wanted)
            else:
                unconcerned.append(name)
        _advance(unconcerned, chain_id, after)
    return done


def _advance(names: Sequence[str], chain_id: UUID, number: int) -> None:
    rows = [Follower(name=name, chain_id=chain_id, number=number) for name in names]
    with writes.transaction_in_turn():
        Follower.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["name", "chain_id"], update_fields=["number"]
        )


def _seen() -> dict[tuple[str, UUID], int]:
    """How far each follower has read each chain."""
    return {(name, chain): number for name, chain, number in Follower.objects.values_list("name", "chain_id", "number")}


def behind() -> int:
    """How many events some follower has not seen yet."""
    heads = dict(Chain.objects.values_list("id", "number"))
    seen = _seen()
    return sum(heads[chain] - seen.get((name, chain), 0) for name in _following for chain in heads)
