"""Engagements: drawn up, amended, paused, resumed, ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from handsel.agreements import actions, queries, rules, wording
from handsel.agreements.forms import CallOffForm, EndForm, NewTermsForm, PauseForm, TermsForm, WorkerForm, initial_of
from handsel.agreements.models import Engagement, InForce
from handsel.agreements.rules import Agreed
from handsel.core import outbox
from handsel.people.entrance import for_act, for_member
from handsel.people.queries import members, names
from handsel.proposals import queries as proposals
from handsel.ui.forms import Form
from handsel.ui.marks import Status
from handsel.ui.tables import Column, Empty, Table, table_response
from handsel.values.actors import Actor
from handsel.values.days import day_in_words, day_of, monday_of
from handsel.values.refusals import NotVisible


@dataclass(frozen=True)
class Row:
    engagement: Engagement
    standing: queries.Standing


@for_member
def overview(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    today = day_of(timezone.now(), actor.zone)
    rows = queries.standings(actor, today)
    to_sign = list(queries.to_sign(actor)[:10]) if actor.may("agreements.sign") else []
    table = Table(
        name="Agreements",
        caption="Agreements, newest first",
        source=rows,
        columns=[
            Column("Work", lambda r: r.engagement.title,
                   link=lambda r: reverse("agreements:engagement", args=[actor.slug, r.engagement.id])),
            Column("With", lambda r: r.engagement.provider.name if actor.is_owner_side else r.business),
            *([Column("Pay", lambda r: wording.pay_in_short(r.agreed))] if actor.reads_rates else []),
            Column("State", lambda r: _status(r.standing)),
        ],
        empty=Empty(
            "No agreement yet",
            "Terms say what is done, what is paid, when and how. Both sides sign the same text, and nothing is owed before.",
            "Draw up terms" if actor.may("agreements.draw_up") else "",
            reverse("agreements:new", args=[actor.slug]) if actor.may("agreements.draw_up") else "",
        ),
    )  # fmt: skip
    return table_response(request, table, "agreements/overview.html", {"rows": rows, "to_sign": to_sign})


def _status(standing: queries.Standing) -> Status:
    day = f" {day_in_words(standing.day)}" if standing.day else ""
    words = {
        "in force": Status("In force", "given", "given", "Signed by both"),
        "not signed": Status("Not signed", "open", "open", "Not signed by both"),
        "begins": Status(f"Begins{day}", "given", "given", "Signed by both"),
        "paused": Status(f"Paused from{day}", "given", "given", "Signed by both, paused"),
        "ended": Status("Ended", "given", "given", "Signed by both, ended"),
    }
    return words[standing.word]


@for_member
@for_act("agreements.draw_up")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """“I already work with somebody”: terms on one page."""
    business = queries.business(actor)
    start = Agreed(work="", valid_from=day_of(timezone.now(), actor.zone), currency=business.currency,
                   zone=business.zone, usual_hours=Decimal(0))  # fmt: skip
    form = NewTermsForm(request.POST or None, initial=initial_of(start))

    def draw_up(given: dict[str, Any]) -> Engagement:
        return actions.draw_up(actor, form.agreed(given), given["contact_name"], given["contact_mail"])

    if request.method == "POST" and form.carry_out(draw_up):
        return _drawn_up(request, actor, form.result)
    return render(request, "agreements/new.html", {"form": form}, status=422 if form.is_bound else 200)


@for_member
@for_act("agreements.draw_up")
def from_proposal(request: HttpRequest, actor: Actor, version_id: UUID) -> HttpResponse:
    """Terms from the proposal that was accepted: nothing is typed again."""
    accepted = proposals.accepted(actor, version_id)
    agreed = _agreed_from(accepted)
    initial = {**initial_of(agreed), "contact_name": accepted.contact_name, "contact_mail": accepted.contact_mail}
    form = NewTermsForm(request.POST or None, initial=initial)

    def draw_up(given: dict[str, Any]) -> Engagement:
        return actions.draw_up(
            actor,
            form.agreed(given, agreed),
            given["contact_name"],
            given["contact_mail"],
            accepted.area_id,
            version_id,
        )

    if request.method == "POST" and form.carry_out(draw_up):
        return _drawn_up(request, actor, form.result)
    context = {"form": form, "accepted": accepted}
    return render(request, "agreements/new.html", context, status=422 if form.is_bound else 200)


def _agreed_from(accepted: proposals.Accepted) -> Agreed:
    """An accepted proposal as terms."""
    return Agreed(
        work=accepted.work,
        valid_from=accepted.first_day,
        currency=accepted.currency,
        zone=accepted.zone,
        rates=(rules.Rate(accepted.work[:80], accepted.rate),) if accepted.rate else (),
        fees=tuple(rules.Fee(d.name, d.fee, d.due, d.accept) for d in accepted.deliverables if d.fee),
        scope=accepted.scope,
        excluded=accepted.excluded,
        period=rules.Period(accepted.period),
        usual_hours=accepted.usual_hours,
        due_days=accepted.due_days,
        method=accepted.method,
        tracking=accepted.tracking,
        notice_days=accepted.notice_days,
        answer_days=accepted.answer_days,
    )


def _drawn_up(request: HttpRequest, actor: Actor, made: Engagement) -> HttpResponse:
    messages.success(request, "The terms are drawn up. Read them, and sign first.")
    return redirect("agreements:terms", actor.slug, made.terms.get().id)


@for_member
def engagement(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    return render(request, "agreements/engagement.html", _context(actor, engagement_id))


@for_member
def newest_terms(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """Where the button of an invitation leads: straight to the text that is to be signed."""
    newest = queries.versions(actor, engagement_id).first()
    if newest is None:
        raise NotVisible("version of the terms")
    return redirect("agreements:terms", actor.slug, newest.id)


@for_member
@for_act("agreements.amend")
def amendment(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """A new version, begun from the newest one; the old terms stay in force until both have signed."""
    found = queries.engagement(actor, engagement_id)
    newest = queries.versions(actor, found.id).first()
    if newest is None:
        raise NotVisible("version of the terms")
    before = rules.agreed_of(newest.document)
    next_monday = monday_of(day_of(timezone.now(), before.zone)) + timedelta(days=7)
    form = TermsForm(
        request.POST or None, initial={**initial_of(before), "valid_from": max(next_monday, before.valid_from)}
    )
    if request.method == "POST" and form.carry_out(lambda d: actions.amend(actor, found.id, form.agreed(d, before))):
        messages.success(request, "The new version waits for both signatures. The old terms stay in force until then.")
        return redirect("agreements:terms", actor.slug, form.result.id)
    standing = queries.standing(found.id, day_of(timezone.now(), before.zone))
    context = {"form": form, "engagement": found, "before": newest, "standing": standing}
    return render(request, "agreements/amendment.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_member
def invitation(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    form = Form(request.POST)
    if form.carry_out(lambda d: actions.invite_to_sign(actor, engagement_id)):
        messages.success(request, "The invitation is written.")
        return redirect("agreements:engagement", actor.slug, engagement_id)
    return render(request, "agreements/engagement.html", {**_context(actor, engagement_id), "press": form}, status=422)


@for_member
@for_act("agreements.pause")
def pause(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    form = PauseForm(request.POST or None, initial={"day": _today(actor)})
    return _stop(request, actor, engagement_id, form, "Pause", "from_day",
                 lambda d: actions.pause(actor, engagement_id, d["day"], d["word"]))  # fmt: skip


@for_member
@for_act("agreements.call_off_pause")
def calling_off(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """Take back the next pause that is planned and has not begun."""
    found = queries.engagement(actor, engagement_id)
    planned = queries.planned_pauses(found.id)
    form = CallOffForm(request.POST or None, initial={"day": planned[0].from_day if planned else None})
    if request.method != "POST" and not planned:
        raise NotVisible("pause")
    return _stop(request, actor, engagement_id, form, "Take back", "from_day",
                 lambda d: actions.call_off_pause(actor, engagement_id, d["day"], d["word"]))  # fmt: skip


@for_member
@for_act("agreements.resume")
def resumption(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    form = PauseForm(request.POST or None, initial={"day": _today(actor)})
    return _stop(request, actor, engagement_id, form, "Resume", "from_day",
                 lambda d: actions.resume(actor, engagement_id, d["day"], d["word"]))  # fmt: skip


@for_member
@for_act("agreements.end")
def end(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    terms = queries.terms_on(engagement_id, _today(actor))
    notice = timedelta(days=terms.agreed.notice_days if terms else 0)
    form = EndForm(request.POST or None, initial={"day": _today(actor) + notice})
    return _stop(request, actor, engagement_id, form, "End", "last_day",
                 lambda d: actions.end(actor, engagement_id, d["day"], d["word"]))  # fmt: skip


def _stop(
    request: HttpRequest, actor: Actor, engagement_id: UUID, form: Form, verb: str, place: str, act: Any
) -> HttpResponse:
    found = queries.engagement(actor, engagement_id)
    if request.method == "POST" and form.carry_out(act):
        messages.success(request, "Done. Both sides are told.")
        return redirect("agreements:engagement", actor.slug, found.id)
    context = {"form": form, "engagement": found, "verb": verb, "place": place}
    return render(request, "agreements/stop.html", context, status=422 if form.is_bound else 200)


@for_member
@for_act("agreements.name_worker")
def workers(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """Who of the firm works on it."""
    found = queries.engagement(actor, engagement_id)
    named = {w.person_id for w in queries.workers(found.id)}
    free = [m for m in members(actor).filter(provider_id=found.provider_id) if m.person_id not in named]
    form = WorkerForm(request.POST or None)
    form.fields["person"].choices = [(str(m.person_id), m.person.name) for m in free]  # type: ignore[attr-defined]  # our ChoiceField
    if request.method == "POST" and form.carry_out(lambda d: actions.name_worker(actor, found.id, UUID(d["person"]))):
        messages.success(request, "Named. Their time counts from now on.")
        return redirect("agreements:engagement", actor.slug, found.id)
    context = {"form": form, "engagement": found, "free": free}
    return render(request, "agreements/workers.html", context, status=422 if form.is_bound else 200)


def _today(actor: Actor) -> date:
    return day_of(timezone.now(), actor.zone)


def _context(actor: Actor, engagement_id: UUID) -> dict[str, Any]:
    found = queries.engagement(actor, engagement_id)
    versions = list(queries.versions(actor, found.id))
    standing = queries.standing(found.id, day_of(timezone.now(), versions[0].zone))
    newest = versions[0]
    signed = {s.signed_side for s in newest.signatures.all()}
    letter = outbox.items_about([found.id]).get(found.id) if actor.may("agreements.invite_to_sign") else None
    joined = any(m.provider_id == found.provider_id for m in members(actor))
    return {
        "engagement": found,
        "versions": [(v, {s.signed_side for s in v.signatures.all()}) for v in versions],
        "newest": newest,
        "standing": standing,
        "status": _status(standing),
        "pay": wording.pay_in_short(rules.agreed_of(newest.document)) if actor.reads_rates else "",
        "waits_for_me": actor.may("agreements.sign")
        and actor.side.value not in signed
        and not hasattr(newest, "closed"),
        "waits_for_other": actor.side.value in signed and len(signed) == 1 and not hasattr(newest, "closed"),
        "invites": actor.may("agreements.invite_to_sign") and not joined and "owner" in signed,
        "letter": letter,
        "letter_state": outbox.how_it_stands(letter) if letter else "",
        "link": letter.payload.get("link", "") if letter and not joined else "",
        "workers": queries.workers(found.id),
        "names": actor.may("agreements.name_worker"),
        "amends": actor.may("agreements.amend") and standing.word in {"in force", "begins", "paused", "not signed"},
        "stops": actor.may("agreements.pause"),
        "calls_off": actor.may("agreements.call_off_pause"),
        "planned": queries.planned_pauses(found.id),
        "press": Form(),
        "in_force_rows": _with_sides(actor, queries.in_force_rows(actor, found.id)),
    }


def _with_sides(actor: Actor, rows: Iterable[InForce]) -> list[tuple[InForce, str]]:
    """Each row with the side whose act it was; one SQL query for the sides."""
    found = list(rows)
    people = names(actor, {row.person_id for row in found})
    return [(row, people[row.person_id].side if row.person_id in people else "other") for row in found]
