"""Every route over a business in which something of every kind happened: it answers, asks little, and shows nothing of
another business."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Program, problem, program
from tests.api.test_schema import operations
from tests.api.world import World
from tests.stories import owner_of, signed_engagement, usual_terms

pytestmark = pytest.mark.django_db
READS = [operation.split()[1] for operation in operations() if operation.startswith("GET")]
MOST_QUERIES = 14
# Nothing there for the owner, each with its reason.
NOT_FOR_THE_OWNER = {
    "/api/v1/documents/{key}/paper": "the world's document is a draft",
    "/api/v1/documents/{key}": "a draft is seen by its own side alone",
}
ASKED = {"/api/v1/engagements/{key}/comments": "lines"}


def address(world: World, path: str) -> tuple[str, dict[str, str]]:
    asked = {"thing_kind": "line", "thing_id": str(world.keys["lines"])} if path in ASKED else {}
    return path.replace("{key}", world.key_for(path)) if "{key}" in path else path, asked


def asks(script: Program, path: str, **asked: str) -> tuple[Any, list[str]]:
    script.read("/me")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = script.get(path, **asked)
    return answer, [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("path", READS)
def test_every_route_answers_the_owner(world: World, db: None, path: str) -> None:
    url, asked = address(world, path)
    answer, _ = asks(Program(world.secrets["owner"]), url, **asked)
    wanted = 404 if path in NOT_FOR_THE_OWNER else 200
    assert answer.status_code == wanted, answer.content.decode()


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("side", ["owner", "provider"])
def test_a_route_asks_little_and_nothing_row_by_row(world: World, db: None, path: str, side: str) -> None:
    url, asked = address(world, path)
    _, statements = asks(Program(world.secrets[side]), url, **asked)
    assert len(statements) <= MOST_QUERIES, "\n".join(statements)
    shapes = Counter(re.sub(r"'[^']*'|\b\d+\b|X'[0-9a-f]*'", "?", sql) for sql in statements)
    shape, most = shapes.most_common(1)[0]
    assert most <= 2, f"{most} times: {shape}"


@pytest.mark.parametrize("path", READS)
def test_a_stranger_finds_nothing(world: World, db: None, path: str) -> None:
    """Somebody of another business, with the keys of this one: 404 for each, and lists without a row of it."""
    stranger = signed_engagement(owner_of("Other Shop", "olga@other.example", "Olga"), usual_terms(),
                                 mail="piet@other.example", name="Piet")  # fmt: skip
    url, asked = address(world, path)
    for actor in (stranger.owner, stranger.provider):
        answer = program(actor).get(url, **asked)
        if "{key}" in path:
            problem(answer, 404, "not_found")
        else:
            text = answer.content.decode()
            assert "Larkspur" not in text and "Ines" not in text and str(world.keys["engagements"]) not in text


def test_a_client_never_shows_what_belongs_to_another_client_of_the_same_provider(world: World, db: None) -> None:
    """Ines works for a second business: with the token of one nothing of the other is read."""
    second = signed_engagement(owner_of("Second Shop", "sven@second.example", "Sven"), usual_terms(work="Second work"))
    script = program(second.provider)
    for path in READS:
        if "{key}" not in path:
            text = script.get(path, **address(world, path)[1]).content.decode()
            assert "Larkspur" not in text and str(world.keys["engagements"]) not in text, path
    assert "Second work" in script.get("/engagements").content.decode()
    assert "Second work" not in Program(world.secrets["provider"]).get("/engagements").content.decode()
