"""The pages of payments, without a browser: what they show, keep and refuse, and how many queries they take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from handsel.core import jobs, outbox
from handsel.core.files import open_file
from handsel.core.models import OutboxItem
from handsel.payments.models import Document, DocumentLine, DocumentPaper, Issue
from handsel.payments.room import ROOM
from handsel.work.actions import reopen
from tests.payments.invoices import approved, at_fifty, drafted, invoiced
from tests.stories import TODAY, SignedEngagement, log_in, owner_of

MOST_QUERIES = 12 + 6  # 12 of the page, and those of session, actor and frame


@pytest.fixture
def story(db: None) -> SignedEngagement:
    return at_fifty()


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def address(story: SignedEngagement, tail: str = "") -> str:
    return f"/b/{story.owner.slug}/payments/{tail}"


def test_an_invoice_is_drafted_issued_and_paid_through_pages(client: Client, story: SignedEngagement) -> None:
    approved(story, 2)
    log_in(client, story.provider)
    assert "€100.00" in text(client.get(address(story)))
    days = {"first_day": "2026-01-01", "last_day": TODAY().isoformat(), "engagement_id": str(story.engagement.id)}
    days["first_day"] = (TODAY() - timedelta(days=30)).isoformat()
    page = client.post(address(story, "new/"), {**days, "once": "one"}, follow=True)
    assert "No tax is shown" in text(page)
    document = Document.objects.get()
    form = page.context["issue_form"]
    issue = {"once": "two", "seen": form["seen"].value()}
    for _ in range(2):
        page = client.post(address(story, f"documents/{document.id}/issue/"), issue, follow=True)
        assert f"ID-LC-{TODAY().year}-0001" in text(page)
    assert Issue.objects.count() == 1
    log_in(client, story.owner)
    where = address(story, f"documents/{document.id}/")
    assert "Mark as paid" in text(client.get(where))
    page = client.post(f"{where}payment/", {"once": "three", "day": TODAY().isoformat(), "method": "Bank transfer"},
                       follow=True)  # fmt: skip
    assert "Marked as paid" in text(page) and "Mark as paid" not in text(page).replace("Marked as paid", "")


@pytest.mark.reaches("changed_since")
def test_a_draft_that_changed_shows_its_new_sum_before_it_is_issued(client: Client, story: SignedEngagement) -> None:
    approved(story, 2, 1)
    late = approved(story, 3, 2)
    document = drafted(story)
    log_in(client, story.provider)
    where = address(story, f"documents/{document.id}/")
    seen = client.get(where).context["issue_form"]["seen"].value()
    reopen(story.owner, late.id, "The day was wrong.")
    answer = client.post(f"{where}issue/", {"once": "a", "seen": seen})
    assert answer.status_code == 422
    assert "This draft changed since you looked: it now comes to €100.00." in text(answer)
    assert "1 line drops out" in text(answer) and "Issue the invoice, €100.00" in text(answer)
    again = answer.context["issue_form"]["seen"].value()
    client.post(f"{where}issue/", {"once": "b", "seen": again})
    assert Issue.objects.get().amount == 10000


@pytest.mark.reaches("credit_amount_missing")
def test_a_credit_note_asks_of_each_line_what_becomes_of_the_work(client: Client, story: SignedEngagement) -> None:
    approved(story, 2, 2)
    approved(story, 3, 1)
    issued = invoiced(story)
    log_in(client, story.provider)
    where = address(story, f"documents/{issued.document_id}/credit/")
    lines = {line.quantity_e2: line.id for line in DocumentLine.objects.all()}
    page = text(client.get(where))
    assert page.count("Goes back to approved") == 2
    wrong = client.post(where, {"once": "a", "reason": "Counted twice", f"outcome-{lines[200]}": "paid"})
    assert wrong.status_code == 422
    assert "By how much is the price of this line lowered? Write an amount up to €100.00." in text(wrong)
    assert "Counted twice" in text(wrong)
    good = {"once": "b", "reason": "Counted twice", f"outcome-{lines[200]}": "paid", f"amount-{lines[200]}": "20.00",
            f"outcome-{lines[300]}": "back"}  # fmt: skip
    page = text(client.post(where, good, follow=True))
    assert f"ID-LC-{TODAY().year}-0002" in page and "Reason: Counted twice" in page
    log_in(client, story.owner)
    shown = text(client.get(address(story, f"documents/{issued.document_id}/")))
    assert "€80.00 is due" in shown and "Credit note ID-LC" in shown


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        pytest.param({}, "No line is credited yet.", marks=pytest.mark.reaches("nothing_credited")),
        ({"reason": ""}, "Why is missing."),
        ({"outcome": "nonsense"}, "Choose one of the answers."),
        pytest.param(
            {"outcome": "paid", "amount": "100.01"},
            "At most €100.00 of this line can still be credited.",
            marks=pytest.mark.reaches("credit_too_much"),
        ),
        ({"outcome": "paid", "amount": "a lot"}, "“alot” is not an amount."),
    ],
)
def test_what_is_wrong_with_a_credit_is_said_at_its_place(
    client: Client, story: SignedEngagement, fields: dict[str, str], sentence: str
) -> None:
    approved(story, 2)
    issued = invoiced(story)
    line = DocumentLine.objects.get()
    log_in(client, story.provider)
    sent = {"once": "a", "reason": fields.get("reason", "Counted twice")}
    sent |= {f"{name}-{line.id}": value for name, value in fields.items() if name != "reason"}
    answer = client.post(address(story, f"documents/{issued.document_id}/credit/"), sent)
    assert answer.status_code == 422 and sentence in text(answer)
    assert Document.objects.count() == 1


def test_the_paper_is_printed_kept_and_mailed_to_both_sides(client: Client, story: SignedEngagement) -> None:
    approved(story, 2)
    issued = invoiced(story)
    log_in(client, story.owner)
    where = address(story, f"documents/{issued.document_id}/")
    assert "being printed" in text(client.get(where))
    assert client.get(f"{where}paper.pdf").status_code == 404
    jobs.run_once()
    paper = DocumentPaper.objects.get()
    with open_file(paper.file_id) as file:
        assert file.read(5) == b"%PDF-"
    item = OutboxItem.objects.get(about_id=issued.document_id)
    assert set(item.recipients) == {"nora@larkspur.example", "ines@mare.example"}
    assert item.payload["attachments"] == [str(paper.file_id)]
    assert outbox.how_it_stands(item) in text(client.get(where))
    assert client.get(f"{where}paper.pdf")["Content-Type"] == "application/pdf"
    jobs.run_once()
    assert DocumentPaper.objects.count() == 1 and not mail.outbox


def test_what_is_to_be_invoiced_and_paid_waits_on_home_until_it_is_done(story: SignedEngagement) -> None:
    from handsel.payments.actions import record_payment

    assert not ROOM.needs(story.provider) and not ROOM.needs(story.owner)
    approved(story, 2)
    (need,) = ROOM.needs(story.provider)
    assert need.act == "Draft the invoice" and "€100.00" in need.sentence
    drafted(story)
    (need,) = ROOM.needs(story.provider)
    assert need.act == "Issue the draft"
    issued = invoiced(story)
    assert not ROOM.needs(story.provider)
    (need,) = ROOM.needs(story.owner)
    assert need.due == issued.due_day and "€100.00" in need.sentence
    record_payment(story.owner, issued.document_id, TODAY(), "Bank transfer")
    assert not ROOM.needs(story.owner)


@pytest.mark.parametrize("tail", ["", "new/", "documents/{d}/", "documents/{d}/credit/"])
def test_a_page_takes_the_same_few_queries_whatever_the_number_of_rows(
    client: Client, story: SignedEngagement, tail: str, django_assert_max_num_queries: Any
) -> None:
    approved(story, 1, 4)
    approved(story, 1, 3)
    issued = invoiced(story)
    approved(story, 1, 2)
    log_in(client, story.provider)
    where = address(story, tail.format(d=issued.document_id))
    client.get(where)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(where).status_code == 200


def test_strangers_and_assistants_find_no_page_of_money(client: Client, story: SignedEngagement) -> None:
    approved(story, 2)
    issued = invoiced(story)
    stranger = owner_of("Twin", "twin@twin.example", "Tom Twin")
    log_in(client, stranger)
    for tail in ("", f"documents/{issued.document_id}/", f"documents/{issued.document_id}/paper.pdf"):
        assert client.get(address(story, tail)).status_code == 404
        if tail:
            assert client.get(f"/b/{stranger.slug}/payments/{tail}").status_code == 404


def test_the_list_can_be_taken_away_as_csv(client: Client, story: SignedEngagement) -> None:
    approved(story, 2)
    invoiced(story)
    log_in(client, story.owner)
    rows = b"".join(client.get(address(story) + "?format=csv").streaming_content).decode().splitlines()
    assert rows[0] == "Number,Amount,From,Issued,State,Due"
    assert ",100.00 EUR,Ines Duarte," in rows[1] and ",Issued,20" in rows[1]
