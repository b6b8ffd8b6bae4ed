"""What was written, sent, asked and answered stays; a consent names the newest text while it is open."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from handsel.core import guards, jobs, writes
from handsel.proposals import models
from handsel.proposals.actions import answer, ask, close, consent, decline, make_version, revoke, send
from tests.proposals.story import SentProposal, customer_mail_offer, sent_proposal
from tests.proposals.test_actions import drawn_up

CHANGES: list[Callable[[], object]] = [
    lambda: models.Proposal.objects.update(made_at="2020-01-01T00:00Z"),
    lambda: models.ProposalVersion.objects.update(hash="0" * 64),
    lambda: models.ScopeItem.objects.update(text="Everything"),
    lambda: models.Deliverable.objects.update(fee=1),
    lambda: models.ProposalInvitation.objects.update(name="Somebody"),
    lambda: models.Revocation.objects.all().delete(),
    lambda: models.ProposalQuestion.objects.update(text="Never asked"),
    lambda: models.ProposalAnswer.objects.update(text="Never said"),
    lambda: models.Consent.objects.all().delete(),
    lambda: models.Decline.objects.update(word="Yes"),
    lambda: models.Award.objects.all().delete(),
    lambda: models.Closure.objects.all().delete(),
    lambda: models.ProposalPaper.objects.all().delete(),
]


def refused(write: Callable[[], object], code: str) -> None:
    with writes.migrating(), pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    refusal = guards.refusal_for(error.value)
    assert refusal is not None
    assert refusal.code == code


@pytest.fixture
def sent(db: None) -> SentProposal:
    return sent_proposal()


def write_consent(sent: SentProposal, document_hash: str = "") -> Any:
    return models.Consent.objects.create(
        business_id=sent.owner.business_id, invitation=sent.invitation,
        document_hash=document_hash or sent.version.hash,
    )  # fmt: skip


@pytest.mark.proves("proposals_proposal_kept")
@pytest.mark.proves("proposals_proposalversion_kept")
@pytest.mark.proves("proposals_scopeitem_kept")
@pytest.mark.proves("proposals_deliverable_kept")
@pytest.mark.proves("proposals_proposalinvitation_kept")
@pytest.mark.proves("proposals_revocation_kept")
@pytest.mark.proves("proposals_proposalquestion_kept")
@pytest.mark.proves("proposals_proposalanswer_kept")
@pytest.mark.proves("proposals_consent_kept")
@pytest.mark.proves("proposals_decline_kept")
@pytest.mark.proves("proposals_award_kept")
@pytest.mark.proves("proposals_closure_kept")
@pytest.mark.proves("proposals_proposalpaper_kept")
def test_what_became_of_a_proposal_stays_as_it_was(sent: SentProposal, monkeypatch: Any) -> None:
    monkeypatch.setattr("handsel.proposals.papers.printed", lambda *_: b"%PDF-1.7")
    jobs.run_once()
    answer(sent.owner, ask(sent.holder, sent.invitation.id, "When?").id, "Monday.")
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    drawn_up(sent)
    second, _ = send(sent.owner, sent.proposal.id, 1, "Tom", "tom@elsewhere.example")
    decline(sent.holder, second.id, "No time.")
    third, _ = send(sent.owner, sent.proposal.id, 1, "Ann", "ann@elsewhere.example")
    revoke(sent.owner, third.id)
    close(sent.owner, sent.proposal.id)
    for change in CHANGES:
        refused(change, "kept")


@pytest.mark.proves("proposals_consent_same_text")
def test_a_consent_to_another_text_is_refused_by_the_database(sent: SentProposal) -> None:
    refused(lambda: write_consent(sent, "0" * 64), "other_proposal")


@pytest.mark.proves("proposals_consent_open")
def test_a_consent_after_a_no_is_refused_by_the_database(sent: SentProposal) -> None:
    decline(sent.holder, sent.invitation.id, "No time.")
    refused(lambda: write_consent(sent), "proposal_not_open")


@pytest.mark.proves("proposals_consent_open")
def test_a_consent_through_a_link_taken_back_is_refused_by_the_database(sent: SentProposal) -> None:
    revoke(sent.owner, sent.invitation.id)
    refused(lambda: write_consent(sent), "proposal_not_open")


@pytest.mark.proves("proposals_consent_newest")
def test_a_consent_to_a_superseded_version_is_refused_by_the_database(sent: SentProposal) -> None:
    make_version(sent.owner, sent.area.id, customer_mail_offer(usual_hours=20), sent.proposal.id)
    send(sent.owner, sent.proposal.id, 2, "Ines Duarte", "ines@mare.example")
    refused(lambda: write_consent(sent), "proposal_superseded")


@pytest.mark.proves("proposals_award_accepted")
def test_terms_from_what_nobody_accepted_are_refused_by_the_database(sent: SentProposal) -> None:
    def write_award() -> object:
        return models.Award.objects.create(business_id=sent.owner.business_id, invitation=sent.invitation)

    refused(write_award, "proposal_not_open")


@pytest.mark.one_engine
def test_replace_and_truncate_do_not_get_round_a_sent_version(sent: SentProposal) -> None:
    """REPLACE is SQLite's, TRUNCATE PostgreSQL's."""
    sql = (
        "REPLACE INTO proposals_proposalversion SELECT * FROM proposals_proposalversion"
        if connection.vendor == "sqlite"
        else "TRUNCATE proposals_proposalversion CASCADE"
    )
    with (
        writes.migrating(),
        pytest.raises(IntegrityError, match="kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses for a reason of its own
        cursor.execute(sql)
