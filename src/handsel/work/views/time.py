"""Logging: the week as a grid, a single line, the timer."""

from collections.abc import Sequence
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.people.entrance import back_to, for_act, for_member
from handsel.values.actors import Actor
from handsel.values.days import at, day_of, monday_of, week_of
from handsel.values.durations import format_duration
from handsel.values.refusals import NotVisible, Refusal
from handsel.work import actions, queries
from handsel.work.forms import PressForm, StopForm, TimeForm, TimerForm, WeekForm, cell_name, said
from handsel.work.models import TimeEntry


@for_member
@for_act("work.fill_week")
def week(request: HttpRequest, actor: Actor, engagement_id: UUID, monday: str = "") -> HttpResponse:
    """One's own week in one engagement: a box per kind of work and day."""
    engagement = agreements.engagement(actor, engagement_id)
    days = week_of(_day(monday) or day_of(timezone.now(), agreements.zone_of(engagement.id)))
    rows = queries.grid(actor, engagement.id, actor.person_id, days, _kinds(engagement.id, days))
    form = WeekForm(request.POST or None, rows=rows)
    if request.method == "POST":
        try:
            cells = form.changes()
            if cells:
                actions.fill_week(actor, engagement.id, cells)
        except Refusal as refusal:
            form.is_valid()
            form.refuse(refusal)
            _place(form, refusal)
        else:
            return _after_saving(request, actor, engagement, days)
    context = _week_context(actor, engagement, days, form)
    return render(request, "work/week.html", context, status=422 if form.is_bound else 200)


def _after_saving(request: HttpRequest, actor: Actor, engagement: Engagement, days: Sequence[date]) -> HttpResponse:
    """Saved; and where the button said so, on to the timesheet, to read it once more before it is submitted."""
    sheets = queries.sheets_of_days(actor, engagement.id, days)
    if "submit" in request.POST and sheets:
        return redirect("work:sheet", actor.slug, sheets[0].id)
    messages.success(request, "The week is saved.")
    return redirect("work:week", actor.slug, engagement.id, days[0].isoformat())


def _week_context(actor: Actor, engagement: Engagement, days: Sequence[date], form: WeekForm) -> dict[str, Any]:
    today = day_of(timezone.now(), agreements.zone_of(engagement.id))
    sums = [sum(row.cells[n].seconds for row in form.rows) for n in range(7)]
    return {
        "engagement": engagement,
        "form": form,
        "zone": agreements.zone_of(engagement.id),
        "first": days[0],
        "last": days[-1],
        "before": days[0] - timedelta(days=7),
        "after": days[0] + timedelta(days=7),
        "today": f"{today:%a}".lower(),
        "days": [
            SimpleNamespace(key=f"{d:%a}".lower(), number=d.day, word=f"{d:%a}", sum=format_duration(sums[n]))
            for n, d in enumerate(days)
        ],
        "rows": [_week_row(number, row, form) for number, row in enumerate(form.rows)],
        "total": format_duration(sum(sums)),
        "faults": form.faults,
        "sheets": queries.sheets_of_days(actor, engagement.id, days),
        "by_clock": any(c.entries and c.line_id is None for r in form.rows for c in r.cells),
    }


def _week_row(number: int, row: queries.GridRow, form: WeekForm) -> SimpleNamespace:
    cells = []
    for cell in row.cells:
        name = cell_name(number, cell.day)
        typed = form.data.get(name) if form.is_bound else None
        fixed = cell.locked or (cell.entries > 0 and cell.line_id is None)
        cells.append(SimpleNamespace(
            name=name, key=f"{cell.day:%a}".lower(), is_weekend=cell.day.weekday() > 4, fixed=fixed,
            value=said(cell.seconds) if typed is None or fixed else typed, error=form.faults.get(name, ""),
            label=f"{cell.day:%A} {cell.day.day} {cell.day:%B}, {row.kind}{', cannot be changed here' if fixed else ''}",
        ))  # fmt: skip
    return SimpleNamespace(word=row.kind, note="", is_alert=False, sum=format_duration(row.seconds), cells=cells)


def _place(form: WeekForm, refusal: Refusal) -> None:
    """Mark the boxes that the refusal is about, where it names a day."""
    if refusal.place in {"work_day", "duration"}:
        for number, row in enumerate(form.rows):
            for cell in row.cells:
                name = cell_name(number, cell.day)
                if f"{cell.day.day} {cell.day:%B}" in refusal.sentence and form.data.get(name):
                    form.faults.setdefault(name, refusal.sentence)


