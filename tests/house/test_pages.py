"""Every page of the map, walked from home by each role, on the sample business and on an empty one."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from handsel.core.actions import all_actions
from handsel.core.models import OutboxItem
from handsel.core.rooms import RoomConfig
from handsel.people.actions import accept_invitation, invite
from handsel.people.models import Row
from handsel.people.queries import link_actor
from handsel.sample.cast import THISTLE
from handsel.sample.letters import letters_of
from handsel.values.actors import Actor, Role
from tests.house import crawler, source
from tests.house.conftest import Stories
from tests.house.crawler import Visit, Walk, names_of_the_map, walk
from tests.stories import drawn_up, log_in, member, owner_of

pytestmark = pytest.mark.one_engine("sqlite")  # pages read, and reading is proved on both engines room by room

OWN_QUERIES, HOME_QUERIES = 12, 24
ROLES = tuple(role for role in Role if role not in {Role.SYSTEM, Role.BY_LINK})
# Addresses that no walk from home comes to, each with its reason.
BY_MAIL_ONLY = {
    "api:calendar": "the address that a calendar reads",
    "people:one_time": "the link that whoever runs the server hands over",
    "account_reset_password_from_key": "the link of a mail about a forgotten password",
    "agreements:newest_terms": "the button of an invitation to sign",
}
BEFORE_SIGNING_IN = {
    "account_login", "account_signup", "people:sign_up", "account_request_login_code", "account_confirm_login_code",
    "account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done", "account_inactive",
    "mfa_authenticate", "account_reset_password_from_key", "mfa_login_webauthn", "mfa_signup_webauthn",
}  # fmt: skip
OF_THE_ACCOUNTS_LIBRARY = {  # its own list and change of mail addresses lead to the page of settings
    "account_email", "account_confirm_email", "account_email_verification_sent", "account_change_password",
    "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_index",
}  # fmt: skip
ONLY_WHILE = {
    "agreements:calling_off": "a pause is planned",
    "people:rates_withdrawal": "a firm shows its rates to its assistants",
    "work:timer_stop": "a timer runs",
    "work:delivery": "a fee is agreed and nothing is delivered for it",
    "payments:new": "approved work is on no invoice and on no draft",
    "proposals:draft": "a version is written and not sent",
    "agreements:signature": "the whole text was in view, which is a press of its own",
    "agreements:resumption": "the engagement is paused",
    "agreements:invitation": "the provider has not come in",
    "agreements:from_proposal": "a proposal is accepted and no terms are drawn",
    "mail:settlement": "nobody knows whether a mail arrived",
    "mail:shown": "a mail has a page of its own beside its text",
    "mail:practice": "a reply for practice waits to be read",
    "front:counts": "the counts beside the rooms are older than the newest event",
    "proposals:decline": "a proposal that was sent has no answer",
    "front:me": "somebody has more than one client",
    "people:sessions_ends": "one is signed in elsewhere too",
    "people:striking": "somebody left",
    "talk:webhook_resumption": "what another server is told is paused",
    "front:export": "an export is ready",
    "mfa_view_recovery_codes": "a second factor is set",
    "mfa_generate_recovery_codes": "a second factor is set",
    "mfa_download_recovery_codes": "a second factor is set",
    "mfa_deactivate_totp": "a second factor is set",
    "mfa_edit_webauthn": "a passkey is set",
    "mfa_remove_webauthn": "a passkey is set",
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


@pytest.fixture(scope="module")
def others(stories: Stories) -> dict[str, Walk]:
    """Who works for fees, and whoever holds a link and is not signed in."""
    designer = stories.story.designer
    links = links_to(stories.story.told.cast.accountant.mail, stories.story.told.cast.helper.mail)
    return {
        "designer": walk(log_in(Client(), designer), f"/b/{designer.slug}/"),
        **{link: walk(Client(), link) for link in links},
    }


def links_to(*addresses: str) -> list[str]:
    """The paths of the links that were mailed to these addresses."""
    mailed = {
        item.payload["to"][0]: item.payload["link"] for item in OutboxItem.objects.all() if "link" in item.payload
    }
    return [urlsplit(mailed[address]).path for address in addresses]


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


def test_no_link_leads_nowhere_for_who_works_for_fees_or_holds_a_link(others: dict[str, Walk], db: None) -> None:
    for found in others.values():
        mend(found.dead)
        mend([f"{v.url} ({v.status}), from {v.came_from}" for v in found.visits if v.status not in {200, 301, 302}])


def test_every_address_of_the_map_is_reached_or_says_why_not(
    walks: dict[tuple[str, Role], Walked], others: dict[str, Walk], db: None
) -> None:
    everybody = [*(w.walk for w in walks.values()), *others.values()]
    reached = {name for found in everybody for name in (*found.names, *found.posts)}
    apart = {*BY_MAIL_ONLY, *BEFORE_SIGNING_IN, *OF_THE_ACCOUNTS_LIBRARY, *ONLY_WHILE}
    for_programs = {name for name in names_of_the_map() if name.startswith("api:v1:")}  # tests/api
    for_programs |= {"front:health", "front:metrics"}  # tests/config
    mend(sorted(names_of_the_map() - reached - apart - for_programs))
    mend(sorted((set(BY_MAIL_ONLY) | set(ONLY_WHILE)) & reached))


# ---------------------------------------------------------------- who may open what


@cache
def acts_of(name: str) -> frozenset[str]:
    """The acts that an address of the map can lead to when something is sent to it, as `room.verb`; read in its view."""
    view = inspect.unwrap(callback_of(name))
    room = view.__module__.split(".")[1]
    file = Path(inspect.getsourcefile(view) or "")
    function = next((f for f in source.functions(file) if f.name == view.__name__), None)
    if function is None or room not in source.room_names():
        return frozenset()
    called = called_acts(file, function)
    own = frozenset(f"{room}.{verb}" for verb in called) & set(all_actions())
    return own or frozenset(act for act in all_actions() if act.partition(".")[2] in called)


def called_acts(file: Path, view: ast.FunctionDef) -> set[str]:
    """What a view, and the private functions of its file that it uses, take from a module of actions."""
    private = {f.name: f for f in source.functions(file) if f.name.startswith("_")}
    found, seen, queue = set[str](), set[str](), [view]
    while queue:
        function = queue.pop()
        seen.add(function.name)
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "actions":
                found.add(node.attr)
        queue += [f for name, f in private.items() if name in source.names_used(function) and name not in seen]
    return found


def callback_of(name: str) -> Callable[..., object]:
    space, _, last = name.rpartition(":")
    return next(
        entry.callback
        for found, entry in views_of(get_resolver(), "")
        if found == space and entry.name == last and entry.callback
    )


def views_of(resolver: URLResolver, space: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = entry.namespace or ""
            yield from views_of(entry, f"{space}:{inner}" if space and inner else space or inner)
        else:
            yield space, entry


@pytest.mark.parametrize("role", ROLES)
def test_a_page_that_only_acts_opens_for_whoever_may_act(
    walks: dict[tuple[str, Role], Walked], filled: dict[Role, Actor], role: Role, db: None
) -> None:
    """Every address that anybody reaches, opened by this role: where a form on it sends to, the role may act."""
    everybody = [w.walk for (state, _), w in walks.items() if state == "filled"]
    known: dict[str, set[str]] = {}
    for found in everybody:
        for visit in found.visits:
            known.setdefault(visit.name, set()).add(visit.url.partition("?")[0])
    client, actor = log_in(Client(), filled[role]), filled[role]
    mend([
        f"{url} shows a form to {target}, and {role.value} may not {' or '.join(sorted(acts_of(target)))}"
        for name, urls in sorted(known.items())
        for url in sorted(urls)[:2]
        for target in forms_on(client, url, name)
        if (acts := acts_of(target)) and not acts & actor.grants
    ])  # fmt: skip


def forms_on(client: Client, url: str, name: str) -> set[str]:
    """Names of addresses to which the forms of a page send; of a page that does not open, none."""
    if not url.startswith("/b/") or ":" not in name:  # a person's own pages ask for no part in a business
        return set()
    (visit,) = walk_one(client, url)
    if visit.status != 200 or not visit.is_page:
        return set()
    found = Walk()
    list(crawler._links(visit, found))
    return set(found.posts)
