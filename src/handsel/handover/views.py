"""The pages of the hand-over: the list, one engagement, a stage, the plan of the share."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.handover import actions, drawing, queries
from handsel.handover.drawing import Names
from handsel.handover.forms import ShareForm, StageForm
from handsel.handover.queries import Picture
from handsel.handover.rules import Ramp, Stage, in_words
from handsel.people.entrance import for_act, for_member
from handsel.people.queries import members
from handsel.ui.tables import Column, Empty, Table, table_response
from handsel.ui.templatetags.say import percent
from handsel.values.actors import Actor, Role
from handsel.values.days import day_of, monday_of

USUAL = Ramp(date(2026, 1, 5), weeks=12, start=10, goal=90)
CHECKED = {Stage.LEARN: "you write", Stage.SHADOW: "all of it, none goes out", Stage.SUPERVISED: "every reply"}


@for_member
def overview(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Every hand-over, and the way to the playbooks."""
    return table_response(request, _table(actor), "handover/overview.html", {})


@for_member
def engagement(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """What must be ready, the share by week, trust kind by kind: the same facts for both sides."""
    about = agreements.engagement(actor, engagement_id)
    shown = queries.picture(actor, about.id)
    context = {
        "engagement": about,
        "conditions": shown.conditions,
        "missing": in_words(sum(not c.is_met for c in shown.conditions)),
        "begun": any(week.items for week in shown.weeks),
        **_next(actor, about, shown),
        "rungs": [(rung, CHECKED[rung.stage]) for rung in shown.rungs],
        "plan": shown.plan,
        **_share(actor, about, shown),
    }
    return render(request, "handover/engagement.html", context)


@for_member
@for_act("handover.place_stage")
def stage(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """Set a stage; `?person=` and `?kind=` fill in what is known."""
    about = agreements.engagement(actor, engagement_id)
    people = [(w.person_id, w.person.name) for w in agreements.workers(about.id)]
    initial = {"kind": request.GET.get("kind", "")[:80]}
    if request.GET.get("person"):
        initial["person_id"] = request.GET["person"]
    form = StageForm(request.POST or None, people=people, initial=initial)
    if request.method == "POST" and form.carry_out(
        lambda d: actions.place_stage(actor, about.id, d["person_id"], d["kind"].strip(), d["stage"], d["reason"])
    ):
        messages.success(request, f"{form.result.worker.name} is now at the stage “{form.result.stage}”.")
        return redirect("handover:engagement", actor.slug, about.id)
    context = {"engagement": about, "form": form, "kinds": queries.kinds_known(actor, about.id), "people": people}
    return render(request, "handover/stage.html", context, status=422 if form.is_bound else 200)


@for_member
@for_act("handover.plan_share")
def plan(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """Plan how the share of the work moves."""
    about = agreements.engagement(actor, engagement_id)
    known = queries.share_plan(about.id)
    ramp = queries.ramp_of(known) if known else _first_plan(about)
    initial = {"first_week": ramp.first_week, "weeks": ramp.weeks, "start": ramp.start, "goal": ramp.goal}
    form = ShareForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.carry_out(lambda d: actions.plan_share(actor, about.id, ShareForm.ramp(d))):
        messages.success(request, "The plan stands. Both sides see it beside what really happens.")
        return redirect("handover:engagement", actor.slug, about.id)
    context = {"engagement": about, "form": form, "known": known}
    return render(request, "handover/plan.html", context, status=422 if form.is_bound else 200)


def _table(actor: Actor) -> Table:
    return Table(
        name="hand-overs",
        caption="Hand-overs",
        source=queries.hand_overs(actor),
        columns=[
            Column("Work", lambda h: h.engagement.title,
                   link=lambda h: reverse("handover:engagement", args=[actor.slug, h.engagement.id])),
            *([Column("With", lambda h: h.engagement.provider.name)] if actor.is_owner_side else []),
            Column("Stages", lambda h: h.stages or "none set yet"),
            Column("Items so far", lambda h: h.items, number=True, sort="items"),
            Column("By the provider", lambda h: None if h.share is None else percent(h.share), number=True),
        ],
        empty=_nothing(actor),
    )  # fmt: skip


def _nothing(actor: Actor) -> Empty:
    if actor.may("agreements.draw_up"):
        return Empty(
            "Nothing is handed over yet",
            "A hand-over begins with an agreement. Until then, write down how things are done: the playbooks are ready.",
            "Go to the agreements", reverse("agreements:list", args=[actor.slug]),
            "Write a page", reverse("playbooks:new", args=[actor.slug]),
        )  # fmt: skip
    return Empty("Nothing is handed over yet", "A hand-over begins with an agreement that both sides have signed.")


def _next(actor: Actor, about: Engagement, shown: Picture) -> dict[str, str]:
    """The act that the first missing thing waits for, where it is this side's to do."""
    first = next((c for c in shown.conditions if not c.is_met and c.act), None)
    if first is None or not actor.may("handover.place_stage"):
        return {"next": "", "next_url": ""}
    keys = [actor.slug, about.id] if first.page.startswith("handover:") else [actor.slug]
    return {"next": first.act, "next_url": reverse(first.page, args=keys)}


def _share(actor: Actor, about: Engagement, shown: Picture) -> dict[str, Any]:
    """The chart where there is a plan, else the weeks so far; and the sentence on how it goes."""
    ramp = queries.ramp_of(shown.plan) if shown.plan else None
    today, names = day_of(timezone.now(), actor.zone), _names(actor, about, shown)
    counted = [week for week in shown.weeks if week.items]
    return {
        "names": names,
        "weeks": [] if ramp else counted,
        "standing": drawing.standing(shown.weeks, ramp, names, today) if ramp or counted else "",
        "chart": drawing.chart(shown.weeks, names, today) if ramp else None,
    }


def _names(actor: Actor, about: Engagement, shown: Picture) -> Names:
    """The owner by her first name, and the assistant by hers where she is the only one; else the firm."""
    owner = next((m.person.name for m in members(actor) if m.role == Role.OWNER.value), "The owner")
    people = list(shown.workers.values())
    return Names(owner.split()[0], people[0].split()[0] if len(people) == 1 else about.provider.name)


def _first_plan(about: Engagement) -> Ramp:
    """What the form offers at first: from the day of the terms, or from next week, whichever is later."""
    today = day_of(timezone.now(), agreements.zone_of(about.id))
    begins = min((s.from_day for s in agreements.stretches(about.id)), default=today)
    first = monday_of(max(begins, today) + timedelta(days=6))
    return Ramp(first, USUAL.weeks, USUAL.start, USUAL.goal)
