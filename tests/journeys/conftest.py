"""Browsers for journeys: Debian's Chromium, one context per person, pages that are watched from their start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from handsel.values.actors import Actor
from tests.browser import CHROMIUM, collected_files, watch
from tests.stories import log_in


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return CHROMIUM


@pytest.fixture(scope="session", autouse=True)
def _hashed_files() -> Iterator[None]:
    """The live server hands out the built files under their hashed names, as the real one does."""
    with collected_files():
        yield


@pytest.fixture
def opened_by(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A page of a browser of her own, signed in as the actor: `opened_by(actor, width=375, dark=True)`."""
    contexts = []

    def open_page(actor: Actor | None, width: int = 1280, height: int = 900, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
        )  # fmt: skip
        contexts.append(context)
        if actor:
            cookie = log_in(Client(), actor).cookies["sessionid"]
            context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        return watch(context.new_page())

    yield open_page
    for context in contexts:
        context.close()
