"""Chapter 1: from the sign-up to the third draft from an imported mailbox."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.chapters.walking import Somebody, Walk
from tests.mail.story import OURS, candle_letters, letter, mbox

MOST_CLICKS, MOST_FIELDS, MOST_SECONDS = 14, 6, 120
WAITING = "Rosa Lind"


def begin(walk: Walk) -> None:
    """Nora signs up, reads her mailbox in, and sees a draft for each of three kinds of request."""
    began = time.monotonic()
    _sign_up(walk.nora)
    _read_mailbox(walk.nora, walk)
    shown = walk.nora.page.locator("main details[open]")
    for kind in range(3):
        expect(shown.nth(kind).locator(".slot").first).to_be_visible()  # a draft, with a place that stays open
    seconds = time.monotonic() - began
    walk.said.append(
        f"sign-up to the third draft: {walk.nora.clicks} clicks, {walk.nora.fields} fields, {seconds:.1f} s"
    )
    assert walk.nora.clicks <= MOST_CLICKS
    assert walk.nora.fields <= MOST_FIELDS
    assert seconds <= MOST_SECONDS


def _sign_up(nora: Somebody) -> None:
    nora.page.goto("/")
    nora.look()
    nora.fill("Your name", "Nora Whitfield")
    nora.fill("Mail address", "nora@larkspur.example")
    nora.fill("Name of your business", "Larkspur Candles")
    nora.press("Open it")
    nora.reads("What brings you here, Nora?")
    nora.follow("Something eats my time")


def _read_mailbox(nora: Somebody, walk: Walk) -> None:
    nora.follow("Read your mailbox first")
    nora.give("Mailbox file", candle_shop(walk.folder))
    nora.press("Read this mailbox")
    walk.work()
    nora.page.get_by_role("link", name="See what is asked, and the drafts").wait_for()
    nora.look()
    nora.press("See what is asked, and the drafts")


def candle_shop(folder: Path) -> Path:
    """The mailbox of a candle shop, in which one customer waits for a kind of answer that was often given."""
    asks = letter(f"{WAITING} <rosa@mail.example>", OURS, "<rosa@mail.example>",
                  "Hello,\n\nWhere is my order? Nothing has come yet.\n\nRosa", subject="Where is my order?",
                  day="Mon, 06 Apr 2026 09:00:00 +0000")  # fmt: skip
    return mbox(folder / "shop.mbox", *candle_letters(), asks)
