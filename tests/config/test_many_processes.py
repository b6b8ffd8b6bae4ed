"""Several web and worker processes on PostgreSQL, through PgBouncer in transaction mode: one installation all the same."""

from __future__ import annotations

import os
import pwd
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.cli.installation import Installation, free_port, fresh

pytestmark = pytest.mark.one_engine("postgresql")  # SQLite has one web process


@contextmanager
def pooled(database: str, folder: Path) -> Iterator[str]:
    """The address of the same database through PgBouncer: a connection is anybody's after each transaction."""
    parts, port = urlsplit(database), free_port()
    name = parts.path.strip("/")
    folder.mkdir()
    (folder / "users.txt").write_text(f'"{parts.username}" "{parts.password or ""}"\n')
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\n{name} = host={parts.hostname} port={parts.port} dbname={name}\n[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = trust\nauth_file = {folder}/users.txt\n"
        "pool_mode = transaction\ndefault_pool_size = 4\nmax_client_conn = 100\nunix_socket_dir =\n"
        "ignore_startup_parameters = extra_float_digits\n"
    )
    command = ["pgbouncer", "-q", str(folder / "pgbouncer.ini")]
    if os.getuid() == 0:  # it does not run as root
        nobody = pwd.getpwnam("nobody")
        for place in (folder, *folder.iterdir()):
            os.chown(place, nobody.pw_uid, nobody.pw_gid)
        for above in folder.parents:
            if above.stat().st_uid == 0 and str(above).startswith("/tmp/"):
                above.chmod(above.stat().st_mode | 0o011)
        command[1:1] = ["-u", "nobody"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        yield f"postgresql://{parts.username}@127.0.0.1:{port}/{name}"
    finally:
        process.terminate()
        process.wait(10)


def ask(port: int, path: str, jar: CookieJar | None = None, form: dict[str, str] | None = None) -> tuple[int, str]:
    """One request to one process, as a browser makes it."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar if jar is not None else CookieJar()))
    body = urlencode(form).encode() if form is not None else None
    try:
        with browser.open(f"http://127.0.0.1:{port}{path}", body, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def until_open(port: int, process: Any) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert process.poll() is None, process.communicate()[0]
        try:
            if ask(port, "/accounts/login/")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("it did not open")


def until(true: Callable[[], bool], workers: list[Any]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end and all(worker.poll() is None for worker in workers)
        time.sleep(0.2)


def sent(port: int, path: str, jar: CookieJar, **form: str) -> tuple[int, str]:
    """A form of a page, with the token that stands in it."""
    _, page = ask(port, path, jar)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found, page[:500]
    once = re.search(r'name="once" value="([\w-]+)"', page)
    return ask(port, path, jar, {"csrfmiddlewaretoken": found[1], "once": once[1] if once else "", **form})


def test_two_web_processes_and_two_workers_behind_a_pool_are_one_house(tmp_path: Path) -> None:
    with ExitStack() as stack:
        plain = stack.enter_context(fresh(tmp_path / "data"))
        pool = stack.enter_context(pooled(plain.database, tmp_path / "pool"))
        house = Installation(plain.folder, pool)
        done = house.say("migrate")
        assert done.returncode == 0, done.stderr
        first, second = free_port(), free_port()
        for port in (first, second):
            until_open(port, stack.enter_context(house.started("web", "--port", str(port))))
        workers = [stack.enter_context(house.started("worker")) for _ in range(2)]
        jar = CookieJar()
        status, page = sent(
            first,
            "/accounts/signup/",
            jar,
            name="Nora Whitfield",
            email="nora@larkspur.example",
            business="Larkspur",
            zone="",
        )
        assert status == 200 and "Nora" in page
        assert "Nora" in ask(second, "/b/larkspur/", jar)[1], "whoever came in by one is in at the other"
        for number in range(12):
            sent(
                (first, second)[number % 2],
                "/accounts/login/",
                CookieJar(),
                login="nora@larkspur.example",
                password="wrong",
            )
        _, page = sent(second, "/accounts/login/", CookieJar(), login="nora@larkspur.example", password="wrong")
        assert "Too many tries" in page, "tries are counted over both"
        until(lambda: "handsel_workers 2\n" in ask(first, "/metrics")[1], workers)
        until(lambda: ask(second, "/health/")[0] == 200, workers)
        figures = [ask(port, "/metrics")[1] for port in (first, second)]
        assert all("handsel_workers 2\n" in text for text in figures)
        names = {re.search(r'process="([^"]+)"', text)[1] for text in figures}  # type: ignore[index]
        assert len(names) == 2, "each counts for itself, by its name"
        assert house.say("check").returncode == 0
