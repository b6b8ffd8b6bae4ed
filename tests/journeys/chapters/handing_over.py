"""Chapter 4: a page of the playbook is written, asked of Ines and known to her; a stage is set, the share planned."""

from __future__ import annotations

from tests.journeys.chapters.walking import Walk

PAGE = """Refund up to €30 at once; above that, ask.

- Look the order up by its number.
- Say sorry once, in a short sentence.
"""


def hand_over(walk: Walk) -> None:
    nora, ines = walk.nora, walk.ines
    _to_the_hand_over(walk)
    nora.press("Write a page")
    nora.fill("Title", "Refunds")
    nora.fill("How it is done", PAGE)
    nora.press("Publish the page")
    nora.press("Assign the page")
    ines.go("Learning")
    ines.follow("Refunds")
    ines.press("I have read version 1 and know it")
    ines.reads("You know this page")
    _to_the_hand_over(walk)
    nora.press("Set a stage")
    nora.pick("Supervised")
    nora.press("Set the stage")
    nora.press("Plan the share")
    nora.press("Plan it")
    nora.reads("Supervised")


def _to_the_hand_over(walk: Walk) -> None:
    walk.nora.go("Hand-over")
    walk.nora.follow("Customer mail")
