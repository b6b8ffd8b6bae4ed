"""Pages at many rows: `python bench/scale.py [ENTRIES ...]`, 1000, 10000 and 100000 where none is named; a million is 1000000.
BENCH_ONLY: a pattern of the pages to measure.

For each size one business with so many entries and a tenth as many conversations (`bulk.py`). Printed per page: median
and 95th percentile, the latter against the smallest size (goal 1.2 at 100,000, 1.3 at a million) and the median against
a signed-in view that only loads its actor (goal 30 for a list of 50 rows), HTML (goal 100 kB), SQL statements, and the
slowest of them. ×best: the quickest of all calls against that of the smallest size, which a busy machine disturbs least.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import bulk
from engines import ROOT, on_both

# In the environment, because each engine is a process of its own.
os.environ.setdefault("BENCH_SIZES", " ".join(sys.argv[1:]) or "1000 10000 100000")
SIZES = [int(word) for word in os.environ["BENCH_SIZES"].split()]
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
SIZE = "HANDSEL_BENCH_SIZE"


def measure() -> None:
    if os.environ.get(SIZE):
        _one_size(int(os.environ[SIZE]))
        return
    from django.db import connection

    _story()
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # a database is copied only while nobody uses it
    found: dict[int, dict[str, dict[str, float]]] = {}
    for size in SIZES:
        found[size] = _apart(size)
        _print(size, found[size], found[SIZES[0]])


def _story() -> None:
    from django.utils import timezone

    from handsel.sample.story import tell_story

    tell_story(timezone.now().date())


def _apart(size: int) -> dict[str, dict[str, float]]:
    """What a process measures on a copy of the business that was told."""
    from urllib.parse import urlsplit, urlunsplit

    source = Path(os.environ["HANDSEL_DATA"])
    folder = source.parent / f"{source.name}-{size}"
    env = {**os.environ, SIZE: str(size), "HANDSEL_DATA": str(folder)}
    shutil.copytree(source, folder)
    address = os.environ.get("HANDSEL_DATABASE_URL")
    if address:
        parts = urlsplit(address)
        _statement(urlunsplit(parts._replace(path="/template1")),
                   f"CREATE DATABASE size_{size} TEMPLATE {parts.path.strip('/')}")  # fmt: skip
        env["HANDSEL_DATABASE_URL"] = urlunsplit(parts._replace(path=f"/size_{size}"))
    try:
        done = subprocess.run(
            [sys.executable, __file__], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        *said, figures = done.stdout.splitlines()
        print(*said[1:], sep="\n", flush=True)
        return json.loads(figures)
    finally:
        shutil.rmtree(folder)
        if address:
            _statement(address, f"DROP DATABASE size_{size} WITH (FORCE)")


def _statement(address: str, sql: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql)


# ---------------------------------------------------------------- one size


def _one_size(size: int) -> None:
    from django.conf import settings
    from django.core.cache import cache
    from django.test import Client
    from django.urls import include, path

    from handsel.people.entrance import for_member
    from tests.stories import log_in

    begin = time.perf_counter()
    slug = bulk.stretched(size)
    print(f"{size:,} entries made in {time.perf_counter() - begin:.0f} s: {bulk.said()}", flush=True)
    urls = type("urls", (), {"urlpatterns": [
        path("b/<slug:slug>/actor/", for_member(lambda request, actor: _only(actor))), path("", include(settings.ROOT_URLCONF)),
    ]})  # fmt: skip
    settings.ROOT_URLCONF = urls
    settings.ALLOWED_HOSTS = ["*"]
    cast = bulk.cast(slug)
    clients = {side: log_in(Client(), actor) for side, actor in cast.items()}
    figures = {}
    only = re.compile(os.environ.get("BENCH_ONLY", ""))
    for name, side, url in pages(slug, clients):
        if name != "only the actor" and not only.search(name):
            continue
        cache.clear()
        figures[name] = _page(clients[side], url)
    print(json.dumps(figures), flush=True)


def _only(actor: object) -> object:
    from django.http import HttpResponse

    return HttpResponse(str(actor))


def pages(slug: str, clients: dict[str, object]) -> list[tuple[str, str, str]]:
    """Name, who opens it, address."""
    e = bulk.busiest_engagement(slug)
    conversation, sheet, last = bulk.some(slug)
    b, far, before = f"/b/{slug}", bulk.pages_behind(slug), bulk.number_behind(slug, e)
    return [
        ("only the actor", "owner", f"{b}/actor/"),
        ("home", "owner", f"{b}/"),
        ("home, provider", "provider", f"{b}/"),
        ("timesheets", "owner", f"{b}/work/"),
        ("timesheets, waiting", "owner", f"{b}/work/?show=waiting"),
        ("timesheets, page 20", "owner", f"{b}/work/?page={min(20, far[0])}"),
        ("timesheets, provider", "provider", f"{b}/work/"),
        ("one timesheet", "owner", f"{b}/timesheets/{sheet}/"),
        ("the week", "provider", f"{b}/work/{e}/week/"),
        ("mail", "owner", f"{b}/mail/"),
        ("mail, needs a reply", "owner", f"{b}/mail/?show=needs-reply"),
        ("mail, done", "owner", f"{b}/mail/?show=done"),
        ("mail, searched", "owner", f"{b}/mail/?q=candle"),
        ("mail, searched in vain", "owner", f"{b}/mail/?q=xylophone"),
        ("mail, page 20", "owner", f"{b}/mail/?page={min(20, far[1])}"),
        ("mail, last pages", "owner", f"{b}/mail/?page={far[1]}"),
        ("one conversation", "owner", f"{b}/mail/conversations/{conversation}/"),
        ("search, frequent", "owner", f"{b}/search/?q={bulk.FREQUENT}"),
        ("search, rare", "owner", f"{b}/search/?q={bulk.RARE}"),
        ("search, no hit", "owner", f"{b}/search/?q=xylophone"),
        ("search, frequent, provider", "provider", f"{b}/search/?q={bulk.FREQUENT}"),
        ("talk", "owner", f"{b}/talk/"),
        ("timeline", "owner", f"{b}/talk/{e}/"),
        ("timeline, further", "owner", f"{b}/talk/{e}/?before={before}"),
        ("timeline of one sort", "owner", f"{b}/talk/{e}/?sort=money"),
        ("engagement", "owner", f"{b}/engagements/{e}/"),
        ("steps", "owner", f"{b}/engagements/{e}/steps/"),
        ("agreements", "owner", f"{b}/agreements/"),
        ("ledger", "owner", f"{b}/ledger/{e}/"),
        ("ledger, page 20", "owner", f"{b}/ledger/{e}/?page={min(20, far[2])}"),
        ("movements", "owner", f"{b}/ledger/{e}/movements/"),
        ("payments", "owner", f"{b}/payments/"),
        ("payments, provider", "provider", f"{b}/payments/"),
        ("history", "owner", f"{b}/history/"),
        ("history, further", "owner", f"{b}/history/?before={last // 2}"),
        ("notices", "owner", f"{b}/notices/"),
        ("figures", "owner", f"{b}/figures/"),
        *bulk.api_pages(slug, e),
    ]


def _page(client, url: str) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    begun = time.perf_counter()
    answer = client.get(url, **bulk.headers(url))
    while time.perf_counter() - begun < 1:
        answer = client.get(url, **bulk.headers(url))
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    with CaptureQueriesContext(connection) as caught:
        client.get(url, **bulk.headers(url))
    statements = len(caught)
    slowest = max(caught.captured_queries, key=lambda q: float(q["time"]), default={"time": "0", "sql": ""})
    times, begun = [], time.perf_counter()
    while len(times) < ROUNDS and time.perf_counter() - begun < 20:
        begin = time.perf_counter()
        client.get(url, **bulk.headers(url))
        times.append((time.perf_counter() - begin) * 1000)
    times.sort()
    return {
        "status": answer.status_code, "p50": statistics.median(times), "best": times[0], "p95": times[int(len(times) * 0.95) - 1],
        "kb": len(body) / 1000, "statements": statements, "slowest": float(slowest["time"]) * 1000,
        "sql": re.sub(r"\s+", " ", slowest["sql"])[:90],
    }  # fmt: skip


def _print(size: int, found: dict[str, dict[str, float]], least: dict[str, dict[str, float]]) -> None:
    view = found["only the actor"]["p50"]
    print(f"{size:,} entries" + " " * 14 + "   p50 ms  p95 ms  ×least   ×best  ×actor      kB  SQL  slowest statement")
    for name, f in found.items():
        ratio, best = (f[part] / least[name][part] for part in ("p95", "best"))
        wrong = "" if f["status"] == 200 else f"  [{f['status']}]"
        print(f"{name:28}{f['p50']:9.1f}{f['p95']:8.1f}{ratio:8.2f}{best:8.2f}{f['p50'] / view:8.1f}{f['kb']:8.1f}{f['statements']:5}"
              f"  {f['slowest']:.0f} ms{' ' + f['sql'] if f['slowest'] > 10 else ''}{wrong}", flush=True)  # fmt: skip


_: Callable[[], None] = measure

if __name__ == "__main__":
    on_both(__file__, measure)
