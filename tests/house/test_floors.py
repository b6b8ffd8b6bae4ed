"""The floors, the files of a room, and words that promise too little."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import source

ROOT = source.PACKAGE.parents[1]
FURNITURE = {
    "models", "guards", "rules", "actions", "queries", "forms", "views", "urls", "api", "tasks", "events", "room",
    "standing", "apps", "templates", "migrations", "__init__", "__pycache__",
}  # fmt: skip
OWN_PIECES = {  # what a room has besides, each for a reason that its docstring gives
    "people": {"permissions", "entrance", "adapter", "accounts", "static", "seeing", "templatetags", "callers"},
    "agreements": {"wording", "papers"},
    "mail": {"reading", "mining", "importing", "originals", "showing"},
    "planning": {"model"},
    "playbooks": {"kits", "markup", "lists", "prose"},
    "proposals": {"wording", "papers"},
    "payments": {"wording", "papers"},
    "ledger": {"sums", "wording"},
    "handover": {"drawing"},
    "talk": {"reading", "webhooks"},
}


def test_no_room_imports_upward() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-3000:]


@pytest.mark.parametrize("room", source.room_names())
def test_a_room_has_the_same_furniture_as_every_other(room: str) -> None:
    found = {p.stem for p in (source.PACKAGE / room).iterdir()}
    assert found - FURNITURE - OWN_PIECES.get(room, set()) == set()


@pytest.mark.parametrize("room", source.room_names())
def test_apps_does_nothing_else_than_register(room: str) -> None:
    lines = (source.PACKAGE / room / "apps.py").read_text().split("\n")
    assert len([line for line in lines if line.strip()]) == 4


def test_no_file_has_outgrown_its_room() -> None:
    long = {
        str(f.relative_to(source.PACKAGE)): n
        for f in source.PACKAGE.rglob("*.py")
        if "migrations" not in f.parts and "collected" not in f.parts
        and f.name != "verify.py"  # one file, because it runs alone, without Handsel
        and (n := len(f.read_text().splitlines())) > 460
    }  # fmt: skip
    assert long == {}


def test_no_page_carries_style_or_script_of_its_own() -> None:
    odd = [
        f"{f.relative_to(source.PACKAGE)}: {found[0]}"
        for f in source.PACKAGE.rglob("templates/**/*.html")
        if (found := re.findall(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\bsrc=)(?![^>]*json)", f.read_text()))
    ]
    assert odd == []


def test_nothing_is_left_open() -> None:
    odd = [
        f"{f.relative_to(source.PACKAGE)}: {word}"
        for f in source.PACKAGE.rglob("*.py")
        if "collected" not in f.parts
        for word in ("TODO", "FIXME", "XXX:", "raise NotImplementedError")
        if re.search(rf"(?<!\")\b{word}", f.read_text()) and "mining" not in f.parts
    ]
    assert odd == []


def test_what_is_seldom_used_is_not_loaded_at_the_start() -> None:
    """Numpy, scikit-learn, typst and the like come in with the first use: each process of the group does without."""
    code = (
        "import django; django.setup(); import handsel.config.urls, sys; from handsel.core import jobs; jobs.find_jobs(); "
        "print(*{'numpy', 'sklearn', 'scipy', 'typst', 'pikepdf', 'playwright', 'time_machine', 'boto3'} & set(sys.modules))"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "handsel.config.settings"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
