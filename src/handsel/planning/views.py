"""The pages of planning: areas of work, the answer to “is it worth it”, and the plan."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from handsel.people.entrance import for_act, for_member
from handsel.planning import actions, queries, rules
from handsel.planning.forms import (
    AreaForm,
    FiguresForm,
    PlacingForm,
    PlanForm,
    first_kit,
    initial_counted,
    initial_figures,
)
from handsel.planning.queries import Standing
from handsel.planning.rules import DECISION_WORDS, Decision, Kit
from handsel.playbooks import queries as playbooks
from handsel.ui.forms import Form
from handsel.ui.marks import Status
from handsel.ui.tables import Chip, Column, Empty, Table, table_response
from handsel.values.actors import Actor
from handsel.values.days import day_of, monday_of
from handsel.values.money import exponent


@for_member
def areas(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    rows = queries.standings(actor)
    table = Table(
        "areas",
        "Areas of work",
        rows,
        [
            Column("Work", lambda s: s.area.name, lambda s: _page("area", actor, s), sort="name"),
            Column("Hours a week", lambda s: f"{s.hours_a_week:.1f}", number=True, sort="hours_a_week"),
            Column("Where it goes", lambda s: DECISION_WORDS[s.decision] if s.decision else "Not decided yet"),
            Column("Plan", _plan_status, lambda s: _page("plan", actor, s)),
        ],
        Empty(
            "No area of work yet",
            "Write down what eats your time: how many a week, how long one takes, what somebody else would cost. "
            "Then you see whether handing it over is worth it, your own hours counted in.",
            "Write down an area of work" if actor.may("planning.record_area") else "",
            reverse("planning:new_area", args=[actor.slug]),
        ),
        search=["name"],
        chips=[
            Chip("hand-over", "To hand over", lambda s: s.decision is Decision.HAND_OVER),
            Chip("open", "Not decided", lambda s: s.decision in {None, Decision.LATER}),
        ],
    )
    return table_response(request, table, "planning/areas.html", {"rows": rows, "open": _undecided(rows)})


def _page(name: str, actor: Actor, standing: Standing) -> str:
    return reverse(f"planning:{name}", args=[actor.slug, standing.area.id])


def _plan_status(standing: Standing) -> Status:
    if standing.plan.is_complete:
        return Status("Complete", tone="good")
    if not standing.plan.answers:
        return Status("Not begun", tone="quiet")
    return Status(f"Lacks {len(standing.plan.lacking)}" if standing.plan.lacking else "Filled in")


def _undecided(rows: list[Standing]) -> int:
    return sum(1 for s in rows if s.placing is None)


@for_member
@for_act("planning.record_area")
def new_area(request: HttpRequest, actor: Actor) -> HttpResponse:
    """“Something eats my time”: what it is, and four figures, filled from evidence where there is some."""
    kit = first_kit(request.GET.get("kit", "")) or Kit.MAIL.value
    counted = next(iter(queries.evidence_of_kit(actor, kit)), None)
    start = {"kit": kit, "name": rules.KIT_WORDS[Kit(kit)] if kit != Kit.OTHER else "", **initial_counted(counted)}
    form = AreaForm(request.POST or None, initial=start)
    if request.method == "POST" and form.carry_out(
        lambda d: actions.record_area(actor, d["name"], Kit(d["kit"]), form.figures(d))
    ):
        return redirect("planning:area", actor.slug, form.result.id)
    context = {"form": form, "counted": counted}
    return render(request, "planning/new_area.html", context, status=422 if form.is_bound else 200)


@for_member
def area(request: HttpRequest, actor: Actor, area_id: UUID) -> HttpResponse:
    return render(request, "planning/area.html", _answer_of(actor, area_id))


@require_POST
@for_member
def placing(request: HttpRequest, actor: Actor, area_id: UUID) -> HttpResponse:
    form = PlacingForm(request.POST)
    if form.carry_out(lambda d: actions.place(actor, area_id, Decision(d["decision"]), d["word"])):
        messages.success(request, "Your decision is written down.")
        return redirect("planning:area", actor.slug, area_id)
    return render(request, "planning/area.html", {**_answer_of(actor, area_id), "form": form}, status=422)


def _answer_of(actor: Actor, area_id: UUID) -> dict[str, Any]:
    standing = queries.standing(actor, area_id)
    answer = queries.answer_for(standing)
    proposed, why = rules.proposal_for(standing.figures, answer.verdict)
    return {
        "standing": standing,
        "area": standing.area,
        "answer": answer,
        "lead": answer.sentences[0],
        "meaning": answer.sentences[1:],
        "proposed": DECISION_WORDS[proposed],
        "why": why,
        "decision": DECISION_WORDS[standing.decision] if standing.decision else "",
        "goes": standing.decision is Decision.HAND_OVER,
        "counted": queries.evidence(actor, standing.area),
        "may_place": actor.may("planning.place"),
        "form": PlacingForm(initial={"decision": (standing.decision or proposed).value}),
    }


@for_member
@for_act("planning.estimate")
def figures(request: HttpRequest, actor: Actor, area_id: UUID) -> HttpResponse:
    standing = queries.standing(actor, area_id)
    form = FiguresForm(request.POST or None, initial=initial_figures(standing.figures))
    if request.method == "POST" and form.carry_out(lambda d: actions.estimate(actor, area_id, form.figures(d))):
        messages.success(request, "Reckoned anew.")
        return redirect("planning:area", actor.slug, area_id)
    context = {"form": form, "area": standing.area, "counted": queries.evidence(actor, standing.area)}
    return render(request, "planning/figures.html", context, status=422 if form.is_bound else 200)


@for_member
def plan(request: HttpRequest, actor: Actor, area_id: UUID) -> HttpResponse:
    standing = queries.standing(actor, area_id)
    context = _plan_of(actor, standing)
    form: PlanForm = _plan_form(actor, standing, request)
    if request.method == "POST" and form.carry_out(lambda d: actions.answer_plan(actor, area_id, form.answers(d))):
        left = queries.plan(actor, area_id).lacking
        messages.success(request, f"Kept. {len(left)} still missing." if left else "Kept. Nothing is missing.")
        return redirect("planning:plan", actor.slug, area_id)
    return render(request, "planning/plan.html", {**context, "form": form}, status=422 if form.is_bound else 200)


@require_POST
@for_member
def completion(request: HttpRequest, actor: Actor, area_id: UUID) -> HttpResponse:
    press = Form(request.POST)
    if press.carry_out(lambda d: actions.complete_plan(actor, area_id)):
        messages.success(request, "The plan is complete. Now the proposal can be made from it.")
        return redirect("planning:plan", actor.slug, area_id)
    standing = queries.standing(actor, area_id)
    context = {**_plan_of(actor, standing), "form": _plan_form(actor, standing), "press": press}
    return render(request, "planning/plan.html", context, status=422)


def _plan_of(actor: Actor, standing: Standing) -> dict[str, Any]:
    begun = bool(standing.plan.answers)
    lacking = standing.plan.lacking if begun else rules.missing(_suggested(actor, standing))
    return {
        "standing": standing,
        "area": standing.area,
        "plan": standing.plan,
        "begun": begun,
        "lacking": lacking,
        "may_write": actor.may("planning.answer_plan"),
        "press": Form(),
    }


def _plan_form(actor: Actor, standing: Standing, request: HttpRequest | None = None) -> PlanForm:
    initial = standing.plan.answers or _suggested(actor, standing)
    titles = [page.title for page in playbooks.pages(actor)[:20]]
    posted = request.POST or None if request else None
    return PlanForm(posted, initial=initial, currency=standing.area.currency, pages=titles)


def _suggested(actor: Actor, standing: Standing) -> dict[str, str]:
    """What a plan begins with: from the figures, before anything was answered."""
    answer, said = queries.answer_for(standing), standing.figures
    monday = monday_of(day_of(timezone.now(), actor.zone)) + timedelta(days=21)
    return {
        "what": f"{standing.area.name}: some {said.volume.usual:f} a week, about {said.minutes.usual:f} minutes each.",
        "budget_usual": _budget(answer.money.mid, standing.area.currency),
        "budget_most": _budget(answer.money.high, standing.area.currency),
        "first_day": monday.isoformat(),
    }


def _budget(amount: float, currency: str) -> str:
    """Up to the next five of the currency: a budget is no forecast."""
    step = 5 if exponent(currency) else 500
    return f"{Decimal(int(amount // step + 1) * step).quantize(Decimal(1).scaleb(-exponent(currency))):f}"
