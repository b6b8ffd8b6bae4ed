"""One page of every address, for whoever opens them in a browser: the owner's and the provider's, filled and empty."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.test import Client
from django.utils import timezone

from handsel.sample.story import tell_story
from handsel.values.actors import Actor
from tests.house.crawler import walk
from tests.stories import drawn_up, log_in, owner_of


@dataclass(frozen=True)
class Seen:
    """A person in a state of a business, with the addresses of her pages by their names in the map."""

    state: str
    who: str
    actor: Actor | None  # None: not signed in
    pages: dict[str, str]


def filled() -> list[Actor]:
    """The owner and the provider of the sample business."""
    with transaction.atomic():
        story = tell_story(timezone.now().date())
    return [story.owner, story.provider]


def empty() -> list[Actor]:
    """An owner who has done nothing yet, and a provider whose terms nobody has signed."""
    with transaction.atomic():
        owner = owner_of("Empty Shelf", "vera@shelf.example", "Vera Moss")
        bare = owner_of("Bare Shelf", "bea@shelf.example", "Bea Moss")
        return [owner, drawn_up(bare, mail="lone@shelf.example", name="Lone Hand").provider]


def seen_by(actors: list[Actor], state: str) -> list[Seen]:
    return [
        Seen(state, who, actor, one_of_each(log_in(Client(), actor), f"/b/{actor.slug}/"))
        for who, actor in zip(("owner", "provider"), actors, strict=True)
    ]


def one_of_each(client: Client, start: str) -> dict[str, str]:
    """Of every address within reach the page that says most, whole pages only."""
    longest: dict[str, tuple[int, str]] = {}
    for visit in walk(client, start).visits:
        if visit.status == 200 and visit.text.lstrip().lower().startswith("<!doctype") and "?" not in visit.url:
            longest[visit.name] = max(longest.get(visit.name, (0, "")), (len(visit.text), visit.url))
    return {name: url for name, (_, url) in sorted(longest.items())}
