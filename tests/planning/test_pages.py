"""The pages of planning, without a browser: what they show, keep and refuse, and how many queries they take."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from handsel.planning import queries
from handsel.planning.actions import answer_plan, complete_plan, note_evidence, place
from handsel.planning.models import Area
from handsel.planning.room import ROOM
from handsel.planning.rules import Decision, Kit
from handsel.values.actors import Actor
from tests.planning.story import customer_mail, plan_answers, planned_area, small_figures
from tests.stories import TODAY, SignedEngagement, log_in, owner_of

MOST_QUERIES = 12 + 6  # 12 of the page, and those of session, actor and frame


@pytest.fixture
def owner(db: None) -> Actor:
    return owner_of()


def figures(**changes: str) -> dict[str, str]:
    return {
        "once": "a-key", "kit": "customer-service", "name": "Customer mail", "volume": "100", "minutes": "7",
        "hour": "35", "price": "13", "basis": "hour", "asked": "guessed", **changes,
    }  # fmt: skip


def test_an_empty_room_says_what_to_do_next(client: Client, owner: Actor) -> None:
    page = log_in(client, owner).get(f"/b/{owner.slug}/plan/").content.decode()
    assert "No area of work yet" in page
    assert f"/b/{owner.slug}/plan/new/" in page


def test_four_figures_give_two_columns_with_her_own_hours_as_a_line(client: Client, owner: Actor) -> None:
    answer = log_in(client, owner).post(f"/b/{owner.slug}/plan/new/", figures(), follow=True)
    page = answer.content.decode()
    for words in ("As it is", "Handed over", "Your own hours", "Worth it: the first year may leave you", "from month"):
        assert words in page
    assert Area.objects.get().name == "Customer mail"


@pytest.mark.reaches("estimate_order")
def test_a_range_in_the_wrong_order_is_refused_at_its_field_and_what_was_typed_stays(
    client: Client, owner: Actor
) -> None:
    answer = log_in(client, owner).post(f"/b/{owner.slug}/plan/new/", figures(minutes_low="9", minutes_high="11"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Your least, 9, is above your usual, 7." in page
    assert 'id="id_minutes_error"' in page
    assert 'value="11"' in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param("0", "it must be more than nothing", marks=pytest.mark.reaches("estimate_positive"), id="nothing"),
        pytest.param("5000", "a week has 168", marks=pytest.mark.reaches("estimate_week"), id="too many"),
        pytest.param("99999999999", "not a number that we can reckon with", marks=pytest.mark.reaches("estimate_number"),
                     id="absurd"),
    ],
)  # fmt: skip
def test_a_volume_that_cannot_be_is_refused_and_kept_as_typed(
    client: Client, owner: Actor, typed: str, sentence: str
) -> None:
    answer = log_in(client, owner).post(f"/b/{owner.slug}/plan/new/", figures(volume=typed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'value="{typed}"' in page
    assert not Area.objects.exists()


@pytest.mark.reaches("budget_order")
def test_a_usual_budget_above_the_most_is_refused_at_its_field(client: Client, owner: Actor) -> None:
    area = customer_mail(owner)
    address = f"/b/{owner.slug}/plan/{area.id}/answers/"
    answer = log_in(client, owner).post(address, plan_answers(budget_usual="900"))
    assert answer.status_code == 422
    assert 'id="id_budget_most_error"' in answer.content.decode()


def test_a_second_press_writes_one_area(client: Client, owner: Actor) -> None:
    log_in(client, owner)
    for _ in range(2):
        assert client.post(f"/b/{owner.slug}/plan/new/", figures()).status_code == 302
    assert Area.objects.count() == 1


def test_what_was_counted_in_the_mailbox_is_filled_in(client: Client, owner: Actor) -> None:
    note_evidence(owner, Kit.MAIL, "your mailbox", TODAY(), TODAY(), 41, 41 * 420, "mailbox:a")
    page = log_in(client, owner).get(f"/b/{owner.slug}/plan/new/").content.decode()
    assert "Filled in from your mailbox: 41.0 a week, about 7.0 minutes each." in page


def test_not_worth_it_is_an_answer_and_keeping_it_is_done(client: Client, owner: Actor) -> None:
    area = customer_mail(owner, small_figures())
    address = f"/b/{owner.slug}/plan/{area.id}/"
    assert "Not worth it: the first year" in log_in(client, owner).get(address).content.decode()
    page = client.post(f"{address}placing/", {"decision": "keep", "once": "k"}, follow=True).content.decode()
    assert "Nothing more is needed." in page
    assert queries.standing(owner, area.id).decision is Decision.KEEP


@pytest.mark.reaches("word_needed")
def test_deciding_against_the_figures_asks_for_a_word_at_its_field(client: Client, owner: Actor) -> None:
    area = customer_mail(owner, small_figures())
    answer = log_in(client, owner).post(f"/b/{owner.slug}/plan/{area.id}/placing/", {"decision": "hand over"})
    assert answer.status_code == 422
    assert 'id="id_word_error"' in answer.content.decode()


def test_the_plan_names_what_is_missing_with_a_link_to_each(client: Client, owner: Actor) -> None:
    area = customer_mail(owner)
    place(owner, area.id, Decision.HAND_OVER)
    address = f"/b/{owner.slug}/plan/{area.id}/answers/"
    page = log_in(client, owner).get(address).content.decode()
    assert "4 things are missing before anybody may be asked" in page
    assert 'href="#id_success"' in page
    page = client.post(address, {**plan_answers(success=""), "once": "k"}, follow=True).content.decode()
    assert "1 thing is missing" in page
    assert "Complete the plan" not in page
    page = client.post(address, {**plan_answers(), "once": "l"}, follow=True).content.decode()
    assert "Complete the plan" in page
    page = client.post(f"/b/{owner.slug}/plan/{area.id}/completion/", {"once": "m"}, follow=True).content.decode()
    assert f"/b/{owner.slug}/proposals/for/{area.id}/" in page


@pytest.mark.reaches("plan_incomplete")
def test_completing_too_early_is_refused_on_the_page(client: Client, owner: Actor) -> None:
    area = customer_mail(owner)
    answer = log_in(client, owner).post(f"/b/{owner.slug}/plan/{area.id}/completion/", {"once": "m"})
    assert answer.status_code == 422
    assert "The plan still lacks 8 things" in answer.content.decode()


def test_needs_vanish_when_they_are_met(owner: Actor) -> None:
    area = customer_mail(owner)
    assert [n.act for n in ROOM.needs(owner)] == ["Decide"]
    place(owner, area.id, Decision.HAND_OVER)
    assert [n.act for n in ROOM.needs(owner)] == ["Complete it"]
    answer_plan(owner, area.id, plan_answers())
    (need,) = ROOM.needs(owner)
    assert "Nothing is missing" in need.sentence
    complete_plan(owner, area.id)
    assert ROOM.needs(owner) == []


PAGES = ["", "new/", "{area}/", "{area}/figures/", "{area}/answers/"]


@pytest.mark.parametrize("place_of", PAGES)
def test_twelve_queries_whatever_the_number_of_rows(
    client: Client, owner: Actor, place_of: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    area = planned_area(owner)
    for _ in range(5):
        planned_area(owner)
        customer_mail(owner)
    log_in(client, owner)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(f"/b/{owner.slug}/plan/{place_of.format(area=area.id)}").status_code == 200


def test_the_provider_finds_no_plan(client: Client, engagement: SignedEngagement) -> None:
    area = planned_area(engagement.owner)
    log_in(client, engagement.provider)
    for page, status in {"{area}/": 404, "{area}/figures/": 403, "{area}/answers/": 404}.items():
        assert client.get(f"/b/{engagement.owner.slug}/plan/{page.format(area=area.id)}").status_code == status
    assert "Customer mail" not in client.get(f"/b/{engagement.owner.slug}/plan/").content.decode()


def test_the_list_is_taken_away_as_csv(client: Client, owner: Actor) -> None:
    planned_area(owner)
    answer = log_in(client, owner).get(f"/b/{owner.slug}/plan/?format=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines == ["Work,Hours a week,Where it goes,Plan", "Customer mail,11.7,Hand it over,Complete"]
