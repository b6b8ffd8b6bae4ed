"""Every no of agreements, as its page says it: one clear sentence at its place, and nothing half done."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from handsel.agreements.actions import amend, end, sign, withdraw_terms
from handsel.agreements.models import InForce, Terms
from handsel.agreements.rules import Fee
from tests.agreements.test_pages import USUAL
from tests.stories import (
    TODAY,
    SignedEngagement,
    SubmittedWeek,
    drawn_up,
    log_in,
    owner_of,
    read_and_sign,
    signed_engagement,
    usual_terms,
)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"rate": ""}, "These terms pay nothing yet.", marks=pytest.mark.reaches("nothing_paid")),
        pytest.param({"rate": "0"}, "An hour has a price above nothing", marks=pytest.mark.reaches("bad_rate")),
        pytest.param({"fee_name": "Leaflet", "fee": "0"}, "A fee is above nothing", marks=pytest.mark.reaches("bad_fee")),
    ],
    ids=["nothing paid", "bad rate", "bad fee"],
)  # fmt: skip
def test_terms_that_cannot_be_kept_are_asked_about_and_what_was_typed_stays(
    client: Client, db: None, changes: dict[str, str], sentence: str
) -> None:
    owner = owner_of()
    log_in(client, owner)
    page = client.post(f"/b/{owner.slug}/agreements/new/", {**USUAL, "valid_from": TODAY(), **changes})
    assert page.status_code == 422
    assert sentence in page.content.decode() and 'value="Customer mail"' in page.content.decode()
    assert not Terms.objects.exists()


@pytest.mark.reaches("named_twice")
def test_an_amendment_gives_no_two_fees_the_same_name(client: Client, db: None) -> None:
    fees = (Fee("Autumn leaflet", Decimal(240)), Fee("Spring leaflet", Decimal(90)))
    story = signed_engagement(agreed=usual_terms(fees=fees))
    log_in(client, story.owner)
    changes = {"fee_name": "Spring leaflet", "fee": "240", "valid_from": TODAY() + timedelta(days=9)}
    page = client.post(f"/b/{story.owner.slug}/agreements/{story.engagement.id}/amendment/", {**USUAL, **changes})
    assert page.status_code == 422 and "Two lines have the same name." in page.content.decode()
    assert page.context["form"].errors["fee_name"] and 'value="240"' in page.content.decode()
    assert Terms.objects.count() == 1


@pytest.mark.reaches("already_signed")
def test_a_side_signs_a_version_once(client: Client, db: None) -> None:
    story = drawn_up()
    read_and_sign(story.owner, story.terms)
    log_in(client, story.owner)
    page = client.post(f"/b/{story.owner.slug}/terms/{story.terms.id}/signature/", {"hash": story.terms.hash})
    assert "Your side has signed this version already." in page.content.decode()


@pytest.mark.reaches("terms_closed")
def test_a_version_that_was_taken_back_is_signed_by_nobody(client: Client, db: None) -> None:
    story = drawn_up()
    withdraw_terms(story.owner, story.terms.id, "A mistake")
    log_in(client, story.owner)
    page = client.post(f"/b/{story.owner.slug}/terms/{story.terms.id}/signature/", {"hash": story.terms.hash})
    assert "declined or withdrawn" in page.content.decode()


@pytest.mark.reaches("both_signed")
def test_what_both_have_signed_is_not_declined(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    page = client.post(f"/b/{engagement.owner.slug}/terms/{engagement.terms.id}/decline/", {"word": "Too little"})
    assert "Both sides have signed this version." in page.content.decode()


def test_a_decline_without_a_word_is_asked_for_even_where_one_has_signed(
    client: Client, engagement: SignedEngagement
) -> None:
    terms = amend(engagement.owner, engagement.engagement.id, usual_terms(TODAY() + timedelta(days=7)))
    read_and_sign(engagement.provider, terms)
    log_in(client, engagement.provider)
    page = client.post(f"/b/{engagement.owner.slug}/terms/{terms.id}/decline/", {"word": ""})
    assert page.status_code == 422 and "A word of why is missing." in page.content.decode()


@pytest.mark.reaches("not_yours")
def test_the_other_sides_version_is_declined_not_withdrawn(client: Client, engagement: SignedEngagement) -> None:
    terms = amend(engagement.owner, engagement.engagement.id, usual_terms(TODAY() + timedelta(days=7)))
    log_in(client, engagement.provider)
    page = client.post(f"/b/{engagement.owner.slug}/terms/{terms.id}/withdrawal/", {"word": "No"})
    assert "Decline it instead." in page.content.decode()


@pytest.mark.reaches("nothing_in_force")
def test_nothing_is_paused_before_it_began(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.owner)
    url = f"/b/{engagement.owner.slug}/agreements/{engagement.engagement.id}/pause/"
    page = client.post(url, {"day": engagement.terms.valid_from - timedelta(days=9)})
    assert "nothing is in force that could be paused" in page.content.decode()


@pytest.mark.reaches("already_ended")
def test_an_engagement_ends_once(client: Client, engagement: SignedEngagement) -> None:
    end(engagement.owner, engagement.engagement.id, TODAY() + timedelta(days=3))
    log_in(client, engagement.owner)
    url = f"/b/{engagement.owner.slug}/agreements/{engagement.engagement.id}/end/"
    assert "has its last day already" in client.post(url, {"day": TODAY()}).content.decode()


@pytest.mark.reaches("work_after")
def test_an_end_before_logged_work_names_the_work(client: Client, week: SubmittedWeek) -> None:
    log_in(client, week.owner)
    url = f"/b/{week.owner.slug}/agreements/{week.engagement.id}/end/"
    page = client.post(url, {"day": week.monday.work_day - timedelta(days=1)}).content.decode()
    assert "There is work after this day." in page
    assert InForce.objects.filter(why="ended").count() == 0


@pytest.mark.reaches("already_named", "not_your_firm")
def test_only_people_of_the_firm_are_named_and_only_once(
    client: Client, engagement: SignedEngagement, monkeypatch: Any
) -> None:
    """The page offers only who can be named; two tabs, or another's hand, send what it does not offer any more."""
    from handsel.agreements.forms import WorkerForm

    monkeypatch.setattr(WorkerForm, "_clean_fields", lambda form: form.cleaned_data.update(person=form.data["person"]))
    log_in(client, engagement.provider)
    url = f"/b/{engagement.owner.slug}/agreements/{engagement.engagement.id}/workers/"
    assert "is named already" in client.post(url, {"person": str(engagement.provider.person_id)}).content.decode()
    assert (
        "does not belong to your firm" in client.post(url, {"person": str(engagement.owner.person_id)}).content.decode()
    )


