"""The decision, as its page is used: by clicks and typing, at both widths."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from handsel.ledger.queries import owed
from handsel.values.money import Money
from tests.browser import check_page
from tests.stories import submitted_week

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 375])
def test_a_line_is_approved_and_another_returned_with_its_reason(opened_by: Callable[..., Page], width: int) -> None:
    week = submitted_week()
    page = opened_by(week.owner, width=width)
    page.goto(f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/")
    check_page(page)
    approved = page.get_by_role("row", name="You approve")
    expect(approved).to_contain_text("€64.75")
    page.get_by_role("row", name="Tue").get_by_text("Return", exact=True).click()
    expect(approved).to_contain_text("1:30")
    expect(approved).to_contain_text("€27.75")
    page.get_by_role("button", name="Approve all").click()
    expect(approved).to_contain_text("€64.75")
    page.get_by_role("row", name="Tue").get_by_text("Return", exact=True).click()
    act = page.get_by_role("button", name="Approve 1:30, return 2:00")
    act.click()
    expect(page.get_by_text("A return needs a reason.")).to_be_visible()
    check_page(page)
    page.get_by_label("What should change?").last.fill("This was Monday.")
    act.click()
    expect(page.get_by_text("1:30 approved, 2:00 returned")).to_be_visible()
    check_page(page)
    assert owed(week.owner) == [Money("27.75", "EUR")]
