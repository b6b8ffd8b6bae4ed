"""Chapter 8: a call, a check-in, a comment; one line of time in which everything stands."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.chapters.walking import Somebody, Walk

TOLD = {
    "mail": "sent a reply",
    "call": "noted a call of 18 min",
    "check-in": "held the check-in of",
    "sheet": "submitted 3 lines, 4:10",
    "approval": "decided on a timesheet: 2 approved, 1 returned",
    "invoice": "issued invoice ID-LC",
    "payment": "paid ID-LC",
}


def talk(walk: Walk) -> None:
    nora, ines = walk.nora, walk.ines
    _comment(ines, "Thank you for paying so soon.")
    nora.go("Talk")
    nora.follow("Customer mail")
    nora.follow("Note a call")
    nora.fill("Minutes", "18")
    nora.fill("What was decided", "Wholesale mail goes to Ines too.")
    nora.press("Note the call")
    nora.reads("noted a call of 18 min")
    nora.follow("Note a check-in")
    nora.fill("What should the owner change?", "Answer sooner.")
    nora.press("Note the check-in")
    walk.work()
    ines.go("Talk")
    ines.follow("Customer mail")
    for somebody in (nora, ines):
        _everything_stands(somebody)


def _comment(ines: Somebody, text: str) -> None:
    """On the invoice, without leaving its page."""
    ines.go("Pay")
    ines.follow("ID-LC")
    ines.fill("Add a comment", text)
    ines.click(ines.page.get_by_role("button", name="Comment", exact=True))
    ines.reads(text)
    ines.look()


def _everything_stands(somebody: Somebody) -> None:
    for words in TOLD.values():
        somebody.reads(words)
    somebody.leave_by(somebody.page.locator("main").get_by_role("link", name="Calls", exact=True))
    somebody.reads("Decided: Wholesale mail goes to Ines too.")
    expect(somebody.page.get_by_text(TOLD["payment"])).to_have_count(0)
