"""The gallery in a browser, without a database: what is looked at here holds no facts."""

import copy
import subprocess
import sys
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from playwright.sync_api import Browser, Page

from tests.browser import CHROMIUM, ROOT, watch


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def _templates() -> list[dict[str, object]]:
    templates = copy.deepcopy(django_settings.TEMPLATES)
    processors = templates[0]["OPTIONS"]["context_processors"]
    templates[0]["OPTIONS"]["context_processors"] = [name for name in processors if "handsel" not in name]
    return templates


@pytest.fixture(scope="session")
def look() -> Iterator[None]:
    """Settings for pages that nobody is signed in to."""
    with override_settings(TEMPLATES=_templates(), ROOT_URLCONF="tests.ui.urls", ALLOWED_HOSTS=["*"]):
        yield


@pytest.fixture(scope="session")
def site(look: None) -> Iterator[str]:
    """The address of the gallery's server."""
    if not (django_settings.STATIC_ROOT / "staticfiles.json").exists():
        subprocess.run([sys.executable, ROOT / "tools/assets.py"], check=True)
    server = make_server("127.0.0.1", 0, WSGIHandler(), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return CHROMIUM


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield watch(context.new_page())
    context.close()
