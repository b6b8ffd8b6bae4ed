"""The pages of the hand-over: both sides see the same facts, the owner alone has the acts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handsel.handover import queries
from handsel.handover.actions import plan_share
from handsel.handover.room import ROOM
from handsel.handover.rules import Ramp, Stage, Word
from handsel.playbooks.actions import assign
from handsel.values.actors import Side
from handsel.values.days import monday_of
from tests.handover.test_actions import KIND, hand_in, handle, judge, place, stage
from tests.playbooks.test_actions import page_of
from tests.stories import TODAY, SignedEngagement, log_in, owner_of

MOST_QUERIES = 12 + 6  # 12 of the page, and those of session, actor and frame


def url(story: SignedEngagement, rest: str = "") -> str:
    return f"/b/{story.owner.slug}/hand-over/{rest}"


def one(story: SignedEngagement, rest: str = "") -> str:
    return url(story, f"{story.engagement.id}/{rest}")


def test_before_the_first_day_the_page_names_what_is_missing_and_leads_to_it(
    client: Client, engagement: SignedEngagement
) -> None:
    log_in(client, engagement.owner)
    shown = client.get(one(engagement)).content.decode()
    assert "four things are missing" in shown
    assert "no page yet" in shown and "Write a page" in shown
    assert shown.count("button-primary") == 1


def test_the_owner_sets_a_stage_and_both_sides_see_it(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.owner)
    person = str(engagement.provider.person_id)
    words = {"person_id": person, "kind": KIND, "stage": "shadow", "reason": ""}
    assert (
        "is now at the stage “shadow”" in client.post(one(engagement, "stages/"), words, follow=True).content.decode()
    )
    log_in(client, engagement.provider)
    shown = client.get(one(engagement)).content.decode()
    assert "Stage 2 of 5, shadow" in shown and KIND in shown
    assert "Set a stage" not in shown and "Plan the share" not in shown


@pytest.mark.reaches("reason_missing")
def test_going_back_without_a_reason_is_refused_at_the_reason(client: Client, engagement: SignedEngagement) -> None:
    place(engagement, Stage.SUPERVISED)
    log_in(client, engagement.owner)
    words = {"person_id": str(engagement.provider.person_id), "kind": KIND, "stage": "learn", "reason": ""}
    shown = client.post(one(engagement, "stages/"), words)
    assert shown.status_code == 422
    assert "will want to know why" in shown.content.decode()
    assert stage(engagement) is Stage.SUPERVISED


@pytest.mark.reaches("not_acknowledged")
def test_supervision_before_the_pages_are_known_asks_for_a_reason(client: Client, engagement: SignedEngagement) -> None:
    assign(engagement.owner, page_of(engagement.owner).playbook_id)
    log_in(client, engagement.owner)
    words = {"person_id": str(engagement.provider.person_id), "kind": "", "stage": "supervised", "reason": ""}
    assert "has not acknowledged “Refunds”" in client.post(one(engagement, "stages/"), words).content.decode()
    client.post(one(engagement, "stages/"), {**words, "reason": "She did this for me in spring."})
    assert stage(engagement) is Stage.SUPERVISED


@pytest.mark.parametrize("wanted", ["sampled", "independent", "nonsense"])
def test_a_stage_that_is_earned_cannot_be_chosen(client: Client, engagement: SignedEngagement, wanted: str) -> None:
    log_in(client, engagement.owner)
    words = {"person_id": str(engagement.provider.person_id), "kind": KIND, "stage": wanted, "reason": "Because."}
    shown = client.post(one(engagement, "stages/"), words)
    assert shown.status_code == 422
    assert "Choose one of the answers." in shown.content.decode()
    assert "not reachable yet" in client.get(one(engagement)).content.decode()


def test_the_share_is_planned_and_drawn_against_what_was_done(client: Client, engagement: SignedEngagement) -> None:
    monday = monday_of(TODAY()) - timedelta(weeks=1)
    for by in (Side.PROVIDER_SIDE, Side.PROVIDER_SIDE, Side.OWNER_SIDE, Side.PROVIDER_SIDE):
        handle(engagement, by, monday)
    log_in(client, engagement.owner)
    words = {"first_week": monday.isoformat(), "weeks": 9, "start": 60, "goal": 90}
    shown = client.post(one(engagement, "plan/"), words, follow=True).content.decode()
    assert "Ines did 75 % of last week’s work; 60 % was planned" in shown
    assert "Week 2 of 9, far ahead of the plan" in shown
    assert "chart-wide" in shown
    seen = log_in(client, engagement.provider).get(one(engagement)).content.decode()
    assert "Ines did 75 % of last week’s work; 60 % was planned" in seen


def test_a_shrinking_share_is_refused_at_its_field_and_kept(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.owner)
    words = {"first_week": "2026-11-30", "weeks": 12, "start": 60, "goal": 40}
    shown = client.post(one(engagement, "plan/"), words)
    assert shown.status_code == 422
    assert "smaller than at the start" in shown.content.decode() and 'value="60"' in shown.content.decode()
    assert queries.share_plan(engagement.engagement.id) is None


def test_what_was_right_at_the_first_reading_is_counted_on_the_page(
    client: Client, engagement: SignedEngagement
) -> None:
    place(engagement, Stage.SUPERVISED)
    judge(engagement, hand_in(engagement), Word.OK)
    judge(engagement, hand_in(engagement), Word.FAULT, "The day is wrong.")
    log_in(client, engagement.owner)
    assert "1 of 2" in client.get(one(engagement)).content.decode()


@pytest.mark.parametrize("rest", ["", "stages/", "plan/"])
def test_strangers_find_nothing(client: Client, engagement: SignedEngagement, rest: str) -> None:
    log_in(client, owner_of("Other shop", "lee@other.example", "Lee"))
    assert client.get(one(engagement, rest)).status_code == 404


@pytest.mark.parametrize("rest", ["stages/", "plan/"])
def test_the_provider_changes_nothing_here(client: Client, engagement: SignedEngagement, rest: str) -> None:
    log_in(client, engagement.provider)
    words = {"person_id": str(engagement.provider.person_id), "kind": "", "stage": "supervised", "reason": "",
             "first_week": "2026-11-30", "weeks": 12, "start": 10, "goal": 90}  # fmt: skip
    shown = client.post(one(engagement, rest), words)
    assert shown.status_code == 403
    assert "may not" in shown.content.decode()
    assert stage(engagement) is None


def test_the_need_vanishes_when_a_stage_is_set(engagement: SignedEngagement) -> None:
    assert [n.title for n in ROOM.needs(engagement.owner)] == ["Hand-over of Customer mail"]
    assert list(ROOM.needs(engagement.provider)) == []
    place(engagement, Stage.LEARN)
    assert list(ROOM.needs(engagement.owner)) == []
    (step,) = ROOM.steps(engagement.provider, engagement.engagement.id)
    assert step.state == "now"


def test_without_an_agreement_the_list_leads_to_one(client: Client, db: None) -> None:
    owner = owner_of()
    shown = log_in(client, owner).get(f"/b/{owner.slug}/hand-over/").content.decode()
    assert "Nothing is handed over yet" in shown and "Go to the agreements" in shown


@pytest.mark.parametrize("side", ["owner", "provider"])
def test_pages_take_as_many_queries_for_many_rows_as_for_one(
    client: Client, engagement: SignedEngagement, side: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    plan_share(engagement.owner, engagement.engagement.id, Ramp(TODAY(), 12, 10, 90))
    for n in range(8):
        place(engagement, Stage.SUPERVISED, "She did this before.", kind=f"Kind {n}")
        assign(engagement.owner, page_of(engagement.owner, f"Page {n}").playbook_id, engagement.provider.person_id)
        place(engagement, Stage.LEARN, "Once more.", kind=f"Kind {n}")
        handle(engagement, Side.OWNER_SIDE, TODAY() - timedelta(weeks=n))
    log_in(client, getattr(engagement, side))
    for where in (one(engagement), url(engagement)):
        client.get(where)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(where).status_code == 200
