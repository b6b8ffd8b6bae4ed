"""The year under faults, seed by seed, on both engines: `python bench/faulty_year.py [FIRST [LAST [WEEKS]]]`.

Each seed plays on a fresh database, in a process of its own. Printed: what it met, how long it took, and every
sentence that names something that does not hold.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from engines import ROOT, on_both

# In the environment, because each engine is a process of its own.
os.environ.setdefault("BENCH_YEAR", " ".join((*sys.argv[1:4], *("1", "100", "8")[len(sys.argv) - 1 :])))
FIRST, LAST, WEEKS = (int(word) for word in os.environ["BENCH_YEAR"].split())
SEED = "HANDSEL_BENCH_SEED"


def measure() -> None:
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # a database is copied only while nobody uses it
    met: Counter[str] = Counter()
    bad, began = 0, time.monotonic()
    for seed in range(FIRST, LAST + 1):
        said = _one(seed)
        *sentences, figures = said.splitlines() or ["the process died"]
        bad += bool(sentences)
        print(f"seed {seed}: {figures}", *sentences, sep="\n  ", flush=True)
        for part in figures.partition(" s, ")[2].split(", "):
            number, _, name = part.partition(" × ")
            met[name] += int(number) if number.isdigit() else 0
    print(f"{LAST - FIRST + 1} seeds, {bad} with findings, {time.monotonic() - began:.0f} s; met: {dict(met)}")


def _one(seed: int) -> str:
    """What one seed prints, played on a copy of the database that was prepared."""
    with tempfile.TemporaryDirectory(prefix="handsel-year-") as folder:
        env = {**os.environ, SEED: str(seed), "HANDSEL_DATA": folder}
        if address := os.environ.get("HANDSEL_DATABASE_URL"):
            env["HANDSEL_DATABASE_URL"] = _copy(address, f"year_{seed}")
        else:
            source = Path(os.environ["HANDSEL_DATA"], "handsel.sqlite3")
            subprocess.run(["sqlite3", source, "PRAGMA wal_checkpoint(TRUNCATE)"], check=False, capture_output=True)
            for file in source.parent.glob("handsel.sqlite3*"):
                shutil.copy(file, folder)
        done = subprocess.run([sys.executable, __file__], env=env, cwd=ROOT, capture_output=True, text=True,
                              check=False)  # fmt: skip
        if address:
            _statement(address, f"DROP DATABASE IF EXISTS year_{seed} WITH (FORCE)")
    return (
        done.stdout.strip() if done.returncode == 0 else f"{done.stderr.strip()[-1500:]}\nended with {done.returncode}"
    )


def _copy(address: str, name: str) -> str:
    parts = urlsplit(address)
    _statement(address, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _statement(address, f"CREATE DATABASE {name} TEMPLATE {parts.path.strip('/')}")
    return urlunsplit(parts._replace(path=f"/{name}"))


def _statement(address: str, sql: str) -> None:
    import psycopg

    with psycopg.connect(urlunsplit(urlsplit(address)._replace(path="/template1")), autocommit=True) as line:
        line.execute(sql.encode())


def play() -> None:
    """One seed, here and now; the last line is the figures, what stands before it does not hold."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handsel.config.settings")
    import django

    django.setup()
    from tests.year.playing import play as played

    began = time.monotonic()
    found, broken = played(int(os.environ[SEED]), WEEKS)
    print(*broken, sep="\n")
    print(f"{time.monotonic() - began:.0f} s,", ", ".join(f"{n} × {name}" for name, n in sorted(found.met.items())))


if __name__ == "__main__":
    if os.environ.get(SEED):
        play()
    else:
        on_both(__file__, measure)
