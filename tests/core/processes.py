"""Processes of Handsel beside a test, on the database of that test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent


def database_address() -> str:
    """The test's own database, as HANDSEL_DATABASE_URL names it."""
    made = connection.settings_dict
    if connection.vendor == "postgresql":
        return f"postgresql://{made['USER']}@{made['HOST']}:{made['PORT']}/{made['NAME']}"
    return f"sqlite://{made['NAME']}"


@contextmanager
def working(**variables: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker process; killed at the end if it still runs."""
    own = {"HANDSEL_DATABASE_URL": database_address(), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    process = subprocess.Popen([sys.executable, "-m", "handsel", "worker"], env={**os.environ, **own, **variables})
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
