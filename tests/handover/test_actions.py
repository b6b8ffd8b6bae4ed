"""Promises about the hand-over: stages, outputs, verdicts, and the share of the work by week."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from django.utils import timezone

from handsel.agreements.actions import name_worker
from handsel.core import actions
from handsel.core.keys import new_key
from handsel.handover import queries
from handsel.handover.actions import give_verdict, note_handled, place_stage, plan_share, submit_output
from handsel.handover.models import Handled, Output
from handsel.handover.rules import Ramp, Stage, Word
from handsel.playbooks.actions import acknowledge, assign
from handsel.values.actors import Actor, Side
from handsel.values.days import monday_of
from handsel.values.refusals import NotVisible, Refusal
from tests.playbooks.test_actions import assistant_of, page_of
from tests.stories import TODAY, SignedEngagement, owner_of

KIND = "Refund or return"


@contextmanager
def called_by_an_action(actor: Actor) -> Iterator[None]:
    """What stands in the permission table with no role is called by another room's action: here by one of the test."""

    token = actions._run.set(actions.Run(actor, "test.outer"))
    try:
        with actions.writes.transaction_in_turn(), actions.writes.allowed():
            yield
    finally:
        actions._run.reset(token)


def place(story: SignedEngagement, stage: Stage, reason: str = "", kind: str = KIND) -> None:
    assert story.provider.person_id
    place_stage(story.owner, story.engagement.id, story.provider.person_id, kind, stage, reason)


def hand_in(story: SignedEngagement, evidence: UUID | None = None, words: str = "Dear", kind: str = KIND) -> Output:
    digest = sha256(words.encode()).hexdigest()
    with called_by_an_action(story.provider):
        return submit_output(story.provider, story.engagement.id, kind, evidence or new_key(), digest)


def judge(story: SignedEngagement, output: Output, verdict: Word, words: str = "") -> None:
    with called_by_an_action(story.owner):
        give_verdict(story.owner, output.id, verdict, words)


def handle(story: SignedEngagement, by: Side, day: date | None = None, evidence: UUID | None = None) -> Handled:
    at = timezone.now() if day is None else datetime(day.year, day.month, day.day, 12, tzinfo=timezone.now().tzinfo)
    with called_by_an_action(story.owner):
        return note_handled(story.owner, story.engagement.id, KIND, by, evidence or new_key(), at=at)


def stage(story: SignedEngagement, kind: str = KIND) -> Stage | None:
    assert story.provider.person_id
    return queries.stage_of(story.engagement.id, story.provider.person_id, kind)


# ---------------------------------------------------------------- stages


def test_a_stage_is_an_act_of_the_owner(engagement: SignedEngagement) -> None:
    assert stage(engagement) is None
    place(engagement, Stage.LEARN)
    assert stage(engagement) is Stage.LEARN
    place(engagement, Stage.SHADOW)
    place(engagement, Stage.SUPERVISED)
    assert stage(engagement) is Stage.SUPERVISED
    with pytest.raises(Refusal, match="may not"):
        place(replace(engagement, owner=engagement.provider), Stage.LEARN, "No")


def test_going_back_a_stage_needs_a_reason(engagement: SignedEngagement) -> None:
    place(engagement, Stage.SUPERVISED)
    with pytest.raises(Refusal, match="will want to know why") as refused:
        place(engagement, Stage.SHADOW, "  ")
    assert (refused.value.code, refused.value.place) == ("reason_missing", "reason")
    place(engagement, Stage.SHADOW, "Three replies promised a day that we cannot keep.")
    assert stage(engagement) is Stage.SHADOW
    (rung,) = queries.rungs(engagement.provider, engagement.engagement.id)
    assert rung.reason == "Three replies promised a day that we cannot keep."


def test_nobody_is_supervised_before_she_has_acknowledged_her_pages_unless_a_reason_is_given(
    engagement: SignedEngagement,
) -> None:
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id)
    with pytest.raises(Refusal, match="Ines has not acknowledged “Refunds”") as refused:
        place(engagement, Stage.SUPERVISED)
    assert (refused.value.code, refused.value.place) == ("not_acknowledged", "reason")
    place(engagement, Stage.SUPERVISED, "She did this for me in spring.", kind="Shipping")
    acknowledge(engagement.provider, page.playbook_id, 1)
    place(engagement, Stage.SUPERVISED)
    assert stage(engagement) is Stage.SUPERVISED


@pytest.mark.parametrize("wanted", [Stage.SAMPLED, Stage.INDEPENDENT])
def test_the_upper_two_stages_are_not_given(engagement: SignedEngagement, wanted: Stage) -> None:
    with pytest.raises(Refusal) as refused:
        place(engagement, wanted, "I trust her.")
    assert refused.value.code == "not_reachable"


