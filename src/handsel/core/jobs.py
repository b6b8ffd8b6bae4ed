"""Background work: tasks that outlive the request, and jobs that come round.

django-tasks-db keeps the tasks in the database, in the action's own transaction. Here is what it lacks: a lease (a
task of a worker that fell silent is ready again), retries with growing pauses, periodic jobs. A task may therefore run
twice: it must come to the same. After `MOST_RUNS` it is stuck, and shown.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import Error, IntegrityError, close_old_connections, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from handsel.core import (
    checks,
    letters,  # noqa: F401 - it registers the sender of mail
    outbox,
    writes,
)
from handsel.core.models import Periodic, WorkerBeat

__all__ = ["MOST_RUNS", "periodic", "run_once", "run_worker", "stuck", "task", "try_again"]

Row = DBTaskResult[..., Any]
log = logging.getLogger(__name__)

MOST_RUNS = 5
_BEAT_SECONDS = 10.0
_IDLE_SECONDS = (0.2, 1.0)  # shortest and longest pause between two looks
_PAUSES = (10, 60, 300, 1500)  # seconds before the second, third … run


@dataclass(frozen=True)
class _Round:
    """A periodic job: its name, how often, and what to call."""

    every: timedelta
    call: Callable[[], object]


_rounds: dict[str, _Round] = {}


def periodic(*, every: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Declare a function of a room's `tasks.py` that comes round: at most one worker runs it at a time, so often."""

    def declare(call: Callable[[], object]) -> Callable[[], object]:
        _rounds[f"{call.__module__}.{call.__qualname__}"] = _Round(every, call)
        return call

    return declare


def stuck() -> QuerySet[Row]:
    """Tasks that nobody tries any more, the newest first."""
    return DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).order_by("-finished_at")


def try_again(task_id: UUID) -> bool:
    """A person's wish: a stuck task runs from its first try on; False where it is not stuck."""
    fresh = {"status": TaskResultStatus.READY, "worker_ids": [], "run_after": timezone.now()}
    return bool(stuck().filter(pk=task_id).update(**fresh))


# ---------------------------------------------------------------- the worker


def run_worker(stop: threading.Event) -> None:
    """Work until `stop` is set; what is under way is finished first. Mail has a thread of its own, so that a long
    import does not hold it up."""
    find_jobs()
    worker = WorkerBeat.objects.create(name=f"{socket.gethostname()}:{os.getpid()}")
    beside = [
        threading.Thread(target=_forever, args=(stop, _beat(worker.id), _BEAT_SECONDS, _BEAT_SECONDS), name="beats"),
        threading.Thread(target=_forever, args=(stop, _sending(worker.id), *_IDLE_SECONDS), name="outbox"),
    ]
    for thread in beside:
        thread.start()
    _forever(stop, lambda: run_rounds() + run_tasks(worker.id, most=1), *_IDLE_SECONDS)
    for thread in beside:
        thread.join()
    WorkerBeat.objects.filter(pk=worker.id).delete()


def run_once() -> int:
    """Do everything that is due now, here; gives how much was done. Tests and the sample business use it."""
    find_jobs()
    worker = WorkerBeat.objects.create(name="once")
    resting: dict[str, Any] = {}
    done = 0
    try:
        while step := run_rounds() + run_tasks(worker.id) + outbox.send_due(worker.id, resting):
            done += step
    finally:
        WorkerBeat.objects.filter(pk=worker.id).delete()
    return done


def find_jobs() -> None:
    """Import each room's `tasks.py`, which declares its periodic jobs."""
    for config in apps.get_app_configs():
        if config.name.startswith("handsel.") and find_spec(f"{config.name}.tasks"):
            import_module(f"{config.name}.tasks")


def _forever(stop: threading.Event, step: Callable[[], int], shortest: float, longest: float) -> None:
    """Repeat a step; while it finds nothing to do, the pauses grow. A database that is away is waited for."""
    pause = shortest
    while not stop.is_set():
        try:
            close_old_connections()
            pause = shortest if step() else min(pause * 1.5, longest)
        except Error:
            log.exception("the database did not answer; trying again")
            pause = longest
        stop.wait(pause)
    connections.close_all()


def _beat(worker_id: UUID) -> Callable[[], int]:
    def step() -> int:
        return WorkerBeat.objects.filter(pk=worker_id).update(beat_at=timezone.now())

    return step


