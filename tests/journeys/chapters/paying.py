"""Chapter 7: the invoice from approved work, paid; a credit note for one line; a ledger that says the same to both."""

from __future__ import annotations

from tests.journeys.chapters.walking import Somebody, Walk


def pay(walk: Walk) -> None:
    nora, ines = walk.nora, walk.ines
    ines.go("Pay")
    ines.press("Draft the invoice")
    ines.press("Make the draft")
    ines.press("Issue the invoice")
    ines.reads("is issued. Both sides get it by mail.")
    walk.work()
    nora.go("Payments")
    nora.press("Pay €")
    nora.press("Mark as paid")
    nora.reads("Marked as paid.")
    ines.reload()
    ines.follow("Credit lines of it")
    ines.page.get_by_label("What is taken back").last.select_option(label="Goes back to approved, to be invoiced again")
    ines.fill("Why", "The leaflet goes on the next invoice.")
    ines.press("Issue the credit note")
    ines.reads("Credit note")
    assert _ledger(nora, "Payments") == _ledger(ines, "Pay")


def _ledger(somebody: Somebody, room: str) -> list[str]:
    """The rows of what is owed, and why."""
    somebody.go(room)
    accounts = somebody.page.get_by_role("table", name="What is owed in each engagement")
    somebody.leave_by(accounts.get_by_role("link").first)
    rows = somebody.page.get_by_role("region", name="Charges").get_by_role("row").all_inner_texts()
    assert len(rows) > 3
    return rows