def test_the_same_stage_again_is_refused(engagement: SignedEngagement) -> None:
    place(engagement, Stage.LEARN)
    with pytest.raises(Refusal) as refused:
        place(engagement, Stage.LEARN)
    assert refused.value.code == "same_stage"


def test_only_who_is_named_for_the_engagement_has_a_stage(engagement: SignedEngagement) -> None:
    ana = assistant_of(engagement.provider)
    with pytest.raises(Refusal) as refused:
        place(replace(engagement, provider=ana), Stage.LEARN)
    assert refused.value.code == "not_a_worker"
    name_worker(engagement.provider, engagement.engagement.id, ana.person_id)
    place(replace(engagement, provider=ana), Stage.LEARN)
    assert queries.stage_of(engagement.engagement.id, ana.person_id, KIND) is Stage.LEARN
    assert stage(engagement) is None


def test_an_empty_kind_is_everything_without_a_stage_of_its_own(engagement: SignedEngagement) -> None:
    place(engagement, Stage.SHADOW, kind="")
    assert stage(engagement, "Shipping abroad") is Stage.SHADOW
    place(engagement, Stage.LEARN, kind="Wholesale")
    assert stage(engagement, "Wholesale") is Stage.LEARN
    assert stage(engagement, "Shipping abroad") is Stage.SHADOW


def test_another_business_places_nobody_here(engagement: SignedEngagement) -> None:
    stranger = owner_of("Other shop", "lee@other.example", "Lee")
    with pytest.raises(NotVisible):
        place(replace(engagement, owner=stranger), Stage.LEARN)
    assert list(queries.engagements(stranger)) == []


# ---------------------------------------------------------------- outputs and verdicts


def test_nothing_is_handed_in_before_a_stage_is_set_or_while_she_learns(engagement: SignedEngagement) -> None:
    with pytest.raises(Refusal) as refused:
        hand_in(engagement)
    assert refused.value.code == "not_placed"
    place(engagement, Stage.LEARN)
    with pytest.raises(Refusal, match="the owner writes") as refused:
        hand_in(engagement)
    assert refused.value.code == "still_learning"


def test_what_is_written_in_shadow_is_read_and_never_goes_out(engagement: SignedEngagement) -> None:
    place(engagement, Stage.SHADOW)
    output = hand_in(engagement)
    assert (output.is_read, output.practice) == (True, True)
    judge(engagement, output, Word.OK)
    assert not queries.may_go_out(output)


def test_every_output_under_supervision_is_read_before_it_goes_out(engagement: SignedEngagement) -> None:
    place(engagement, Stage.SUPERVISED)
    outputs = [hand_in(engagement) for _ in range(3)]
    assert [(o.number, o.one_in, o.is_read, o.practice) for o in outputs] == [
        (1, 1, True, False), (2, 1, True, False), (3, 1, True, False),
    ]  # fmt: skip
    assert not queries.may_go_out(outputs[0])
    judge(engagement, outputs[0], Word.REMARK, "We say candle, not item.")
    assert queries.may_go_out(outputs[0])
    assert not queries.may_go_out(outputs[1])


def test_a_reply_handed_in_again_keeps_its_number_and_needs_a_verdict_of_its_own(engagement: SignedEngagement) -> None:
    place(engagement, Stage.SUPERVISED)
    evidence = new_key()
    output = hand_in(engagement, evidence)
    hand_in(engagement)
    judge(engagement, output, Word.FAULT, "The day is wrong.")
    assert not queries.may_go_out(output)
    again = hand_in(engagement, evidence, "Dear Maeve")
    assert (again.id, again.number) == (output.id, 1)
    assert not queries.may_go_out(again)
    judge(engagement, again, Word.OK)
    assert queries.may_go_out(again)
    (rung,) = queries.rungs(engagement.owner, engagement.engagement.id)
    assert (rung.read, rung.right, rung.practice) == (1, 0, 0)


def test_words_are_read_once_and_a_fault_needs_a_sentence(engagement: SignedEngagement) -> None:
    place(engagement, Stage.SUPERVISED)
    output = hand_in(engagement)
    with pytest.raises(Refusal) as refused:
        judge(engagement, output, Word.CRITICAL, " ")
    assert refused.value.code == "reason_missing"
    judge(engagement, output, Word.OK)
    with pytest.raises(Refusal) as refused:
        judge(engagement, output, Word.FAULT, "After all not.")
    assert refused.value.code == "already_judged"


