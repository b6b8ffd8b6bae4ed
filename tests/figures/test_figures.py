"""Promises about the owner's figures."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from handsel.agreements.models import Engagement
from handsel.core import writes
from handsel.figures import queries, rules
from handsel.figures.rules import Part
from handsel.values.money import Money
from tests.payments.invoices import approved, at_fifty, invoiced
from tests.planning.story import planned_area
from tests.stories import TODAY, SignedEngagement, log_in

MOST_QUERIES = 12 + 6  # 12 of the page, and those of session, actor and frame


@pytest.fixture
def story(db: None) -> SignedEngagement:
    return at_fifty()


def page(client: Client, story: SignedEngagement) -> str:
    log_in(client, story.owner)
    return " ".join(client.get(f"/b/{story.owner.slug}/figures/").content.decode().split())


def test_months_without_work_stand_between_those_with_some() -> None:
    parts = [Part(date(2026, 8, 31), 2, 10000, True), Part(date(2026, 10, 1), 1, 5000, False)]
    months = rules.by_month(parts, date(2026, 11, 24))
    assert [(m.first_day.month, m.hours) for m in months[:2]] == [(6, 0), (7, 0)]
    assert [(m.first_day.month, m.hours, m.paid, m.open) for m in months[2:]] == [
        (8, 2, 10000, 0), (9, 0, 0, 0), (10, 1, 0, 5000), (11, 0, 0, 0),
    ]  # fmt: skip
    assert rules.first_shown(date(2026, 11, 24)) == date(2025, 12, 1)
    assert rules.first_shown(date(2026, 12, 1)) == date(2026, 1, 1)


def test_hours_and_money_are_drawn_from_what_was_approved(client: Client, story: SignedEngagement) -> None:
    assert "No figures yet" in page(client, story)
    from handsel.payments.actions import record_payment

    approved(story, 2, 2)
    issued = invoiced(story)
    record_payment(story.owner, issued.document_id, TODAY(), "Bank transfer")
    approved(story, 1, 1)
    months = queries.figures(story.owner).months["EUR"]
    assert (sum(m.paid_hours for m in months), sum(m.open_hours for m in months)) == (2, 1)
    assert (sum(m.paid for m in months), sum(m.open for m in months)) == (10000, 5000)
    shown = page(client, story)
    assert "Hours approved, by month of the work" in shown and "The same as a table" in shown


def test_what_was_credited_is_not_counted(story: SignedEngagement) -> None:
    from handsel.payments.actions import credit
    from handsel.payments.models import DocumentLine
    from handsel.payments.rules import Credit, Outcome

    approved(story, 2, 3)
    approved(story, 1, 2)
    issued = invoiced(story)
    lower, void = DocumentLine.objects.order_by("-quantity_e2")
    credit(story.provider, issued.document_id,
           [Credit(lower.id, Outcome.PAID, Money("20", "EUR")), Credit(void.id, Outcome.VOID)], "Agreed")  # fmt: skip
    months = queries.figures(story.owner).months["EUR"]
    assert (sum(m.hours for m in months), sum(m.paid + m.open for m in months)) == (2, 8000)


def test_planned_stands_beside_actual(client: Client, story: SignedEngagement) -> None:
    area = planned_area(story.owner)
    with writes.migrating():  # as if the terms had been drawn up from the plan
        Engagement.objects.filter(pk=story.engagement.pk).update(area_id=area.pk)
    approved(story, 2, 0)
    (against,) = queries.figures(story.owner).against
    assert (against.planned, against.this_month) == (Money("500", "EUR"), Money("100", "EUR"))
    assert "€500.00" in page(client, story)


def test_nobody_of_the_provider_enters(client: Client, story: SignedEngagement) -> None:
    log_in(client, story.provider)
    assert client.get(f"/b/{story.owner.slug}/figures/").status_code == 404


def test_the_page_takes_the_same_few_queries_whatever_the_number_of_rows(
    client: Client, story: SignedEngagement, django_assert_max_num_queries: Any
) -> None:
    for days_ago in range(1, 4):
        approved(story, 1, days_ago)
    page(client, story)
    with django_assert_max_num_queries(MOST_QUERIES):
        client.get(f"/b/{story.owner.slug}/figures/")
