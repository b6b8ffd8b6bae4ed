"""The last pages: Ines takes her record with her and looks through it without Handsel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.chapters.walking import Walk


def leave(walk: Walk) -> None:
    ines = walk.ines
    ines.go("People")
    ines.follow("Take your record with you")
    ines.press("Make my export")
    walk.work()
    expect(ines.page.get_by_role("link", name="Download my export")).to_be_visible()
    ines.look()
    with ines.page.expect_download() as download:
        ines.click(ines.page.get_by_role("link", name="Download my export"))
    file = walk.folder / "export.zip"
    download.value.save_as(file)
    assert verify(file) == 0


def verify(file: Path) -> int:
    """Look through the export with the program that lies in it, by a Python that knows nothing of Handsel."""
    with zipfile.ZipFile(file) as archive:
        name = next(name for name in archive.namelist() if name.endswith("verify.py"))
        archive.extract(name, file.parent)
    return subprocess.run([sys.executable, "-I", str(file.parent / name), str(file)], check=False).returncode
