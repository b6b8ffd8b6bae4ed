"""One provider, two clients: wherever she looks into one of them, nothing of the other one is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client, override_settings

from handsel.core.models import Event
from handsel.people.models import Row
from handsel.values.actors import Actor
from tests.api.conftest import program
from tests.api.test_world import ASKED, READS
from tests.api.world import World, told
from tests.front.exports import content, exported
from tests.house.crawler import walk
from tests.stories import log_in, owner_of

pytestmark = pytest.mark.one_engine("sqlite")  # pages read, and reading is proved on both engines room by room


@pytest.fixture
def clients(db: None, tmp_path: Path) -> Iterator[tuple[World, World]]:
    """Two businesses in which something of every kind happened; Ines works for both."""
    other = owner_of("Second Shop", "sven@second.example", "Sven Holm")
    (tmp_path / "second").mkdir()
    with override_settings(DATA=tmp_path):
        yield told(tmp_path), told(tmp_path / "second", other)


def test_nothing_of_one_client_shows_in_the_other(clients: tuple[World, World], tmp_path: Path) -> None:
    first, second = clients
    assert first.provider.person_id == second.provider.person_id
    for here, there in ((first, second), (second, first)):
        foreign = keys_of(there)
        assert len(foreign) > 100
        places = list(shown(here.provider, tmp_path))
        assert {place.split()[0] for place, _ in places} == {"page", "search", "call", "feed", "export"}
        leaks = [(place, key) for place, text in places for key in foreign if key in text]
        assert leaks == []


def keys_of(world: World) -> set[str]:
    """The keys of all that a business holds, and of all that happened there."""
    business = world.owner.business_id
    rows = (model._base_manager.filter(business_id=business) for model in apps.get_models() if issubclass(model, Row))
    events = Event.objects.filter(chain_id=business)
    return {str(key) for found in (*rows, events) for key in found.values_list("pk", flat=True)}


def shown(actor: Actor, folder: Path) -> Iterator[tuple[str, str]]:
    """Everything that she reads of one client, each with where: every page that links lead to, search, each address of the
    API that lists, the calendar, and the file that she takes home."""
    home, browser = f"/b/{actor.slug}/", log_in(Client(), actor)
    yield from ((f"page {v.url}", v.text) for v in walk(browser, home).visits if v.url.startswith(home))
    for word in ("candle", "mail", "Ines", "wax"):
        yield f"search {word}", browser.get(f"{home}search/", {"q": word}).content.decode()
    script = program(actor)
    for path in (path for path in READS if "{key}" not in path and path not in ASKED):
        yield f"call {path}", script.get(path).content.decode()
    page = browser.post(f"{home}programs/calendar/", {"once": f"shown {actor.slug}"}).content.decode()
    (feed,) = set(re.findall(r"/calendar/handsel_[\w-]+\.ics", page))
    yield "feed", Client().get(feed).content.decode()
    target, _ = exported(actor, folder)
    yield from ((f"export {name}", words.decode("latin-1")) for name, words in content(target).items())
