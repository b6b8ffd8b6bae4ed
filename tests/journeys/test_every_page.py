"""Every page in a browser, at both widths, filled and empty: axe, policy, console, no sideways scrolling, little to load."""

import gzip
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request

from handsel.values.actors import Actor
from tests.browser import WIDTHS, check_page, watch
from tests.house import pages

pytestmark = [pytest.mark.journey, pytest.mark.every_page, pytest.mark.django_db(transaction=True)]
MOST_BYTES = 150_000  # compressed, at the first load
STATES: dict[str, Callable[[], list[Actor]]] = {"filled": pages.filled, "empty": pages.empty}


@pytest.mark.parametrize("state", STATES)
def test_every_page_keeps_what_pages_promise(opened_by: Callable[..., Page], state: str) -> None:
    faults = []
    for seen in pages.seen_by(STATES[state](), state):
        browser = opened_by(seen.actor).context
        for name, url in seen.pages.items():
            page = watch(browser.new_page())
            faults += [f"{name} ({seen.who}), {fault}" for fault in faults_of(page, url)]
            page.close()
    assert not faults, "\n\n" + "\n\n".join(faults)


def faults_of(page: Page, url: str) -> list[str]:
    """A page that is loaded, and looked at again when its window has become narrow. What the browser takes from its
    store counts as loaded."""
    loaded: list[Request] = []
    page.on("requestfinished", lambda request: loaded.append(request))
    page.goto(url)
    found = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        try:
            check_page(page)
        except AssertionError as fault:
            found.append(f"{width} px: {fault}")
    size = sum(map(carried, loaded))
    if size > MOST_BYTES:
        found.append(f"{size} bytes at the first load")
    return found


def carried(request: Request) -> int:
    """Bytes that come over the line: everything is served compressed where that makes it smaller (fonts are already).
    The live server of tests hands the collected files out as they are."""
    response = request.response()
    body = response.body() if response and response.status == 200 else b""
    return min(len(body), len(gzip.compress(body, 6)))
