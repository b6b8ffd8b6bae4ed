"""From approved work to the paid invoice, a credit note, and the talk beside it: by clicks and typing, at both widths."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from handsel.core import jobs
from handsel.payments.models import Document
from tests.browser import check_page
from tests.payments.invoices import accounts, approved, at_fifty, eur

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 375])
def test_approved_work_is_invoiced_paid_and_credited(opened_by: Callable[..., Page], width: int) -> None:
    story = at_fifty()
    approved(story, 4.5, 3)
    approved(story, 3.5, 2)
    ines, nora = opened_by(story.provider, width=width), opened_by(story.owner, width=width)
    ines.goto(f"/b/{story.owner.slug}/payments/")
    check_page(ines)
    ines.get_by_role("link", name="Draft the invoice").click()
    check_page(ines)
    ines.get_by_role("button", name="Make the draft").click()
    check_page(ines)
    ines.get_by_role("button", name="Issue the invoice, €400.00").click()
    expect(ines.get_by_text("is issued. Both sides get it by mail.")).to_be_visible()
    jobs.run_once()
    nora.goto(f"/b/{story.owner.slug}/payments/")
    check_page(nora)
    nora.get_by_role("link", name="Invoice ID-LC").click()
    check_page(nora)
    nora.get_by_role("button", name="Mark as paid").click()
    expect(nora.get_by_text("Marked as paid.")).to_be_visible()
    ines.reload()
    check_page(ines)
    ines.get_by_role("link", name="Credit lines of it").click()
    check_page(ines)
    ines.get_by_label("What is taken back").nth(1).select_option(label="Goes back to approved, to be invoiced again")
    ines.get_by_label("Why").fill("The day was counted twice.")
    ines.get_by_role("button", name="Issue the credit note").click()
    expect(ines.get_by_text("Credit note ID-LC").first).to_be_visible()
    check_page(ines)
    assert Document.objects.count() == 2
    found = accounts(story.owner, story.engagement)
    assert (found.unbilled, found.paid, found.advance) == (eur("175"), eur("400"), eur("175"))
    for tail in ("payments/", f"ledger/{story.engagement.id}/", f"ledger/{story.engagement.id}/movements/"):
        nora.goto(f"/b/{story.owner.slug}/{tail}")
        check_page(nora)
    nora.goto(f"/b/{story.owner.slug}/ledger/{story.engagement.id}/")
    nora.get_by_role("row", name="€175.00").get_by_role("link", name="Customer mail").click()
    expect(nora.get_by_role("heading", name="Why €175.00")).to_be_visible()
    check_page(nora)


@pytest.mark.parametrize("width", [1280, 375])
def test_a_call_and_a_check_in_stand_in_the_timeline_of_both(opened_by: Callable[..., Page], width: int) -> None:
    story = at_fifty()
    approved(story, 2)
    nora = opened_by(story.owner, width=width)
    nora.goto(f"/b/{story.owner.slug}/talk/")
    check_page(nora)
    nora.get_by_role("link", name="Customer mail").click()
    check_page(nora)
    nora.get_by_role("link", name="Note a call").click()
    check_page(nora)
    nora.get_by_label("Minutes").fill("18")
    nora.get_by_label("What was decided").fill("Wholesale mail goes to Ines too.")
    nora.get_by_role("button", name="Note the call").click()
    expect(nora.get_by_text("noted a call of 18 min")).to_be_visible()
    nora.get_by_role("link", name="Note a check-in").click()
    check_page(nora)
    nora.get_by_label("What should the owner change?").fill("Answer sooner.")
    nora.get_by_role("button", name="Note the check-in").click()
    ines = opened_by(story.provider, width=width)
    ines.goto(f"/b/{story.owner.slug}/talk/{story.engagement.id}/")
    expect(ines.get_by_text("The provider asks: Answer sooner.")).to_be_visible()
    check_page(ines)
    ines.get_by_role("link", name="Calls", exact=True).click()
    expect(ines.get_by_text("Decided: Wholesale mail goes to Ines too.")).to_be_visible()
    check_page(ines)
    nora.goto(f"/b/{story.owner.slug}/figures/")
    check_page(nora)
