"""Promises about areas of work and their plans."""

from datetime import timedelta
from decimal import Decimal

import pytest

from handsel.people.actions import accept_invitation, invite
from handsel.people.queries import link_actor
from handsel.planning import queries
from handsel.planning.actions import answer_plan, complete_plan, estimate, note_evidence, place, record_area
from handsel.planning.models import AccessNeeded, Area, Evidence
from handsel.planning.rules import Decision, Kit
from handsel.values.actors import Actor, Role
from handsel.values.refusals import NotVisible, Refusal
from tests.planning.story import (
    busy_figures,
    customer_mail,
    guess,
    plan_answers,
    planned_area,
    small_figures,
)
from tests.stories import TODAY, SignedEngagement, member, owner_of


@pytest.fixture
def owner(db: None) -> Actor:
    return owner_of()


def test_figures_come_back_as_they_were_said(owner: Actor) -> None:
    figures = busy_figures()
    assert queries.standing(owner, customer_mail(owner, figures).id).figures == figures


def test_only_the_usual_is_enough(owner: Actor) -> None:
    area = customer_mail(owner, busy_figures(volume=guess("40"), minutes=guess("7"), price=guess("12")))
    volume = queries.standing(owner, area.id).figures.volume
    assert (volume.low, volume.usual, volume.high) == (28, 40, 60)


def test_a_busy_area_is_worth_it_and_a_small_one_is_not(owner: Actor) -> None:
    busy, small = customer_mail(owner), customer_mail(owner, small_figures())
    assert queries.answer_for(queries.standing(owner, busy.id)).verdict == "worth it"
    assert queries.answer_for(queries.standing(owner, small.id)).verdict == "not worth it"


def test_without_the_worth_of_an_hour_there_is_no_verdict_but_the_price_of_an_hour_won(owner: Actor) -> None:
    area = customer_mail(owner, busy_figures(hour=None))
    answer = queries.answer_for(queries.standing(owner, area.id))
    assert answer.verdict == "no verdict"
    assert "Each hour won costs about" in answer.sentences[0]


def test_ends_in_the_wrong_order_are_refused_at_their_field_and_nothing_is_kept(owner: Actor) -> None:
    with pytest.raises(Refusal, match="Your least, 9, is above your usual, 7") as refused:
        record_area(owner, "Customer mail", Kit.MAIL, busy_figures(minutes=guess("7", "9", "11")))
    assert refused.value.place == "minutes"
    assert not Area.objects.exists()


def test_more_hours_than_a_week_has_are_refused(owner: Actor) -> None:
    with pytest.raises(Refusal, match="a week has 168"):
        record_area(owner, "Customer mail", Kit.MAIL, busy_figures(volume=guess("5000")))


def test_new_figures_replace_all_old_ones(owner: Actor) -> None:
    area = customer_mail(owner)
    estimate(owner, area.id, busy_figures(hour=None, minutes=guess("4", "3", "6", firm=True)))
    figures = queries.standing(owner, area.id).figures
    assert figures.hour is None
    assert figures.minutes == guess("4", "3", "6", firm=True)


def test_a_second_import_adds_no_evidence(owner: Actor) -> None:
    first = TODAY() - timedelta(days=90)
    for _ in range(2):
        note_evidence(owner, Kit.MAIL, "Mailbox", first, TODAY(), 533, 533 * 420, "mailbox:a:refunds")
    note_evidence(owner, Kit.MAIL, "Mailbox", first, TODAY(), 13, 0, "mailbox:a:stock")
    assert Evidence.objects.count() == 2
    (counted,) = queries.evidence(owner, customer_mail(owner))
    assert (counted.items, counted.a_week, counted.minutes_each) == (546, Decimal("42.0"), Decimal("6.8"))


def test_evidence_of_another_kind_of_work_says_nothing_here(owner: Actor) -> None:
    note_evidence(owner, Kit.GRAPHICS, "Calendar", TODAY(), TODAY(), 3, 7200, "calendar:photos")
    assert queries.evidence(owner, customer_mail(owner)) == []


