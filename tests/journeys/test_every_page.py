"""Every page in a browser, at both widths, filled and empty: axe, policy, console, no sideways scrolling, little to load."""

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request

from handsel.values.actors import Actor
from tests.browser import WIDTHS, check_page
from tests.house import pages

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
MOST_BYTES = 150_000  # compressed, at the first load
STATES: dict[str, Callable[[], list[Actor]]] = {"filled": pages.filled, "empty": pages.empty}


@pytest.mark.parametrize("state", STATES)
def test_every_page_keeps_what_pages_promise(opened_by: Callable[..., Page], state: str) -> None:
    faults = [
        fault
        for seen in pages.seen_by(STATES[state](), state)
        for fault in faults_of(opened_by(seen.actor), seen.pages, seen.who)
    ]
    assert not faults, "\n\n" + "\n\n".join(faults)


def faults_of(page: Page, urls: dict[str, str], who: str) -> list[str]:
    """Each page is loaded once, and looked at again when its window has become narrow."""
    found = []
    for name, url in urls.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url)
        page.wait_for_load_state("networkidle")
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            try:
                check_page(page)
            except AssertionError as fault:
                found.append(f"{name} ({who}, {width} px): {fault}")
    return found


@pytest.mark.parametrize("state", STATES)
def test_no_page_is_heavy_at_its_first_load(opened_by: Callable[..., Page], state: str) -> None:
    heavy = []
    for seen in pages.seen_by(STATES[state](), state):
        for name, url in seen.pages.items():
            page = opened_by(seen.actor)
            loaded: list[Request] = []
            page.on("requestfinished", lambda request, into=loaded: into.append(request))
            page.goto(url)
            page.wait_for_load_state("networkidle")
            if (size := sum(map(carried, loaded))) > MOST_BYTES:
                heavy.append(f"{name} ({seen.who}): {size} bytes")
            page.context.close()
    assert not heavy, "\n" + "\n".join(heavy)


def carried(request: Request) -> int:
    """Bytes that come over the line: everything is served compressed where that makes it smaller (fonts are already).
    The live server of tests hands the collected files out as they are."""
    response = request.response()
    body = response.body() if response and response.status == 200 else b""
    return min(len(body), len(gzip.compress(body, 6)))
