"""A whole installation for the tests of commands: a data folder and a database of its own, on the engine of the run."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

from handsel.core.keys import new_key
from tests.core.processes import ROOT, database_address


@dataclass(frozen=True)
class Installation:
    """folder: HANDSEL_DATA. database: HANDSEL_DATABASE_URL, empty for SQLite."""

    folder: Path
    database: str = ""

    def environment(self, **changes: str) -> dict[str, str]:
        own = {"HANDSEL_DATA": str(self.folder), "PYTHONPATH": str(ROOT / "src"), "HANDSEL_DATABASE_URL": self.database}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HANDSEL_", "DJANGO_"))}
        return {**kept, **own, **changes}

    def say(self, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        """One command, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "handsel", *words], env=self.environment(**changes), capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip

    @contextmanager
    def started(self, *words: str) -> Iterator["subprocess.Popen[str]"]:
        """A command that goes on, as a terminal starts it: it hears Ctrl-C, though the tests may run in the background,
        where it is ignored. Ended with its children when the test is over."""
        process = subprocess.Popen(
            [sys.executable, "-m", "handsel", *words], env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


@contextmanager
def fresh(folder: Path) -> Iterator[Installation]:
    """An installation where nothing is yet; its database is dropped at the end."""
    server = os.environ.get("HANDSEL_DATABASE_URL", "")
    with _database(server) as database:
        yield Installation(folder, database)


@contextmanager
def migrated(folder: Path) -> Iterator[Installation]:
    """An installation of this version where nobody has begun: a copy of the database of the tests, which this run has
    migrated already. To migrate another one takes longer than all that most tests do. Nobody may be in that database."""
    folder.mkdir()
    connection.close()
    if connection.vendor == "sqlite":
        line = sqlite3.connect(connection.settings_dict["NAME"])
        line.execute("VACUUM INTO ?", [str(folder / "handsel.sqlite3")])
        line.close()
        yield Installation(folder)
        return
    connection.close_pool()
    with _database(database_address(), copied=True) as database:
        yield Installation(folder, database)


@contextmanager
def _database(like: str, copied: bool = False) -> Iterator[str]:
    """A database of its own on the server of `like`, an address; copied: with all that stands in that one. None on
    SQLite, whose database lies in the folder."""
    if not like:
        yield ""
        return
    server, name = urlsplit(os.environ["HANDSEL_DATABASE_URL"]), f"handsel_{new_key().hex}"
    template = f" TEMPLATE {urlsplit(like).path[1:]}" if copied else ""
    with psycopg.connect(server.geturl(), autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}{template}".encode())
    try:
        yield urlunsplit(server._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server.geturl(), autocommit=True) as line:
            line.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(parent: int) -> dict[str, int]:
    """The processes right under a process: the word after `handsel` → its id (proc(5))."""
    found: dict[str, int] = {}
    for child in _children(parent):
        words = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        if "handsel" in words:
            found[words[words.index("handsel") + 1]] = child
    return found


def everybody_under(parent: int) -> set[int]:
    """All processes under a process."""
    under = _children(parent)
    return set(under) | {deeper for child in under for deeper in everybody_under(child)}


def _children(parent: int) -> list[int]:
    try:
        return [
            int(child)
            for task in Path(f"/proc/{parent}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return []
