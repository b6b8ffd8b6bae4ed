"""Pictures of every page, filled, empty and at its moments, at two widths, light and dark, into `pictures/`.

`make pictures` calls it; `python tools/pictures.py work planning` takes only those whose name, as
`owner-work:list-filled`, holds one of these words.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
PICTURES = ROOT / "pictures"
WIDTHS = {1280: 900, 375: 812}
SCHEMES = ("light", "dark")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="handsel-pictures-") as folder:
        address = f"http://127.0.0.1:{free_port()}"
        os.environ.update(
            HANDSEL_DATA=folder, HANDSEL_ADDRESS=address, HANDSEL_HOSTS="testserver,127.0.0.1",
            DJANGO_SETTINGS_MODULE="handsel.config.settings", DJANGO_ALLOW_ASYNC_UNSAFE="1",
        )  # fmt: skip
        os.environ.pop("HANDSEL_DATABASE_URL", None)
        seen = tell()
        words = ["web", "--port", address.rpartition(":")[2]]
        server = subprocess.Popen(
            [sys.executable, "-m", "handsel", *words], env=os.environ | {"PYTHONPATH": str(ROOT / "src")}
        )
        try:
            wait_for(int(words[-1]))
            count = take(seen, address, sys.argv[1:])
        finally:
            server.terminate()
            server.wait(timeout=20)
    print(f"{count} pictures in {PICTURES}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tell() -> list[Any]:
    """The sample business and two empty ones, in a folder of their own."""
    import django

    django.setup()
    from django.core.management import call_command

    from tests.house import moments, pages

    call_command("migrate", verbosity=0, interactive=False)
    print("Telling the sample business …")
    seen = [*pages.seen_by(pages.filled(), "filled"), *pages.seen_by(pages.empty(), "empty")]
    return [*seen, *moments.outside(), *moments.at_a_moment()]


def wait_for(port: int) -> None:
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("The server did not start.")


def take(seen: list[Any], address: str, words: list[str]) -> int:
    from playwright.sync_api import sync_playwright

    from tests.browser import CHROMIUM

    if not words:
        shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(exist_ok=True)
    count = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        for of in seen:
            count += take_all(browser, of, address, words)
        browser.close()
    return count


def take_all(browser: Any, of: Any, address: str, words: list[str]) -> int:
    """Each page is loaded once; width and scheme change under it, as they do for a reader."""
    from django.test import Client

    from tests.stories import log_in

    context = browser.new_context(base_url=address, reduced_motion="reduce")
    if of.actor:
        session = log_in(Client(), of.actor).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page, chosen = (
        context.new_page(),
        {n: u for n, u in of.pages.items() if is_wanted(f"{of.who}-{n}-{of.state}", words)},
    )
    for name, url in chosen.items():
        page.goto(url)
        page.wait_for_load_state("networkidle")
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            # As high as the page, or what is fixed to the window's foot would stand in the middle of the picture.
            whole = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(height, whole)})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                file = f"{of.who}-{name.replace(':', '-')}-{of.state}-{width}-{scheme}.png"
                page.screenshot(path=PICTURES / file)
    context.close()
    return len(chosen) * len(WIDTHS) * len(SCHEMES)


def is_wanted(name: str, words: list[str]) -> bool:
    return not words or any(word in name for word in words)


if __name__ == "__main__":
    main()
