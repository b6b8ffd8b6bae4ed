"""Promises about invoices, credit notes and payments (MONEY.md 1 and 4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handsel.ledger.actions import post
from handsel.ledger.queries import Balance
from handsel.payments import queries
from handsel.payments.actions import credit, discard_draft, draft, issue, record_payment
from handsel.payments.models import Document, DocumentLine, Issue
from handsel.payments.rules import Credit, Outcome, State
from handsel.values.refusals import NotVisible, Refusal
from handsel.work.actions import decide, reopen
from handsel.work.rules import Decision
from tests.payments.invoices import accounts, approved, at_fifty, drafted, eur, invoiced, seen
from tests.stories import TODAY, SignedEngagement, owner_of, signed_engagement


@pytest.fixture
def story(db: None) -> SignedEngagement:
    return at_fifty()


def standing(story: SignedEngagement) -> Balance:
    found = accounts(story.owner, story.engagement)
    assert found == accounts(story.provider, story.engagement)
    return found


def line_of(issued: Issue, hours: float) -> DocumentLine:
    return DocumentLine.objects.get(document=issued.document, quantity_e2=int(hours * 100))


def take_back(story: SignedEngagement, issued: Issue, hours: float, outcome: Outcome, amount: str = "") -> Issue:
    what = Credit(line_of(issued, hours).id, outcome, eur(amount) if amount else None)
    return credit(story.provider, issued.document_id, [what], "The hours were counted twice.")


def pay(story: SignedEngagement, issued: Issue) -> Any:
    return record_payment(story.owner, issued.document_id, TODAY(), "Bank transfer", issued.number)


def test_an_invoice_asks_for_approved_work_only(story: SignedEngagement) -> None:
    with pytest.raises(Refusal, match="No approved work"):
        drafted(story)
    approved(story, 2)
    issued = invoiced(story)
    assert issued.amount == 10000
    found = standing(story)
    assert (found.unbilled, found.payable) == (eur("0"), eur("100"))
    with pytest.raises(Refusal, match="No approved work"):
        drafted(story)


def test_the_number_is_given_at_issue_and_counts_without_a_gap(story: SignedEngagement) -> None:
    approved(story, 1, 1)
    first = drafted(story)
    discard_draft(story.provider, first.id)
    numbers = []
    for days_ago in (1, 2, 3):
        if days_ago > 1:
            approved(story, 1, days_ago)
        numbers.append(invoiced(story).number)
    assert numbers == [f"ID-LC-{TODAY().year}-{n:04}" for n in (1, 2, 3)]


def test_work_on_two_drafts_is_invoiced_once(story: SignedEngagement) -> None:
    approved(story, 2)
    first, second = drafted(story), drafted(story)
    first_seen, second_seen = seen(first), seen(second)
    issue(story.provider, first.id, first_seen)
    with pytest.raises(Refusal, match="None of this work"):
        issue(story.provider, second.id, second_seen)
    assert Issue.objects.count() == 1
    assert standing(story).payable == eur("100")


def test_work_opened_again_drops_out_of_a_draft_before_it_is_issued(story: SignedEngagement) -> None:
    approved(story, 2, 1)
    late = approved(story, 3, 2)
    document = drafted(story)
    shown = seen(document)
    reopen(story.owner, late.id, "The day was wrong.")
    with pytest.raises(Refusal, match=r"changed since you looked: it now comes to €100.00"):
        issue(story.provider, document.id, shown)
    assert not Issue.objects.exists()
    assert document.lines.count() == 2
    assert issue(story.provider, document.id, seen(document)).amount == 10000
    assert document.lines.count() == 1


def test_a_failed_issue_leaves_all_as_before(story: SignedEngagement, monkeypatch: pytest.MonkeyPatch) -> None:
    approved(story, 2)
    document = drafted(story)
    before = standing(story)

    def broken(*arguments: Any, **more: Any) -> Any:
        post(*arguments, **more)
        raise RuntimeError("the machine went off")

    monkeypatch.setattr("handsel.ledger.actions.post", broken)
    with pytest.raises(RuntimeError):
        issue(story.provider, document.id, seen(document))
    monkeypatch.undo()
    assert standing(story) == before
    assert not Issue.objects.exists()
    assert issue(story.provider, document.id, seen(document)).n == 1


def test_an_invoice_is_due_as_many_days_after_its_issue_as_the_terms_say(story: SignedEngagement) -> None:
    approved(story, 2)
    issued = invoiced(story)
    assert issued.due_day == issued.day + timedelta(days=14)


def test_a_returned_line_is_invoiced_later_once_it_is_approved(db: None) -> None:
    """Example 4: four of five lines invoiced, the fifth approved late."""
    story = at_fifty()
    for days_ago in (2, 3, 4, 5):
        approved(story, 2, days_ago)
    invoiced(story)
    approved(story, 1.5, 1)
    found = standing(story)
    assert (found.work, found.unbilled, found.payable) == (eur("475"), eur("75"), eur("400"))
    assert invoiced(story).amount == 7500


def test_credited_work_that_goes_back_to_approved_is_invoiced_again_in_exactly_its_quantity(
    story: SignedEngagement,
) -> None:
    """Example 5 (odoo #280601), without tax."""
    approved(story, 4.5, 3)
    approved(story, 3.5, 2)
    first = invoiced(story)
    take_back(story, first, 3.5, Outcome.BACK)
    found = standing(story)
    assert (found.work, found.unbilled, found.payable, found.advance) == (eur("400"), eur("175"), eur("225"), eur("0"))
    approved(story, 1, 1)
    second = invoiced(story)
    assert second.amount == 22500
    assert sum(second.document.lines.values_list("quantity_e2", flat=True)) == 450
    found = standing(story)
    assert (found.work, found.unbilled, found.payable) == (eur("450"), eur("0"), eur("450"))


@pytest.mark.parametrize("outcome", [Outcome.VOID, Outcome.PAID])
def test_credited_work_that_does_not_go_back_is_never_invoiced_again(story: SignedEngagement, outcome: Outcome) -> None:
    """Example 5, the two other answers."""
    approved(story, 4.5, 3)
    approved(story, 3.5, 2)
    first = invoiced(story)
    take_back(story, first, 3.5, outcome, "175" if outcome is Outcome.PAID else "")
    found = standing(story)
    assert (found.work, found.unbilled, found.payable) == (eur("225"), eur("0"), eur("225"))
    approved(story, 1, 1)
    second = invoiced(story)
    assert second.amount == 5000
    assert standing(story).work == eur("275")


def test_a_credit_on_a_paid_invoice_is_set_off_against_the_next_one(story: SignedEngagement) -> None:
    """Example 7, without tax: 400 paid, 175 credited, 225 invoiced: 50 to pay."""
    approved(story, 4.5, 3)
    approved(story, 3.5, 2)
    first = invoiced(story)
    pay(story, first)
    take_back(story, first, 3.5, Outcome.BACK)
    found = standing(story)
    assert (found.unbilled, found.payable, found.paid, found.advance) == (eur("175"), eur("0"), eur("400"), eur("175"))
    assert found.owed == eur("0")
    approved(story, 1, 1)
    second = invoiced(story)
    found = standing(story)
    assert (found.work, found.payable, found.paid, found.advance) == (eur("450"), eur("50"), eur("400"), eur("0"))
    assert pay(story, second).amount == 5000
    assert standing(story).owed == eur("0")


def test_a_lower_price_leaves_the_work_paid(story: SignedEngagement) -> None:
    approved(story, 2)
    issued = invoiced(story)
    take_back(story, issued, 2, Outcome.PAID, "20")
    found = standing(story)
    assert (found.work, found.unbilled, found.payable) == (eur("80"), eur("0"), eur("80"))
    with pytest.raises(Refusal, match=r"At most €80.00"):
        take_back(story, issued, 2, Outcome.PAID, "80.01")
    with pytest.raises(Refusal, match="lowered before"):
        take_back(story, issued, 2, Outcome.BACK)
    take_back(story, issued, 2, Outcome.VOID)
    assert standing(story).work == eur("0")
    with pytest.raises(Refusal, match="credited in full"):
        take_back(story, issued, 2, Outcome.VOID)
    assert queries.document(story.owner, issued.document_id).state is State.CREDITED


def test_invoiced_work_is_not_opened_again_until_a_credit_note_gives_it_back(story: SignedEngagement) -> None:
    line = approved(story, 2)
    issued = invoiced(story)
    with pytest.raises(Refusal, match="on an invoice"):
        reopen(story.owner, line.id, "The day was wrong.")
    take_back(story, issued, 2, Outcome.BACK)
    reopen(story.owner, line.id, "The day was wrong.")
    assert standing(story).work == eur("0")
    line.refresh_from_db()
    decide(story.owner, line.timesheet_id, [Decision(line.id, line.revision, approves=True)])
    assert standing(story).unbilled == eur("100")


def test_an_invoice_is_paid_once_and_in_full(story: SignedEngagement) -> None:
    approved(story, 2)
    issued = invoiced(story)
    assert queries.document(story.owner, issued.document_id).state is State.ISSUED
    with pytest.raises(Refusal, match="has not been yet"):
        record_payment(story.owner, issued.document_id, TODAY() + timedelta(days=3), "Bank transfer")
    pay(story, issued)
    with pytest.raises(Refusal, match="Nothing is open"):
        pay(story, issued)
    assert queries.document(story.provider, issued.document_id).state is State.PAID


def test_a_draft_is_the_providers_alone(story: SignedEngagement) -> None:
    approved(story, 2)
    document = drafted(story)
    with pytest.raises(NotVisible):
        queries.document(story.owner, document.id)
    assert queries.document(story.provider, document.id).state is State.DRAFT
    with pytest.raises(Refusal, match="may not"):
        issue(story.owner, document.id, seen(document))


def test_nobody_sees_the_documents_of_another_provider_or_business(story: SignedEngagement) -> None:
    approved(story, 2)
    issued = invoiced(story)
    other = signed_engagement(story.owner, mail="joana@other.example", name="Joana Reis")
    stranger = signed_engagement(owner_of("Twin", "twin@twin.example", "Tom Twin"), mail="zoe@z.example", name="Zoe Z")
    for actor in (other.provider, stranger.owner, stranger.provider):
        with pytest.raises(NotVisible):
            queries.document(actor, issued.document_id)
        assert not Document.objects.visible_to(actor).exists()


def test_work_in_two_currencies_is_not_put_on_one_invoice(story: SignedEngagement) -> None:
    from handsel.agreements.actions import amend
    from tests.stories import read_and_sign, usual_terms

    approved(story, 2, 3)
    second = amend(story.owner, story.engagement.id, usual_terms(TODAY() - timedelta(days=2), currency="USD"))
    read_and_sign(story.owner, second)
    read_and_sign(story.provider, second)
    approved(story, 1, 1)
    with pytest.raises(Refusal, match="EUR and USD"):
        drafted(story)
    day = TODAY() - timedelta(days=3)
    assert draft(story.provider, story.engagement.id, day, day).currency == "EUR"
