"""Every no of playbooks, as its page says it: one clear sentence at its place, and nothing half done."""

import pytest
from django.test import Client

from handsel.playbooks import queries
from handsel.playbooks.actions import acknowledge, answer, ask, assign, publish
from handsel.playbooks.models import Acknowledgement, Answer, Assignment, PlaybookVersion, Question
from tests.playbooks.test_actions import REFUNDS, page_of
from tests.playbooks.test_pages import url
from tests.stories import SignedEngagement, log_in


@pytest.mark.reaches("not_permitted")
@pytest.mark.parametrize(
    ("side", "act", "words"),
    [
        ("provider", "assignments", {"person_id": "everybody"}),
        ("owner", "acknowledgement", {"n": 1}),
        ("owner", "questions", {"text": "And over €50?"}),
    ],
)
def test_what_is_the_other_sides_to_do_is_refused_in_words(
    client: Client, engagement: SignedEngagement, side: str, act: str, words: dict[str, str]
) -> None:
    page = page_of(engagement.owner)
    log_in(client, getattr(engagement, side))
    answer = client.post(url(engagement, f"{page.playbook_id}/{act}/"), words)
    assert answer.status_code == 422 and "you may not" in answer.content.decode()
    assert not Assignment.objects.exists() and not Acknowledgement.objects.exists() and not Question.objects.exists()


@pytest.mark.reaches("nothing_changed")
def test_a_version_without_a_change_is_none(client: Client, engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    log_in(client, engagement.owner)
    same = {"title": page.title, "text": REFUNDS, "n": 1}
    answer = client.post(url(engagement, f"{page.playbook_id}/text/"), same)
    assert answer.status_code == 422 and "Nothing changed on this page." in answer.content.decode()
    assert "Say sorry first." in answer.content.decode() and PlaybookVersion.objects.count() == 1


@pytest.mark.reaches("newer_version")
def test_nobody_acknowledges_a_version_that_was_replaced_while_she_read(
    client: Client, engagement: SignedEngagement
) -> None:
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id)
    publish(engagement.owner, "Refunds", "Ask the owner first.", page_id=page.playbook_id)
    log_in(client, engagement.provider)
    answer = client.post(url(engagement, f"{page.playbook_id}/acknowledgement/"), {"n": 1})
    assert answer.status_code == 422 and "Version 2 was published while you read." in answer.content.decode()
    assert not Acknowledgement.objects.exists()


@pytest.mark.reaches("already_acknowledged")
def test_a_version_is_acknowledged_once_though_it_is_open_in_two_tabs(
    client: Client, engagement: SignedEngagement
) -> None:
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id)
    acknowledge(engagement.provider, page.playbook_id, 1)
    log_in(client, engagement.provider)
    answer = client.post(url(engagement, f"{page.playbook_id}/acknowledgement/"), {"n": 1})
    assert answer.status_code == 422 and "You have acknowledged this version already." in answer.content.decode()
    assert Acknowledgement.objects.count() == 1


@pytest.mark.reaches("already_answered")
def test_a_question_is_answered_once_and_the_second_answer_stays_to_be_read(
    client: Client, engagement: SignedEngagement
) -> None:
    """Two of the owner's side answer at once: the later one sees what stands, and keeps her own words."""
    question = ask(engagement.provider, "And over €50?")
    answer(engagement.owner, question.id, "Ask me.")
    log_in(client, engagement.owner)
    words = {"text": "Up to €80 without asking.", "add_to": str(page_of(engagement.owner).playbook_id)}
    page = client.post(url(engagement, f"questions/{question.id}/"), words)
    shown = page.content.decode()
    assert page.status_code == 422 and "This question is answered already." in shown
    assert "Ask me." in shown and "Up to €80 without asking." in shown
    assert Answer.objects.count() == 1 and [p.n for p in queries.pages(engagement.owner)] == [1]
