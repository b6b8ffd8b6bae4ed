"""What is owed is read off the accounts, and never added up from all that ever moved."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handsel.core import checks, guards, writes
from handsel.ledger import queries
from handsel.ledger.models import Account, Posting, Transfer
from handsel.ledger.sums import filling
from handsel.payments.actions import credit, record_payment
from handsel.payments.models import DocumentLine
from handsel.payments.rules import Credit, Outcome
from handsel.values.money import Money
from tests.payments.invoices import approved, at_fifty, invoiced
from tests.stories import TODAY, SignedEngagement, log_in


@pytest.fixture
def story(db: None) -> SignedEngagement:
    return at_fifty()


def not_in_step() -> list[str]:
    return list(checks.all_checks()["sums"]())


def test_accounts_follow_approval_invoice_payment_and_credit_note(story: SignedEngagement) -> None:
    approved(story, 2, 9)
    issued = invoiced(story)
    approved(story, 1, 2)
    assert {(a.account, a.amount) for a in queries.open_accounts(story.owner, "unbilled")} == {("unbilled", 5000)}
    assert [a.about_id for a in queries.open_accounts(story.owner, "payable")] == [issued.document_id]
    assert queries.owed(story.owner) == [Money("150.00", "EUR")]
    record_payment(story.owner, issued.document_id, TODAY(), "Bank transfer")
    line = DocumentLine.objects.get(document=issued.document_id)
    credit(story.provider, issued.document_id, [Credit(line.id, Outcome.VOID)], "Not what was asked for.")
    assert not queries.open_accounts(story.owner, "payable").exists()
    assert queries.owed(story.owner) == [Money("-50.00", "EUR")]
    assert not_in_step() == []


@pytest.mark.proves("ledger_transfer_tells_account")
def test_a_transfer_that_no_action_wrote_is_summed_up_too(story: SignedEngagement) -> None:
    approved(story, 2, 9)
    posting = Posting.objects.get()
    with writes.migrating():
        Transfer.objects.create(
            business_id=story.owner.business_id, posting=posting, engagement_id=story.engagement.id, debit="waived",
            credit="advance", amount=700, currency="EUR",
        )  # fmt: skip
    assert queries.balance(story.owner, story.engagement.id, "EUR").advance == Money("7.00", "EUR")


def test_an_account_that_was_changed_by_hand_is_found(story: SignedEngagement) -> None:
    approved(story, 2, 9)
    with writes.migrating():
        Account.objects.filter(account="unbilled").update(amount=1)
    assert not_in_step() == ["2 rows of ledger_account are not the sums of ledger_transfer."]
    with writes.migrating():
        Account.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(filling(connection.vendor))
    assert not_in_step() == []
    assert guards.missing(connection) == []


@pytest.mark.parametrize("tail", ["", "payments/", "engagements/{}/", "engagements/{}/steps/"])
def test_no_page_adds_up_all_that_ever_moved(client: Client, story: SignedEngagement, tail: str) -> None:
    approved(story, 2, 9)
    invoiced(story)
    for actor in (story.owner, story.provider):
        log_in(client, actor)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/b/{story.owner.slug}/{tail.format(story.engagement.id)}").status_code == 200
        outer = [q["sql"].partition(" FROM ")[2].split()[0] for q in caught.captured_queries if " FROM " in q["sql"]]
        assert '"ledger_transfer"' not in outer


def test_a_far_page_of_movements_shows_what_was_owed_then(client: Client, story: SignedEngagement) -> None:
    """53 approvals of a quarter of an hour: the second page holds the oldest three."""
    for n in range(53):
        approved(story, 0.25, 1 + n % 9)
    log_in(client, story.owner)
    address = f"/b/{story.owner.slug}/ledger/{story.engagement.id}/movements/"
    assert "€662.50" in client.get(address).content.decode()
    page = client.get(f"{address}?page=2").content.decode()
    assert "€37.50" in page and "€50.00" not in page