def test_deciding_otherwise_than_the_figures_speak_takes_a_word(owner: Actor) -> None:
    area = customer_mail(owner, small_figures())
    with pytest.raises(Refusal, match="The figures speak for “keep”") as refused:
        place(owner, area.id, Decision.HAND_OVER)
    assert refused.value.place == "word"
    placing = place(owner, area.id, Decision.HAND_OVER, "I want my Sundays.")
    assert (placing.proposed, placing.decision) == ("keep", "hand over")
    assert place(owner, area.id, Decision.KEEP).n == 2
    assert queries.standing(owner, area.id).decision is Decision.KEEP


def test_an_incomplete_plan_names_each_thing_that_is_missing(owner: Actor) -> None:
    area = customer_mail(owner)
    answer_plan(owner, area.id, plan_answers(success="Happy customers", budget_usual="", budget_most=""))
    with pytest.raises(Refusal, match="lacks 3 things: how success is measured, with a number, a budget") as refused:
        complete_plan(owner, area.id)
    assert refused.value.place == "success"
    assert [field for field, _ in queries.lacking(owner, area.id)] == ["success", "budget_usual", "budget_most"]


def test_a_plan_is_complete_once_somebody_says_so_and_until_something_is_taken_out(owner: Actor) -> None:
    area = customer_mail(owner)
    answer_plan(owner, area.id, plan_answers())
    assert queries.lacking(owner, area.id) == [("completed", "your word that it is complete")]
    complete_plan(owner, area.id)
    assert queries.lacking(owner, area.id) == []
    answer_plan(owner, area.id, {"why": ""})
    assert [field for field, _ in queries.lacking(owner, area.id)] == ["why"]


def test_a_budget_whose_usual_is_above_its_most_is_refused(owner: Actor) -> None:
    area = customer_mail(owner)
    with pytest.raises(Refusal, match="costs more than the most") as refused:
        answer_plan(owner, area.id, plan_answers(budget_usual="900.00"))
    assert refused.value.place == "budget_most"
    assert queries.plan(owner, area.id).answers == {}


def test_accesses_named_twice_are_one_and_none_is_an_answer(owner: Actor) -> None:
    area = planned_area(owner)
    answer_plan(owner, area.id, {"accesses": "The mailbox"})
    assert [a.what for a in queries.accesses_needed(owner, area.id)] == ["The mailbox"]
    assert AccessNeeded.objects.count() == 2
    answer_plan(owner, area.id, {"accesses": "None"})
    assert queries.accesses_needed(owner, area.id) == []
    assert queries.plan(owner, area.id).is_complete


def test_the_provider_sees_nothing_of_a_plan(engagement: SignedEngagement) -> None:
    area = planned_area(engagement.owner)
    assert list(queries.areas(engagement.provider)) == []
    with pytest.raises(NotVisible):
        queries.standing(engagement.provider, area.id)
    with pytest.raises(Refusal, match="As provider admin you may not"):
        complete_plan(engagement.provider, area.id)


@pytest.mark.parametrize(("role", "reads"), [(Role.AUDITOR, True), (Role.MANAGER, True), (Role.BOOKKEEPER, False),
                                             (Role.REVIEWER, False)])  # fmt: skip
def test_of_the_owners_side_who_manages_or_audits_reads_plans(owner: Actor, role: Role, reads: bool) -> None:
    planned_area(owner)
    invitation, _ = invite(owner, "Tom", "tom@larkspur.example", role)
    membership = accept_invitation(link_actor(invitation.business_id), invitation.id, "Tom")
    assert bool(queries.standings(member(membership.business, membership.person))) is reads


def test_another_business_sees_nothing(owner: Actor) -> None:
    area = planned_area(owner)
    twin = owner_of("Twin Candles", "eve@twin.example", "Eve")
    with pytest.raises(NotVisible):
        answer_plan(twin, area.id, {"why": "Curiosity"})
    assert queries.standings(twin) == []
