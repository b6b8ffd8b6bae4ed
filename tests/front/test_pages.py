"""Home, search, notices, history, the frame: what each shows, to whom, and for how many queries."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from handsel.agreements.actions import amend
from handsel.core.followers import follow_all
from handsel.core.jobs import find_jobs
from handsel.core.models import SearchEntry
from handsel.front import waiting
from handsel.people.actions import invite, prefer
from handsel.people.queries import own_actor
from handsel.playbooks import actions as playbooks
from handsel.values.actors import Actor, Role
from handsel.work.actions import Stint, decide, deliver, log, return_task, start_timer
from handsel.work.rules import Decision
from tests.mail.story import desk
from tests.people.test_members import joined
from tests.planning.story import customer_mail
from tests.stories import (
    TODAY,
    SignedEngagement,
    SubmittedWeek,
    log_in,
    owner_of,
    signed_engagement,
    submitted_week,
    usual_terms,
)

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def said(client: Client, actor: Actor, path: str = "", **headers: Any) -> str:
    answer = log_in(client, actor).get(f"/b/{actor.slug}/{path}", **headers)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def other_client() -> SignedEngagement:
    """The same provider works for a second business, which knows nothing of the first."""
    owner = owner_of("Maeve Soaps", "maeve@soaps.example", "Maeve Brennan")
    return signed_engagement(owner, usual_terms(work="Soap mail"))


def index_all() -> None:
    find_jobs()
    follow_all()


# ---------------------------------------------------------------- home


def test_an_empty_business_is_asked_one_question_with_three_answers(client: Client) -> None:
    page = said(client, owner_of())
    for answer, url in (
        ("Something eats my time", "/b/larkspur-candles/plan/new/"),
        ("I know what, and look for somebody", "/b/larkspur-candles/plan/new/?goal=propose"),
        ("I already work with somebody", "/b/larkspur-candles/agreements/new/"),
    ):
        assert answer in page and f'href="{url}"' in page


def test_home_says_what_needs_her_and_for_how_long(client: Client, week: SubmittedWeek) -> None:
    page = said(client, week.owner)
    assert "Timesheet, " in page and "Ines Duarte submitted 3:30." in page
    assert "need you" in page or "needs you" in page
    assert "in all." in page


def test_a_need_vanishes_when_the_thing_is_done(client: Client, week: SubmittedWeek, settings: Any) -> None:
    settings.MAIL_SERVER = {"host": "mail.example"}
    lines = [Decision(line.id, line.revision, approves=True) for line in (week.monday, week.tuesday)]
    decide(week.owner, week.sheet.id, lines)
    assert "Approve or return" not in said(client, week.owner)


def test_the_owner_is_asked_once_to_set_up_a_mail_server(client: Client, engagement: SignedEngagement) -> None:
    page = said(client, engagement.owner)
    assert page.count("Set up a mail server") == 1
    waiting = said(client, engagement.owner, "mail-server/")
    assert "HANDSEL_SMTP" in waiting and "/join/" in waiting


def test_nobody_but_the_owner_sees_the_links_that_wait(client: Client, engagement: SignedEngagement) -> None:
    assert "Set up a mail server" not in said(client, engagement.provider)
    assert client.get(f"/b/{engagement.owner.slug}/mail-server/").status_code == 404


def test_home_takes_few_queries(client: Client, week: SubmittedWeek, django_assert_max_num_queries: Any) -> None:
    said(client, week.owner)
    for actor in (week.owner, week.provider):
        log_in(client, actor)
        waiting.cache.clear()
        with django_assert_max_num_queries(24):
            client.get(f"/b/{week.owner.slug}/")


# ---------------------------------------------------------------- the frame


def test_rooms_stand_in_the_order_of_an_engagements_life(client: Client, engagement: SignedEngagement) -> None:
    page = said(client, engagement.owner)
    rooms = page[page.index('class="rooms-list"') : page.index("rooms-foot")]
    assert 0 < rooms.index("Home") < rooms.index("Agreements") < rooms.index("Work")
    assert 'aria-current="page"' in rooms


def test_the_phone_shows_five_places_at_most(client: Client, engagement: SignedEngagement) -> None:
    for actor in (engagement.owner, engagement.provider):
        bar = said(client, actor).split('class="tabbar"')[1].split("</nav>")[0]
        assert 2 <= bar.count("<a ") <= 5 and "More" in bar


def test_a_running_timer_stands_on_every_page_with_its_stop(client: Client, engagement: SignedEngagement) -> None:
    start_timer(engagement.provider, engagement.engagement.id, "Customer mail")
    page = said(client, engagement.provider, "history/")
    assert 'role="timer"' in page and f'action="/b/{engagement.owner.slug}/timer/stop/"' in page
    assert 'role="timer"' not in said(client, engagement.owner)


def test_the_theme_that_a_person_chose_is_on_the_page(client: Client) -> None:
    owner = owner_of()
    assert "data-theme" not in said(client, owner)
    assert owner.person_id is not None
    prefer(own_actor(owner.person_id), theme="dark")
    assert 'data-theme="dark"' in said(client, owner)
    prefer(own_actor(owner.person_id), theme="system")
    assert "data-theme" not in said(client, owner)


def test_pages_beside_home_keep_to_twelve_queries(
    client: Client, week: SubmittedWeek, django_assert_max_num_queries: Any
) -> None:
    index_all()
    paths = ("more/", "keys/", "search/?q=ines", "notices/", "history/", "people/", "people/who-may-do-what/",
             f"history/timesheet/{week.sheet.id}/", f"engagements/{week.engagement.id}/",
             f"engagements/{week.engagement.id}/steps/")  # fmt: skip
    for actor in (week.owner, week.provider):
        log_in(client, actor)
        for path in paths:
            client.get(f"/b/{actor.slug}/{path}")
            with django_assert_max_num_queries(MOST_QUERIES):
                assert client.get(f"/b/{actor.slug}/{path}").status_code == 200, path


# ---------------------------------------------------------------- search


def test_search_finds_people_and_rooms_and_acts(client: Client, engagement: SignedEngagement) -> None:
    index_all()
    page = said(client, engagement.owner, "search/?q=ines")
    assert "Ines Duarte" in page
    assert "Invite somebody" in said(client, engagement.owner, "search/?q=invite")
    assert "Nothing here holds" in said(client, engagement.owner, "search/?q=zzzz")


def test_the_palette_gets_the_list_alone(client: Client, engagement: SignedEngagement) -> None:
    index_all()
    answer = said(client, engagement.owner, "search/?q=ines", HTTP_HX_REQUEST="true")
    assert "Ines Duarte" in answer and "<html" not in answer
    every = said(client, engagement.owner, "search/?q=", HTTP_HX_REQUEST="true")
    assert "Agreements" in every and "<kbd>g a</kbd>" in every


def test_search_knows_neither_capitals_nor_accents(client: Client) -> None:
    owner = owner_of()
    invite(owner, "Zoë Öztürk", "zoe@larkspur.example", Role.MANAGER)
    index_all()
    assert "Zoë Öztürk" in said(client, owner, "search/?q=ZOE+ozturk")


def test_a_provider_finds_nothing_of_another_providers_engagement(client: Client, engagement: SignedEngagement) -> None:
    signed_engagement(engagement.owner, usual_terms(work="Graphics"), mail="omar@pix.example", name="Omar Haddad")
    index_all()
    assert "Omar" in said(client, engagement.owner, "search/?q=omar", HTTP_HX_REQUEST="true")
    assert "Omar" not in said(client, engagement.provider, "search/?q=omar", HTTP_HX_REQUEST="true")
    assert "Graphics" not in said(client, engagement.provider, "search/?q=graphics", HTTP_HX_REQUEST="true")


def test_search_stays_within_one_business(client: Client, engagement: SignedEngagement) -> None:
    other_client()
    index_all()
    assert "Soap" not in said(client, engagement.owner, "search/?q=soap", HTTP_HX_REQUEST="true").replace("“soap”", "")


def test_an_entry_follows_its_thing_and_is_never_doubled(engagement: SignedEngagement) -> None:
    index_all()
    count = SearchEntry.objects.count()
    from handsel.core.followers import forget

    forget("front.search")
    index_all()
    assert SearchEntry.objects.count() == count > 0


# ---------------------------------------------------------------- notices and history


def test_notices_tell_what_the_other_side_did_until_they_are_seen(client: Client, week: SubmittedWeek) -> None:
    page = said(client, week.owner, "notices/")
    assert "Ines Duarte</strong> submitted 2 lines" in page and "new since you looked last" in page
    client.post(f"/b/{week.owner.slug}/notices/")
    assert "You have seen them all." in said(client, week.owner, "notices/")


def test_nobody_is_told_of_her_own_acts(client: Client, week: SubmittedWeek) -> None:
    assert "<strong>You</strong>" not in said(client, week.owner, "notices/")


def test_the_history_of_one_thing_comes_as_page_and_as_fragment(client: Client, week: SubmittedWeek) -> None:
    path = f"history/timesheet/{week.sheet.id}/"
    assert "submitted 2 lines" in said(client, week.owner, path)
    fragment = said(client, week.owner, path, HTTP_HX_REQUEST="true")
    assert "submitted 2 lines" in fragment and "<html" not in fragment and '<ol class="timeline"' in fragment


def test_the_history_of_a_thing_of_another_business_is_404(client: Client, week: SubmittedWeek) -> None:
    stranger = owner_of("Maeve Soaps", "maeve@soaps.example", "Maeve Brennan")
    log_in(client, stranger)
    assert client.get(f"/b/{stranger.slug}/history/timesheet/{week.sheet.id}/").status_code == 404
    assert client.get(f"/b/{week.owner.slug}/history/").status_code == 404


def test_a_provider_reads_no_event_of_another_provider(client: Client, engagement: SignedEngagement) -> None:
    other = signed_engagement(
        engagement.owner, usual_terms(work="Graphics"), mail="omar@pix.example", name="Omar Haddad"
    )
    assert "Omar" not in said(client, engagement.provider, "history/")
    assert "Omar" not in said(client, engagement.provider, "notices/")
    path = f"/b/{engagement.owner.slug}/engagements/{other.engagement.id}/"
    assert client.get(path).status_code == 404


def test_history_goes_on_to_older_events(client: Client, week: SubmittedWeek) -> None:
    for n in range(55):
        log(week.provider, week.engagement.id, Stint("Customer mail", f"n{n}", TODAY() - timedelta(days=1), 60))
    page = said(client, week.owner, "history/")
    assert "?before=" in page
    number = page.split("?before=")[1].split('"')[0]
    assert "opened the business" in said(client, week.owner, f"history/?before={number}")


def test_a_broken_page_number_is_the_first_page(client: Client) -> None:
    assert "opened the business" in said(client, owner_of(), "history/?before=abc")


# ---------------------------------------------------------------- all clients, one engagement


def test_one_page_shows_all_clients_of_a_provider(client: Client, week: SubmittedWeek) -> None:
    second = other_client()
    log(second.provider, second.engagement.id, Stint("Customer mail", "", TODAY(), 3600))
    log_in(client, week.provider)
    assert client.get("/").url == "/me/"
    page = client.get("/me/").content.decode()
    assert "Larkspur Candles" in page and "Maeve Soaps" in page and "1:00" in page


def test_what_one_client_owes_is_never_shown_to_another(client: Client, week: SubmittedWeek) -> None:
    second = other_client()
    log_in(client, week.owner)
    page = client.get("/me/").content.decode()
    assert "Maeve Soaps" not in page
    log_in(client, second.owner)
    assert "Larkspur" not in client.get("/me/").content.decode()


def busy_client(number: int, folder: Path) -> SignedEngagement:
    """A client of Ines where something of every kind waits for her: terms, a page, mail, work that came back, work to
    invoice, a check-in."""
    owner = owner_of(f"Client {number}", f"owner{number}@client.example", f"Nora Number{number}")
    story = signed_engagement(owner)
    desk(folder, story=story)
    week = submitted_week(story)
    decide(owner, week.sheet.id, [
        Decision(week.monday.id, week.monday.revision, approves=True),
        Decision(week.tuesday.id, week.tuesday.revision, approves=False, reason="Which customer?"),
    ])  # fmt: skip
    delivery = deliver(story.provider, story.engagement.id, "Autumn leaflet", "The first draft")
    return_task(owner, delivery.task_id, "The price is missing.")
    page = playbooks.publish(owner, "Refunds", "Within thirty days.")
    playbooks.assign(owner, page.playbook_id)
    amend(owner, story.engagement.id, usual_terms(TODAY() + timedelta(days=7), usual_hours=Decimal(30)))
    return story


@pytest.mark.parametrize("clients", [1, 2, 4])
def test_all_clients_take_eight_queries_and_six_for_each(
    client: Client, clients: int, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    first, *_ = [busy_client(number, tmp_path) for number in range(clients)]
    log_in(client, first.provider)
    waiting.cache.clear()
    with django_assert_max_num_queries(8 + 6 * clients):
        page = client.get("/me/").content.decode()
    for number in range(clients):
        needs = re.findall(rf"Client {number}: ([^<]+)<", page)
        assert len(needs) == len(set(needs)) == 7, needs


def test_places_lists_each_business_with_the_side(client: Client, week: SubmittedWeek) -> None:
    other_client()
    page = log_in(client, week.provider).get("/places/").content.decode()
    assert page.count("Your client") == 2 and "/b/maeve-soaps/" in page


def test_the_page_of_an_engagement_says_how_it_stands(client: Client, week: SubmittedWeek) -> None:
    lines = [Decision(week.monday.id, week.monday.revision, approves=True)]
    decide(week.owner, week.sheet.id, lines)
    page = said(client, week.owner, f"engagements/{week.engagement.id}/")
    assert "In force" in page and "€27.75" in page and "approved" in page
    steps = said(client, week.owner, f"engagements/{week.engagement.id}/steps/")
    assert '<ol class="life">' in steps and "<html" not in steps


def test_an_assistant_reads_no_money_on_the_engagements_page(client: Client, week: SubmittedWeek) -> None:
    from dataclasses import replace

    from handsel.front.views.engaged import _balances
    from handsel.people.permissions import grants_of

    assistant = replace(week.provider, role=Role.ASSISTANT, grants=grants_of(Role.ASSISTANT))
    assert _balances(assistant, week.engagement) == []


# ---------------------------------------------------------------- counts


def test_the_navigation_learns_how_much_waits_and_remembers_it(client: Client, week: SubmittedWeek) -> None:
    page = said(client, week.owner, "keys/")
    assert f'hx-get="/b/{week.owner.slug}/counts/"' in page
    counts = said(client, week.owner, "counts/")
    assert 'id="waits-w" hx-swap-oob="true"> <span class="count">1<' in counts
    again = said(client, week.owner, "keys/")
    assert "/counts/" not in again and '<span id="waits-w"> <span class="count">1<' in again


def test_a_count_is_forgotten_as_soon_as_something_happens(client: Client, week: SubmittedWeek) -> None:
    said(client, week.owner, "counts/")
    lines = [Decision(line.id, line.revision, approves=True) for line in (week.monday, week.tuesday)]
    decide(week.owner, week.sheet.id, lines)
    assert "/counts/" in said(client, week.owner, "keys/")
    assert 'id="waits-w" hx-swap-oob="true"></span>' in said(client, week.owner, "counts/")


def test_the_clock_on_a_page_is_that_of_the_reader(client: Client, week: SubmittedWeek) -> None:
    assert week.owner.person_id is not None
    prefer(own_actor(week.owner.person_id), zone="Asia/Kathmandu")
    log_in(client, week.owner)
    answer = client.get(f"/b/{week.owner.slug}/history/").content.decode()
    stamp = re.search(r'<time datetime="[^"]*\+05:45">', answer)
    assert stamp is not None


# ---------------------------------------------------------------- who reads what


def test_a_provider_reads_not_what_another_providers_people_learn_and_ask(
    client: Client, engagement: SignedEngagement
) -> None:
    other = signed_engagement(
        engagement.owner, usual_terms(work="Graphics"), mail="omar@pix.example", name="Omar Haddad"
    )
    page = playbooks.publish(engagement.owner, "Refunds", "Refunds are paid at once.")
    playbooks.acknowledge(other.provider, page.playbook_id, 1)
    asked = playbooks.ask(other.provider, "May I refund more?", "page", page.playbook_id)
    playbooks.answer(engagement.owner, asked.id, "Up to fifty.")
    history = said(client, engagement.provider, "history/")
    assert "published version 1" in history
    assert "Omar" not in history and "question" not in history and "acknowledged" not in history
    assert "answered a question" in said(client, other.provider, "notices/")


@pytest.mark.parametrize("role", [Role.BOOKKEEPER, Role.REVIEWER])
def test_search_and_history_leave_out_what_the_role_does_not_read(client: Client, role: Role) -> None:
    owner = owner_of()
    area = customer_mail(owner)
    index_all()
    assert "Customer mail" in said(client, owner, "search/?q=customer")
    other = joined(owner, role)
    assert "Customer mail" not in said(client, other, "search/?q=customer")
    assert "Customer mail" not in said(client, other, "history/")
    assert client.get(f"/b/{owner.slug}/history/area/{area.pk}/").status_code == 404
