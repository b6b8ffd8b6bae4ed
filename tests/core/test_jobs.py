"""A task survives its worker, a failing one is tried again and then shown, what comes round comes round once."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from handsel.core import jobs
from handsel.core.checks import all_checks
from handsel.core.keys import new_key
from handsel.core.models import Periodic, WorkerBeat
from tests.core import sample_tasks
from tests.core.processes import working


@pytest.fixture(autouse=True)
def _nothing_ran() -> None:
    sample_tasks.ran.clear()


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    own: dict[str, Any] = {}
    monkeypatch.setattr(jobs, "_rounds", own)
    yield own


@pytest.mark.django_db
def test_what_is_enqueued_runs_once() -> None:
    sample_tasks.note.enqueue("a")
    assert jobs.run_once() >= 1
    jobs.run_once()
    assert sample_tasks.ran == ["a"]


@pytest.mark.django_db(transaction=True)
def test_a_task_of_a_rolled_back_act_never_runs() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sample_tasks.note.enqueue("a")
        raise ZeroDivisionError
    jobs.run_once()
    assert sample_tasks.ran == []


@pytest.mark.django_db
def test_a_failing_task_is_tried_again_with_growing_pauses_and_then_stuck() -> None:
    sample_tasks.fail.enqueue()
    now, pauses = timezone.now(), []
    for _ in range(jobs.MOST_RUNS):
        with time_machine.travel(now, tick=False):
            jobs.run_once()
        row = DBTaskResult.objects.get()
        pauses.append(round((row.run_after - now).total_seconds()) if row.status == TaskResultStatus.READY else None)
        now = max(row.run_after, now)
    assert pauses == [10, 60, 300, 1500, None]
    assert [row.id for row in jobs.stuck()] == [row.id]
    assert list(all_checks()["jobs"]()) == ["The job fail is stuck after 5 tries."]


@pytest.mark.django_db
def test_a_person_can_have_a_stuck_task_tried_again() -> None:
    key = sample_tasks.note.enqueue("again").id
    DBTaskResult.objects.update(status=TaskResultStatus.FAILED, worker_ids=["x"] * 5)
    assert jobs.try_again(key)
    jobs.run_once()
    assert sample_tasks.ran == ["again"]
    assert not jobs.try_again(key)


@pytest.mark.django_db
def test_a_task_of_a_silent_worker_runs_again_and_that_of_a_living_one_does_not() -> None:
    sample_tasks.note.enqueue("lost")
    sample_tasks.note.enqueue("held")
    living = WorkerBeat.objects.create(name="alive")
    rows = {row.args_kwargs["args"][0]: row for row in DBTaskResult.objects.all()}
    rows["lost"].claim(str(new_key()))
    rows["held"].claim(str(living.id))
    jobs.run_once()
    assert sample_tasks.ran == ["lost"]


@pytest.mark.django_db
def test_a_task_that_kills_its_worker_each_time_is_stuck_in_the_end() -> None:
    sample_tasks.note.enqueue("deadly")
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=[str(new_key())] * jobs.MOST_RUNS)
    jobs.run_once()
    assert sample_tasks.ran == []
    assert "stopped in the middle" in jobs.stuck().get().traceback


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_task_loses_nothing(tmp_path: Path) -> None:
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    sample_tasks.wait_for.enqueue(str(begun), str(go_on))
    with working() as worker:
        _until(begun.exists)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert DBTaskResult.objects.get().status == TaskResultStatus.RUNNING
    go_on.touch()
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(seconds=61))
    jobs.run_once()
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


@pytest.mark.django_db(transaction=True)
def test_a_worker_told_to_stop_finishes_what_is_under_way(tmp_path: Path) -> None:
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    sample_tasks.wait_for.enqueue(str(begun), str(go_on))
    with working() as worker:
        _until(begun.exists)
        worker.send_signal(signal.SIGTERM)
        go_on.touch()
        assert worker.wait(timeout=20) == 0
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL
    assert not WorkerBeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_run_each_task_once(tmp_path: Path) -> None:
    for number in range(20):
        sample_tasks.add_line.enqueue(str(tmp_path / "lines"), str(number))
    with working() as one, working() as other:
        _until(lambda: DBTaskResult.objects.filter(status=TaskResultStatus.SUCCESSFUL).count() == 20)
        for worker in (one, other):
            worker.send_signal(signal.SIGTERM)
    assert sorted(map(int, (tmp_path / "lines").read_text().split())) == list(range(20))


@pytest.mark.django_db
def test_what_comes_round_comes_round_when_it_is_due(rounds: dict[str, Any]) -> None:
    came: list[int] = []
    jobs.periodic(every=timedelta(hours=1))(lambda: came.append(1))
    now = timezone.now()
    for hours, times in ((0, 1), (0.5, 1), (1.1, 2), (9, 3)):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            jobs.run_once()
        assert len(came) == times


@pytest.mark.django_db
def test_a_periodic_job_that_fails_comes_round_again_and_is_named(rounds: dict[str, Any]) -> None:
    def break_down() -> None:
        raise ValueError("no")

    jobs.periodic(every=timedelta(hours=1))(break_down)
    jobs.run_once()
    assert Periodic.objects.get().trouble == "ValueError: no"
    assert "failed last time: ValueError: no" in next(iter(all_checks()["jobs"]()))


@pytest.mark.django_db
def test_finished_tasks_are_forgotten_after_thirty_days() -> None:
    sample_tasks.note.enqueue("a")
    jobs.run_once()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        jobs.run_once()
    assert not DBTaskResult.objects.exists()


def test_a_loop_waits_for_a_database_that_is_away() -> None:
    from django.db import OperationalError

    stop, looks = threading.Event(), []

    def look() -> int:
        looks.append(1)
        if len(looks) == 1:
            raise OperationalError("away")
        stop.set()
        return 0

    loop = threading.Thread(target=jobs._forever, args=(stop, look, 0.0, 0.01))  # with connections of its own
    loop.start()
    loop.join(timeout=30)
    assert len(looks) == 2


def _until(true: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s; {os.getloadavg()}"
        time.sleep(0.02)
