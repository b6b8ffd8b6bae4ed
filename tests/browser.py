"""What every page must keep in a browser: axe, policy, console, no sideways scrolling. For all tests that open pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from weakref import WeakKeyDictionary

from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.static import serve
from playwright.sync_api import ConsoleMessage, Page, Response

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM: dict[str, Any] = {
    "executable_path": "/usr/bin/chromium",
    "args": ["--no-sandbox", "--disable-dev-shm-usage"],
}
WIDTHS = {1280: 900, 375: 812}
_AXE = ROOT / "node_modules/axe-core/axe.min.js"
_SERIOUS = {"serious", "critical"}
_complaints: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def watch(page: Page) -> Page:
    """Listen to what the browser complains about from now on; call it before the first visit."""
    if page not in _complaints:
        complaints = _complaints.setdefault(page, [])
        page.on("console", lambda message: _note(complaints, message))
        page.on("response", lambda answer: _note_failure(complaints, answer))
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    return page


def check_page(page: Page) -> None:
    """Fail if the page in the browser has a serious axe finding, a console or policy complaint, or scrolls sideways.

    A page that was not watched from its start is watched now and loaded again.
    """
    if page not in _complaints:
        watch(page).reload()
    found = [*axe(page), *_complaints[page], *_sideways(page)]
    _complaints[page].clear()
    assert not found, f"{page.url}\n" + "\n".join(found)


def axe(page: Page, impacts: set[str] = _SERIOUS) -> list[str]:
    """Each finding of that weight: rule, sentence, and the first places. axe is not bound by the page's policy."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_axe())
    violations = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)")
    return [
        f"axe {v['impact']} {v['id']}: {v['help']}: " + " | ".join(node["html"][:160] for node in v["nodes"][:3])
        for v in violations
        if v["impact"] in impacts
    ]


@cache
def _axe() -> str:
    return _AXE.read_text()


@contextmanager
def collected_files() -> Iterator[None]:
    """Let a live server hand out the collected files: pytest-django's knows plain names only, pages name hashed ones.

    Open it around the first use of `live_server`, as in a session fixture that uses it.
    """

    def hand_out(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        return serve(request, handler.file_path(request.path), document_root=str(settings.STATIC_ROOT))

    with patch.object(StaticFilesHandler, "serve", hand_out):
        yield


def _note(complaints: list[str], message: ConsoleMessage) -> None:
    """Policy violations arrive as console errors; an expected refusal's own status code is not one."""
    if message.type == "error" and not message.text.startswith("Failed to load resource: the server responded with"):
        complaints.append(f"console: {message.text}")


def _note_failure(complaints: list[str], answer: Response) -> None:
    if answer.status >= 500:
        complaints.append(f"{answer.status}: {answer.url}")


def _sideways(page: Page) -> list[str]:
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"scrolls sideways: {wide} px in {room}"] if wide > room else []
