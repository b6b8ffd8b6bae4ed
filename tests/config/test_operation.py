"""Health and figures: for programs, cheap, without a log-in and without a secret."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from handsel.core import guards, outbox, writes
from handsel.core.keys import new_key
from handsel.core.models import WorkerBeat
from handsel.front.operation import health
from tests.stories import SubmittedWeek, log_in

TOKEN = "a-token-of-the-monitoring"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}
_SAMPLE = re.compile(
    r'([a-z_]+)(?:\{([a-z_]+="(?:[^"\\\n]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\\n]|\\["\\n])*")*)\})? (-?\d+(?:\.\d+)?(?:e-?\d+)?)'
)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test asks anew what is otherwise remembered for a minute."""
    fresh = {
        "database": health._database,
        "worker": health._worker,
        "guards": health._once_a_minute(health._guards),
        "migrations": health._once_a_minute(health._migrations),
    }
    monkeypatch.setattr(health, "_QUESTIONS", fresh)


@pytest.fixture
def working(db: None) -> WorkerBeat:
    return WorkerBeat.objects.create(name="office:7")


# ---------------------------------------------------------------- health


def test_health_is_200_where_all_is_well(working: WorkerBeat) -> None:
    answer = Client().get("/health/")
    assert answer.status_code == 200
    parts = dict.fromkeys(("database", "worker", "guards", "migrations"), "well")
    assert answer.json() == {"status": "well", "parts": parts}
    assert "no-store" in answer["Cache-Control"]


def test_health_is_503_without_a_worker(db: None) -> None:
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()["parts"]["worker"]) == (503, "No worker runs.")


def test_health_is_503_while_the_worker_is_silent_and_well_again_with_its_next_beat(working: WorkerBeat) -> None:
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(minutes=3))
    answer = Client().get("/health/")
    assert answer.status_code == 503
    assert "silent for 180 seconds" in answer.json()["parts"]["worker"]
    WorkerBeat.objects.update(beat_at=timezone.now())
    assert Client().get("/health/").status_code == 200


def test_health_is_503_while_a_guard_is_missing(working: WorkerBeat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "missing", lambda asked: ["the_gate"])
    answer = Client().get("/health/")
    assert (answer.status_code, answer.json()["parts"]["guards"]) == (
        503, "The database has lost 1 of its guards. Run: handsel migrate",
    )  # fmt: skip


def test_health_is_503_while_the_database_is_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> str | None:
        raise DatabaseError("connection to 10.0.0.5 as shop refused")

    monkeypatch.setattr(health, "_QUESTIONS", {"database": away})
    answer = Client().get("/health/")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"database": "The database does not answer."}


def test_health_costs_two_queries_once_all_was_well(working: WorkerBeat, django_assert_max_num_queries: Any) -> None:
    Client().get("/health/")
    with django_assert_max_num_queries(2):
        assert Client().get("/health/").status_code == 200


def test_trouble_with_guards_is_asked_about_again_each_time() -> None:
    told = iter(["lost", "lost", None, "lost"])
    ask = health._once_a_minute(lambda: next(told))
    assert [ask(), ask(), ask(), ask(), ask()] == ["lost", "lost", None, None, None]


# ---------------------------------------------------------------- who reads the figures


def test_the_figures_are_for_this_machine(db: None) -> None:
    assert Client().get("/metrics").status_code == 200
    assert Client(**ELSEWHERE).get("/metrics").status_code == 404


def test_what_came_through_a_proxy_is_not_of_this_machine(db: None, settings: Any) -> None:
    forwarded = {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}
    assert Client(**forwarded).get("/metrics").status_code == 404
    settings.PROXIES = 1
    assert Client(HTTP_X_FORWARDED_FOR="203.0.113.9").get("/metrics").status_code == 404
    assert Client(HTTP_X_FORWARDED_FOR="127.0.0.1, 203.0.113.9").get("/metrics").status_code == 404


