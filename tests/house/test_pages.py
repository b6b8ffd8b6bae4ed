"""Every page of the map, walked from home by each role, on the sample business and on an empty one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from django.apps import apps
from django.test import Client

from handsel.core.rooms import RoomConfig
from handsel.people.actions import accept_invitation, invite
from handsel.people.models import Row
from handsel.people.queries import link_actor
from handsel.sample.cast import THISTLE
from handsel.sample.letters import letters_of
from handsel.values.actors import Actor, Role
from tests.house.conftest import Stories
from tests.house.crawler import Visit, Walk, names_of_the_map, walk
from tests.stories import drawn_up, log_in, member, owner_of

pytestmark = pytest.mark.one_engine  # SQLite: pages read, and reading is proved on both engines room by room

OWN_QUERIES, HOME_QUERIES = 12, 24
ROLES = tuple(role for role in Role if role not in {Role.SYSTEM, Role.BY_LINK})
BY_MAIL_ONLY: dict[str, str] = {
    "people:one_time": "the link that whoever runs the server hands over",
    "people:join": "the link of an invitation",
    "proposals:opened": "the link of a proposal",
    "account_reset_password_from_key": "the link of a mail about a forgotten password",
}
NOT_IN_A_BUSINESS: dict[str, str] = {
    "account_login": "before somebody is signed in",
    "account_signup": "before somebody is signed in",
    "people:sign_up": "before somebody is signed in",
    "account_request_login_code": "before somebody is signed in",
    "account_confirm_login_code": "before somebody is signed in",
    "account_reset_password": "before somebody is signed in",
    "account_reset_password_done": "before somebody is signed in",
    "account_reset_password_from_key_done": "before somebody is signed in",
    "account_inactive": "for whoever was locked out",
    "mfa_authenticate": "the second step of signing in",
}


def cast_of(
    story_owner: Actor, engagement_id: object, provider: Actor, assistant: Actor, bookkeeper: Actor | None
) -> dict[Role, Actor]:
    """One person for every role; those who are missing are invited."""
    cast = {Role.OWNER: story_owner, Role.PROVIDER_ADMIN: provider, Role.ASSISTANT: assistant}
    if bookkeeper:
        cast[Role.BOOKKEEPER] = bookkeeper
    for role in ROLES:
        if role not in cast:
            cast[role] = joined(story_owner, role)
    return cast


def joined(inviter: Actor, role: Role) -> Actor:
    invitation, _ = invite(
        inviter, f"Kim {role.value.title()}", f"{role.value.replace(' ', '-')}@{inviter.slug}.example", role
    )
    membership = accept_invitation(link_actor(invitation.business_id), invitation.id, invitation.name)
    return member(membership.business, membership.person)


@dataclass(frozen=True)
class Walked:
    """A role's walk through one business."""

    role: Role
    actor: Actor
    walk: Walk
    trivial: int  # statements of a page that asks nothing itself: session, actor, frame


@pytest.fixture(scope="module")
def filled(stories: Stories) -> dict[Role, Actor]:
    s = stories.story
    return cast_of(s.owner, None, s.provider, s.assistant, s.bookkeeper)


@pytest.fixture(scope="module")
def empty(stories: Stories) -> dict[Role, Actor]:
    """A business in which nothing has happened; whoever works for it has terms that nobody has signed."""
    owner = owner_of("Empty Shelf", "vera@shelf.example", "Vera Moss")
    bare = owner_of("Bare Shelf", "bea@shelf.example", "Bea Moss")
    story = drawn_up(bare, mail="lone@shelf.example", name="Lone Hand")
    return cast_of(owner, None, story.provider, joined(story.provider, Role.ASSISTANT), None)


@pytest.fixture(scope="module")
def walks(filled: dict[Role, Actor], empty: dict[Role, Actor]) -> dict[tuple[str, Role], Walked]:
    businesses = {"filled": filled, "empty": empty}
    return {(state, role): walked(role, actor) for state, cast in businesses.items() for role, actor in cast.items()}


