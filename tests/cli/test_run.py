"""`handsel run` is one group of processes: it comes back whole, and it goes whole."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.installation import Installation, children, everybody_under, free_port, fresh


@dataclass
class Running:
    installation: Installation
    process: "subprocess.Popen[str]"
    port: int


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with fresh(tmp_path_factory.mktemp("installation")) as installation:
        yield installation


@pytest.fixture(scope="module")
def running(installation: Installation) -> Iterator[Running]:
    """Started on a folder where nothing is yet; the tests of this file that leave it running share it, in order."""
    with started(installation) as running:
        yield running


@contextmanager
def started(installation: Installation) -> Iterator[Running]:
    port = free_port()
    with installation.started("run", "--port", str(port)) as process:
        until(lambda: answers(port) or process.poll() is not None)
        assert process.poll() is None, process.communicate()[0]
        yield Running(installation, process, port)


def test_it_prepares_the_database_and_says_where_it_is_open_and_how_to_begin(running: Running) -> None:
    said = running.process.stdout
    assert said is not None
    assert said.readline().startswith("Preparing the database, ")
    assert said.readline() == f"Handsel is open at http://127.0.0.1:{running.port} (Ctrl-C ends it).\n"
    assert "sample business" in said.readline()
    assert running.installation.say("check").returncode == 0


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_part_that_is_killed_leaves_no_orphan_and_is_back_within_half_a_second(running: Running, part: str) -> None:
    killed = children(running.process.pid)[part]
    left = everybody_under(killed)
    os.kill(killed, signal.SIGKILL)
    began = time.monotonic()
    until(lambda: children(running.process.pid).get(part, killed) != killed)
    assert time.monotonic() - began < 0.5
    until(lambda: not any(alive(process) for process in left))
    until(lambda: answers(running.port))


def test_a_second_one_in_the_same_folder_is_refused(running: Running) -> None:
    done = running.installation.say("run", "--port", str(free_port()))
    assert done.returncode == 1
    assert "Handsel is running in this folder." in done.stderr
    assert "stop the one that runs" in done.stderr


def test_ctrl_c_before_it_is_open_ends_it_with_a_plain_word(tmp_path: Path) -> None:
    with fresh(tmp_path) as nothing, nothing.started("run", "--port", str(free_port())) as process:
        assert process.stdout is not None and process.stdout.readline().startswith("Preparing the database, ")
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.strip() == "Ended."


def test_told_to_end_it_ends_whole(running: Running) -> None:
    left = everybody_under(running.process.pid)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=20) == 0
    assert not any(alive(process) for process in left)


def test_killing_the_parent_leaves_no_orphan_and_everything_free(installation: Installation) -> None:
    with started(installation) as killed:
        left = everybody_under(killed.process.pid)
        assert len(left) >= 3
        killed.process.kill()
        killed.process.wait()
        until(lambda: not any(alive(process) for process in left))
    with installation.started("run", "--port", str(killed.port)) as again:
        until(lambda: answers(killed.port))
        again.send_signal(signal.SIGINT)
        assert again.wait(timeout=20) == 0


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s"
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Whether a page comes: the log-in, which needs nothing but the database."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=10) as page:
            return bool(page.status == 200)
    except ConnectionError:
        return False
    except urllib.error.HTTPError:
        raise
    except urllib.error.URLError:
        return False


def alive(process: int) -> bool:
    """Running, and not only waiting to be fetched by whoever inherited it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
