"""Chapter 2: an area of work is weighed, planned, proposed; whoever is asked reads it by a link, asks and accepts."""

from __future__ import annotations

from tests.journeys.chapters.walking import Walk


def decide(walk: Walk) -> None:
    """The mailbox says what it can; four figures are hers."""
    nora = walk.nora
    nora.follow("Is it worth handing over?")
    nora.reads("Filled in from")
    nora.fill("How many a week, usually", "100")
    nora.fill("How many minutes does one take you, usually", "7")
    nora.fill("What is an hour of yours worth to you", "35")
    nora.fill("What would somebody else cost", "13")
    nora.press("See whether it is worth it")
    assert nora.page.get_by_role("columnheader").all_inner_texts() == ["As it is", "Handed over"]
    nora.press("Decide")
    nora.press("Go on to the plan")
    nora.fill("Why you hand it over", "My evenings.")
    nora.fill("How it is handled", "Page “Refunds”")
    nora.fill("How you will see that it goes well", "95 of 100 answered within a working day")
    nora.fill("The first day", walk.monday.isoformat())
    nora.fill("Accesses that they need", "The mailbox")
    nora.press("Keep what is written")
    nora.press("Complete the plan")


def propose(walk: Walk) -> None:
    nora, guest = walk.nora, walk.guest
    nora.press("Make the proposal")
    nora.fill("Part of it", "Refunds\nWhere is my order")
    nora.fill("Not part of it, and what happens instead", "Wholesale mail: it goes to Nora")
    nora.press("Write version 1")
    nora.fill("Who is asked", "Ines Duarte")
    nora.fill("Their mail address", "ines@mare.example")
    nora.press("Send version 1")
    nora.reads("Ines Duarte reads version 1")
    walk.work()
    guest.open_link(nora.page.get_by_role("textbox", name="Copy the link").input_value())
    guest.open("Ask a question")
    guest.fill("What do you want to know?", "Who has the log-in?")
    guest.choose("Ask Larkspur Candles")
    _answer_and_accept(walk)


def _answer_and_accept(walk: Walk) -> None:
    nora, guest = walk.nora, walk.guest
    nora.reload()
    nora.fill("Your answer", "You get one of your own.")
    nora.press("Answer Ines")
    guest.reload()
    guest.reads("You get one of your own.")
    guest.press("Accept the proposal")
    guest.reads("You accepted this proposal.")
    nora.reload()
    nora.reads("Ines Duarte accepted version 1")
