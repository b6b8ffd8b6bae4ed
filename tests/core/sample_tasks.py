"""Tasks for the tests of jobs, importable by a worker process."""

import time
from pathlib import Path

from handsel.core.jobs import task

ran: list[str] = []


@task
def note(word: str) -> None:
    ran.append(word)


@task
def fail() -> None:
    raise ValueError("as it was told")


@task
def wait_for(begun: str, go_on: str) -> None:
    Path(begun).touch()
    while not Path(go_on).exists():
        time.sleep(0.02)


@task
def add_line(file: str, line: str) -> None:
    with Path(file).open("a") as lines:
        lines.write(f"{line}\n")
