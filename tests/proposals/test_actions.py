"""Promises about proposals."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from handsel.agreements.actions import draw_up
from handsel.core import jobs
from handsel.core.models import OutboxItem
from handsel.people.actions import accept_invitation, invite
from handsel.people.queries import link_actor
from handsel.planning.actions import answer_plan
from handsel.proposals import queries, rules
from handsel.proposals.actions import (
    answer,
    ask,
    award,
    close,
    consent,
    decline,
    file_paper,
    make_version,
    revoke,
    send,
)
from handsel.proposals.models import Consent, ProposalInvitation, ProposalPaper, ProposalVersion
from handsel.proposals.rules import Deliverable, Excluded, State
from handsel.values.actors import Role
from handsel.values.money import Money
from handsel.values.refusals import NotVisible, Refusal
from tests.planning.story import customer_mail, planned_area
from tests.proposals.story import SentProposal, customer_mail_offer, sent_proposal
from tests.stories import TODAY, member, owner_of, usual_terms


@pytest.fixture
def sent(db: None) -> SentProposal:
    return sent_proposal()


def state(sent: SentProposal) -> State:
    return queries.state_of(queries.opened(sent.token).newest)


def test_a_version_comes_back_as_it_was_offered_with_its_merge_fields_filled(sent: SentProposal) -> None:
    offer = rules.offer_of(sent.version.document)
    assert offer == rules.filled(customer_mail_offer(), "Larkspur Candles")
    assert offer.what.startswith("Answer the customers of Larkspur Candles from ")
    assert offer.usual_month() == Money("520.00", "EUR")
    assert sent.version.hash == offer.hash


def test_scope_and_deliverables_are_rows(sent: SentProposal) -> None:
    items = [(i.is_in, i.text, i.instead) for i in sent.version.scope_items.order_by("position")]
    assert items == [
        (True, "Refunds", ""),
        (True, "Where is my order", ""),
        (False, "Wholesale mail", "it goes to Nora"),
    ]
    assert [(d.name, d.fee, d.accept) for d in sent.version.deliverables.all()] == [
        ("Autumn leaflet", 24000, "ready for print")
    ]


@pytest.mark.parametrize(("changes", "code", "place"), [
    ({"rate": None, "deliverables": ()}, "nothing_paid", "rate"),
    ({"rate": Decimal("0")}, "bad_rate", "rate"),
    ({"work": " "}, "nameless", "work"),
    ({"excluded": (Excluded("Instagram", ""),)}, "no_instead", "excluded"),
    ({"scope": ("long " * 101,)}, "line_too_long", "scope"),
    ({"deliverables": (Deliverable("Leaflet", None, "", Decimal("5")),)}, "no_acceptance", "accept_1"),
    ({"deliverables": (Deliverable("Leaflet", None, "ready", Decimal("5.001")),)}, "bad_fee", "fee_1"),
    ({"deliverables": (Deliverable("Leaflet", None, "a"), Deliverable("Leaflet", None, "b"))}, "named_twice", "name_1"),
    ({"zone": "Atlantis"}, "unknown_zone", "zone"),
    ({"last_day": TODAY()}, "days_order", "last_day"),
])  # fmt: skip
def test_what_cannot_be_offered_is_refused_at_its_field(
    db: None, changes: dict[str, Any], code: str, place: str
) -> None:
    owner = owner_of()
    with pytest.raises(Refusal) as refused:
        make_version(owner, planned_area(owner).id, customer_mail_offer(**changes))
    assert (refused.value.code, refused.value.place) == (code, place)
    assert not ProposalVersion.objects.exists()


def test_while_the_plan_is_incomplete_sending_is_refused_unless_a_reason_is_kept(db: None) -> None:
    owner = owner_of()
    area = customer_mail(owner)
    version = make_version(owner, area.id, customer_mail_offer())
    with pytest.raises(Refusal, match="Your plan still lacks what is to be done") as refused:
        send(owner, version.proposal_id, 1, "Ines", "ines@mare.example")
    assert (refused.value.code, refused.value.place) == ("plan_incomplete", "reason")
    assert not OutboxItem.objects.exists()
    invitation, _ = send(owner, version.proposal_id, 1, "Ines", "ines@mare.example", "She starts on Monday.")
    assert invitation.reason == "She starts on Monday."
    assert "why you hand it over" in invitation.lacking


def test_a_plan_from_which_something_was_taken_out_refuses_again(sent: SentProposal) -> None:
    answer_plan(sent.owner, sent.area.id, {"success": ""})
    with pytest.raises(Refusal, match="lacks how success is measured"):
        send(sent.owner, sent.proposal.id, 1, "Tom", "tom@elsewhere.example")


def test_an_empty_merge_field_refuses_the_sending(db: None) -> None:
    owner = owner_of()
    version = make_version(owner, planned_area(owner).id, customer_mail_offer(what="Until {last day}, {colour}."))
    with pytest.raises(Refusal, match=r"Nothing stands for \{last day\}, \{colour\} yet"):
        send(owner, version.proposal_id, 1, "Ines", "ines@mare.example")


def test_a_version_whose_last_day_is_past_is_not_sent(db: None) -> None:
    owner = owner_of()
    offer = customer_mail_offer(valid_until=TODAY() - timedelta(days=2))
    version = make_version(owner, planned_area(owner).id, offer)
    with pytest.raises(Refusal, match="was valid until"):
        send(owner, version.proposal_id, 1, "Ines", "ines@mare.example")


def test_only_the_newest_version_is_sent(sent: SentProposal) -> None:
    make_version(sent.owner, sent.area.id, customer_mail_offer(rate=Decimal("14")), sent.proposal.id)
    with pytest.raises(Refusal, match="Version 2 was written meanwhile"):
        send(sent.owner, sent.proposal.id, 1, "Ines Duarte", "ines@mare.example")


def test_the_mail_names_business_work_and_money_and_only_its_hash_is_kept_of_the_link(sent: SentProposal) -> None:
    mail = OutboxItem.objects.get(about_id=sent.invitation.id)
    text = mail.payload["text"]
    assert mail.payload["to"] == ["ines@mare.example"]
    assert mail.payload["headers"]["Reply-To"] == "nora@larkspur.example"
    for words in ("Larkspur Candles", "Customer mail", "€13.00 an hour", "€520.00", f"/p/{sent.token}/"):
        assert words in text
    row = ProposalInvitation.objects.values().get()
    assert sent.token not in str(row)
    assert len(sent.token) >= 43  # 256 bits in URL-safe letters


def test_whoever_holds_the_link_accepts_and_terms_need_nothing_typed_again(sent: SentProposal) -> None:
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    accepted = queries.accepted(sent.owner, sent.version.id)
    assert (accepted.contact_name, accepted.contact_mail, accepted.area_id) == (
        "Ines Duarte", "ines@mare.example", sent.area.id,
    )  # fmt: skip
    assert (accepted.rate, accepted.usual_hours, accepted.due_days) == (Decimal("13.00"), 40, 14)
    assert accepted.excluded == ("Wholesale mail: it goes to Nora",)
    assert [(d.name, d.fee) for d in accepted.deliverables] == [("Autumn leaflet", Decimal("240.00"))]


def test_what_nobody_accepted_makes_no_terms(sent: SentProposal) -> None:
    with pytest.raises(Refusal, match="Nobody has accepted this version"):
        queries.accepted(sent.owner, sent.version.id)


def test_a_second_consent_is_refused(sent: SentProposal) -> None:
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    with pytest.raises(Refusal, match="not open any more: accepted"):
        consent(sent.holder, sent.invitation.id, sent.version.hash)


def test_the_same_key_gives_the_first_consent(sent: SentProposal) -> None:
    holder = sent.holder.with_key("a-key")
    first = consent(holder, sent.invitation.id, sent.version.hash)
    assert consent(holder, sent.invitation.id, sent.version.hash) == first


def test_consent_after_the_last_day_is_refused_and_asking_still_works(sent: SentProposal, monkeypatch: Any) -> None:
    later = timezone.now() + timedelta(days=16)
    monkeypatch.setattr(queries.timezone, "now", lambda: later)
    assert state(sent) is State.LAPSED
    with pytest.raises(Refusal, match="could be accepted until"):
        consent(sent.holder, sent.invitation.id, sent.version.hash)
    ask(sent.holder, sent.invitation.id, "Does it still stand?")
    assert queries.open_questions(sent.owner).count() == 1


def test_consent_to_a_superseded_version_is_refused_with_the_changes(sent: SentProposal) -> None:
    offer = customer_mail_offer(rate=Decimal("14.50"), scope=("Refunds", "Returns"))
    newer = make_version(sent.owner, sent.area.id, offer, sent.proposal.id)
    consent_of_old_text = sent.version.hash
    send(sent.owner, sent.proposal.id, 2, "Ines Duarte", "Ines@Mare.example")
    with pytest.raises(Refusal) as refused:
        consent(sent.holder, sent.invitation.id, consent_of_old_text)
    assert refused.value.code == "proposal_superseded"
    for words in ("The price of an hour: 14.5, was 13", "Gone: Where is my order.", "New: Returns."):
        assert words in refused.value.sentence
    consent(sent.holder, sent.invitation.id, newer.hash)
    assert queries.accepted(sent.owner, newer.id).rate == Decimal("14.50")


def test_a_version_written_and_not_sent_leaves_the_sent_one_open(sent: SentProposal) -> None:
    make_version(sent.owner, sent.area.id, customer_mail_offer(rate=Decimal("14")), sent.proposal.id)
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    assert state(sent) is State.ACCEPTED


def test_changes_are_those_that_differ_whatever_the_order() -> None:
    before = customer_mail_offer()
    after = customer_mail_offer(scope=("Where is my order", "Refunds"), usual_hours=Decimal("44"), due_days=7)
    assert rules.changes(before, before) == []
    assert rules.changes(before, after) == ["The hours of a usual month: 44, was 40.", "The days to pay: 7, was 14."]


def test_either_side_says_no_with_a_word_until_terms_are_drawn_up(sent: SentProposal) -> None:
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    decline(sent.holder, sent.invitation.id, "I found other work.")
    assert state(sent) is State.DECLINED
    with pytest.raises(Refusal, match="Nobody has accepted"):
        queries.accepted(sent.owner, sent.version.id)
    with pytest.raises(Refusal, match="declined"):
        decline(sent.owner, sent.invitation.id, "Me too.")


def test_after_terms_are_drawn_up_the_terms_are_declined_instead(sent: SentProposal) -> None:
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    drawn_up(sent)
    assert state(sent) is State.DRAWN_UP
    with pytest.raises(Refusal, match="Decline the terms instead"):
        decline(sent.holder, sent.invitation.id, "No.")
    with pytest.raises(Refusal, match="Withdraw the terms instead"):
        revoke(sent.owner, sent.invitation.id)


def drawn_up(sent: SentProposal) -> None:
    draw_up(sent.owner, usual_terms(), "Ines Duarte", "ines@mare.example", sent.area.id, sent.version.id)


def test_terms_are_drawn_up_once_from_what_was_accepted(sent: SentProposal) -> None:
    with pytest.raises(Refusal, match="Nobody has accepted"):
        drawn_up(sent)
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    drawn_up(sent)
    with pytest.raises(Refusal, match="drawn up from it already"):
        drawn_up(sent)


def test_nobody_awards_by_hand(sent: SentProposal) -> None:
    with pytest.raises(Refusal, match="you may not award"):
        award(sent.owner, sent.version.id)


def test_a_link_taken_back_stops_every_link_of_that_address(sent: SentProposal) -> None:
    _, second = send(sent.owner, sent.proposal.id, 1, "Ines Duarte", "ines@mare.example")
    revoke(sent.owner, sent.invitation.id)
    assert queries.opened(sent.token).is_over
    assert queries.opened(second).is_over
    with pytest.raises(Refusal, match="This link was taken back"):
        consent(sent.holder, sent.invitation.id, sent.version.hash)
    _, third = send(sent.owner, sent.proposal.id, 1, "Ines Duarte", "ines@mare.example")
    assert not queries.opened(third).is_over
    assert queries.opened(sent.token).is_over


def test_a_link_ends_thirty_days_after_the_last_day(sent: SentProposal, monkeypatch: Any) -> None:
    later = timezone.now() + timedelta(days=46)
    monkeypatch.setattr(queries.timezone, "now", lambda: later)
    assert queries.opened(sent.token).is_over


def test_a_question_is_answered_once_and_the_asker_gets_a_mail(sent: SentProposal) -> None:
    question = ask(sent.holder, sent.invitation.id, "Who has the log-in?")
    answer(sent.owner, question.id, "You get your own.")
    assert queries.questions(sent.proposal.id)[0].answer.text == "You get your own."
    mail = OutboxItem.objects.get(about_id=sent.proposal.id)
    assert f"/p/{sent.token}/" in mail.payload["text"]
    with pytest.raises(Refusal, match="has an answer already"):
        answer(sent.owner, question.id, "Again.")


def test_an_empty_question_is_refused(sent: SentProposal) -> None:
    with pytest.raises(Refusal, match="The question is empty"):
        ask(sent.holder, sent.invitation.id, "  ")


def test_a_closed_proposal_takes_no_version_and_goes_to_nobody(sent: SentProposal) -> None:
    close(sent.owner, sent.proposal.id)
    with pytest.raises(Refusal, match="is closed"):
        make_version(sent.owner, sent.area.id, customer_mail_offer(), sent.proposal.id)
    with pytest.raises(Refusal, match="is closed"):
        send(sent.owner, sent.proposal.id, 1, "Tom", "tom@elsewhere.example")
    with pytest.raises(Refusal, match="is closed"):
        close(sent.owner, sent.proposal.id)


def test_the_paper_is_printed_and_kept_once_after_the_sending(sent: SentProposal) -> None:
    for _ in range(2):
        jobs.run_once()
    paper = ProposalPaper.objects.get()
    assert paper.file.media_type == "application/pdf"
    with pytest.raises(Refusal, match="you may not file paper"):
        file_paper(sent.owner, sent.invitation.id, paper.file_id)


@pytest.mark.parametrize("role", [Role.PROVIDER_ADMIN, Role.BOOKKEEPER, Role.REVIEWER])
def test_who_does_not_manage_sees_no_proposal(sent: SentProposal, role: Role) -> None:
    engagement_id = sent.proposal.id if role is Role.PROVIDER_ADMIN else None
    invitation, _ = invite(sent.owner, "Tom", "tom@larkspur.example", role, engagement_id=engagement_id)
    reader = accept_invitation(link_actor(invitation.business_id), invitation.id, "Tom")
    actor = member(reader.business, reader.person)
    assert list(queries.proposals(actor)) == []
    with pytest.raises(NotVisible):
        queries.proposal(actor, sent.proposal.id)


def test_another_business_reaches_nothing(sent: SentProposal) -> None:
    twin = owner_of("Twin Candles", "eve@twin.example", "Eve")
    assert twin.business_id is not None
    with pytest.raises(NotVisible):
        send(twin, sent.proposal.id, 1, "Eve", "eve@twin.example")
    with pytest.raises(NotVisible):
        consent(link_actor(twin.business_id), sent.invitation.id, sent.version.hash)
    assert not Consent.objects.exists()
