"""Chapter 6: a timer, the week by keyboard, line by line decided and corrected; a deliverable with a flat fee."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from playwright.sync_api import expect

from tests.journeys.chapters.agreeing import FEE
from tests.journeys.chapters.walking import Somebody, Walk


def work(walk: Walk) -> None:
    nora, ines = walk.nora, walk.ines
    _time_is_measured(walk)
    _week_by_keyboard(ines)
    ines.press("Submit the timesheet")
    nora.go("Home")
    nora.follow("Timesheet, ")
    row = nora.page.get_by_role("row", name="Tue")
    nora.click(row.get_by_text("Return", exact=True))
    row.get_by_role("textbox").fill("This was Monday.")
    nora.press("return 2:00")
    nora.reads("approved, 2:00 returned")
    ines.go("Today")
    ines.follow("Timesheet, ")
    ines.leave_by(ines.page.get_by_role("row", name="Returned").get_by_role("link").first)
    ines.fill("How long", "1:00")
    ines.press("Correct the line")
    ines.press("Submit the timesheet")
    nora.go("Home")
    nora.follow("Timesheet, ")
    nora.press("Approve 1:00")
    nora.reads("1:00 approved")


def _time_is_measured(walk: Walk) -> None:
    """On Wednesday, for forty minutes and some seconds: the clock of the house goes on while the browser works."""
    ines = walk.ines
    wednesday = datetime.combine(walk.monday + timedelta(days=2), time(9), UTC)
    walk.until(wednesday)
    ines.go("Work")
    walk.until(wednesday)
    ines.choose("Start the timer")
    walk.until(wednesday + timedelta(minutes=40, seconds=20))
    ines.leave_by(ines.page.get_by_role("button", name="Stop the timer"))
    ines.reads(re.compile(r"0:40:\d\d logged by timer"))


def _week_by_keyboard(ines: Somebody) -> None:
    ines.go("Work")
    ines.press("Open this week")
    keys = ines.page.keyboard
    if ines.page.viewport_size and ines.page.viewport_size["width"] < 600:
        _one_day_at_a_time(ines)
    else:
        ines.click(ines.page.get_by_label("Monday "))
        keys.type("1:30")
        keys.press("ArrowRight")
        keys.type("2h")
        keys.press("Tab")
    expect(ines.page.locator("[data-total]").first).to_contain_text("4:10")
    ines.press("Save and see the timesheet")


def _one_day_at_a_time(ines: Somebody) -> None:
    """A phone shows one day; the days are chosen above it."""
    for day, typed in (("Mon", "1:30"), ("Tue", "2h")):
        ines.pick(day)
        ines.click(ines.page.get_by_label(day).locator("visible=true").last)
        ines.page.keyboard.type(typed)


def deliver(walk: Walk) -> None:
    """The leaflet is delivered as a file, returned with a reason, delivered again and accepted."""
    nora, ines = walk.nora, walk.ines
    ines.go("Work")
    ines.follow(FEE)
    _hand_in(walk, "First draft")
    nora.go("Home")
    nora.follow(FEE)
    nora.open("Return it with a reason")
    nora.fill("What should change?", "The opening hours are missing.")
    nora.choose("Return it")
    ines.go("Today")
    ines.follow(FEE)
    ines.reads("The opening hours are missing.")
    ines.press("Deliver again")
    _hand_in(walk, "With opening hours")
    nora.go("Home")
    nora.follow(FEE)
    nora.press("Accept")
    nora.reads("Accepted. The fee is owed.")


def _hand_in(walk: Walk, note: str) -> None:
    leaflet = walk.folder / "leaflet.txt"
    leaflet.write_text(note)
    walk.ines.fill("What you deliver", note)
    walk.ines.give("File", leaflet)
    walk.ines.press("Deliver it")
