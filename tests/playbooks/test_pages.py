"""The pages of playbooks: who reads what, what is kept when something is wrong, how many queries they take."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from handsel.playbooks import queries
from handsel.playbooks.actions import acknowledge, answer, ask, assign, publish
from handsel.playbooks.models import Assignment
from handsel.playbooks.room import ROOM
from tests.playbooks.test_actions import REFUNDS, page_of
from tests.stories import SignedEngagement, log_in, owner_of

MOST_QUERIES = 12 + 6  # 12 of the page, and those of session, actor and frame


def url(story: SignedEngagement, rest: str = "") -> str:
    return f"/b/{story.owner.slug}/playbooks/{rest}"


def test_the_owner_writes_a_page_assigns_it_and_sees_who_knows_it(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.owner)
    assert "Write the first page" in client.get(url(engagement)).content.decode()
    shown = client.post(url(engagement, "new/"), {"title": "Refunds", "text": REFUNDS}, follow=True)
    assert "Nobody is asked to know this page yet" in shown.content.decode()
    (page,) = queries.pages(engagement.owner)
    shown = client.post(url(engagement, f"{page.playbook_id}/assignments/"), {"person_id": "everybody"}, follow=True)
    assert "0 of 1 know this page" in shown.content.decode()

    log_in(client, engagement.provider)
    assert "You are asked to read 1 page" in client.get(url(engagement)).content.decode()
    shown = client.get(url(engagement, f"{page.playbook_id}/")).content.decode()
    assert "I have read version 1 and know it" in shown and "Who knows it" not in shown
    shown = client.post(url(engagement, f"{page.playbook_id}/acknowledgement/"), {"n": 1}, follow=True)
    assert "You know what you are asked to know" in shown.content.decode()

    log_in(client, engagement.owner)
    assert "Everybody who is asked knows this page" in client.get(url(engagement, f"{page.playbook_id}/")).content.decode()  # fmt: skip


def test_what_changed_is_shown_to_whoever_knew_the_page(client: Client, engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id)
    acknowledge(engagement.provider, page.playbook_id, 1)
    log_in(client, engagement.owner)
    changed = {"title": "Refunds", "text": REFUNDS.replace("€50", "€80"), "asks": "on", "n": 1}
    client.post(url(engagement, f"{page.playbook_id}/text/"), changed)
    assert "<del>50</del><ins>80</ins>" in client.get(url(engagement, f"{page.playbook_id}/text/")).content.decode()
    shown = log_in(client, engagement.provider).get(url(engagement, f"{page.playbook_id}/")).content.decode()
    assert "It changed since you read version 1" in shown
    assert "<del>50</del><ins>80</ins>" in shown


@pytest.mark.reaches("changed_meanwhile")
def test_a_change_over_a_newer_version_is_refused_and_what_was_typed_is_kept(
    client: Client, engagement: SignedEngagement
) -> None:
    page = page_of(engagement.owner)
    publish(engagement.owner, "Refunds", "Newer.", page_id=page.playbook_id)
    log_in(client, engagement.owner)
    shown = client.post(url(engagement, f"{page.playbook_id}/text/"), {"title": "Refunds", "text": "Mine.", "n": 1})
    assert shown.status_code == 422
    assert "published while you wrote" in shown.content.decode() and "Mine.</textarea>" in shown.content.decode()


def test_browsers_line_ends_are_no_change(client: Client, engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    log_in(client, engagement.owner)
    words = {"title": "Refunds", "text": REFUNDS.replace("\n", "\r\n"), "n": 1}
    shown = client.post(url(engagement, f"{page.playbook_id}/text/"), words)
    assert shown.status_code == 422
    assert "Nothing changed on this page" in shown.content.decode()


def test_a_second_press_changes_nothing(client: Client, engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    log_in(client, engagement.owner)
    for _ in range(2):
        words = {"person_id": "everybody", "once": "a-key"}
        assert client.post(url(engagement, f"{page.playbook_id}/assignments/"), words).status_code == 302
    assert Assignment.objects.count() == 1


def test_a_stale_acknowledgement_is_refused_on_the_page(client: Client, engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id)
    publish(engagement.owner, "Refunds", "Newer.", page_id=page.playbook_id)
    log_in(client, engagement.provider)
    shown = client.post(url(engagement, f"{page.playbook_id}/acknowledgement/"), {"n": 1})
    assert shown.status_code == 422
    assert "Version 2 was published while you read" in shown.content.decode()


def test_a_question_is_asked_on_the_page_and_its_answer_stands_there(
    client: Client, engagement: SignedEngagement
) -> None:
    page = page_of(engagement.owner)
    log_in(client, engagement.provider)
    words = {"text": "And the postage?"}
    assert "And the postage?" in client.post(url(engagement, f"{page.playbook_id}/questions/"), words, follow=True).content.decode()  # fmt: skip
    (question,) = queries.open_questions(engagement.owner)
    log_in(client, engagement.owner)
    answer_url = url(engagement, f"questions/{question.id}/")
    assert 'selected>Refunds' in client.get(answer_url).content.decode() or "checked" in client.get(answer_url).content.decode()  # fmt: skip
    shown = client.post(answer_url, {"text": "Only for our mistakes.", "add_to": str(page.playbook_id)}, follow=True)
    assert "the page has it too" in shown.content.decode()
    log_in(client, engagement.provider)
    shown = client.get(url(engagement, f"{page.playbook_id}/")).content.decode()
    assert shown.count("Only for our mistakes.") == 2


def test_an_answer_without_words_is_refused_at_its_place(client: Client, engagement: SignedEngagement) -> None:
    question = ask(engagement.provider, "And the postage?")
    log_in(client, engagement.owner)
    shown = client.post(url(engagement, f"questions/{question.id}/"), {"text": "", "add_to": "no"})
    assert shown.status_code == 422
    assert "Your answer is missing." in shown.content.decode()


@pytest.mark.parametrize("rest", ["", "new/", "questions/", "questions/{question}/", "{page}/", "{page}/text/"])
def test_strangers_find_nothing(client: Client, engagement: SignedEngagement, rest: str) -> None:
    page, question = page_of(engagement.owner), ask(engagement.provider, "And the postage?")
    log_in(client, owner_of("Other shop", "lee@other.example", "Lee"))
    where = url(engagement, rest.format(page=page.playbook_id, question=question.id))
    assert client.get(where).status_code == 404


def test_the_provider_is_shown_no_act_of_the_owner(client: Client, engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    log_in(client, engagement.provider)
    shown = client.get(url(engagement)).content.decode() + client.get(url(engagement, f"{page.playbook_id}/")).content.decode()  # fmt: skip
    for act in ("Write a page", "Change the page", "Assign the page"):
        assert act not in shown
    assert client.post(url(engagement, "new/"), {"title": "Mine", "text": "x"}).status_code == 403


def test_needs_vanish_when_the_page_is_read_and_the_question_answered(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id)
    question = ask(engagement.provider, "And the postage?", "page", page.playbook_id)
    assert [n.title for n in ROOM.needs(engagement.provider)] == ["Refunds"]
    assert [n.sentence for n in ROOM.needs(engagement.owner)] == ["About Refunds."]
    acknowledge(engagement.provider, page.playbook_id, 1)
    answer(engagement.owner, question.id, "Only for our mistakes.")
    assert list(ROOM.needs(engagement.provider)) == list(ROOM.needs(engagement.owner)) == []


@pytest.mark.parametrize("rest", ["", "questions/", "{page}/", "{page}/text/"])
@pytest.mark.parametrize("side", ["owner", "provider"])
def test_pages_take_as_many_queries_for_many_rows_as_for_one(
    client: Client,
    engagement: SignedEngagement,
    rest: str,
    side: str,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    for n in range(12):
        page = page_of(engagement.owner, f"Page {n}")
        assign(engagement.owner, page.playbook_id)
        ask(engagement.provider, "And the postage?", "page", page.playbook_id)
    log_in(client, getattr(engagement, side))
    where = url(engagement, rest.format(page=page.playbook_id))
    if side == "provider" and rest.endswith("/text/"):
        assert client.get(where).status_code == 403
        return
    client.get(where)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(where).status_code == 200
