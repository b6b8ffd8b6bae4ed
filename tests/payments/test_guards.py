"""What no row of payments may be, whoever writes it: past the actions, into the database itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from handsel.core import writes
from handsel.core.files import keep
from handsel.ledger.models import Posting, Transfer
from handsel.payments.actions import credit, record_payment
from handsel.payments.models import Document, DocumentLine, DocumentPaper, Issue, Payment, Series
from handsel.payments.rules import Credit, Outcome
from tests.payments.invoices import approved, at_fifty, drafted, eur, invoiced
from tests.stories import TODAY, SignedEngagement


@dataclass(frozen=True)
class Books:
    """An invoice of two hours at 50, issued and open, and a draft of three hours."""

    story: SignedEngagement
    issued: Issue
    draft: Document

    def transfer(self, debit: str, credit: str, amount: int, **more: Any) -> None:
        posting = Posting.objects.create(
            business_id=self.issued.business_id, engagement=self.story.engagement, kind="by hand"
        )
        Transfer.objects.create(
            business_id=self.issued.business_id, posting=posting, engagement=self.story.engagement, debit=debit,
            credit=credit, amount=amount, currency="EUR", **more,
        )  # fmt: skip

    def issue(self, **changes: Any) -> Issue:
        row: dict[str, Any] = {
            "business_id": self.issued.business_id, "document": self.draft, "series": self.issued.series,
            "year": self.issued.year, "n": 2, "number": "by hand", "day": self.issued.day, "due_day": self.issued.day,
            "amount": 15000, "terms": self.issued.terms, "person": self.issued.person,
        }  # fmt: skip
        return Issue.objects.create(**{**row, **changes})


@pytest.fixture
def books(db: None) -> Books:
    story = at_fifty()
    approved(story, 2, 2)
    issued = invoiced(story)
    approved(story, 3, 1)
    return Books(story, issued, drafted(story))


def refused(write: Callable[[], Any]) -> None:
    with writes.migrating(), pytest.raises(IntegrityError), transaction.atomic():
        write()


def taken(write: Callable[[], Any]) -> None:
    """The same write is taken where nothing stands against it, so that the refusals mean something."""
    with writes.migrating():
        point = transaction.savepoint()
        write()
        transaction.savepoint_rollback(point)


def delete_by_hand(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.proves("payments_issue_kept")
def test_an_issue_is_never_changed_or_deleted(books: Books) -> None:
    refused(lambda: Issue.objects.update(number="another"))
    refused(lambda: delete_by_hand("payments_issue"))


@pytest.mark.proves("payments_series_kept")
def test_a_series_keeps_its_prefix(books: Books) -> None:
    refused(lambda: Series.objects.update(prefix="ZZ"))


@pytest.mark.proves("payments_document_kept")
def test_an_issued_document_is_never_changed_and_a_draft_may_be(books: Books) -> None:
    refused(lambda: Document.objects.filter(pk=books.issued.document_id).update(reason="another"))
    taken(lambda: Document.objects.filter(pk=books.draft.pk).update(reason="another"))


@pytest.mark.proves("payments_documentline_kept")
def test_a_line_of_an_issued_document_is_never_changed_and_a_drafts_may_be(books: Books) -> None:
    refused(lambda: DocumentLine.objects.filter(document=books.issued.document).update(amount=1))
    refused(lambda: DocumentLine.objects.filter(document=books.issued.document).delete())
    taken(lambda: DocumentLine.objects.filter(document=books.draft).update(amount=1))


@pytest.mark.proves("payments_documentline_of_draft")
def test_no_line_joins_an_issued_document(books: Books) -> None:
    lines = DocumentLine.objects.filter(document=books.draft)
    refused(lambda: lines.update(document=books.issued.document))


@pytest.mark.proves("payments_payment_kept")
def test_a_payment_is_never_changed(books: Books) -> None:
    record_payment(books.story.owner, books.issued.document_id, TODAY(), "Bank transfer")
    refused(lambda: Payment.objects.update(amount=1))


@pytest.mark.proves("payments_documentpaper_kept")
def test_a_printed_paper_is_never_exchanged(books: Books) -> None:
    with writes.migrating():
        file = keep(b"%PDF", "invoice.pdf", "application/pdf", books.issued.business_id)
        DocumentPaper.objects.create(
            business_id=books.issued.business_id, document=books.issued.document, file=file, head_number=1, head="a"
        )
    refused(lambda: DocumentPaper.objects.update(head="b"))


@pytest.mark.proves("payments_issue_in_turn")
@pytest.mark.parametrize(
    "wrong",
    [{"n": 3}, {"days": -1}, {"year": 2001, "n": 1}, {"due": -1}],
    ids=["a gap", "a day before the last", "another year", "due before its day"],
)
def test_a_number_out_of_turn_is_refused(books: Books, wrong: dict[str, int]) -> None:
    changes: dict[str, Any] = {key: value for key, value in wrong.items() if key in ("n", "year")}
    if "days" in wrong:
        changes["day"] = changes["due_day"] = books.issued.day + timedelta(days=wrong["days"])
    if "due" in wrong:
        changes["due_day"] = books.issued.day + timedelta(days=wrong["due"])
    refused(lambda: books.issue(**changes))
    taken(books.issue)


@pytest.mark.proves("payments_issue_sum")
def test_an_issue_asks_for_the_sum_of_its_lines(books: Books) -> None:
    refused(lambda: books.issue(amount=15001))
    taken(books.issue)


@pytest.mark.proves("payments_issue_credits_within")
def test_no_more_is_credited_of_a_line_than_it_has(books: Books) -> None:
    line = DocumentLine.objects.get(document=books.issued.document)
    half = Credit(line.id, Outcome.PAID, eur("60"))
    credit(books.story.provider, books.issued.document_id, [half], "Agreed on the phone.")

    def again(amount: int) -> None:
        note = Document.objects.create(
            business_id=line.business_id, engagement=books.story.engagement, kind=Document.CREDIT_NOTE,
            currency="EUR", first_day=TODAY(), last_day=TODAY(), corrects=books.issued.document,
        )  # fmt: skip
        DocumentLine.objects.create(
            business_id=line.business_id, document=note, position=1, charge_id=line.charge_id, words="", quantity_e2=0,
            price_e4=line.price_e4, amount=amount, corrects=line, outcome="paid",
        )  # fmt: skip
        books.issue(document=note, amount=amount, n=3)

    refused(lambda: again(4001))
    taken(lambda: again(4000))


@pytest.mark.proves("payments_transfer_issued")
def test_money_moves_for_issued_documents_of_the_engagement_only(books: Books) -> None:
    charge = books.draft.lines.get().charge_id
    refused(lambda: books.transfer("work", "advance", 1, charge_id=charge, document_id=books.draft.pk))
    taken(lambda: books.transfer("work", "advance", 1, charge_id=charge, document_id=books.issued.document_id))


@pytest.mark.proves("payments_transfer_payable")
def test_no_more_is_settled_of_a_document_than_is_open(books: Books) -> None:
    refused(lambda: books.transfer("waived", "payable", 10001, document_id=books.issued.document_id))
    refused(lambda: books.transfer("payable", "waived", 1, document_id=books.issued.document_id))
    taken(lambda: books.transfer("waived", "payable", 10000, document_id=books.issued.document_id))


@pytest.mark.proves("payments_transfer_paid")
def test_a_payment_settles_no_more_than_its_amount(books: Books) -> None:
    with writes.migrating():
        payment = Payment.objects.create(
            business_id=books.issued.business_id, document=books.issued.document, amount=50, currency="EUR",
            day=TODAY(), method="Cash", person=books.issued.person,
        )  # fmt: skip
    more = {"document_id": books.issued.document_id, "payment_id": payment.pk}
    refused(lambda: books.transfer("paid", "payable", 51, **more))
    taken(lambda: books.transfer("paid", "payable", 50, **more))


@pytest.mark.proves("ledger_transfer_unbilled")
def test_no_charge_stands_on_two_invoices(books: Books) -> None:
    """M5, past the action that looks first."""
    line = DocumentLine.objects.get(document=books.issued.document)
    with writes.migrating():
        books.issue()
    refused(lambda: books.transfer("payable", "unbilled", 1, charge_id=line.charge_id, document_id=books.draft.pk))
    mine = books.draft.lines.get().charge_id
    taken(lambda: books.transfer("payable", "unbilled", 1, charge_id=mine, document_id=books.draft.pk))
