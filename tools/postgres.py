"""A private PostgreSQL for tests: unprivileged, loopback, a free port, a folder of its own; gone at the end.

`python tools/postgres.py` starts one, prints its address and stops it when its standard input ends.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgres(Exception):
    """There is no PostgreSQL server program on this machine."""


def programs() -> Path:
    """The folder of initdb and postgres, the newest version. Raises NoPostgres."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: int(f.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres("PostgreSQL is not on this machine. As root: apt-get install postgresql-15")


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """A running server; gives its address, `postgresql://handsel@127.0.0.1:port/postgres`. durable: each commit is on
    the disk before it is answered, as in earnest; tests do without."""
    found = programs()
    folder = Path(tempfile.mkdtemp(prefix="handsel-postgres-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        _own(folder)
        data, port = folder / "cluster", free_port()
        _run(
            [
                found / "initdb",
                "-D",
                data,
                "-U",
                "handsel",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ]
        )
        server = _start(found, data, port, folder / "log", {} if durable else _FAST)
        _wait(server, port, folder / "log")
        yield f"postgresql://handsel@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(found: Path, data: Path, port: int, log: Path, more: dict[str, str]) -> subprocess.Popen[bytes]:
    usual = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "60"}
    settings = {**usual, "port": str(port), **more}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with log.open("wb") as out:
        return subprocess.Popen(
            [*_going_with_us(), *_as_nobody(), found / "postgres", "-D", data, *options],
            stdout=out, stderr=out, cwd="/", start_new_session=True,
        )  # fmt: skip


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0 and "ready to accept" in log.read_text():
                return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, by the id that we started; under setpriv the id stays the server's own."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=15)


def _unprivileged() -> str:
    """The account that the server runs as where we are root: initdb refuses root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    account = pwd.getpwnam(_unprivileged())
    given_up = [
        "--clear-groups",
        "--pdeathsig",
        "INT",
    ]  # a change of account takes the signal back, so it is asked again
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", *given_up]


def _going_with_us() -> list[str]:
    """Where we are killed, the server shuts down by itself (prctl(2), PR_SET_PDEATHSIG)."""
    return ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        account = pwd.getpwnam(_unprivileged())
        os.chown(folder, account.pw_uid, account.pw_gid)


def _run(command: list[object]) -> None:
    done = subprocess.run([*_as_nobody(), *map(str, command)], cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    with cluster() as address:
        print(address, flush=True)
        sys.stdin.read()
