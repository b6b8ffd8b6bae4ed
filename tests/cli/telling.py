"""Commands said in this process, on the database of the test: a new process, and a new database, cost seconds."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner, Result

from handsel.cli.main import main


def say(*words: object) -> Result:
    """One command, to its end; what no command expects comes out as the exception that it is."""
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def refused(done: Any, *parts: str) -> None:
    """It ended with code 1 and a sentence that holds these parts. done: a result of `say`, or a process that ended."""
    code = done.exit_code if isinstance(done, Result) else done.returncode
    said = f"{done.stdout}{done.stderr}"
    assert code == 1, said
    assert "Traceback" not in said
    for part in parts:
        assert part in said, said


def answered(*words: object, code: int = 0) -> dict[str, Any]:
    """The line for a program that a command gives with `--json`; it prints nothing else."""
    done = say(*words, "--json")
    assert done.exit_code == code, done.output
    (line,) = done.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found
