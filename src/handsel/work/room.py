"""What work gives to the house."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Max, Min, Sum
from django.urls import reverse

from handsel.core.asking import asked
from handsel.core.rooms import Dated, Found, Need, Question, Room, Step
from handsel.values.actors import Actor
from handsel.values.days import span_in_words
from handsel.values.durations import format_duration
from handsel.work import queries
from handsel.work.events import EVENTS
from handsel.work.models import Task, TimeEntry, Timesheet


def questions(actor: Actor) -> Iterable[Question]:
    """Sheets and deliveries to decide; for the worker, lines and deliveries that came back."""
    if actor.may("work.decide"):
        yield _sheets_to_decide(actor)
    if actor.may("work.accept"):
        yield _tasks_to_judge(actor)
    if actor.may("work.submit"):
        yield _sheets_returned(actor)
        yield _tasks_returned(actor)


needs = asked(questions)


def _sheets_to_decide(actor: Actor) -> Question:
    rows = (
        queries.lines_awaiting(actor)
        .order_by()
        .exclude(worker_id=actor.person_id)
        .values("timesheet_id", "timesheet__first_day", "timesheet__last_day", "worker__name")
        .annotate(seconds=Sum("seconds"), since=Min("made_at"))
        .order_by("timesheet__first_day")[:20]
    )
    return Question(rows, lambda found: [
        Need(
            f"Timesheet, {span_in_words(r['timesheet__first_day'], r['timesheet__last_day'])}",
            f"{r['worker__name']} submitted {format_duration(r['seconds'])}.", "Approve or return",
            reverse("work:sheet", args=[actor.slug, r["timesheet_id"]]), r["since"], minutes=3,
            person=r["worker__name"], side="provider", given=("open", "given"),
        )
        for r in found
    ])  # fmt: skip


def _tasks_to_judge(actor: Actor) -> Question:
    rows = (
        queries.tasks_awaiting(actor)
        .annotate(since=Max("deliveries__made_at"))
        .values("id", "name", "since", "engagement__provider__name")[:20]
    )
    return Question(rows, lambda found: [
        Need(task["name"], "It is delivered and waits for your word.", "Accept or return",
             reverse("work:task", args=[actor.slug, task["id"]]), task["since"], minutes=5, side="provider",
             person=task["engagement__provider__name"],
             given=("open", "given"))
        for task in found
    ])  # fmt: skip


def _sheets_returned(actor: Actor) -> Question:
    lines = TimeEntry.objects.visible_to(actor).filter(status="returned", worker_id=actor.person_id)
    sheets = (
        lines.values("timesheet_id", "timesheet__first_day", "timesheet__last_day")
        .annotate(seconds=Sum("seconds"), since=Max("made_at"))
        .order_by("timesheet__first_day")[:20]
    )
    return Question(sheets, lambda found: [
        Need(
            f"Timesheet, {span_in_words(r['timesheet__first_day'], r['timesheet__last_day'])}",
            f"{format_duration(r['seconds'])} came back, with the reason on the line.", "Correct it",
            reverse("work:sheet", args=[actor.slug, r["timesheet_id"]]), r["since"], side="owner",
            given=("refused", "given"),
        )
        for r in found
    ])  # fmt: skip


def _tasks_returned(actor: Actor) -> Question:
    tasks = Task.objects.visible_to(actor).filter(status="returned").order_by("made_at")
    return Question(tasks.values("id", "name", "made_at")[:20], lambda found: [
        Need(task["name"], "It came back, with the reason.", "Deliver again",
             reverse("work:task", args=[actor.slug, task["id"]]), task["made_at"], minutes=10, side="owner",
             given=("refused", "given"))
        for task in found
    ])  # fmt: skip


def steps(actor: Actor, engagement_id: UUID) -> Sequence[Step]:
    logged = TimeEntry.objects.visible_to(actor).filter(engagement_id=engagement_id).exists()
    return [Step("Work", "now" if logged else "later", reverse("work:list", args=[actor.slug]))]


def _found_sheets(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Timesheet.objects.filter(business_id=business_id, pk__in=keys).select_related(
        "worker", "business", "engagement"
    )
    return [
        Found("timesheet", "Timesheet", t.id, f"{t.worker.name}, {span_in_words(t.first_day, t.last_day)}",
              reverse("work:sheet", args=[t.business.slug, t.id]), t.engagement.title, engagement_id=t.engagement_id,
              at=t.made_at)
        for t in rows
    ]  # fmt: skip


def _found_tasks(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Task.objects.filter(business_id=business_id, pk__in=keys).select_related("business", "engagement")
    return [
        Found("task", "Deliverable", t.id, t.name, reverse("work:task", args=[t.business.slug, t.id]),
              t.engagement.title, engagement_id=t.engagement_id, at=t.made_at)
        for t in rows
    ]  # fmt: skip


def dates(actor: Actor, first: date, last: date) -> Sequence[Dated]:
    """When deliverables of terms in force are due, as long as they are not accepted; one SQL query."""
    url = reverse("work:list", args=[actor.slug])
    return [
        Dated(fee.due, f"Due: {fee.name}", url, f"{fee.id}-due")
        for fee in queries.fees_due(actor, first, last)
        if fee.due
    ]  # fmt: skip


def count(actor: Actor) -> int:
    """What waits beside the word in the navigation."""
    if actor.may("work.decide"):
        return queries.lines_awaiting(actor).order_by().values("timesheet_id").distinct().count()
    return 0


ROOM = Room(
    name="work",
    nav={"owner": ("Work", "clock", "work:list"), "provider": ("Work", "clock", "work:list")},
    needs=needs,
    questions=questions,
    steps=steps,
    events=EVENTS,
    things={"timesheet": _found_sheets, "task": _found_tasks},
    dates=dates,
    extra={"count": count},
)
