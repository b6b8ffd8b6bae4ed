"""An entry logged, against a signed-in view that only loads its actor (the limit), in one run.

The goal is a ratio of at least 0.20. The entry has a one-time key, the overlap check, the gate, the other guards and
the trail. Statements per action are printed too.
"""

import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path
from engines import on_both

ROUNDS, EACH = 7, 60


def only_actor(request: HttpRequest, actor: object) -> HttpResponse:
    return HttpResponse(str(actor))


def measure() -> None:
    from django.conf import settings
    from django.test import Client

    from handsel.people.entrance import for_member
    from handsel.work.actions import Stint, log
    from tests.stories import TODAY, log_in, signed_engagement, usual_terms

    story = signed_engagement(agreed=usual_terms(TODAY() - timedelta(days=1000)))
    minutes = iter(range(100_000))

    @for_member
    def logged(request: HttpRequest, actor: object) -> HttpResponse:
        n = next(minutes)
        day = TODAY() - timedelta(days=1 + n // 90)
        start = datetime.fromisoformat(f"{day}T06:00:00+00:00") + timedelta(minutes=10 * (n % 90))
        log(
            actor,
            story.engagement.id,
            Stint("Customer mail", "", started_at=start, ended_at=start + timedelta(minutes=10)),
        )
        return HttpResponse("logged")

    urls = type("urls", (), {"urlpatterns": [
        path("b/<slug:slug>/actor/", for_member(only_actor)), path("b/<slug:slug>/log/", logged),
    ]})  # fmt: skip
    settings.ROOT_URLCONF = urls
    client = log_in(Client(), story.provider)
    slug = story.owner.slug
    view = lambda: client.get(f"/b/{slug}/actor/")  # noqa: E731
    entry = lambda: client.post(f"/b/{slug}/log/", {"once": f"key-{time.perf_counter_ns()}"})  # noqa: E731
    for _ in range(20):
        assert view().status_code == entry().status_code == 200
    rates = [(_rate(view), _rate(entry)) for _ in range(ROUNDS)]
    ratios = [e / v for v, e in rates]
    print(f"signed-in view that only loads its actor: {statistics.median(v for v, _ in rates):.0f} a second")
    print(f"entry logged: {statistics.median(e for _, e in rates):.0f} a second")
    print(f"ratio: median {statistics.median(ratios):.2f}, least {min(ratios):.2f}, most {max(ratios):.2f} (goal 0.20)")
    _statements(view, entry)


def _rate(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    for _ in range(EACH):
        call()
    return EACH / (time.perf_counter() - begin)


def _statements(view: Callable[[], object], entry: Callable[[], object]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for word, call in (("view", view), ("entry", entry)):
        with CaptureQueriesContext(connection) as caught:
            call()
        print(f"statements of one {word}: {len(caught)}")
        for query in caught.captured_queries:
            print("   ", " ".join(query["sql"].split())[:110])


if __name__ == "__main__":
    on_both(str(Path(__file__)), measure)