def walked(role: Role, actor: Actor) -> Walked:
    client = log_in(Client(), actor)
    client.get(f"/b/{actor.slug}/keys/")
    (trivial,) = walk_one(client, f"/b/{actor.slug}/keys/")
    return Walked(role, actor, walk(client, f"/b/{actor.slug}/"), len(trivial.statements))


def walk_one(client: Client, url: str) -> list[Visit]:
    from tests.house.crawler import _visit, name_of

    return [_visit(client, url, name_of(url) or "", "")]


EACH = pytest.mark.parametrize(("state", "role"), [(s, r) for s in ("filled", "empty") for r in ROLES])


def complaints(walked: Walked, fault: Callable[[Visit], str]) -> list[str]:
    return [f"{v.url} ({words}), from {v.came_from}" for v in walked.walk.visits if (words := fault(v))]


def mend(found: list[str]) -> None:
    """Fail with every complaint on a line of its own."""
    assert not found, "\n" + "\n".join(found)


@EACH
def test_no_link_leads_nowhere(walks: dict[tuple[str, Role], Walked], state: str, role: Role, db: None) -> None:
    found = walks[state, role]
    mend(found.walk.dead)
    mend(complaints(found, lambda v: "" if v.status in {200, 301, 302} else str(v.status)))
    assert len(found.walk.visits) > 5


@EACH
def test_a_page_asks_the_database_little(
    walks: dict[tuple[str, Role], Walked], state: str, role: Role, db: None
) -> None:
    found = walks[state, role]

    def fault(visit: Visit) -> str:
        most = HOME_QUERIES if visit.name == "front:home" else OWN_QUERIES
        own = len(visit.statements) - found.trivial
        return f"{own} queries of its own" if own > most else ""

    mend(complaints(found, fault))


@EACH
def test_a_page_has_one_primary_act_at_most(
    walks: dict[tuple[str, Role], Walked], state: str, role: Role, db: None
) -> None:
    mend(complaints(walks[state, role], lambda v: words_of_primaries(v.text)))


def words_of_primaries(text: str) -> str:
    found = re.findall(r'class="[^"]*\bbutton-primary\b[^"]*"', text)
    return f"{len(found)} primary acts" if len(found) > 1 else ""


@EACH
def test_nothing_of_the_other_business_shows(
    walks: dict[tuple[str, Role], Walked], stories: Stories, state: str, role: Role, db: None
) -> None:
    secret, keys = words_of_the_twin(), keys_of(stories.twin.owner)

    def fault(visit: Visit) -> str:
        said = [word for word in secret if word in visit.text]
        return ", ".join([*said, *(set(_KEY.findall(visit.text)) & keys)])

    mend(complaints(walks[state, role], fault))


_KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@cache
def words_of_the_twin() -> tuple[str, ...]:
    people = (
        THISTLE.owner,
        THISTLE.bookkeeper,
        THISTLE.provider,
        THISTLE.assistant,
        THISTLE.designer,
        THISTLE.asked_too,
    )
    letters = [word for letter in letters_of(THISTLE) for word in (letter.name, letter.mail)]
    return (
        THISTLE.business,
        *(w for p in people for w in (p.name, p.mail)),
        *letters,
        "137.31",
        "138.31",
        "1,371.10",
        "1,373.20",
    )


def keys_of(actor: Actor) -> set[str]:
    """The keys of every row of the business."""
    rooms = [c for c in apps.get_app_configs() if isinstance(c, RoomConfig)]
    tables = [m for c in rooms for m in c.get_models() if issubclass(m, Row)]
    return {
        str(key)
        for m in tables
        for key in m._base_manager.filter(business_id=actor.business_id).values_list("pk", flat=True)
    }


def test_every_address_of_the_map_is_reached_or_comes_by_mail(walks: dict[tuple[str, Role], Walked], db: None) -> None:
    reached = {name for w in walks.values() for name in (*w.walk.names, *w.walk.posts)}
    apart = {**BY_MAIL_ONLY, **NOT_IN_A_BUSINESS}
    mend(sorted(names_of_the_map() - reached - set(apart)))
    mend(sorted(set(apart) & reached))
