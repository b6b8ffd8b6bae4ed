"""The group of `handsel run` on loopback, both engines: what it holds in memory while idle (goal 250 MB, hope 150), how
long until it answers again after its web process was killed (goal 2 s), and how long an entry takes at eight connections
at once, each with a one-time key (goal p99 105 ms): `python bench/group.py [ENTRIES OF EACH]`.
"""

import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from engines import ROOT, on_both

# In the environment, because each engine is a process of its own.
os.environ.setdefault("BENCH_EACH", " ".join(sys.argv[1:]) or "60")
THREADS, EACH = 8, int(os.environ["BENCH_EACH"])


def measure() -> None:
    from django.db import connections

    story = _story()
    connections.close_all()
    from tools.postgres import free_port

    port = free_port()
    env = {k: v for k, v in os.environ.items() if k != "HANDSEL_ADDRESS"}
    with tempfile.TemporaryFile() as log:
        group = subprocess.Popen([sys.executable, "-m", "handsel", "run", "--port", str(port)], env=env, cwd=ROOT,
                                 stdout=log, stderr=log, start_new_session=True)  # fmt: skip
        try:
            _measure(group.pid, port, story)
        finally:
            group.send_signal(signal.SIGTERM)
            group.wait()


def _measure(parent: int, port: int, story: dict[str, list[str]]) -> None:
    print(f"answers after {_until_it_answers(port):.1f} s")
    time.sleep(8)
    _say_memory("idle", parent)
    times = sorted(_log_at_once(port, story))
    print(f"an entry at {THREADS} connections, {len(times)} in all: p50 {statistics.median(times):.0f} ms, "
          f"p95 {times[int(len(times) * 0.95)]:.0f} ms, p99 {times[int(len(times) * 0.99)]:.0f} ms (goal 105)")  # fmt: skip
    time.sleep(8)
    _say_memory("idle again", parent)
    again = []
    for _ in range(5):
        _kill_web(parent)
        again.append(_until_it_answers(port))
        time.sleep(6)
    print(
        f"answers again after its web process was killed: {', '.join(f'{s:.1f}' for s in again)} s (goal 2)", flush=True
    )


def _story() -> dict[str, list[str]]:
    """A business with signed terms; a token for each connection."""
    from handsel.people.actions import create_token
    from handsel.people.rules import SCOPES, new_token
    from tests.stories import TODAY, signed_engagement, usual_terms

    told = signed_engagement(agreed=usual_terms(TODAY() - timedelta(days=1000)))
    tokens = []
    for n in range(THREADS):
        secret, kept = new_token()
        create_token(told.provider, f"connection {n}", tuple(SCOPES), 90, kept)
        tokens.append(secret)
    return {"tokens": tokens, "engagement": [str(told.engagement.id)]}


def _until_it_answers(port: int) -> float:
    began = time.monotonic()
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/accounts/login/")
            if connection.getresponse().status == 200:
                return time.monotonic() - began
        except OSError:
            time.sleep(0.02)


# ---------------------------------------------------------------- entries


def _log_at_once(port: int, story: dict[str, list[str]]) -> list[float]:
    times: list[float] = []
    loads = [threading.Thread(target=_log, args=(port, token, story["engagement"][0], n, times))
             for n, token in enumerate(story["tokens"])]  # fmt: skip
    for load in loads:
        load.start()
    for load in loads:
        load.join()
    return times


def _log(port: int, token: str, engagement: str, number: int, times: list[float]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for n in range(EACH):
        day = date.today() - timedelta(days=1 + number * 100 + n)
        body = json.dumps({"engagement_id": engagement, "work_day": str(day), "seconds": 600})
        key = str(uuid4())
        while True:
            began = time.perf_counter()
            connection.request("POST", "/api/v1/lines", body, {
                "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key,
            })  # fmt: skip
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 429:
                break
            time.sleep(float(answer.headers.get("Retry-After", "1")))
        assert answer.status == 201, said
        if n > 2:
            times.append((time.perf_counter() - began) * 1000)


# ---------------------------------------------------------------- processes


def _say_memory(when: str, parent: int) -> None:
    """RSS counts what processes share once for each of them, PSS once in all."""
    found = [(_command(pid), _kb(pid, "Rss") / 1024, _kb(pid, "Pss") / 1024) for pid in _tree(parent)]
    each = ", ".join(f"{command} {rss:.0f}" for command, rss, _ in found)
    print(
        f"memory, {when}: RSS {sum(r for _, r, _ in found):.0f} MB (goal 250), PSS {sum(p for *_, p in found):.0f} MB; {each}"
    )


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child))


def _command(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    known = [word for word in words if word in ("run", "web", "worker")]
    return known[0] if known else "server"


def _kb(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _kill_web(parent: int) -> None:
    for pid in _tree(parent):
        if pid != parent and _command(pid) == "web":
            os.kill(pid, signal.SIGKILL)
            return
    raise AssertionError("there is no web process")


if __name__ == "__main__":
    on_both(str(Path(__file__)), measure)
