"""People at their browsers: what they see, press and type, and nothing else.

Every page that somebody comes to is looked at: it must be sound (`check_page`) and have at most one primary act.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from handsel.core import followers, jobs
from tests.browser import check_page

_PATIENCE = 20_000  # ms, on a busy machine; nothing here waits longer than it has to
_PRIMARY = "main .button-primary:visible"


@dataclass
class Somebody:
    """A person at a browser of her own. clicks and fields count what she had to do so far."""

    page: Page
    clicks: int = 0
    fields: int = 0

    def look(self) -> None:
        """Wait for what the page fetches by itself; then it must be sound, with at most one primary act."""
        expect(self.page.locator(".htmx-request")).to_have_count(0, timeout=_PATIENCE)
        check_page(self.page)
        acts = self.page.locator(_PRIMARY).all_inner_texts()
        assert len(acts) <= 1, f"{self.page.url} has several primary acts: {acts}"

    def press(self, word: str) -> None:
        """Press the primary act of the page, which must say so."""
        act = self.page.locator(_PRIMARY)
        expect(act).to_contain_text(word, timeout=_PATIENCE)
        self.leave_by(act)

    def choose(self, word: str) -> None:
        """Press a button that is not the primary act, and come to the next page."""
        self.leave_by(self.page.locator("main").get_by_role("button", name=word))

    def follow(self, words: str) -> None:
        """Follow a link of the page."""
        self.leave_by(self.page.locator("main").get_by_role("link", name=words).first)

    def go(self, room: str) -> None:
        """Go to a room by the navigation: at the side, or on a phone below, or by “More”."""
        navigation = self.page.locator("nav.rooms:visible, nav.tabbar:visible")
        link = navigation.get_by_role("link", name=room)
        if link.count():
            self.leave_by(link.first)
        else:
            self.leave_by(navigation.get_by_role("link", name="More"))
            self.follow(room)

    def open(self, words: str) -> None:
        """Unfold a part of the page, or a menu."""
        self.click(self.page.locator("main").locator("summary, button[popovertarget]").filter(has_text=words).first)

    def click(self, what: Locator) -> None:
        """Click what does not lead away."""
        what.click()
        self.clicks += 1

    def pick(self, answer: str) -> None:
        """Choose an answer by its words."""
        self.click(self.page.locator("main label:visible").filter(has_text=answer).first)

    def fill(self, label: str, text: str) -> None:
        boxes = self.page.locator("main").get_by_label(label).and_(self.page.locator("input, textarea"))
        boxes.locator("visible=true").first.fill(text)
        self.fields += 1

    def give(self, label: str, file: Path) -> None:
        """Choose a file."""
        self.page.get_by_label(label).set_input_files(file)
        self.fields += 1

    def reads(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.locator("main, [role=status], .toasts").get_by_text(words).first).to_be_visible(
            timeout=_PATIENCE
        )

    def open_link(self, link: str) -> None:
        """Open a link as it stands in a mail."""
        self.page.goto(link.removeprefix(settings.ADDRESS))
        self.look()

    def reload(self) -> None:
        self.page.reload()
        self.look()

    def leave_by(self, what: Locator) -> None:
        """Click what leads to another page, and look at that one."""
        with self.page.expect_navigation():
            what.click()
        self.clicks += 1
        self.look()


@dataclass
class Walk:
    """One engagement on its way: Nora who owns the business, Ines who is asked, and each one's browser.

    guest: a browser without any account. clock: moves the time of the whole house; monday: the first day.
    """

    nora: Somebody
    ines: Somebody
    guest: Somebody
    folder: Path
    clock: Any
    monday: date
    said: list[str] = field(default_factory=list)

    def work(self) -> None:
        """The worker does what is due, and what follows from it, as it would a moment later."""
        while jobs.run_once() + followers.follow_all():
            pass

    def until(self, moment: datetime) -> None:
        """Time goes by."""
        self.clock.move_to(moment)
