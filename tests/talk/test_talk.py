"""Promises about calls, check-ins, comments, and the one timeline of both sides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from handsel.agreements.actions import name_worker
from handsel.core import writes
from handsel.ledger.models import Charge
from handsel.payments.actions import record_payment
from handsel.talk import queries, rules
from handsel.talk.actions import comment, hold_check_in, log_call
from handsel.talk.models import Call, CheckIn, Comment
from handsel.talk.room import ROOM
from handsel.values.refusals import NotVisible, Refusal
from handsel.work.actions import Stint, log, submit
from tests.payments.invoices import approved, at_fifty, drafted, invoiced
from tests.playbooks.test_actions import assistant_of
from tests.stories import TODAY, SignedEngagement, log_in, owner_of, signed_engagement

MOST_QUERIES = 12 + 6  # 12 of the page, and those of session, actor and frame


@pytest.fixture
def story(db: None) -> SignedEngagement:
    return at_fifty()


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def where(story: SignedEngagement, tail: str = "") -> str:
    return f"/b/{story.owner.slug}/talk/{story.engagement.id}/{tail}"


def called(story: SignedEngagement, **more: Any) -> Call:
    at = timezone.now() - timedelta(hours=1)
    return log_call(story.owner, story.engagement.id, at, 18, "Ines", "Wholesale mail", "Ines takes it", **more)


def sorts(story: SignedEngagement, **more: Any) -> list[str]:
    return [e.sort for e in queries.timeline(story.owner, story.engagement.id, **more).entries]


def test_one_timeline_holds_what_was_said_decided_and_paid(story: SignedEngagement) -> None:
    called(story)
    hold_check_in(story.provider, story.engagement.id, TODAY(), "All well", provider_asks="Answer sooner")
    approved(story, 2)
    charge = Charge.objects.get()
    comment(story.owner, story.engagement.id, "charge", charge.id, "Thank you")
    issued = invoiced(story)
    record_payment(story.owner, issued.document_id, TODAY(), "Bank transfer")
    found = queries.timeline(story.provider, story.engagement.id).entries
    said = [(e.name, e.text) for e in reversed(found)]
    assert ("Nora Whitfield", "noted a call of 18 min") in said
    assert ("Ines Duarte", f"issued invoice {issued.number}, €100.00") in said
    assert said[-1] == ("Nora Whitfield", f"paid {issued.number}, €100.00")
    assert set(sorts(story)) == {"calls", "check-ins", "work", "approvals", "money", "agreements", "comments"}
    quotes = {q for e in found for q in e.quotes}
    assert quotes >= {"With Ines", "Decided: Ines takes it", "The provider asks: Answer sooner", "Thank you"}


def test_both_sides_see_the_same_but_for_a_draft_that_was_not_issued(story: SignedEngagement) -> None:
    approved(story, 2)
    seen = [e.number for e in queries.timeline(story.owner, story.engagement.id).entries]
    assert seen == [e.number for e in queries.timeline(story.provider, story.engagement.id).entries]
    drafted(story)
    assert [e.number for e in queries.timeline(story.owner, story.engagement.id).entries] == seen
    assert queries.timeline(story.provider, story.engagement.id).entries[0].text == "drafted an invoice of €100.00"


def test_a_sort_leaves_nothing_else_and_pages_go_on_where_they_ended(
    story: SignedEngagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        called(story)
    assert sorts(story, sort="calls") == ["calls"] * 3
    whole = [e.number for e in queries.timeline(story.owner, story.engagement.id).entries]
    monkeypatch.setattr(queries, "PAGE_ENTRIES", 2)
    first = queries.timeline(story.owner, story.engagement.id)
    second = queries.timeline(story.owner, story.engagement.id, before=first.before)
    assert [e.number for e in (*first.entries, *second.entries)] == whole[:4]


def test_every_verb_of_the_house_has_its_place_or_is_left_out_on_purpose() -> None:
    unsorted = {name for name in queries.verbs() if not rules.sort_of(name)} - rules.QUIET
    assert {name.partition(".")[0] for name in unsorted} <= {"people"}
    assert {rules.sort_of(name) for name in queries.verbs()} <= {*rules.SORTS, ""}


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda s: log_call(s.owner, s.engagement.id, timezone.now() + timedelta(hours=1), 5, "Ines"), "not been yet"),
        (lambda s: log_call(s.owner, s.engagement.id, timezone.now(), 0, "Ines"), "at least a minute"),
        (lambda s: called(s, follow_up=TODAY() - timedelta(days=2)), "is over"),
        (lambda s: hold_check_in(s.owner, s.engagement.id, TODAY() + timedelta(days=2), "x"), "not been yet"),
        (lambda s: hold_check_in(s.owner, s.engagement.id, TODAY()), "Nothing is noted"),
        (lambda s: comment(s.owner, s.engagement.id, "terms", s.terms.id, "  "), "no words"),
    ],
)
def test_what_cannot_be_noted_is_refused(
    story: SignedEngagement, act: Callable[[SignedEngagement], Any], sentence: str
) -> None:
    with pytest.raises(Refusal, match=sentence):
        act(story)


def test_a_follow_up_waits_on_home_until_they_spoke_again(story: SignedEngagement) -> None:
    hold_check_in(story.owner, story.engagement.id, TODAY() - timedelta(days=1), "All well")
    assert not ROOM.needs(story.owner)
    called(story, follow_up=TODAY())
    (need,) = ROOM.needs(story.owner)
    assert need.act == "Note the call" and [n.title for n in ROOM.needs(story.provider)] == [need.title]
    called(story)
    assert not ROOM.needs(story.owner)


def test_a_check_in_is_due_a_week_after_the_last_one(story: SignedEngagement) -> None:
    (need,) = ROOM.needs(story.owner)
    assert "None was held yet" in need.sentence
    hold_check_in(story.provider, story.engagement.id, TODAY() - timedelta(days=8), "All well")
    assert "The last one was" in ROOM.needs(story.owner)[0].sentence
    hold_check_in(story.provider, story.engagement.id, TODAY(), "All well")
    assert not ROOM.needs(story.owner)


@pytest.mark.proves("talk_call_kept")
@pytest.mark.proves("talk_checkin_kept")
@pytest.mark.proves("talk_comment_kept")
def test_what_was_said_stays_said_and_only_its_words_may_be_struck(story: SignedEngagement) -> None:
    called(story)
    hold_check_in(story.owner, story.engagement.id, TODAY(), "All well")
    comment(story.owner, story.engagement.id, "terms", story.terms.id, "Clear")
    changes: list[tuple[Any, dict[str, Any]]] = [
        (Call, {"minutes": 1}), (CheckIn, {"notes": "other"}), (Comment, {"text": "other"}),
    ]  # fmt: skip
    with writes.migrating():
        for model, change in changes:
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.update(**change)
        assert Comment.objects.update(text="") == 1


def test_a_call_is_noted_through_its_page(client: Client, story: SignedEngagement) -> None:
    log_in(client, story.owner)
    page = text(client.get(where(story, "calls/new/")))
    assert "Ines Duarte" in page
    yesterday = (TODAY() - timedelta(days=1)).isoformat()
    wrong = client.post(where(story, "calls/new/"), {"once": "a", "day": yesterday, "clock": "15:04", "minutes": "x",
                                                      "with_whom": "Ines"})  # fmt: skip
    assert wrong.status_code == 422 and "Write a whole number" in text(wrong)
    sent = {"once": "a", "day": yesterday, "clock": "15:04", "minutes": "18", "with_whom": "Ines", "notes": "Refunds"}
    for _ in range(2):
        page = text(client.post(where(story, "calls/new/"), sent, follow=True))
    assert "noted a call of 18 min" in page and "Refunds" in page
    assert Call.objects.count() == 1
    assert "Everything" in page and "?show=calls" in page


@pytest.mark.parametrize(
    ("tail", "words", "sentence"),
    [
        pytest.param("calls/new/", {"day": "2090-01-01"}, "This call has not been yet.", marks=pytest.mark.reaches("not_yet")),
        pytest.param("calls/new/", {"minutes": "0"}, "at least a minute", marks=pytest.mark.reaches("no_minutes")),
        pytest.param("calls/new/", {"follow_up": "2020-01-01"}, "1 January is over.", marks=pytest.mark.reaches("follow_up_past")),
        pytest.param("check-ins/new/", {}, "Nothing is noted yet.", marks=pytest.mark.reaches("nothing_said")),
    ],
)  # fmt: skip
def test_a_page_says_at_its_place_what_cannot_be_noted(
    client: Client, story: SignedEngagement, tail: str, words: dict[str, str], sentence: str
) -> None:
    log_in(client, story.owner)
    whole = {"day": (TODAY() - timedelta(days=1)).isoformat(), "clock": "15:04", "minutes": "5", "with_whom": "Ines"}
    answer = client.post(where(story, tail), whole | words)
    assert answer.status_code == 422 and sentence in text(answer)
    assert not Call.objects.exists() and not CheckIn.objects.exists()


def test_a_comment_stands_in_other_rooms_pages_as_a_fragment(client: Client, story: SignedEngagement) -> None:
    log_in(client, story.provider)
    url = f"/b/{story.owner.slug}/comments/terms/{story.terms.id}/?engagement={story.engagement.id}"
    fragment = text(client.get(url, headers={"HX-Request": "true"}))
    assert "No comment yet" in fragment and "<html" not in fragment
    after = text(client.post(url, {"once": "a", "text": "Clause 2 is clear."}, headers={"HX-Request": "true"}))
    assert "Clause 2 is clear." in after
    refused = client.post(url, {"once": "b", "text": ""}, headers={"HX-Request": "true"})
    assert "Add a comment is missing." in text(refused)
    log_in(client, story.owner)
    assert "Clause 2 is clear." in text(client.get(url)) and "<html" in text(client.get(url))
    assert client.get(url.replace(str(story.engagement.id), "nonsense")).status_code == 404


def test_others_see_nothing_of_it(client: Client, story: SignedEngagement) -> None:
    called(story)
    other = signed_engagement(story.owner, mail="joana@other.example", name="Joana Reis")
    with pytest.raises(NotVisible):
        log_call(other.provider, story.engagement.id, timezone.now(), 5, "Nora")
    assert not Call.objects.visible_to(other.provider).exists()
    stranger = owner_of("Twin", "twin@twin.example", "Tom Twin")
    log_in(client, stranger)
    assert client.get(f"/b/{stranger.slug}/talk/{story.engagement.id}/").status_code == 404


def test_pages_take_the_same_few_queries_whatever_the_number_of_rows(
    client: Client, story: SignedEngagement, django_assert_max_num_queries: Any
) -> None:
    called(story)
    hold_check_in(story.owner, story.engagement.id, TODAY(), "All well")
    comment(story.owner, story.engagement.id, "terms", story.terms.id, "Clear")
    signed_engagement(story.owner, mail="joana@other.example", name="Joana Reis")
    log_in(client, story.owner)
    for url in (where(story), f"/b/{story.owner.slug}/talk/"):
        client.get(url)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(url).status_code == 200


def test_nobody_remarks_on_what_they_do_not_read(client: Client, story: SignedEngagement) -> None:
    line = approved(story, 2).id
    issued = invoiced(story)
    comment(story.owner, story.engagement.id, "document", issued.document_id, "Paid on Friday")
    assistant = assistant_of(story.provider)
    name_worker(story.provider, story.engagement.id, assistant.person_id)  # type: ignore[arg-type]  # a person
    log_in(client, assistant)
    for kind, key in (("document", issued.document_id), ("line", line), ("nonsense", story.terms.id)):
        url = f"/b/{story.owner.slug}/comments/{kind}/{key}/?engagement={story.engagement.id}"
        assert client.get(url).status_code == 404
        assert client.post(url, {"once": kind, "text": "Me too"}).status_code == 404
    url = f"/b/{story.owner.slug}/comments/terms/{story.terms.id}/?engagement={story.engagement.id}"
    assert client.get(url).status_code == 200


def test_an_assistant_reads_in_the_timeline_of_no_hours_but_her_own(story: SignedEngagement) -> None:
    approved(story, 2)
    assistant = assistant_of(story.provider)
    name_worker(story.provider, story.engagement.id, assistant.person_id)  # type: ignore[arg-type]  # a person
    (mine,) = log(assistant, story.engagement.id, Stint("Customer mail", "", TODAY(), 600))
    submit(assistant, mine.timesheet_id)
    found = [e for e in queries.timeline(assistant, story.engagement.id).entries if e.sort in {"work", "approvals"}]
    assert found and all(e.mine for e in found)
