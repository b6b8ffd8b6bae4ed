"""Everything that must hold, in one run: form, types, floors, then the tests on SQLite and PostgreSQL and the journeys
in a browser, two processes at a time. `make test` calls it; `make test TEST="tests/work -k gate"` passes words on to pytest.

The sets of tests that ran on both engines must be equal, but for those marked `one_engine`.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT))

from tools import postgres  # noqa: E402

CHECKS = {
    "form (ruff format)": ["ruff", "format", "--check", "--quiet", "."],
    "lint (ruff)": ["ruff", "check", "--quiet", "."],
    "templates (djlint)": ["djlint", "--lint", "--quiet", "--profile=django", "--ignore=H006,H015,H020,H023,H026,H030,H031,T001",
                           "src/handsel"],
    "types (mypy)": ["mypy"],
    "floors (import-linter)": ["lint-imports", "--no-cache"],
}  # fmt: skip
_PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])  # where Debian keeps servers
NOTHING_COLLECTED = 5  # pytest's code
_printing, _choosing = threading.Lock(), threading.Lock()


@dataclass
class Run:
    """One run of pytest: its name, its words, the address of its database (none: SQLite)."""

    name: str
    words: list[str]
    database: str = ""
    may_be_empty: bool = False
    code: int = 0
    seconds: float = 0.0
    ended: dict[str, str] = field(default_factory=dict)
    one_engine: set[str] = field(default_factory=set)
    process: "subprocess.Popen[str] | None" = None

    def go(self) -> None:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="handsel-test-") as folder:
            ran = Path(folder) / "ran.json"
            command = [sys.executable, "-m", "pytest", "-p", "tools.ran", "-q", "--no-header", *self.words]
            with subprocess.Popen(
                command, cwd=ROOT, env=self._environment(folder, ran), stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True,
            ) as process:  # fmt: skip
                self.process = process
                assert process.stdout is not None
                for line in process.stdout:
                    say(f"{self.name:<22}| {line.rstrip()}")
            self.code = process.returncode
            self._read(json.loads(ran.read_text()) if ran.exists() else {})
        self.seconds = time.monotonic() - began
        if self.code == NOTHING_COLLECTED and self.may_be_empty:
            self.code = 0

    def _environment(self, folder: str, ran: Path) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDSEL_")}
        own = {"HANDSEL_DATA": folder, "HANDSEL_TESTS_RAN": str(ran), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
        return {**kept, **own, **({"HANDSEL_DATABASE_URL": self.database} if self.database else {})}

    def _read(self, written: dict[str, Any]) -> None:
        self.ended, self.one_engine = written.get("ended", {}), set(written.get("one_engine", []))

    @property
    def shared(self) -> set[str]:
        """What ran and is promised on both engines; a skipped test did not run."""
        return {test for test, end in self.ended.items() if end != "skipped"} - self.one_engine


def main() -> int:
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped and the runs are ended
    require_programs()
    words = sys.argv[1:]
    told = list((ROOT / "tests/journeys").glob("test_*.py"))  # stories that at least one must tell on both engines
    failed_checks = [] if words else run_checks()
    with postgres.cluster() as address:
        few = bool(words)
        both = [
            Run("SQLite", [*words, "-m", "not journey", "--durations=20"], may_be_empty=few),
            Run("PostgreSQL", [*words, "-m", "not journey", "--durations=20"], address, may_be_empty=few),
        ]
        journeys = [
            Run("journeys, SQLite", [*words, "-m", "journey and not every_page"], may_be_empty=few),
            Run("every page, SQLite", [*words, "-m", "every_page"], may_be_empty=few),
            Run("journeys, PostgreSQL", [*words, "-m", "both_engines"], address, may_be_empty=few or not told),
        ]
        two_at_a_time([*both, *journeys])
    return summary(failed_checks, both, journeys, time.monotonic() - began)


def require_programs() -> None:
    """PostgreSQL and Chromium: fetched by apt where we are root, else one sentence."""
    missing = []
    try:
        postgres.programs()
    except postgres.NoPostgres:
        missing.append("postgresql")
    missing += [program for program in ("chromium", "pgbouncer") if not shutil.which(program, path=_PLACES)]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"The tests need {' and '.join(missing)}. As root: {' '.join(command)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    subprocess.run(command, check=True, env=quiet)


def run_checks() -> list[str]:
    """Run every check, two at a time; gives the names of those that found something."""
    with ThreadPoolExecutor(2) as pool:
        return [name for name, fine in zip(CHECKS, pool.map(_check, CHECKS), strict=True) if not fine]


def _check(name: str) -> bool:
    program, *words = CHECKS[name]
    done = subprocess.run([BIN / program, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    say(f"{name}: {'fine' if done.returncode == 0 else 'FAILED'}")
    if done.returncode:
        say(done.stdout + done.stderr)
    return done.returncode == 0


def two_at_a_time(runs: list[Run]) -> None:
    """In their order; broken off, none begins and those under way are ended."""
    waiting, stopped = iter(runs), threading.Event()

    def one_after_another() -> None:
        while not stopped.is_set():
            with _choosing:
                run = next(waiting, None)
            if run is None:
                return
            run.go()

    threads = [threading.Thread(target=one_after_another) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    finally:
        stopped.set()
        for run in runs:
            if run.process is not None and run.process.poll() is None:
                run.process.terminate()


def say(line: str) -> None:
    with _printing:
        print(line, flush=True)


def summary(failed_checks: list[str], both: list[Run], journeys: list[Run], seconds: float) -> int:
    """Tests per engine, what differs, and a last line as pytest writes it."""
    print()
    for run in (*both, *journeys):
        print(f"{run.name:<22} {len(run.ended):>5} tests, {len(run.shared):>5} for both engines, {run.seconds:6.1f} s")
    sqlite, postgresql = both
    for engine, other in ((sqlite, postgresql), (postgresql, sqlite)):
        for test in sorted(engine.shared - other.shared):
            print(f"ran on {engine.name} only: {test}")
    for name in failed_checks:
        print(f"FAILED {name}")
    unequal = sqlite.shared != postgresql.shared
    if unequal:
        print("FAILED The two engines did not run the same tests.")
    fine = not failed_checks and not unequal and all(run.code == 0 for run in (*both, *journeys))
    print(last_line([*both, *journeys], seconds))
    return 0 if fine else 1


def last_line(runs: list[Run], seconds: float) -> str:
    """The sum over all runs in the words of pytest."""
    counts = Counter(end for run in runs for end in run.ended.values())
    counts["error"] += sum(1 for run in runs if run.code and not {"failed", "error"} & set(run.ended.values()))
    shown = [f"{counts[end]} {end}" for end in ("failed", "passed", "skipped", "error") if counts[end]]
    return f" {', '.join(shown) or 'no tests ran'} in {seconds:.2f}s ".center(100, "=")


if __name__ == "__main__":
    sys.exit(main())
