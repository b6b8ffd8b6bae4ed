"""Chapters 3 and 9: terms from the accepted proposal, signed by both; amended, paused, resumed and ended."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pikepdf
from playwright.sync_api import expect

from tests.journeys.chapters.walking import Somebody, Walk

FEE = "Autumn leaflet"


def agree(walk: Walk) -> None:
    """Nora draws the terms up without typing what the proposal says, signs first, and invites Ines."""
    nora, ines = walk.nora, walk.ines
    nora.press("Draw up the terms")
    expect(nora.page.get_by_label("The work", exact=True)).to_have_value("Customer mail")
    expect(nora.page.get_by_label("Their mail address")).to_have_value("ines@mare.example")
    expect(nora.page.get_by_label("Price of an hour")).to_have_value("13.00")
    nora.fill("A deliverable with a flat fee", FEE)
    nora.fill("Its fee", "240")
    nora.fill("It is accepted when", "Ready for print")
    nora.press("Draw up the terms")
    _read_and_sign(nora, 1)
    nora.press("Go on and invite Ines")
    nora.press("Invite Ines")
    ines.open_link(nora.page.get_by_role("textbox", name="Copy the link").input_value())
    ines.press("Read the terms")
    _read_and_sign(ines, 1)
    walk.work()
    _in_force(walk)


def _read_and_sign(somebody: Somebody, n: int) -> None:
    somebody.press("I have read it to the end")
    somebody.press(f"Sign version {n}")


def _in_force(walk: Walk) -> None:
    walk.ines.reload()
    with walk.ines.page.expect_download() as paper:
        walk.ines.page.get_by_role("link", name="The sealed paper").click()
    sealed = Path(walk.folder / "terms.pdf")
    paper.value.save_as(sealed)
    with pikepdf.open(sealed) as printed:
        assert printed.pages
    for somebody in (walk.nora, walk.ines):
        somebody.go("Agreements")
        somebody.reads("In force")


def amend_and_end(walk: Walk) -> None:
    """Chapter 9: Nora offers more for an hour, both sign; a pause, the way back, and the end."""
    nora, ines = walk.nora, walk.ines
    walk.until(datetime.combine(walk.monday + timedelta(days=3), time(9), UTC))
    nora.go("Agreements")
    nora.follow("Customer mail")
    _more(nora, "Propose new terms")
    nora.fill("Price of an hour", "20")
    nora.press("Propose version 2")
    nora.reads("Version 1 stays in force until both have signed this one.")
    _read_and_sign(nora, 2)
    ines.go("Agreements")
    ines.follow("Terms, version 2")
    _read_and_sign(ines, 2)
    ines.reads("Signed by both.")
    nora.follow("Customer mail")
    _more(nora, "Pause it")
    nora.press("Pause it")
    nora.reads("Paused")
    _more(nora, "Resume it")
    nora.press("Resume it")
    nora.reads("In force")
    _more(nora, "End it")
    nora.choose("End it")
    nora.reads("ended it")


def _more(somebody: Somebody, act: str) -> None:
    somebody.open("More")
    somebody.follow(act)
