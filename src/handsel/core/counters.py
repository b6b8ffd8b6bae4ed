"""What this process has answered so far, in numbers that only grow; each process counts for itself."""

import os
import socket
import threading
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram of durations, in seconds; what is above stands in the last box."""


@dataclass
class Durations:
    """How many answers took how long. boxes: one more than there are bounds; total: seconds."""

    boxes: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.boxes[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


_lock = threading.Lock()
_answers: Counter[tuple[str, str, int]] = Counter()
_durations: dict[str, Durations] = {}


def note(route: str, method: str, status: int, way: str, seconds: float) -> None:
    """One answer. route: its name in the map, never its address; way: page, api or other."""
    with _lock:
        _answers[route, method, status] += 1
        _durations.setdefault(way, Durations()).add(seconds)


def answers() -> dict[tuple[str, str, int], int]:
    """How many answers by route, method and status."""
    with _lock:
        return dict(_answers)


def durations() -> dict[str, Durations]:
    """How long they took, by way."""
    with _lock:
        return {way: Durations(list(kept.boxes), kept.total) for way, kept in _durations.items()}


def process_name() -> str:
    """Tells this process from the others of an installation."""
    return f"{socket.gethostname()}:{os.getpid()}"
