"""The figures of an installation in the text form that Prometheus reads (exposition format 0.0.4).

What the database knows is the same from every process; what a process counts for itself carries its name.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from handsel.core import counters
from handsel.core.models import OutboxItem, WorkerBeat

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = dict[str, str]
_STATES = ("queued", "trying", "handed", "failed", "uncertain", "left", "sent")


@dataclass(frozen=True)
class Figure:
    """One name with its values. kind: counter, gauge or histogram; each value has a suffix, labels and a number."""

    name: str
    kind: str
    meaning: str
    values: Sequence[tuple[str, Labels, float]]


def text() -> str:
    """All of it; five SQL queries, each over an index or a handful of rows."""
    return "".join(map(_written, (*_of_this_process(), *_of_the_database())))


def _written(figure: Figure) -> str:
    lines = [f"# HELP {figure.name} {figure.meaning}", f"# TYPE {figure.name} {figure.kind}"]
    lines += [f"{figure.name}{suffix}{_labels(labels)} {_number(value)}" for suffix, labels, value in figure.values]
    return "\n".join(lines) + "\n"


def _labels(labels: Labels) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


# ---------------------------------------------------------------- this process


def _of_this_process() -> Iterable[Figure]:
    name = counters.process_name()
    yield Figure("handsel_requests_total", "counter", "Answers by route, method and status, of one web process.", [
        ("", {"process": name, "route": route, "method": method, "status": str(status)}, count)
        for (route, method, status), count in sorted(counters.answers().items())
    ])  # fmt: skip
    yield Figure("handsel_request_duration_seconds", "histogram", "How long answers took, of one web process.", [
        value for way, kept in sorted(counters.durations().items()) for value in _histogram(name, way, kept)
    ])  # fmt: skip


def _histogram(name: str, way: str, kept: counters.Durations) -> Iterable[tuple[str, Labels, float]]:
    labels = {"process": name, "way": way}
    up_to = list(accumulate(kept.boxes))
    for bound, count in zip((*map(str, counters.BOUNDS), "+Inf"), up_to, strict=True):
        yield "_bucket", {**labels, "le": bound}, count
    yield "_sum", labels, round(kept.total, 6)
    yield "_count", labels, up_to[-1]


# ---------------------------------------------------------------- the database


def _of_the_database() -> Iterable[Figure]:
    now = timezone.now()
    tasks = DBTaskResult.objects
    waiting = {"ready": TaskResultStatus.READY, "running": TaskResultStatus.RUNNING, "stuck": TaskResultStatus.FAILED}
    found = dict(tasks.filter(status__in=waiting.values()).values_list("status").annotate(Count("pk")).order_by())
    yield Figure("handsel_tasks", "gauge", "Background tasks that are ready, running, or stuck after their last try.", [
        ("", {"state": word}, found.get(status, 0)) for word, status in waiting.items()
    ])  # fmt: skip
    mails = dict(OutboxItem.objects.values_list("state").annotate(Count("pk")).order_by())
    yield Figure("handsel_outbox", "gauge", "What is to leave the house, by state.", [
        ("", {"state": state}, mails.get(state, 0)) for state in _STATES
    ])  # fmt: skip
    beats = list(WorkerBeat.objects.order_by("name").values_list("name", "beat_at"))
    yield Figure("handsel_workers", "gauge", "Workers that are on the list of the database.", [("", {}, len(beats))])
    yield Figure("handsel_worker_silence_seconds", "gauge", "How long ago each worker gave its last sign.", [
        ("", {"worker": name}, round(max(0.0, (now - beat).total_seconds()), 3)) for name, beat in beats
    ])  # fmt: skip
    yield Figure("handsel_database_bytes", "gauge", "Size of the database.", [("", {}, _database_bytes())])


def _database_bytes() -> int:
    if connection.vendor == "sqlite":
        file = settings.DATABASES["default"]["NAME"]
        return sum(os.stat(part).st_size for part in (f"{file}", f"{file}-wal") if Path(part).exists())  # noqa: PTH116
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    return int(size)