def test_a_token_opens_the_figures_from_elsewhere(db: None, settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    elsewhere = Client(**ELSEWHERE)
    assert elsewhere.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}").status_code == 200
    assert elsewhere.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}x").status_code == 404
    settings.METRICS_TOKEN = ""
    assert elsewhere.get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404


# ---------------------------------------------------------------- what they say


def figures() -> dict[str, float]:
    """The figures, read as strictly as Prometheus reads them."""
    text = Client().get("/metrics").content.decode()
    assert text.endswith("\n")
    found: dict[str, float] = {}
    kinds: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("#"):
            _, word, name, rest = line.split(" ", 3)
            assert word in {"HELP", "TYPE"}
            if word == "TYPE":
                assert name not in kinds
                kinds[name] = rest
            continue
        sample = _SAMPLE.fullmatch(line)
        assert sample, line
        assert any(sample[1] in {name, f"{name}_bucket", f"{name}_sum", f"{name}_count"} for name in kinds), line
        assert line.rpartition(" ")[0] not in found, line
        found[line.rpartition(" ")[0]] = float(sample[3])
    return found


def named(found: dict[str, float], name: str, *parts: str) -> list[float]:
    return [value for label, value in found.items() if label.startswith(name) and all(part in label for part in parts)]


def test_answers_are_counted_by_route_and_status_with_their_durations(week: SubmittedWeek) -> None:
    browser = log_in(Client(), week.owner)
    before = sum(named(figures(), "handsel_requests_total", 'route="front:home"', 'status="200"'))
    took = sum(named(figures(), "handsel_request_duration_seconds_count", 'way="page"'))
    for _ in range(3):
        browser.get(f"/b/{week.owner.slug}/")
    found = figures()
    assert sum(named(found, "handsel_requests_total", 'route="front:home"', 'status="200"')) == before + 3
    assert sum(named(found, "handsel_request_duration_seconds_count", 'way="page"')) >= took + 4
    ladder = named(found, "handsel_request_duration_seconds_bucket", 'way="page"')
    assert ladder == sorted(ladder) and len(ladder) == 12
    assert ladder[-1] == sum(named(found, "handsel_request_duration_seconds_count", 'way="page"'))


def test_no_address_and_no_slug_stands_in_the_figures(week: SubmittedWeek) -> None:
    browser = log_in(Client(), week.owner)
    browser.get(f"/b/{week.owner.slug}/")
    browser.get("/join/a-secret-of-somebody/")
    browser.get("/nothing/like/this/?token=secret")
    text = Client().get("/metrics").content.decode()
    for word in (week.owner.slug, "secret", "nothing", "/b/", "/join/"):
        assert word not in text
    assert 'route="people:join"' in text


def test_what_waits_to_leave_and_what_is_stuck_is_counted(week: SubmittedWeek, working: WorkerBeat) -> None:
    before = figures()['handsel_outbox{state="queued"}']
    with writes.migrating():
        outbox.queue("mail", business_id=None, about=new_key(), payload={})
    found = figures()
    assert found['handsel_outbox{state="queued"}'] == before + 1
    assert set(named(found, "handsel_tasks")) >= {0.0}
    assert found["handsel_workers"] == 1
    assert found['handsel_worker_silence_seconds{worker="office:7"}'] < 60
    assert found["handsel_database_bytes"] > 100_000


def test_the_figures_cost_six_queries(week: SubmittedWeek, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        Client().get("/metrics")


def test_a_name_with_quotes_and_lines_is_written_so_that_it_can_be_read(db: None) -> None:
    WorkerBeat.objects.create(name='a "strange"\nname\\')
    assert [v for k, v in figures().items() if r'worker="a \"strange\"\nname\\"' in k]


def test_each_answer_has_a_number_of_its_own_whatever_the_request_says(db: None) -> None:
    numbers = {Client().get("/health/", HTTP_X_REQUEST_ID="mine")["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3 and "mine" not in numbers
