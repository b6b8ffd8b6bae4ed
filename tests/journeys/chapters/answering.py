"""Chapter 5: Ines answers a customer from a draft; Nora returns it with a reason, then edits and sends it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.chapters.beginning import WAITING
from tests.journeys.chapters.walking import Somebody, Walk


def answer(walk: Walk) -> None:
    nora, ines = walk.nora, walk.ines
    _written_from_a_draft(ines)
    _read(nora)
    nora.pick("Return")
    nora.open("Say why you change or return it")
    nora.fill("Why?", "Say when it left us.")
    nora.press("Return it")
    ines.go("Today")
    ines.follow("Where is my order?")
    ines.reads("Say when it left us.")
    ines.press("Write on")
    _change(ines, "Kind regards", "It left us on Friday.\n\nKind regards")
    ines.press("Submit for review")
    _read(nora)
    _change(nora, "It left us on Friday.", "It left us on Friday morning.")
    nora.press("Send it")
    walk.work()
    nora.go("Mail")
    nora.follow(WAITING)
    nora.reads("It left us on Friday morning.")
    nora.reads("not sent yet: no mail server")


def _written_from_a_draft(ines: Somebody) -> None:
    """An open place does not go out; the page names it."""
    ines.go("Mail")
    ines.press("Answer the newest")
    ines.reads(WAITING)
    drafts = ines.page.get_by_role("complementary", name="Help for this reply")
    ines.leave_by(drafts.get_by_role("link", name="Where is my order?"))
    written = ines.page.get_by_role("textbox", name="Reply", exact=True)
    begun = written.input_value()
    open_places = re.findall(r"\{(\w+)\}", begun)
    assert open_places, begun
    ines.press("Submit for review")
    ines.reads(open_places[0].replace("_", " "))
    expect(written).to_have_value(begun)
    ines.fill("Reply", re.sub(r"\{\w+\}", "Friday", begun))
    ines.press("Submit for review")
    ines.reads("It is read before it goes out.")


def _read(nora: Somebody) -> None:
    nora.go("Mail")
    nora.press("Read 1 reply")
    nora.reads("It has not been sent")


def _change(somebody: Somebody, old: str, new: str) -> None:
    text = somebody.page.get_by_role("textbox", name="Reply", exact=True).input_value()
    assert old in text
    somebody.fill("Reply", text.replace(old, new))
