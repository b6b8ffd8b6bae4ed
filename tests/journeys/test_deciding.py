"""From “something eats my time” to an accepted proposal, by clicks and typing, at both widths."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from handsel.core.models import OutboxItem
from handsel.proposals.models import Consent
from tests.browser import check_page
from tests.stories import owner_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def primary(page: Page) -> None:
    """The page is sound and has one primary act: press it."""
    check_page(page)
    page.locator("main .button-primary").click()


@pytest.mark.parametrize("width", [1280, 375])
def test_an_area_is_weighed_planned_proposed_and_accepted(opened_by: Callable[..., Page], width: int) -> None:
    owner = owner_of()
    page = opened_by(owner, width=width)
    page.goto(f"/b/{owner.slug}/plan/")
    primary(page)
    page.get_by_label("How many a week, usually").fill("100")
    page.get_by_label("How many minutes does one take you, usually").fill("7")
    page.get_by_label("What is an hour of yours worth to you").fill("35")
    page.get_by_label("What would somebody else cost").fill("13")
    primary(page)
    expect(page.get_by_text("Worth it: the first year may leave you")).to_be_visible()
    primary(page)
    expect(page.get_by_text("Your decision is written down.")).to_be_visible()
    primary(page)
    page.get_by_label("Why you hand it over").fill("My evenings.")
    page.get_by_label("How it is handled").fill("Page “Refunds”")
    page.get_by_label("How you will see that it goes well").fill("95 of 100 answered within a working day")
    page.get_by_label("Accesses that they need").fill("The mailbox")
    primary(page)
    expect(page.get_by_text("Nothing is missing.").first).to_be_visible()
    primary(page)
    primary(page)
    page.get_by_label("Part of it", exact=True).fill("Refunds\nWhere is my order")
    page.get_by_label("Not part of it, and what happens instead").fill("Wholesale mail: it goes to Nora")
    primary(page)
    page.get_by_label("Who is asked").fill("Ines Duarte")
    page.get_by_label("Their mail address").fill("ines@mare.example")
    primary(page)
    expect(page.get_by_text("Ines Duarte reads version 1")).to_be_visible()
    check_page(page)
    _accepted_by_ines(opened_by, width)
    page.reload()
    check_page(page)
    expect(page.get_by_text("Ines Duarte accepted version 1")).to_be_visible()
    page.get_by_role("link", name="Draw up the terms").click()
    expect(page.get_by_label("Their mail address")).to_have_value("ines@mare.example")


def _accepted_by_ines(opened_by: Callable[..., Page], width: int) -> None:
    """By the link in the mail, without an account: she asks, then accepts."""
    link = OutboxItem.objects.get(payload__to=["ines@mare.example"]).payload["link"]
    page = opened_by(None, width=width)
    page.goto(link.removeprefix(settings.ADDRESS))
    check_page(page)
    page.get_by_text("Ask a question").click()
    page.get_by_label("What do you want to know?").fill("Who has the log-in?")
    page.get_by_role("button", name="Ask Larkspur Candles").click()
    expect(page.get_by_text("Who has the log-in?")).to_be_visible()
    primary(page)
    expect(page.get_by_text("You accepted this proposal.")).to_be_visible()
    check_page(page)
    assert Consent.objects.count() == 1
