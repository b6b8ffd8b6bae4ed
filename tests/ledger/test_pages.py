"""The ledger's pages: both sides read the same rows, and each charge explains itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from handsel.ledger import queries, wording
from handsel.ledger.models import Charge
from handsel.payments.actions import credit, record_payment
from handsel.payments.models import DocumentLine
from handsel.payments.rules import Credit, Outcome
from handsel.values.money import Money
from tests.payments.invoices import approved, at_fifty, invoiced
from tests.stories import TODAY, SignedEngagement, log_in, owner_of

MOST_QUERIES = 12 + 6  # 12 of the page, and those of session, actor and frame


@pytest.fixture
def story(db: None) -> SignedEngagement:
    return at_fifty()


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def where(story: SignedEngagement, tail: str = "") -> str:
    return f"/b/{story.owner.slug}/ledger/{story.engagement.id}/{tail}"


def test_both_sides_read_the_same_rows(client: Client, story: SignedEngagement) -> None:
    approved(story, 2, 2)
    invoiced(story)
    approved(story, 1.5, 1)
    rows = []
    for actor in (story.owner, story.provider):
        log_in(client, actor)
        page = text(client.get(where(story)))
        assert "€175.00 is owed" in page and "€75.00" in page and "€100.00" in page
        rows.append([b"".join(client.get(where(story, tail)).streaming_content)
                     for tail in ("?format=csv", "movements/?format=csv")])  # fmt: skip
    assert rows[0] == rows[1]


def test_the_first_sentence_names_what_was_paid_ahead(client: Client, story: SignedEngagement) -> None:
    """Paid and taken back: €100 ahead. Then €50, another €50 and €25 of new work are approved."""
    approved(story, 2, 9)
    issued = invoiced(story)
    record_payment(story.owner, issued.document_id, TODAY(), "Bank transfer")
    line = DocumentLine.objects.get(document=issued.document_id)
    credit(story.provider, issued.document_id, [Credit(line.id, Outcome.VOID)], "Not what was asked for.")
    log_in(client, story.owner)
    for hours, sentence in (
        (0.0, "€100.00 is paid ahead, beyond all that is approved."),
        (1.0, "€50.00 is paid ahead, beyond all that is approved."),
        (1.0, "Nothing is owed now: €100.00 that was paid ahead covers what is approved."),
        (0.5, "€25.00 is owed to Ines Duarte, after €100.00 that was paid ahead."),
    ):
        if hours:
            approved(story, hours, 1)
        assert sentence in text(client.get(where(story))), hours
        assert sentence in text(client.get(where(story, "movements/")))


def test_the_first_sentence_keeps_currencies_apart() -> None:
    sums = [(Money("25", "EUR"), Money("100", "EUR")), (Money("-3", "USD"), Money("3", "USD"))]
    assert wording.how_it_stands(sums) == (
        "€25.00 is owed, after €100.00 that was paid ahead. "
        "$3.00 is paid ahead, beyond all that is approved. It counts towards the next invoice."
    )
    assert wording.how_it_stands([]) == "Nothing is owed now."


def test_a_charge_explains_itself(client: Client, story: SignedEngagement) -> None:
    approved(story, 1.5)
    charge = Charge.objects.get()
    log_in(client, story.owner)
    page = text(client.get(where(story) + f"?why={charge.id}"))
    day = charge.work_day
    assert f"Why €75.00 on {day.day} {day:%B}?" in page
    for step in (
        "logged 1:30 of Customer mail",
        "1:30 became 1.50 h",
        "approved it",
        "1.50 h × €50.00, terms version 1",
    ):
        assert step in page


def test_movements_run_to_what_is_owed_now(client: Client, story: SignedEngagement) -> None:
    approved(story, 2, 2)
    approved(story, 1, 1)
    issued = invoiced(story)
    record_payment(story.owner, issued.document_id, TODAY(), "Bank transfer")
    log_in(client, story.provider)
    lines = b"".join(client.get(where(story, "movements/?format=csv")).streaming_content).decode().splitlines()
    owed = [line.rpartition(",")[2] for line in lines[1:]]
    assert owed == ["0.00 EUR", "150.00 EUR", "150.00 EUR", "100.00 EUR"]


def test_a_charge_stands_as_its_movements_say(story: SignedEngagement) -> None:
    approved(story, 2, 2)
    issued = invoiced(story)
    approved(story, 1, 1)
    states = {s.state for s in queries.standings(story.owner, engagement_id=story.engagement.id).values()}
    assert states == {"Invoiced", "Approved"}
    record_payment(story.owner, issued.document_id, TODAY(), "Bank transfer")
    found = queries.standings(story.owner, engagement_id=story.engagement.id).values()
    assert {(s.state, s.number) for s in found} == {("Paid", issued.number), ("Approved", "")}


def test_a_page_takes_the_same_few_queries_whatever_the_number_of_rows(
    client: Client, story: SignedEngagement, django_assert_max_num_queries: Any
) -> None:
    for days_ago in (1, 2, 3):
        approved(story, 1, days_ago)
    log_in(client, story.provider)
    why = f"?why={Charge.objects.first().id}"
    for tail in (why, "movements/"):
        client.get(where(story, tail))
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(where(story, tail)).status_code == 200


def test_a_stranger_finds_no_ledger(client: Client, story: SignedEngagement) -> None:
    stranger = owner_of("Twin", "twin@twin.example", "Tom Twin")
    log_in(client, stranger)
    assert client.get(where(story)).status_code == 404
    assert client.get(f"/b/{stranger.slug}/ledger/{story.engagement.id}/").status_code == 404