def _sending(worker_id: UUID) -> Callable[[], int]:
    resting: dict[str, Any] = {}
    return lambda: outbox.send_due(worker_id, resting)


# ---------------------------------------------------------------- tasks


def run_tasks(worker_id: UUID, most: int | None = None) -> int:
    """Run what is ready, at most so many; gives how many ran."""
    _take_back()
    ran = 0
    while (most is None or ran < most) and (claimed := _claim(worker_id)):
        _run(claimed)
        ran += 1
    return ran


def _claim(worker_id: UUID) -> Row | None:
    ready = DBTaskResult.objects.ready()
    if not ready.exists():  # a read alone: on SQLite a write would take the only lock
        return None
    with writes.transaction_in_turn():
        found = ready.get_locked()
        if found is not None:
            found.claim(str(worker_id))
        return found


def _run(claimed: Row) -> None:
    try:
        result = claimed.task.call(*claimed.args_kwargs["args"], **claimed.args_kwargs["kwargs"])
        claimed.set_successful(result)
    except Exception as trouble:
        log.exception("task %s failed, run %d of %d", claimed.task_path, len(claimed.worker_ids), MOST_RUNS)
        _again_or_stuck(claimed, trouble)


def _again_or_stuck(claimed: Row, trouble: Exception) -> None:
    runs = len(claimed.worker_ids)
    claimed.set_failed(trouble)
    if runs < MOST_RUNS:
        again = timezone.now() + timedelta(seconds=_PAUSES[min(runs, len(_PAUSES)) - 1])
        DBTaskResult.objects.filter(pk=claimed.pk).update(status=TaskResultStatus.READY, run_after=again)


def _take_back() -> None:
    """Tasks of workers that fell silent are ready again, or stuck after too many runs."""
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    if not running.exists():
        return
    living = WorkerBeat.objects.filter(beat_at__gt=timezone.now() - outbox.SILENT).values_list("id", flat=True)
    alive = {str(key) for key in living}
    for lost in running:
        if not lost.worker_ids or lost.worker_ids[-1] not in alive:
            with writes.transaction_in_turn():
                _free(lost)


def _free(lost: Row) -> None:
    """Only if nobody else did so meanwhile."""
    held = DBTaskResult.objects.filter(pk=lost.pk, status=TaskResultStatus.RUNNING, worker_ids=lost.worker_ids)
    if len(lost.worker_ids) < MOST_RUNS:
        held.update(status=TaskResultStatus.READY, run_after=timezone.now())
    else:
        words = f"The worker stopped in the middle of it, {MOST_RUNS} times."
        held.update(status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback=words)


# ---------------------------------------------------------------- periodic jobs


def run_rounds() -> int:
    """Run each periodic job that is due; a job that fails comes round again, and its trouble is kept."""
    ran = 0
    for name, job in _rounds.items():
        if _claim_round(name, job.every):
            _run_round(name, job)
            ran += 1
    return ran


def _claim_round(name: str, every: timedelta) -> bool:
    """Whoever moves `next_at` runs the job. A job that was never seen is due at once."""
    now = timezone.now()
    known = Periodic.objects.filter(name=name).first()
    if known is not None and known.next_at > now:
        return False
    with writes.transaction_in_turn():
        if known is not None:
            taken = Periodic.objects.filter(name=name, next_at=known.next_at)
            return bool(taken.update(next_at=now + every, last_at=now))
        try:
            with transaction.atomic():
                Periodic.objects.create(name=name, next_at=now + every, last_at=now)
        except IntegrityError:  # another worker was faster
            return False
        return True


def _run_round(name: str, job: _Round) -> None:
    trouble = ""
    try:
        job.call()
    except Exception as error:
        log.exception("periodic job %s failed", name)
        trouble = f"{type(error).__name__}: {error}"
    Periodic.objects.filter(name=name).exclude(trouble=trouble).update(trouble=trouble)


def _stuck_jobs() -> list[str]:
    tasks = [f"The job {lost.task_name} is stuck after {MOST_RUNS} tries." for lost in stuck()]
    rounds = Periodic.objects.exclude(trouble="").order_by("name")
    return tasks + [f"The periodic job {job.name} failed last time: {job.trouble}" for job in rounds]


checks.register("jobs", _stuck_jobs)
