"""Faults thrown into the year: every act that somebody does may meet one of them, drawn from a seed.

- A statement is refused (a full disk, a lost line), at any place of the act: nothing of it may remain; it is done again.
- The request is sent twice, one after the other or both at once, with one key: it happens once, with one result.
- Two people do the same at once: for what can be done once only, one of them is refused.
- The clock steps back or forth before the act: it is done, or refused and done again by the right clock.
- The worker dies in the middle of a task, or before or after the server's word on a mail.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any

import time_machine
from django.db import OperationalError, close_old_connections, connection, connections, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from handsel.core import actions, followers, jobs, outbox, trail
from handsel.core.actions import Run
from handsel.core.keys import new_key
from handsel.core.models import Chain, Event, OnceKey, OutboxItem, WorkerBeat
from handsel.sample.story import Stage
from handsel.values.refusals import Refusal

Outermost = Callable[[Run, Callable[..., Any], bool, Any, Any], Any]

MOST_STATEMENTS = 30
STEPS = (timedelta(minutes=-90), timedelta(seconds=-5), timedelta(minutes=20))
ONCE_ONLY = frozenset({
    "work.submit", "work.decide", "work.accept", "work.return_task", "work.reopen", "work.stop_timer",
    "agreements.sign", "agreements.pause", "agreements.resume", "mail.send_back", "mail.judge_practice",
    "payments.issue", "payments.record_payment", "people.accept_invitation", "proposals.consent", "handover.place_stage",
})  # fmt: skip
"""Acts of which the second one in the same breath is refused, or says nothing new (a signature)."""
ALONE = frozenset({"people.sign_up", "people.create_owner"})
"""They come before there is a person whose key could be known."""


class Killed(BaseException):
    """The worker's process is gone; nothing catches it."""


@dataclass
class Findings:
    """What the faults came to. broken: sentences that name what does not hold; empty where all is well."""

    met: Counter[str] = field(default_factory=Counter)
    recorded: Counter[str] = field(default_factory=Counter)  # verbs of acts that were done, as the acts tell it
    delivered: Counter[tuple[Any, str]] = field(default_factory=Counter)  # copies per mail and recipient
    broken: list[str] = field(default_factory=list)


