"""The pages of proposals, without a browser: the owner's, and the one behind the link."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from handsel.core import jobs
from handsel.core.models import Event
from handsel.proposals import queries
from handsel.proposals.actions import answer, ask, close, consent, decline, make_version, revoke, send
from handsel.proposals.models import Consent, Decline, Proposal, ProposalInvitation, ProposalQuestion
from handsel.proposals.room import ROOM
from handsel.values.actors import Actor
from tests.planning.story import customer_mail, planned_area
from tests.proposals.story import SentProposal, customer_mail_offer, sent_proposal
from tests.proposals.test_actions import drawn_up
from tests.stories import TODAY, SignedEngagement, log_in, owner_of
from tests.ui.test_papers import text_of as text_of_pdf

MOST_QUERIES = 12 + 6  # 12 of the page, and those of session, actor and frame


@pytest.fixture
def sent(db: None) -> SentProposal:
    return sent_proposal()


@pytest.fixture
def owner(db: None) -> Actor:
    return owner_of()


def offer_fields(**changes: str) -> dict[str, str]:
    return {
        "once": "a-key", "work": "Customer mail", "what": "Answer our customers.", "scope": "Refunds\nReturns",
        "excluded": "Wholesale mail: it goes to Nora", "first_day": (TODAY() + timedelta(days=20)).isoformat(),
        "valid_until": (TODAY() + timedelta(days=14)).isoformat(), "rate": "13", "usual_hours": "40", "currency": "EUR",
        "period": "week", "due_days": "14", "method": "Bank transfer", "tracking": "In Handsel.", "notice_days": "14",
        "answer_days": "1", "zone": "Dublin", **changes,
    }  # fmt: skip


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# ---------------------------------------------------------------- the owner's


def test_an_empty_room_leads_to_the_plan_that_lacks_something(client: Client, owner: Actor) -> None:
    page = log_in(client, owner).get(f"/b/{owner.slug}/proposals/").content.decode()
    assert "Begin with a plan" in page
    planned_area(owner)
    page = client.get(f"/b/{owner.slug}/proposals/").content.decode()
    assert "Your plan for Customer mail is complete." in page


def test_a_proposal_begins_filled_in_from_the_plan(client: Client, owner: Actor) -> None:
    area = planned_area(owner)
    page = log_in(client, owner).get(f"/b/{owner.slug}/proposals/for/{area.id}/").content.decode()
    for words in ("Answer the customers of the shop.", "Page “Refunds”", 'value="13.00"', 'value="38"'):
        assert words in page


def test_where_a_proposal_is_open_that_one_is_shown_and_no_second_begun(client: Client, sent: SentProposal) -> None:
    log_in(client, sent.owner)
    begun = client.get(f"/b/{sent.owner.slug}/proposals/for/{sent.area.id}/")
    assert begun["Location"] == f"/b/{sent.owner.slug}/proposals/{sent.proposal.id}/"
    close(sent.owner, sent.proposal.id)
    assert client.get(f"/b/{sent.owner.slug}/proposals/for/{sent.area.id}/").status_code == 200


def test_written_read_and_sent_by_clicks(client: Client, owner: Actor) -> None:
    area = planned_area(owner)
    log_in(client, owner)
    page = client.post(f"/b/{owner.slug}/proposals/for/{area.id}/", offer_fields(), follow=True).content.decode()
    assert "Version 1 is written and went to nobody yet." in page
    assert "€520.00" in page
    proposal = Proposal.objects.get()
    address = f"/b/{owner.slug}/proposals/{proposal.id}/"
    words = {"n": "1", "name": "Ines Duarte", "mail": "ines@mare.example", "once": "k"}
    page = client.post(f"{address}sending/", words, follow=True).content.decode()
    assert "Ines Duarte reads version 1" in page
    assert "not sent yet: no mail server" in page
    assert "http://localhost/p/" in page


def test_a_deliverable_without_a_name_or_a_test_is_refused_at_its_field(client: Client, owner: Actor) -> None:
    area = planned_area(owner)
    log_in(client, owner)
    address = f"/b/{owner.slug}/proposals/for/{area.id}/"
    page = client.post(address, offer_fields(fee_2="240")).content.decode()
    assert 'id="id_name_2_error"' in page
    page = client.post(address, offer_fields(name_1="Leaflet", fee_1="240")).content.decode()
    assert 'id="id_accept_1_error"' in page
    assert "“Leaflet” does not say when it is accepted." in page
    assert not Proposal.objects.exists()


def test_the_refusal_to_send_names_what_the_plan_lacks_with_links(client: Client, owner: Actor) -> None:
    area = customer_mail(owner)
    version = make_version(owner, area.id, customer_mail_offer())
    words = {"n": "1", "name": "Ines", "mail": "ines@mare.example", "once": "k"}
    address = f"/b/{owner.slug}/proposals/{version.proposal_id}/"
    answer = log_in(client, owner).post(f"{address}sending/", words)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in page
    assert f"/plan/{area.id}/answers/#id_success" in page
    assert 'value="ines@mare.example"' in page
    page = client.post(
        f"{address}sending/", {**words, "reason": "It is urgent.", "once": "l"}, follow=True
    ).content.decode()
    assert "Sent before the plan was complete: “It is urgent.”" in page


def test_a_question_is_answered_on_the_page(client: Client, sent: SentProposal) -> None:
    question = ask(sent.holder, sent.invitation.id, "Who has the log-in?")
    log_in(client, sent.owner)
    address = f"/b/{sent.owner.slug}/proposals/questions/{question.id}/answer/"
    empty = client.post(address, {f"{question.id}-text": "", f"{question.id}-once": "k"})
    assert empty.status_code == 422
    page = client.post(address, {f"{question.id}-text": "You get your own."}, follow=True).content.decode()
    assert "You get your own." in page
    assert "has an answer already" in client.post(address, {f"{question.id}-text": "Again."}).content.decode()
    assert "You get your own." in Client().get(f"/p/{sent.token}/").content.decode()


def test_after_acceptance_the_one_next_act_is_to_draw_up_the_terms(client: Client, sent: SentProposal) -> None:
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    page = log_in(client, sent.owner).get(f"/b/{sent.owner.slug}/proposals/{sent.proposal.id}/").content.decode()
    assert page.count("button-primary") == 1
    assert f"/b/{sent.owner.slug}/agreements/from-proposal/{sent.version.id}/" in page
    drawn = client.get(f"/b/{sent.owner.slug}/agreements/from-proposal/{sent.version.id}/").content.decode()
    assert 'value="ines@mare.example"' in drawn


@pytest.mark.parametrize("act", ["revocation", "decline", "closure"])
def test_the_owner_takes_back_says_no_and_closes(client: Client, sent: SentProposal, act: str) -> None:
    thing = sent.proposal.id if act == "closure" else f"sent/{sent.invitation.id}"
    answer = log_in(client, sent.owner).post(
        f"/b/{sent.owner.slug}/proposals/{thing}/{act}/", {"word": "Sorry."}, follow=True
    )
    assert answer.status_code == 200
    twice = client.post(f"/b/{sent.owner.slug}/proposals/{thing}/{act}/", {"word": "Sorry."})
    assert twice.status_code == (302 if act == "revocation" else 422)


def test_needs_vanish_when_they_are_met(owner: Actor) -> None:
    area = planned_area(owner)

    def acts() -> list[str]:
        return [need.act for need in ROOM.needs(owner)]

    assert acts() == ["Make the proposal"]
    version = make_version(owner, area.id, customer_mail_offer())
    assert acts() == ["Read and send"]
    invitation, _ = send(owner, version.proposal_id, 1, "Ines Duarte", "ines@mare.example")
    assert acts() == []
    holder = SentProposalHolder.of(owner)
    question = ask(holder, invitation.id, "When?")
    assert acts() == ["Answer"]
    answer(owner, question.id, "Monday.")
    decline(holder, invitation.id, "No time.")
    assert acts() == ["Ask somebody else, or close it"]
    second, _ = send(owner, version.proposal_id, 1, "Tom", "tom@elsewhere.example")
    assert acts() == []
    consent(holder, second.id, version.hash)
    assert acts() == ["Draw up the terms"]
    from handsel.agreements.actions import draw_up
    from tests.stories import usual_terms

    draw_up(owner, usual_terms(), "Tom", "tom@elsewhere.example", area.id, version.id)
    assert acts() == []


class SentProposalHolder:
    """Whoever holds a link of this business."""

    @staticmethod
    def of(owner: Actor) -> Actor:
        from handsel.people.queries import link_actor

        assert owner.business_id is not None
        return link_actor(owner.business_id)


@pytest.mark.parametrize("place_of", ["", "{id}/", "{id}/version/", "for/{area}/"])
def test_twelve_queries_whatever_the_number_of_rows(
    client: Client, sent: SentProposal, place_of: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for n in range(5):
        make_version(sent.owner, sent.area.id, customer_mail_offer())
        send(sent.owner, sent.proposal.id, 1, f"Tom {n}", f"tom{n}@elsewhere.example")
        answer(sent.owner, ask(sent.holder, sent.invitation.id, "When?").id, "Monday.")
    log_in(client, sent.owner)
    fresh = planned_area(sent.owner)
    address = f"/b/{sent.owner.slug}/proposals/{place_of.format(id=sent.proposal.id, area=fresh.id)}"
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(address).status_code == 200


def test_the_provider_finds_no_proposal(client: Client, engagement: SignedEngagement) -> None:
    sent = sent_proposal(engagement.owner)
    log_in(client, engagement.provider)
    pages = {
        f"{sent.proposal.id}/": 404,
        f"sent/{sent.invitation.id}/paper.pdf": 404,
        f"{sent.proposal.id}/version/": 403,
    }
    for page, status in pages.items():
        assert client.get(f"/b/{engagement.owner.slug}/proposals/{page}").status_code == status


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"last_day": TODAY().isoformat()}, "last_day", marks=pytest.mark.reaches("days_order"), id="days"),
        pytest.param({"scope": "long " * 101}, "scope", marks=pytest.mark.reaches("line_too_long"), id="long line"),
        pytest.param({"excluded": "Instagram"}, "excluded", marks=pytest.mark.reaches("no_instead"), id="no instead"),
        pytest.param({"name_1": "Leaflet"}, "accept_1", marks=pytest.mark.reaches("no_acceptance"), id="no test"),
        pytest.param({"rate": ""}, "rate", marks=pytest.mark.reaches("nothing_paid"), id="nothing paid"),
    ],
)
def test_what_cannot_be_offered_is_refused_at_its_field_and_kept(
    client: Client, owner: Actor, changes: dict[str, str], field: str
) -> None:
    area = planned_area(owner)
    answer = log_in(client, owner).post(f"/b/{owner.slug}/proposals/for/{area.id}/", offer_fields(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "Answer our customers." in page
    assert not Proposal.objects.exists()


@pytest.mark.reaches("merge_field_empty")
def test_an_empty_merge_field_is_named_where_it_would_be_sent(client: Client, owner: Actor) -> None:
    version = make_version(owner, planned_area(owner).id, customer_mail_offer(what="Until {last day}."))
    words = {"n": "1", "name": "Ines", "mail": "ines@mare.example"}
    answer = log_in(client, owner).post(f"/b/{owner.slug}/proposals/{version.proposal_id}/sending/", words)
    assert answer.status_code == 422
    assert "Nothing stands for {last day} yet." in answer.content.decode()


@pytest.mark.reaches("proposal_closed")
def test_a_closed_proposal_is_sent_to_nobody(client: Client, sent: SentProposal) -> None:
    close(sent.owner, sent.proposal.id)
    words = {"n": "1", "name": "Tom", "mail": "tom@elsewhere.example"}
    answer = log_in(client, sent.owner).post(f"/b/{sent.owner.slug}/proposals/{sent.proposal.id}/sending/", words)
    assert answer.status_code == 422
    assert "This proposal is closed." in answer.content.decode()
    page = (
        log_in(client, sent.owner).post(f"/b/{sent.owner.slug}/proposals/{sent.proposal.id}/closure/").content.decode()
    )
    assert "This proposal is closed." in page


@pytest.mark.reaches("terms_drawn_up", "proposal_not_open", "not_accepted")
def test_after_terms_are_drawn_up_the_proposal_rests(client: Client, sent: SentProposal) -> None:
    log_in(client, sent.owner)
    terms = f"/b/{sent.owner.slug}/agreements/from-proposal/{sent.version.id}/"
    assert "Nobody has accepted this version." in client.get(terms).content.decode()
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    drawn_up(sent)
    address = f"/b/{sent.owner.slug}/proposals/sent/{sent.invitation.id}/"
    assert "Terms were drawn up from it." in client.post(f"{address}revocation/").content.decode()
    answer = client.post(f"{address}decline/", {"word": "Sorry."})
    assert "This proposal is not open any more: terms drawn up." in answer.content.decode()


# ---------------------------------------------------------------- behind the link


def test_reading_changes_nothing_and_needs_no_account(client: Client, sent: SentProposal) -> None:
    before = Event.objects.count()
    for page in ("", "proposal.pdf"):
        assert client.get(f"/p/{sent.token}/{page}").status_code == 200
    answer = client.head(f"/p/{sent.token}/")
    assert Event.objects.count() == before
    assert answer["X-Robots-Tag"] == "noindex"
    for act in ("question", "consent", "decline"):
        assert client.get(f"/p/{sent.token}/{act}/").status_code == 405
    assert Event.objects.count() == before


def test_the_page_names_the_work_the_time_and_the_pay(client: Client, sent: SentProposal) -> None:
    text = text_of(client.get(f"/p/{sent.token}/").content.decode())
    for words in ("Larkspur Candles asks you: Customer mail", "€13.00 an hour", "a usual month pays €520.00", "Refunds",
                  "Wholesale mail: it goes to Nora", "Fee €240.00", "Accepted when: ready for print",
                  "Hours are logged in Handsel", "within 14 days of each invoice"):  # fmt: skip
        assert words in text
    assert "500.00" not in text  # the budget of the plan


def test_the_paper_carries_the_words_and_figures_of_the_page(client: Client, sent: SentProposal) -> None:
    jobs.run_once()
    answer = client.get(f"/p/{sent.token}/proposal.pdf")
    printed = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert printed.startswith(b"%PDF")
    words = text_of_pdf(printed)
    page = text_of(client.get(f"/p/{sent.token}/").content.decode())
    shown = page[page.index("from Larkspur Candles to Ines Duarte") : page.index("Fingerprint of this text")]
    missing = [w for w in re.findall(r"[\w€.,“”]+", shown) if w not in words]
    assert missing == []


def test_accepting_asking_and_declining_by_the_link(client: Client, sent: SentProposal) -> None:
    address = f"/p/{sent.token}/"
    client.post(f"{address}question/", {"text": "When is the first pay day?", "once": "a"})
    assert ProposalQuestion.objects.get().text == "When is the first pay day?"
    page = client.post(f"{address}consent/", {"hash": sent.version.hash, "once": "b"}, follow=True).content.decode()
    assert "You accepted this proposal." in page
    assert Consent.objects.get().document_hash == sent.version.hash
    empty = client.post(f"{address}decline/", {"word": "", "once": "c"})
    assert empty.status_code == 422
    page = client.post(f"{address}decline/", {"word": "I found other work.", "once": "d"}, follow=True).content.decode()
    assert "You declined: “I found other work.”" in page
    again = client.post(f"{address}decline/", {"word": "Again.", "once": "e"}).content.decode()
    assert "This proposal is not open any more: declined." in again
    assert Decline.objects.get().person_id is None
    event = Event.objects.filter(verb="proposals.consented").get()
    assert (event.way, event.person_id) == ("link", None)


@pytest.mark.reaches("proposal_superseded")
def test_a_consent_to_what_was_read_before_a_newer_version_came_shows_the_changes(
    client: Client, sent: SentProposal
) -> None:
    newer = make_version(sent.owner, sent.area.id, customer_mail_offer(rate=Decimal("14")), sent.proposal.id)
    send(sent.owner, sent.proposal.id, 2, "Ines Duarte", "ines@mare.example")
    answer = client.post(f"/p/{sent.token}/consent/", {"hash": sent.version.hash, "once": "b"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A newer version has replaced the one that you read. The price of an hour: 14, was 13." in page
    assert f'value="{newer.hash}"' in page
    assert "What changed since the version before" in page
    assert client.post(f"/p/{sent.token}/consent/", {"hash": newer.hash, "once": "c"}).status_code == 302


@pytest.mark.reaches("proposal_lapsed")
def test_after_the_last_day_the_page_offers_asking_and_no_consent(
    client: Client, sent: SentProposal, monkeypatch: Any
) -> None:
    later = timezone.now() + timedelta(days=20)
    monkeypatch.setattr(queries.timezone, "now", lambda: later)
    page = client.get(f"/p/{sent.token}/").content.decode()
    assert "You can still ask whether it stands." in page
    assert "Accept the proposal" not in page
    answer = client.post(f"/p/{sent.token}/consent/", {"hash": sent.version.hash, "once": "b"})
    assert answer.status_code == 422
    assert "could be accepted until" in answer.content.decode()
    assert client.post(f"/p/{sent.token}/question/", {"text": "Does it stand?"}).status_code == 302


def test_a_link_taken_back_or_too_old_says_so(client: Client, sent: SentProposal, monkeypatch: Any) -> None:
    second, token = send(sent.owner, sent.proposal.id, 1, "Tom", "tom@elsewhere.example")
    revoke(sent.owner, second.id)
    later = timezone.now() + timedelta(days=46)
    for page in ("", "proposal.pdf"):
        answer = client.get(f"/p/{token}/{page}")
        assert answer.status_code == 410
        assert "This link opens nothing any more" in answer.content.decode()
    assert client.post(f"/p/{token}/consent/", {"hash": sent.version.hash}).status_code == 410
    monkeypatch.setattr(queries.timezone, "now", lambda: later)
    assert client.get(f"/p/{sent.token}/").status_code == 410


def test_an_unknown_link_is_no_page(client: Client, sent: SentProposal) -> None:
    assert client.get(f"/p/{sent.token[:-1]}x/").status_code == 404
    assert client.get(f"/p/{'%00' * 5}/").status_code == 404


def test_one_link_shows_nothing_of_what_others_asked(client: Client, sent: SentProposal) -> None:
    other, token = send(sent.owner, sent.proposal.id, 1, "Tom", "tom@elsewhere.example")
    ask(sent.holder, other.id, "Is Ines in it too?")
    assert "Is Ines in it too?" not in client.get(f"/p/{sent.token}/").content.decode()
    assert "Ines Duarte" not in client.get(f"/p/{token}/").content.decode()


def test_a_closed_proposal_can_still_be_read(client: Client, sent: SentProposal) -> None:
    close(sent.owner, sent.proposal.id)
    assert client.get(f"/p/{sent.token}/").status_code == 200


def test_the_page_behind_the_link_takes_twelve_queries(
    client: Client, sent: SentProposal, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(5):
        answer(sent.owner, ask(sent.holder, sent.invitation.id, "When?").id, "Monday.")
    consent(sent.holder, sent.invitation.id, sent.version.hash)
    drawn_up(sent)
    with django_assert_max_num_queries(12):
        assert "terms were drawn up from it" in client.get(f"/p/{sent.token}/").content.decode()
    assert ProposalInvitation.objects.count() == 1