def test_nobody_reads_their_own_output(engagement: SignedEngagement) -> None:
    place(engagement, Stage.SUPERVISED)
    output = hand_in(engagement)
    with pytest.raises(Refusal) as refused:
        judge(replace(engagement, owner=engagement.provider), output, Word.OK)
    assert refused.value.code == "own_output"


def test_a_reply_from_shadow_counts_anew_once_she_is_supervised(engagement: SignedEngagement) -> None:
    place(engagement, Stage.SHADOW)
    evidence = new_key()
    practice = hand_in(engagement, evidence)
    place(engagement, Stage.SUPERVISED)
    output = hand_in(engagement, evidence)
    assert output.id != practice.id
    assert not output.practice
    assert queries.output_of(engagement.owner, evidence) == output


@pytest.mark.parametrize("act", [submit_output, give_verdict, note_handled])
def test_what_only_other_actions_call_is_refused_from_outside(engagement: SignedEngagement, act) -> None:
    with pytest.raises(Refusal, match="may not"):
        act(engagement.owner)


# ---------------------------------------------------------------- the share by week


def test_the_share_of_a_week_counts_each_item_once(engagement: SignedEngagement) -> None:
    evidence, monday = new_key(), monday_of(TODAY())
    handle(engagement, Side.PROVIDER_SIDE, evidence=evidence)
    handle(engagement, Side.PROVIDER_SIDE, evidence=evidence)
    handle(engagement, Side.OWNER_SIDE)
    handle(engagement, Side.OWNER_SIDE, monday - timedelta(days=7))
    weeks = queries.share_by_week(engagement.owner, engagement.engagement.id)
    assert [(w.monday, w.by_owner, w.by_provider, w.share, w.planned) for w in weeks] == [
        (monday - timedelta(days=7), 1, 0, 0.0, None), (monday, 1, 1, 0.5, None),
    ]  # fmt: skip
    assert queries.share_by_week(engagement.provider, engagement.engagement.id) == weeks


def test_an_item_counts_on_the_day_of_the_terms_zone(engagement: SignedEngagement) -> None:
    """23:30 UTC on a Sunday is Monday in Berlin."""
    sunday = monday_of(TODAY()) - timedelta(days=1)
    at = datetime(sunday.year, sunday.month, sunday.day, 23, 30, tzinfo=timezone.now().tzinfo)
    with called_by_an_action(engagement.owner):
        done = note_handled(engagement.owner, engagement.engagement.id, KIND, Side.OWNER_SIDE, new_key(), at=at)
    assert done.day == sunday + timedelta(days=1)


def test_the_newest_plan_of_the_share_counts(engagement: SignedEngagement) -> None:
    monday = monday_of(TODAY())
    plan_share(engagement.owner, engagement.engagement.id, Ramp(monday, 9, 10, 90))
    plan_share(engagement.owner, engagement.engagement.id, Ramp(monday + timedelta(days=2), 5, 10, 90))
    weeks = queries.share_by_week(engagement.provider, engagement.engagement.id)
    assert [(w.monday, w.planned) for w in weeks] == [
        (monday + timedelta(weeks=n), percent) for n, percent in enumerate([10, 30, 50, 70, 90])
    ]


@pytest.mark.parametrize(
    ("ramp", "code", "place"),
    [
        (Ramp(date(2026, 11, 2), 12, 10, 190), "not_a_share", "goal"),
        (Ramp(date(2026, 11, 2), 12, 60, 40), "share_shrinks", "goal"),
        (Ramp(date(2026, 11, 2), 0, 10, 90), "ramp_length", "weeks"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(
    engagement: SignedEngagement, ramp: Ramp, code: str, place: str
) -> None:
    with pytest.raises(Refusal) as refused:
        plan_share(engagement.owner, engagement.engagement.id, ramp)
    assert (refused.value.code, refused.value.place) == (code, place)


# ---------------------------------------------------------------- what must be ready


def missing(story: SignedEngagement) -> list[str]:
    return [c.missing for c in queries.readiness(story.owner, story.engagement.id) if not c.is_met]


def test_what_must_be_ready_before_the_first_day_names_what_is_missing(engagement: SignedEngagement) -> None:
    assert missing(engagement) == [
        "no page yet", "Ines is asked to read nothing", "nothing is asked yet", "Ines has no stage",
    ]  # fmt: skip
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id)
    assert missing(engagement) == ["Ines has not read “Refunds”", "Ines has no stage"]
    acknowledge(engagement.provider, page.playbook_id, 1)
    place(engagement, Stage.SUPERVISED)
    assert missing(engagement) == []
