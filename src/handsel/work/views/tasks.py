"""Deliverables with a flat fee: delivered, accepted or returned."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from handsel.agreements import queries as agreements
from handsel.core import files
from handsel.people.entrance import for_act, for_member
from handsel.values.actors import Actor
from handsel.values.days import day_of
from handsel.values.refusals import NotVisible
from handsel.work import actions, queries
from handsel.work.forms import DeliveryForm, PressForm, ReasonForm
from handsel.work.models import Delivery


@for_member
@for_act("work.deliver")
def delivery(request: HttpRequest, actor: Actor, engagement_id: UUID, number: int) -> HttpResponse:
    """Hand over the work for one deliverable of the terms."""
    engagement = agreements.engagement(actor, engagement_id)
    duties = queries.duties(actor, engagement.id, day_of(timezone.now(), actor.zone))
    if number >= len(duties):
        raise NotVisible("deliverable")
    duty = duties[number]
    form = DeliveryForm(request.POST or None, request.FILES or None)

    def deliver(given: dict[str, Any]) -> Delivery:
        upload = given["file"]
        kept = files.keep(upload.read(), upload.name, upload.content_type, actor.business_id) if upload else None
        return actions.deliver(actor, engagement.id, duty.name, given["note"], kept)

    if request.method == "POST" and form.carry_out(deliver):
        messages.success(request, f"“{duty.name}” is delivered.")
        return redirect("work:task", actor.slug, form.result.task_id)
    context = {"form": form, "duty": duty, "engagement": engagement}
    return render(request, "work/delivery.html", context, status=422 if form.is_bound else 200)


@for_member
def task(request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    return render(request, "work/task.html", _context(actor, task_id))


@require_POST
@for_member
def acceptance(request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    form = PressForm(request.POST)
    if form.carry_out(lambda d: actions.accept(actor, task_id)):
        messages.success(request, "Accepted. The fee is owed from now on.")
        return redirect("work:task", actor.slug, task_id)
    return render(request, "work/task.html", {**_context(actor, task_id), "press": form}, status=422)


@require_POST
@for_member
def task_return(request: HttpRequest, actor: Actor, task_id: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.carry_out(lambda d: actions.return_task(actor, task_id, d["reason"])):
        messages.success(request, "Returned, with your reason.")
        return redirect("work:task", actor.slug, task_id)
    return render(request, "work/task.html", {**_context(actor, task_id), "reason_form": form}, status=422)


@for_member
def delivery_file(request: HttpRequest, actor: Actor, delivery_id: UUID) -> FileResponse | HttpResponse:
    found = Delivery.objects.select_related("file").get_visible(actor, delivery_id)
    if found.file is None:
        raise NotVisible("file")
    return files.download(found.file)


def _context(actor: Actor, task_id: UUID) -> dict[str, Any]:
    found = queries.task(actor, task_id)
    deliveries = list(queries.deliveries(actor, task_id))
    duties = queries.duties(actor, found.engagement_id, day_of(timezone.now(), actor.zone))
    number, duty = next(((n, d) for n, d in enumerate(duties) if d.name == found.name), (None, None))
    mine = any(d.worker_id == actor.person_id for d in deliveries)
    return {
        "task": found,
        "deliveries": deliveries,
        "returns": list(queries.task_returns(actor, task_id)),
        "duty": duty,
        "number": number,
        "judges": actor.may("work.accept") and not mine and found.status == "delivered",
        "delivers": actor.may("work.deliver") and found.status in {"open", "returned"} and number is not None,
        "press": PressForm(),
        "reason_form": ReasonForm(),
    }