@for_member
@for_act("work.log")
def new_line(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """One line of time, by length or by clock."""
    engagement = agreements.engagement(actor, engagement_id)
    zone = agreements.zone_of(engagement.id)
    today = day_of(timezone.now(), zone)
    form = TimeForm(request.POST or None, kinds=_kinds(engagement.id, [today]), zone=zone, initial={"work_day": today})
    if request.method == "POST" and form.carry_out(lambda d: actions.log(actor, engagement.id, form.stint(d))):
        lines: list[TimeEntry] = form.result
        messages.success(request, f"{format_duration(sum(x.seconds for x in lines))} logged.")
        return redirect("work:sheet", actor.slug, lines[0].timesheet_id)
    context = {"form": form, "engagement": engagement, "zone": zone}
    return render(request, "work/new_line.html", context, status=422 if form.is_bound else 200)


@for_member
def line(request: HttpRequest, actor: Actor, line_id: UUID) -> HttpResponse:
    """One line: for its worker a form while it may change, for everybody what it is and what happened with it."""
    entry: TimeEntry = TimeEntry.objects.select_related("engagement", "timesheet", "worker").get_visible(actor, line_id)
    may_change = entry.worker_id == actor.person_id and entry.status in {"draft", "returned"}
    form = TimeForm(
        request.POST or None, kinds=_kinds(entry.engagement_id, [entry.work_day], entry.kind), zone=entry.zone,
        initial=_initial(entry),
    )  # fmt: skip
    if request.method == "POST" and form.carry_out(
        lambda d: actions.change(actor, entry.id, form.stint(d, entry.source))
    ):
        messages.success(request, "The line is corrected." if entry.status == "returned" else "The line is changed.")
        return redirect("work:sheet", actor.slug, form.result.timesheet_id)
    context = {
        "line": entry, "form": form, "may_change": may_change, "reason": queries.reasons([entry.id]).get(entry.id),
        "approval": queries.approvals([entry.id]).get(entry.id), "press": PressForm(),
    }  # fmt: skip
    return render(request, "work/line.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_member
def line_removal(request: HttpRequest, actor: Actor, line_id: UUID) -> HttpResponse:
    sheet_id = TimeEntry.objects.get_visible(actor, line_id).timesheet_id
    actions.discard(actor, line_id)
    messages.success(request, "The line is taken away.")
    return redirect("work:sheet", actor.slug, sheet_id)


@require_POST
@for_member
def timer(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """Start the timer."""
    engagement = agreements.engagement(actor, engagement_id)
    today = day_of(timezone.now(), agreements.zone_of(engagement.id))
    form = TimerForm(request.POST, kinds=_kinds(engagement.id, [today]))
    if form.carry_out(lambda d: actions.start_timer(actor, engagement.id, d["kind"])):
        messages.success(request, "The timer runs. It goes on when you close this page.")
    else:
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
    return back_to(request, "work:list", actor.slug)


@for_member
def timer_stop(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Stop the timer, now or at the end that was forgotten."""
    run = queries.running_timer(actor.person_id) if actor.person_id else None
    if run is None or run.business_id != actor.business_id:
        raise NotVisible("timer")
    zone = agreements.zone_of(run.engagement_id)
    form = StopForm(request.POST or None)

    def stop(given: dict[str, Any]) -> list[TimeEntry]:
        clock = given["ended_at"]
        day = given["ended_on"] or day_of(run.started_at, zone)
        return actions.stop_timer(actor, at(day, clock, zone) if clock else None)

    if request.method == "POST" and form.carry_out(stop):
        lines: list[TimeEntry] = form.result
        messages.success(request, f"{format_duration(sum(x.seconds for x in lines))} logged by timer.")
        return redirect("work:sheet", actor.slug, lines[0].timesheet_id)
    started = run.started_at.astimezone(ZoneInfo(zone))
    context = {"form": form, "run": run, "started": started, "zone": zone}
    return render(request, "work/timer_stop.html", context, status=422 if form.is_bound else 200)


def _kinds(engagement_id: UUID, days: Sequence[date], *more: str) -> list[str]:
    """The kinds of work that the terms of these days name; those of the newest version where none is in force."""
    terms = agreements.terms_on(engagement_id, days[-1]) or agreements.terms_on(engagement_id, days[0])
    kinds = [rate.kind for rate in terms.agreed.rates] if terms else agreements.newest_kinds(engagement_id)
    return [*kinds, *(kind for kind in more if kind not in kinds)]


def _initial(entry: TimeEntry) -> dict[str, Any]:
    zone = ZoneInfo(entry.zone)
    return {
        "kind": entry.kind, "work_day": entry.work_day, "description": entry.description,
        "duration": None if entry.started_at else entry.seconds,
        "started_at": entry.started_at.astimezone(zone).time() if entry.started_at else None,
        "ended_at": entry.ended_at.astimezone(zone).time() if entry.ended_at else None,
    }  # fmt: skip


def _day(text: str) -> date | None:
    """The Monday of the day in the address, of this century as every day of the house."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotVisible("week") from None
    if not 2000 <= day.year <= 2099:
        raise NotVisible("week")
    return monday_of(day)
