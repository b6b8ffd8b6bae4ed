"""What a person sees of the trail: history, notices, and what a thing is called. One rule for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from handsel.core.models import Event, SearchEntry
from handsel.front import finding, house
from handsel.people.queries import SYSTEM_NAME, Named, names
from handsel.talk import reading
from handsel.values.actors import Actor, Way

MOST_NOTICES = 100


seen_events = reading.seen_events


def told_events(actor: Actor) -> QuerySet[Event]:
    """What others did that this person's side is told of."""
    told = [verb.name for verb in house.verbs().values() if actor.side.value in verb.told]
    return seen_events(actor).filter(verb__in=told).exclude(person_id=actor.person_id)


def unseen(actor: Actor, seen_to: int) -> int:
    """How many notices came after the event with this number, at most a hundred; one SQL query."""
    return len(told_events(actor).filter(number__gt=seen_to).values_list("number")[:MOST_NOTICES])


@dataclass(frozen=True)
class Happening:
    """One event as a page says it. who: how the sentence begins, "You" for oneself. side: owner, provider or other."""

    number: int
    at: datetime
    who: str
    name: str
    side: str
    sentence: str
    title: str
    url: str
    kind: str
    thing_id: UUID

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence cut around the title of its thing, which is the link; the title behind it where it is not named."""
        before, named, after = self.sentence.partition(self.title) if self.title else (self.sentence, "", "")
        return (before, named, after) if named or not self.url else (f"{before}: ", self.title, "")


def happenings(actor: Actor, events: Iterable[Event], *, titled: bool = True) -> list[Happening]:
    """Events in words; one SQL query for the names, and one for the titles."""
    rows = list(events)
    people = names(actor, {event.person_id for event in rows if event.person_id})
    titles = titles_of(actor, (event.thing_id for event in rows)) if titled else {}
    return [_happening(actor, event, people, titles.get(event.thing_id)) for event in rows]


def _happening(actor: Actor, event: Event, people: dict[UUID, Named], found: SearchEntry | None) -> Happening:
    who, side = _who(actor, event, people, found)
    name = people[event.person_id].name if event.person_id in people else who
    sentence = house.verbs()[event.verb].said(event.facts)
    title, url = (found.title, found.url) if found and found.title != who else ("", "")
    return Happening(event.number, event.at, who, name, side, sentence, title, url, event.thing_kind, event.thing_id)


def _who(actor: Actor, event: Event, people: dict[UUID, Named], found: SearchEntry | None) -> tuple[str, str]:
    if event.person_id is None:
        if event.way == Way.LINK.value and found and found.kind == "membership":
            return found.title, "other"  # whoever joined came by a link: the membership names them
        return ("Somebody by a mailed link" if event.way == Way.LINK.value else SYSTEM_NAME), "other"
    known = people.get(event.person_id)
    if known is None:
        return "Somebody who left", event.side
    return ("You" if event.person_id == actor.person_id else known.name), known.side


def titles_of(actor: Actor, things: Iterable[UUID]) -> dict[UUID, SearchEntry]:
    """What things are called and where they stand, as far as this person may find them: the search index knows, which
    follows the trail; one SQL query."""
    return {entry.thing_id: entry for entry in finding.seen(actor).filter(thing_id__in=set(things))}