class FaultyStage(Stage):
    """Plays the story with faults. share: of the acts that meet one."""

    def __init__(self, seed: int, share: float = 0.25) -> None:
        self.random = Random(f"faults {seed}")
        self.share = share
        self.found = Findings()
        self._outermost: Outermost = actions._outermost
        self._faults: tuple[tuple[str, Outermost], ...] = (
            ("a refused statement", self._refused_statement),
            ("sent twice", self._sent_twice),
            ("sent twice at once", self._sent_twice_at_once),
            ("two people at once", self._two_people),
            ("a stepping clock", self._stepping_clock),
        )

    @contextmanager
    def set_up(self) -> Iterator[Findings]:
        """While it is open, acts meet faults, and what is recorded and delivered is counted."""
        linked, run_task = trail.link, jobs._run
        actions._outermost = self._act
        jobs._run = self._run_task
        actions.trail.link = self._count(linked)  # type: ignore[attr-defined]
        try:
            yield self.found
        finally:
            actions._outermost = self._outermost  # type: ignore[assignment]
            jobs._run = run_task
            actions.trail.link = linked  # type: ignore[attr-defined]

    # ---------------------------------------------------------------- acts

    def _act(self, run: Run, body: Any, own_rows: bool, args: Any, kwargs: Any) -> Any:
        call = (run, body, own_rows, args, kwargs)
        if connection.in_atomic_block or run.name in ALONE or self.random.random() >= self.share:
            return self._outermost(*call)
        name, fault = self.random.choice(self._faults)
        self.found.met[name] += 1
        return fault(*call)

    def _refused_statement(self, run: Run, *call: Any) -> Any:
        """At a statement of the act the database gives up; then the act is done again."""
        left, before = [self.random.randrange(1, MOST_STATEMENTS)], state()

        def give_up(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise OperationalError("disk I/O error (a fault of the year)")
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(give_up):
                return self._outermost(fresh(run), *call)
        except OperationalError:
            if (after := state()) != before:
                self.found.broken.append(f"{run.name} was refused and left {differences(before, after)}.")
        return self._outermost(fresh(run), *call)

    def _sent_twice(self, run: Run, *call: Any) -> Any:
        """With one key; the second time gives the first result and changes nothing."""
        keyed = replace(run.actor, key=new_key().hex)
        first = self._outermost(fresh(run, keyed), *call)
        before = state()
        second = self._outermost(fresh(run, keyed), *call)
        if spelt(first) != spelt(second):
            self.found.broken.append(f"{run.name}, sent twice, gave {spelt(first)} and then {spelt(second)}.")
        if (after := state()) != before:
            self.found.broken.append(f"{run.name}, sent twice, changed {differences(before, after)}.")
        return first

    def _sent_twice_at_once(self, run: Run, *call: Any) -> Any:
        """As a double click does it: both come through with one result, or one is told to try again."""
        keyed = replace(run.actor, key=new_key().hex)
        before = events()
        results = at_once(lambda: self._outermost(fresh(run, keyed), *call))
        done = [result for result in results if not isinstance(result, BaseException)]
        for trouble in results:
            if isinstance(trouble, BaseException) and not isinstance(trouble, (Refusal, OperationalError)):
                self.found.broken.append(f"{run.name}, sent twice at once: {type(trouble).__name__}: {trouble}.")
        if not done:
            return self._outermost(fresh(run), *call)
        keys = OnceKey.objects.filter(key=keyed.key).count()
        if keys != 1 or (len(done) == 2 and spelt(done[0]) != spelt(done[1])):
            self.found.broken.append(
                f"{run.name}, sent twice at once, was done {keys} times ({events() - before} events)."
            )
        return done[0]

    def _two_people(self, run: Run, *call: Any) -> Any:
        if run.name not in ONCE_ONLY:
            return self._outermost(run, *call)
        results = at_once(lambda: self._outermost(fresh(run), *call))
        done = [result for result in results if not isinstance(result, BaseException)]
        troubles = [result for result in results if isinstance(result, BaseException)]
        for trouble in troubles:
            if not isinstance(trouble, (Refusal, OperationalError)):
                self.found.broken.append(f"{run.name}, by two at once: {type(trouble).__name__}: {trouble}.")
        if len(done) == 2 and spelt(done[0]) != spelt(done[1]):
            self.found.broken.append(f"{run.name}, by two at once, was done twice.")
        return done[0] if done else self._outermost(fresh(run), *call)

    def _stepping_clock(self, run: Run, *call: Any) -> Any:
        with time_machine.travel(timezone.now() + self.random.choice(STEPS), tick=False):
            try:
                return self._outermost(fresh(run), *call)
            except Refusal:
                self.found.met["a stepping clock, refused"] += 1
        return self._outermost(fresh(run), *call)

    def _count(self, link: Callable[..., None]) -> Callable[..., None]:
        def counting(actor: Any, recorded: Any) -> None:
            link(actor, recorded)
            verbs = [event.verb for event in recorded]
            transaction.on_commit(lambda: self.found.recorded.update(verbs))

        return counting

    # ---------------------------------------------------------------- the worker

    def follow(self) -> None:
        """Work until nothing is left; a worker that dies is followed by another one, after its silence was noticed."""
        for _ in range(50):
            worker = WorkerBeat.objects.create(name="sample business")
            try:
                with self._faulty_post():
                    while followers.follow_all() + jobs.run_tasks(worker.id) + outbox.send_due(worker.id, {}):
                        pass
            except Killed:
                self.found.met["a killed worker"] += 1
                self._wait(worker)
                continue
            WorkerBeat.objects.filter(pk=worker.id).delete()
            if not self._waits():
                return
            self._wait(worker)

    def _waits(self) -> bool:
        return OutboxItem.objects.filter(state__in=("queued", "trying", "handed")).exists()

    def _wait(self, worker: WorkerBeat) -> None:
        """Until what the dead one held is taken back; in the story no time goes by."""
        WorkerBeat.objects.filter(pk=worker.id).delete()
        OutboxItem.objects.filter(state="queued").update(not_before=timezone.now())
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())

    def _run_task(self, claimed: Any) -> None:
        """As the worker runs it; now and then it is killed at some statement of the task."""
        if self.random.random() >= self.share:
            return _RUN_TASK(claimed)
        left = [self.random.randrange(1, 4 * MOST_STATEMENTS)]

        def die(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return execute(sql, params, many, context)

        with connection.execute_wrapper(die):
            return _RUN_TASK(claimed)

    @contextmanager
    def _faulty_post(self) -> Iterator[None]:
        """The server of the story; now and then the worker dies before its word, or after it."""
        sender = outbox._kinds["mail"].sender

        def send(item: OutboxItem, hand: Callable[[Iterable[str]], None]) -> list[outbox.Answer]:
            moment = self.random.random() / self.share
            if moment < 0.3:
                raise Killed  # before anything was handed over

            def handing(recipients: Iterable[str]) -> None:
                addresses = list(recipients)
                hand(addresses)
                if 0.3 <= moment < 0.5:
                    raise Killed  # nobody knows; the server did not get it
                self.found.delivered.update((item.id, address) for address in addresses)
                if 0.5 <= moment < 0.7:
                    raise Killed  # nobody knows; the server has it

            return sender(item, handing)

        with outbox.all_sent_by(send):
            yield


_RUN_TASK = jobs._run


# ---------------------------------------------------------------- what is compared


def fresh(run: Run, actor: Any = None) -> Run:
    """The same act from its beginning."""
    return Run(actor or run.actor, run.name)


def spelt(result: Any) -> Any:
    return actions._plain(result)


def events() -> int:
    return int(Event.objects.count())


def state() -> dict[str, int]:
    """Rows per table, and the heads of the trail: what a refused act must leave as it was."""
    tables = [name for name in connection.introspection.table_names() if not name.startswith(("django_", "sqlite"))]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', COUNT(*) FROM {name}" for name in tables))
        counts = {str(name): int(count) for name, count in cursor.fetchall()}
    return {**counts, **{f"chain {c.id}": c.number for c in Chain.objects.all()}}


def differences(before: dict[str, int], after: dict[str, int]) -> str:
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    return ", ".join(f"{name}: {before.get(name, 0)} → {after.get(name, 0)}" for name in sorted(changed))


def at_once(act: Callable[[], Any]) -> list[Any]:
    """What two threads come to that do the same at once: results, or what was raised."""
    together, results = threading.Barrier(2), []

    def go() -> None:
        close_old_connections()
        together.wait()
        try:
            results.append(act())
        except Exception as trouble:
            results.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
