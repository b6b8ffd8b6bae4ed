"""What payments refuse, each through its page: the sentence at its place, and nothing half done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from handsel.agreements.actions import amend
from handsel.payments.actions import credit
from handsel.payments.models import Document, DocumentLine, Issue, Payment
from handsel.payments.rules import Credit, Outcome
from tests.payments.invoices import approved, at_fifty, drafted, eur, invoiced, seen
from tests.stories import TODAY, SignedEngagement, log_in, read_and_sign, usual_terms


@pytest.fixture
def story(db: None) -> SignedEngagement:
    return at_fifty()


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def post(client: Client, story: SignedEngagement, tail: str, **words: Any) -> Any:
    return client.post(f"/b/{story.owner.slug}/payments/{tail}", words)


def days(story: SignedEngagement, first: date, last: date) -> dict[str, str]:
    return {"engagement_id": str(story.engagement.id), "first_day": first.isoformat(), "last_day": last.isoformat()}


@pytest.mark.reaches("nothing_to_invoice")
def test_days_without_approved_work_give_no_draft(client: Client, story: SignedEngagement) -> None:
    approved(story, 2, 3)
    log_in(client, story.provider)
    answer = post(client, story, "new/", **days(story, TODAY(), TODAY()))
    assert answer.status_code == 422 and "No approved work of these days is waiting" in text(answer)
    assert not Document.objects.exists()


@pytest.mark.reaches("ends_before_start")
def test_days_in_the_wrong_order_are_said_at_their_place(client: Client, story: SignedEngagement) -> None:
    approved(story, 2, 3)
    log_in(client, story.provider)
    answer = post(client, story, "new/", **days(story, TODAY(), TODAY() - timedelta(days=9)))
    assert "The last day lies before the first." in text(answer)


@pytest.mark.reaches("two_currencies")
def test_work_in_two_currencies_needs_two_invoices(client: Client, story: SignedEngagement) -> None:
    approved(story, 2, 3)
    second = amend(story.owner, story.engagement.id, usual_terms(TODAY() - timedelta(days=2), currency="USD"))
    read_and_sign(story.owner, second)
    read_and_sign(story.provider, second)
    approved(story, 1, 1)
    log_in(client, story.provider)
    answer = post(client, story, "new/", **days(story, TODAY() - timedelta(days=9), TODAY()))
    assert "Work of these days is owed in EUR and USD. Choose days with one currency." in text(answer)


@pytest.mark.reaches("already_issued")
def test_a_draft_is_issued_once_though_the_button_is_pressed_in_two_windows(
    client: Client, story: SignedEngagement
) -> None:
    approved(story, 2)
    document = drafted(story)
    log_in(client, story.provider)
    shown = seen(document)
    post(client, story, f"documents/{document.id}/issue/", once="a", seen=shown)
    answer = post(client, story, f"documents/{document.id}/issue/", once="b", seen=shown)
    assert answer.status_code == 422 and f"This is {Issue.objects.get().number} already." in text(answer)


@pytest.mark.reaches("number_out_of_turn")
def test_no_later_number_has_an_earlier_day(
    client: Client, story: SignedEngagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(story, 2, 2)
    with monkeypatch.context() as clock:
        clock.setattr("handsel.payments.actions.day_of", lambda *_: TODAY() + timedelta(days=1))
        first = invoiced(story)
    approved(story, 1, 1)
    document = drafted(story)
    log_in(client, story.provider)
    answer = post(client, story, f"documents/{document.id}/issue/", once="a", seen=seen(document))
    assert f"{first.number} is dated" in text(answer) and Issue.objects.count() == 1


@pytest.mark.reaches("price_was_lowered")
def test_a_line_whose_price_was_lowered_does_not_go_back(client: Client, story: SignedEngagement) -> None:
    approved(story, 2)
    issued = invoiced(story)
    line = DocumentLine.objects.get()
    credit(story.provider, issued.document_id, [Credit(line.id, Outcome.PAID, eur("20"))], "Agreed")
    log_in(client, story.provider)
    words = {"reason": "Again", f"outcome-{line.id}": "back"}
    answer = post(client, story, f"documents/{issued.document_id}/credit/", **words)
    assert "The price of this line was lowered before, so it cannot go back." in text(answer)


@pytest.mark.reaches("nothing_open")
def test_an_invoice_is_paid_once_though_two_people_mark_it(client: Client, story: SignedEngagement) -> None:
    approved(story, 2)
    issued = invoiced(story)
    log_in(client, story.owner)
    for once in ("a", "b"):
        answer = post(client, story, f"documents/{issued.document_id}/payment/", once=once, day=TODAY().isoformat(),
                      method="Bank transfer")  # fmt: skip
    assert answer.status_code == 422 and f"Nothing is open of {issued.number}." in text(answer)
    assert Payment.objects.count() == 1


@pytest.mark.reaches("future")
def test_a_payment_that_has_not_left_is_not_marked(client: Client, story: SignedEngagement) -> None:
    approved(story, 2)
    issued = invoiced(story)
    log_in(client, story.owner)
    later = (TODAY() + timedelta(days=3)).isoformat()
    answer = post(client, story, f"documents/{issued.document_id}/payment/", day=later, method="Bank transfer")
    assert "has not been yet. Note the payment once it has left." in text(answer)
