"""What was done: timers, lines of time, timesheets and what was decided of each line; flat-fee tasks."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Max, Q
from django.utils import timezone

from handsel.agreements.models import Engagement, UnderTerms
from handsel.core.keys import Key, new_key
from handsel.core.models import StoredFile
from handsel.ledger.rules import Work
from handsel.people.models import Business, Person, Row, RowQuerySet


class TimerRun(models.Model):
    """A press of start, and of stop. A person's own row: at most one runs."""

    id = Key(primary_key=True, default=new_key)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    business = models.ForeignKey(Business, models.PROTECT, db_index=False, related_name="+")
    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(stopped_at=None),
                name="one_timer_runs",
                violation_error_code="timer_runs",
                violation_error_message="A timer of yours is running already.",
            )
        ]


class Timesheet(Row):
    """A person's period of one engagement. How it stands follows from its lines."""

    to_provider = "engagement__provider"
    to_worker = "worker"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    worker = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "worker", "first_day"], name="timesheet_once"),
            models.CheckConstraint(name="timesheet_days", condition=Q(last_day__gte=models.F("first_day"))),
        ]
        indexes = [models.Index(fields=["business", "first_day"], name="timesheet_business")]


class TimeEntries(RowQuerySet["TimeEntry"]):
    def lines_of(self, timesheet_id: UUID) -> "TimeEntries":
        """The lines of one timesheet that stand, in the order of the week."""
        return self.filter(timesheet_id=timesheet_id).exclude(status="removed").order_by("work_day", "started_at", "id")


class TimeEntry(UnderTerms):
    """A line of a timesheet: whole seconds on one work day. Raw seconds are never rounded.

    A line that was ever submitted is never changed: a correction is a new line that says what it replaces. `status`
    follows its records (Submitted, Approval, Return, Withdrawal, Reopening, Removal).
    """

    to_worker = "worker"
    no_longer_counts = "e.status = 'removed'"

    TIMER, MANUAL, GRID = "timer", "manual", "grid"

    timesheet = models.ForeignKey(Timesheet, models.PROTECT, db_index=False, related_name="lines")
    worker = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField()
    zone = models.CharField(max_length=60)
    source = models.CharField(max_length=10)
    revision = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    status = models.CharField(max_length=10, default="draft")

    objects: ClassVar[TimeEntries] = TimeEntries.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "line"
        constraints = [
            models.CheckConstraint(name="line_of_a_day", condition=Q(seconds__gt=0, seconds__lte=90000)),
            models.CheckConstraint(
                name="line_both_clocks_or_none",
                condition=Q(started_at=None, ended_at=None)
                | Q(started_at__isnull=False, ended_at__gt=models.F("started_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["business", "status", "work_day"], name="line_status"),
            models.Index(fields=["business", "work_day"], name="line_business_day"),
            models.Index(fields=["timesheet"], name="line_timesheet"),
            models.Index(fields=["worker", "work_day"], name="line_worker_day"),
            models.Index(fields=["engagement", "work_day"], name="line_engagement_day"),
        ]

    def next_n(self) -> int:
        """The number of this line's next record; its lock is held."""
        newest = [m.objects.filter(line=self).aggregate(n=Max("n"))["n"] or 0 for m in RECORDS]
        return max(newest) + 1

    def as_work(self) -> Work:
        return Work(self.engagement_id, self.worker_id, self.work_day, self.id, self.kind, kind=self.kind,
                    seconds=self.seconds)  # fmt: skip


class LineRecord(Row):
    """What happened with a line: the newest one says how it stands."""

    to_provider = "line__engagement__provider"
    to_worker = "line__worker"

    line = models.ForeignKey(TimeEntry, models.PROTECT, db_index=False, related_name="+")
    n = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["line", "n"], name="%(class)s_line_n")]


class Submission(Row):
    """A timesheet handed in, with the lines that were drafts."""

    to_provider = "timesheet__engagement__provider"
    to_worker = "timesheet__worker"

    timesheet = models.ForeignKey(Timesheet, models.PROTECT, db_index=False, related_name="submissions")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["timesheet", "made_at"], name="submission_timesheet")]


class Submitted(LineRecord):
    submission = models.ForeignKey(Submission, models.PROTECT, db_index=False, related_name="lines")


class Withdrawal(LineRecord):
    """The worker took the line back before it was decided."""


class Approval(LineRecord):
    """From now on the line is owed."""


class Return(LineRecord):
    """The line goes back, with the reason on it."""

    reason = models.CharField(max_length=500)


class Reopening(LineRecord):
    """An approved line waits again, with a reason; nothing is owed for it meanwhile."""

    reason = models.CharField(max_length=500)


class Removal(LineRecord):
    """The line counts no longer: a corrected one stands in its place, or none."""


RECORDS: tuple[type[Any], ...] = (Submitted, Withdrawal, Approval, Return, Reopening, Removal)


class Task(Row):
    """A deliverable with a flat fee, as the terms name it. `status` follows Delivery, TaskReturn, Acceptance."""

    to_provider = "engagement__provider"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    name = models.CharField(max_length=120)
    status = models.CharField(max_length=10, default="open")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "name"], name="task_once")]
        indexes = [models.Index(fields=["business", "status"], name="task_status")]

    def next_n(self) -> int:
        newest = [m.objects.filter(task=self).aggregate(n=Max("n"))["n"] or 0 for m in TASK_RECORDS]
        return max(newest) + 1


class Delivery(UnderTerms):
    """The work for a task, handed over: a note, and a file where there is one."""

    task = models.ForeignKey(Task, models.PROTECT, db_index=False, related_name="deliveries")
    n = models.PositiveSmallIntegerField()
    worker = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    note = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "n"], name="delivery_n_once")]


class TaskRecord(Row):
    to_provider = "task__engagement__provider"

    task = models.ForeignKey(Task, models.PROTECT, db_index=False, related_name="+")
    n = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["task", "n"], name="%(class)s_task_n")]


class TaskReturn(TaskRecord):
    """The delivery goes back, with the reason."""

    reason = models.CharField(max_length=500)


class Acceptance(TaskRecord):
    """From now on the fee is owed; once."""

    class Meta(TaskRecord.Meta):
        constraints = [
            *TaskRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["task"],
                name="acceptance_once",
                violation_error_code="already_accepted",
                violation_error_message="This task is accepted already.",
            ),
        ]


TASK_RECORDS: tuple[type[Any], ...] = (Delivery, TaskReturn, Acceptance)
