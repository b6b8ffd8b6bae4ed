"""The parent of web and worker: starts both, starts either again when it ends, ends both when it is told to."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

from handsel.cli.serving import as_parent

_LOOK_SECONDS = 0.1
_YOUNG_SECONDS = 5.0  # a child that ends earlier than this failed to start
_LONGEST_PAUSE = 5.0
_PATIENCE_SECONDS = 15.0  # for what is under way; then the child is killed, and its lease runs out


@dataclass
class Child:
    """One process under the parent. early_ends: how often in a row it ended right after its start."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    early_ends: int = 0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, env=as_parent())  # noqa: S603 - our own program
        self.started = time.monotonic()

    def watch(self, now: float) -> None:
        """Start it again where it ended: at once, or after a growing pause where it ends again and again."""
        if self.process is not None and self.process.poll() is not None:
            self.early_ends = self.early_ends + 1 if now - self.started < _YOUNG_SECONDS else 0
            pause = 0.0 if self.early_ends < 3 else min(0.5 * self.early_ends, _LONGEST_PAUSE)
            print(f"The {self.name} ended (code {self.process.returncode}); starting it again.", file=sys.stderr)  # noqa: T201
            self.process, self.not_before = None, now + pause
        if self.process is None and now >= self.not_before:
            self.start()


class Supervisor:
    """Runs the children until SIGTERM or SIGINT."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.children = [Child(name, command) for name, command in commands.items()]
        self.stopping = False

    def run(self) -> None:
        for sent in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sent, self._stop)
        try:
            while not self.stopping:
                for child in self.children:
                    child.watch(time.monotonic())
                time.sleep(_LOOK_SECONDS)
        finally:
            self._end_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.send_signal(signal.SIGTERM)
        end = time.monotonic() + _PATIENCE_SECONDS
        for process in running:
            try:
                process.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
