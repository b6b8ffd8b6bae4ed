"""The pages of agreements: drawn up, read, signed, amended, stopped."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from handsel.agreements.actions import amend, draw_up, invite_to_sign, name_worker
from handsel.agreements.models import Engagement, Signature, Terms
from handsel.agreements.queries import terms_on
from handsel.core import followers, jobs
from handsel.core.models import OutboxItem
from tests.playbooks.test_actions import assistant_of
from tests.stories import TODAY, SignedEngagement, drawn_up, log_in, owner_of, signed_engagement, usual_terms

USUAL = {
    "contact_name": "Ines Duarte", "contact_mail": "ines@mare.example", "work": "Customer mail", "rate": "18.50",
    "usual_hours": "40", "currency": "EUR", "zone": "Europe/Dublin", "period": "week", "rounding": "none",
    "step_minutes": "1", "level": "entry", "due_days": "14", "method": "Bank transfer", "tracking": "In Handsel",
    "notice_days": "14", "answer_days": "1",
}  # fmt: skip


@pytest.mark.reaches("not_read")
def test_terms_with_somebody_known_are_drawn_up_on_one_page_and_signed_first(client: Client, db: None) -> None:
    owner = owner_of()
    log_in(client, owner)
    page = client.post(f"/b/{owner.slug}/agreements/new/", {**USUAL, "valid_from": TODAY()}, follow=True)
    text = page.content.decode()
    assert "€740.00" in text and "€18.50 an hour" in text and "Read it to the end" in text
    terms = Terms.objects.get()
    url = f"/b/{owner.slug}/terms/{terms.id}/"
    early = client.post(f"{url}signature/", {"hash": terms.hash})
    assert early.status_code == 422 and "Signing comes last" in early.content.decode()
    client.post(f"{url}reading/")
    assert (
        "Signed for your side." in client.post(f"{url}signature/", {"hash": terms.hash}, follow=True).content.decode()
    )
    signature = Signature.objects.get()
    assert (signature.name, signature.document_hash, bool(signature.origin)) == ("Nora Whitfield", terms.hash, True)


def test_what_was_typed_is_kept_where_a_rate_is_too_fine(client: Client, db: None) -> None:
    owner = owner_of()
    log_in(client, owner)
    page = client.post(f"/b/{owner.slug}/agreements/new/", {**USUAL, "valid_from": TODAY(), "rate": "18.123456"})
    assert page.status_code == 422
    assert 'value="18.123456"' in page.content.decode()
    assert not Engagement.objects.exists()


def test_the_invitation_names_business_work_and_money_and_its_link_can_be_copied(client: Client, db: None) -> None:
    story = drawn_up()
    letter = OutboxItem.objects.get(about_id=story.engagement.id)
    assert "Larkspur Candles" in letter.payload["subject"]
    assert "€18.50 an hour" in letter.payload["text"] and "/join/" in letter.payload["text"]


def test_the_button_of_the_invitation_leads_straight_to_the_text_to_sign(client: Client, db: None) -> None:
    owner = owner_of()
    engagement = draw_up(owner, usual_terms(), "Ines Duarte", "ines@mare.example")
    _, token = invite_to_sign(owner, engagement.id)
    page = client.post(f"/join/{token}/", {"name": "Ines Duarte"}, follow=True)
    terms = f"/b/{owner.slug}/terms/{engagement.terms.get().id}/"
    assert page.redirect_chain[-1][0] == terms and "Read it to the end; you sign there." in page.content.decode()
    assert client.get(f"/join/{token}/", follow=True).redirect_chain[-1][0] == terms


@pytest.mark.reaches("other_text")
def test_a_text_that_changed_under_the_pen_is_not_signed(client: Client, db: None) -> None:
    story = drawn_up()
    log_in(client, story.owner)
    url = f"/b/{story.owner.slug}/terms/{story.terms.id}/"
    client.post(f"{url}reading/")
    answer = client.post(f"{url}signature/", {"hash": "0" * 64})
    assert "not the text that is to be signed" in answer.content.decode()


def test_both_signatures_seal_a_paper_that_goes_to_both_sides(client: Client, db: None) -> None:
    story = signed_engagement()
    jobs.find_jobs()
    followers.follow_all()
    followers.follow_all()
    mails = [m.payload["to"] for m in OutboxItem.objects.filter(about_id=story.terms.id)]
    assert sorted(mails) == [["ines@mare.example"], ["nora@larkspur.example"]]
    log_in(client, story.provider)
    answer = client.get(f"/b/{story.owner.slug}/terms/{story.terms.id}/paper.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert "The sealed paper" in client.get(f"/b/{story.owner.slug}/terms/{story.terms.id}/").content.decode()


def test_an_amendment_shows_what_changes_and_counts_once_both_have_signed(
    client: Client, engagement: SignedEngagement
) -> None:
    story, day = engagement, TODAY() + timedelta(days=7)
    log_in(client, story.owner)
    url = f"/b/{story.owner.slug}/agreements/{story.engagement.id}/amendment/"
    changed = {**USUAL, "rate": "19.50", "valid_from": day, "fee_name": "Autumn leaflet", "fee": "240.00",
               "accept": "Ready for print", "zone": "Europe/Berlin"}  # fmt: skip
    page = client.post(url, changed, follow=True).content.decode()
    assert "€19.50 an hour" in page and '<del class="was">Customer mail: €18.50 an hour.</del>' in page
    assert "Version 1 stays in force" in page
    version = Terms.objects.get(n=2)
    for who in (story.owner, story.provider):
        log_in(client, who)
        client.post(f"/b/{story.owner.slug}/terms/{version.id}/reading/")
        client.post(f"/b/{story.owner.slug}/terms/{version.id}/signature/", {"hash": version.hash})
    before, after = (terms_on(story.engagement.id, day + timedelta(days=n)) for n in (-1, 0))
    assert before is not None and after is not None
    assert (before.n, after.n) == (1, 2)
    assert [r.kind for r in after.agreed.rates] == ["Customer mail", "Training"]


@pytest.mark.reaches("version_open")
def test_a_second_amendment_waits_for_the_first(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.owner)
    url = f"/b/{engagement.owner.slug}/agreements/{engagement.engagement.id}/amendment/"
    changed = {**USUAL, "valid_from": TODAY() + timedelta(days=7)}
    client.post(url, changed)
    assert "still waits for a signature" in client.post(url, changed).content.decode()
    version = Terms.objects.get(n=2)
    client.post(f"/b/{engagement.owner.slug}/terms/{version.id}/withdrawal/", {"word": "A mistake"})
    assert client.post(url, changed).status_code == 302


@pytest.mark.reaches("not_paused")
def test_an_engagement_is_paused_resumed_and_ended_by_its_pages(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.owner)
    url = f"/b/{engagement.owner.slug}/agreements/{engagement.engagement.id}/"
    today = TODAY()
    client.post(f"{url}pause/", {"day": today, "word": "Holidays"})
    assert "Paused" in client.get(url).content.decode()
    assert terms_on(engagement.engagement.id, today) is None
    client.post(f"{url}resumption/", {"day": today + timedelta(days=1)})
    assert terms_on(engagement.engagement.id, today + timedelta(days=1))
    client.post(f"{url}end/", {"day": today + timedelta(days=20)})
    assert terms_on(engagement.engagement.id, today + timedelta(days=21)) is None
    again = client.post(f"{url}resumption/", {"day": today + timedelta(days=30)})
    assert "not paused" in again.content.decode()


@pytest.mark.reaches("no_planned_pause")
def test_a_pause_that_has_not_begun_is_taken_back_by_its_page(client: Client, engagement: SignedEngagement) -> None:
    url = f"/b/{engagement.owner.slug}/agreements/{engagement.engagement.id}/"
    log_in(client, engagement.owner)
    assert client.get(f"{url}pause/withdrawal/").status_code == 404
    first_day = TODAY() + timedelta(days=5)
    client.post(f"{url}pause/", {"day": first_day, "word": "Holidays"})
    assert terms_on(engagement.engagement.id, first_day) is None
    log_in(client, engagement.provider)
    assert f'href="{url}pause/withdrawal/"' in client.get(url).content.decode()
    assert f'value="{first_day}"' in client.get(f"{url}pause/withdrawal/").content.decode()
    client.post(f"{url}pause/withdrawal/", {"day": first_day, "word": "We go on"})
    assert terms_on(engagement.engagement.id, first_day)
    page = client.get(url).content.decode()
    assert "took the pause back" in page and "pause/withdrawal/" not in page
    again = client.post(f"{url}pause/withdrawal/", {"day": first_day})
    assert again.status_code == 422 and "No pause is to begin on this day" in again.content.decode()


@pytest.mark.reaches("no_planned_pause")
def test_a_pause_that_has_begun_is_not_taken_back(client: Client, engagement: SignedEngagement) -> None:
    url = f"/b/{engagement.owner.slug}/agreements/{engagement.engagement.id}/"
    log_in(client, engagement.owner).post(f"{url}pause/", {"day": TODAY()})
    assert "pause/withdrawal/" not in client.get(url).content.decode()
    assert "resuming" in client.post(f"{url}pause/withdrawal/", {"day": TODAY()}).content.decode()
    assert terms_on(engagement.engagement.id, TODAY()) is None


def test_an_end_before_a_planned_pause_is_not_lifted_with_it(client: Client, engagement: SignedEngagement) -> None:
    url = f"/b/{engagement.owner.slug}/agreements/{engagement.engagement.id}/"
    later = TODAY() + timedelta(days=9)
    log_in(client, engagement.owner).post(f"{url}pause/", {"day": later})
    client.post(f"{url}end/", {"day": TODAY() + timedelta(days=2)})
    for tail in ("pause/withdrawal/", "resumption/"):
        assert client.post(f"{url}{tail}", {"day": later}).status_code == 422
    assert terms_on(engagement.engagement.id, later) is None


def test_the_list_says_how_each_agreement_stands(
    client: Client, engagement: SignedEngagement, django_assert_max_num_queries: Any
) -> None:
    for who in (engagement.owner, engagement.provider):
        log_in(client, who)
        with django_assert_max_num_queries(18):
            page = client.get(f"/b/{engagement.owner.slug}/agreements/").content.decode()
        assert "In force" in page and "€18.50 an hour" in page


def test_an_assistant_reads_the_terms_of_what_names_her_and_no_other(
    client: Client, engagement: SignedEngagement
) -> None:
    assistant = assistant_of(engagement.provider)
    url = f"/b/{engagement.owner.slug}/terms/{engagement.terms.id}/"
    jobs.find_jobs()
    followers.follow_all()
    log_in(client, assistant)
    assert [client.get(path).status_code for path in (url, f"{url}paper.pdf")] == [404, 404]
    name_worker(engagement.provider, engagement.engagement.id, assistant.person_id)  # type: ignore[arg-type]  # a person
    assert client.get(url).status_code == 200


def test_what_stays_in_force_is_what_both_have_signed_and_not_the_newest(
    client: Client, engagement: SignedEngagement
) -> None:
    log_in(client, engagement.owner)
    amend(engagement.owner, engagement.engagement.id, usual_terms(TODAY(), usual_hours=Decimal(20)))
    page = client.get(f"/b/{engagement.owner.slug}/agreements/{engagement.engagement.id}/amendment/").content.decode()
    assert "Version 1 stays in force" in page and "Version 2 stays" not in page