@pytest.mark.reaches("not_permitted")
def test_who_may_not_sign_is_told_so(client: Client, db: None) -> None:
    from handsel.people.actions import accept_invitation, invite
    from handsel.people.queries import link_actor
    from handsel.values.actors import Role
    from tests.stories import member

    story = drawn_up()
    invitation, _ = invite(story.owner, "Bea", "bea@larkspur.example", Role.BOOKKEEPER)
    membership = accept_invitation(link_actor(invitation.business_id), invitation.id, "Bea")
    log_in(client, member(membership.business, membership.person))
    page = client.post(f"/b/{story.owner.slug}/terms/{story.terms.id}/signature/", {"hash": story.terms.hash})
    assert "As bookkeeper you may not sign here." in page.content.decode()


@pytest.mark.reaches("key_used")
def test_a_form_that_comes_back_with_other_words_is_not_carried_out(client: Client, db: None) -> None:
    owner = owner_of()
    log_in(client, owner)
    first = {**USUAL, "valid_from": TODAY(), "once": "the-same"}
    client.post(f"/b/{owner.slug}/agreements/new/", first)
    page = client.post(f"/b/{owner.slug}/agreements/new/", {**first, "rate": "99"})
    assert "already sent with other words" in page.content.decode()
    assert Terms.objects.count() == 1


def test_both_halves_of_the_pact_name_who_signed(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    page = client.get(f"/b/{engagement.owner.slug}/terms/{engagement.terms.id}/").content.decode()
    assert "Nora Whitfield" in page and "Ines Duarte" in page and 'data-state="joined"' in page
    with pytest.raises(Exception, match="signed this version already"):
        sign(engagement.owner, engagement.terms.id, engagement.terms.hash)
