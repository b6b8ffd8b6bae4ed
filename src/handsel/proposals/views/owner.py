"""The owner's pages of proposals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from handsel.core import files, outbox
from handsel.people.entrance import for_act, for_member
from handsel.people.queries import business_of
from handsel.planning import queries as planning
from handsel.planning.rules import Decision
from handsel.proposals import actions, papers, queries, rules
from handsel.proposals.forms import (
    AnswerForm,
    OfferForm,
    SendForm,
    WordForm,
    initial_of,
    offer_from_plan,
    still_valid,
)
from handsel.proposals.models import Proposal, ProposalInvitation, ProposalQuestion, ProposalVersion
from handsel.proposals.rules import State
from handsel.ui.forms import Form
from handsel.ui.marks import Status
from handsel.ui.tables import Chip, Column, Empty, Table, table_response
from handsel.values.actors import Actor
from handsel.values.days import day_of

_PAIRS = {  # what the owner's side and the other side have said
    State.SENT: ("given", "open"), State.LAPSED: ("given", "open"), State.ACCEPTED: ("given", "given"),
    State.DECLINED: ("given", "returned"), State.TAKEN_BACK: ("returned", "open"), State.DRAWN_UP: ("given", "given"),
    State.REPLACED: ("open", "open"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A proposal in the list."""

    proposal: Proposal
    version: ProposalVersion
    invitation: ProposalInvitation | None
    state: State | None

    @property
    def work(self) -> str:
        return str(self.version.document["work"])

    @property
    def valid_until(self) -> date:
        return self.version.valid_until


@for_member
def overview(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    rows = [_row(p) for p in queries.proposals(actor)[:200]]
    table = Table(
        "proposals",
        "Proposals",
        rows,
        [
            Column("Proposal", lambda r: r.work, lambda r: reverse("proposals:proposal", args=[actor.slug, r.proposal.id]),
                   sort="work"),
            Column("To", lambda r: r.invitation.name if r.invitation else ""),
            Column("Status", lambda r: status_of(r.state, bool(getattr(r.proposal, "closure", None)))),
            Column("Can be accepted until", lambda r: r.valid_until, sort="valid_until"),
        ],
        _empty(actor),
        search=["work"],
        chips=[
            Chip("open", "Sent", lambda r: r.state is State.SENT),
            Chip("accepted", "Accepted", lambda r: r.state is State.ACCEPTED),
        ],
    )  # fmt: skip
    accepted = sum(1 for r in rows if r.state is State.ACCEPTED)
    return table_response(request, table, "proposals/overview.html", {"rows": rows, "accepted": accepted})


def _row(found: Proposal) -> Row:
    newest = next(iter(found.invitations.all()), None)
    return Row(found, found.versions.all()[0], newest, queries.state_of(newest) if newest else None)


def status_of(state: State | None, closed: bool = False) -> Status:
    if closed:
        return Status("Closed", tone="quiet")
    if state is None:
        return Status("Draft", "open", "open", "Sent to nobody yet")
    owner, provider = _PAIRS[state]
    tone = "alert" if state in {State.DECLINED, State.LAPSED} else ""
    return Status(
        state.value, owner, provider, f"{state.value} by the other side" if provider != "open" else "Sent", tone
    )


def _empty(actor: Actor) -> Empty:
    """The way to a first proposal begins with a plan; which step of it is next?"""
    sentence = (
        "A proposal tells a provider what you want done, how, by when, and what it pays. It grows out of a plan, so "
        "that nothing is forgotten."
    )
    going = [s for s in planning.standings(actor) if s.decision is Decision.HAND_OVER]
    ready = next((s for s in going if s.plan.is_complete), None)
    if ready:
        return Empty("No proposal yet", f"{sentence} Your plan for {ready.area.name} is complete.", "Make the proposal",
                     reverse("proposals:new", args=[actor.slug, ready.area.id]))  # fmt: skip
    if going:
        lacks = len(going[0].plan.lacking)
        things = "one thing" if lacks == 1 else f"{lacks} things"
        return Empty("No proposal yet", f"{sentence} Your plan for {going[0].area.name} still lacks {things}.",
                     "Complete the plan", reverse("planning:plan", args=[actor.slug, going[0].area.id]))  # fmt: skip
    return Empty("No proposal yet", sentence, "Begin with a plan", reverse("planning:areas", args=[actor.slug]))


# ---------------------------------------------------------------- writing


@for_member
@for_act("proposals.make_version")
def new(request: HttpRequest, actor: Actor, area_id: UUID) -> HttpResponse:
    """The first version, filled in from the plan of the area; where a proposal for it is open, that one."""
    known = queries.open_proposal_for(actor, area_id) if request.method == "GET" else None
    if known:
        return redirect("proposals:proposal", actor.slug, known.id)
    standing, business = planning.standing(actor, area_id), business_of(actor)
    today = day_of(timezone.now(), actor.zone)
    start = offer_from_plan(standing, standing.area.currency, business.zone, today)
    form = OfferForm(request.POST or None, initial=initial_of(start))
    if request.method == "POST" and form.carry_out(lambda d: actions.make_version(actor, area_id, form.offer(d))):
        messages.success(request, "Version 1 is written. Read it, then send it.")
        return redirect("proposals:proposal", actor.slug, form.result.proposal_id)
    context = {"form": form, "area": standing.area, "n": 1, "lacking": standing.plan.lacking}
    return render(request, "proposals/write.html", context, status=422 if form.is_bound else 200)


@for_member
@for_act("proposals.make_version")
def version(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """The next version, begun from the newest."""
    found = queries.proposal(actor, proposal_id)
    newest = found.versions.all()[0]
    start = still_valid(rules.offer_of(newest.document), queries.today_of(newest))
    form = OfferForm(request.POST or None, initial=initial_of(start))
    if request.method == "POST" and form.carry_out(
        lambda d: actions.make_version(actor, found.area_id, form.offer(d), found.id)
    ):
        messages.success(request, f"Version {form.result.n} is written. Read it, then send it.")
        return redirect("proposals:proposal", actor.slug, found.id)
    context = {"form": form, "area": found.area, "n": newest.n + 1, "proposal": found}
    return render(request, "proposals/write.html", context, status=422 if form.is_bound else 200)


# ---------------------------------------------------------------- one proposal


@for_member
def proposal(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    return render(request, "proposals/proposal.html", _context(actor, proposal_id))


@require_POST
@for_member
def sending(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    asks = bool(planning.lacking(actor, queries.proposal(actor, proposal_id).area_id))
    form = SendForm(request.POST, asks_reason=asks)
    if form.carry_out(lambda d: actions.send(actor, proposal_id, d["n"], d["name"], d["mail"], d["reason"])):
        messages.success(request, "Sent. The link stands here too.")
        return redirect("proposals:proposal", actor.slug, proposal_id)
    return _again(request, actor, proposal_id, send_form=form)


@require_POST
@for_member
def closure(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    form = Form(request.POST)
    if form.carry_out(lambda d: actions.close(actor, proposal_id)):
        messages.success(request, "Closed.")
        return redirect("proposals:list", actor.slug)
    return _again(request, actor, proposal_id, press=form)


@require_POST
@for_member
def revocation(request: HttpRequest, actor: Actor, invitation_id: UUID) -> HttpResponse:
    found, form = queries.invitation(actor, invitation_id), Form(request.POST)
    if form.carry_out(lambda d: actions.revoke(actor, invitation_id)):
        messages.success(request, "Taken back. The link opens nothing any more.")
        return redirect("proposals:proposal", actor.slug, found.proposal_id)
    return _again(request, actor, found.proposal_id, press=form)


@require_POST
@for_member
def decline(request: HttpRequest, actor: Actor, invitation_id: UUID) -> HttpResponse:
    found, form = queries.invitation(actor, invitation_id), WordForm(request.POST)
    if form.carry_out(lambda d: actions.decline(actor, invitation_id, d["word"])):
        messages.success(request, f"{found.name} reads your word on the page of the link.")
        return redirect("proposals:proposal", actor.slug, found.proposal_id)
    return _again(request, actor, found.proposal_id, word_form=form)


@require_POST
@for_member
def answer(request: HttpRequest, actor: Actor, question_id: UUID) -> HttpResponse:
    asked = ProposalQuestion.objects.select_related("invitation").get_visible(actor, question_id)
    form = AnswerForm(request.POST, prefix=str(question_id))
    if form.carry_out(lambda d: actions.answer(actor, question_id, d["text"])):
        messages.success(request, f"{asked.invitation.name} reads it on the page of the link.")
        return redirect("proposals:proposal", actor.slug, asked.invitation.proposal_id)
    context = _context(actor, asked.invitation.proposal_id)
    if all(q.id != question_id for q, _ in context["unanswered"]):
        context["stale"] = form  # somebody else answered meanwhile: its place is gone
    context["unanswered"] = [(q, form if q.id == question_id else blank) for q, blank in context["unanswered"]]
    return render(request, "proposals/proposal.html", context, status=422)


@for_member
def draft(request: HttpRequest, actor: Actor, proposal_id: UUID) -> HttpResponse:
    """The newest version as PDF, sent or not."""
    newest = queries.proposal(actor, proposal_id).versions.all()[0]
    facts = papers.facts(newest, business_of(actor).name, "whom it concerns", "Not sent")
    printed = papers.print_facts(facts)
    name = files.safe_name(f"proposal-version-{newest.n}-draft.pdf")
    return HttpResponse(
        printed, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@for_member
def paper(request: HttpRequest, actor: Actor, invitation_id: UUID) -> HttpResponse:
    """What was sent to somebody, as PDF."""
    return papers.answer(queries.invitation(actor, invitation_id))


def _again(request: HttpRequest, actor: Actor, proposal_id: UUID, **forms: Any) -> HttpResponse:
    return render(request, "proposals/proposal.html", {**_context(actor, proposal_id), **forms}, status=422)


def _context(actor: Actor, proposal_id: UUID) -> dict[str, Any]:
    found = queries.proposal(actor, proposal_id)
    invitations, version = list(found.invitations.all()), found.versions.all()[0]
    newest = invitations[0] if invitations else None
    state = queries.state_of(newest) if newest else None
    lacking = planning.lacking(actor, found.area_id)
    closed = bool(getattr(found, "closure", None))
    is_sent = any(i.version_id == version.id for i in invitations)
    asked = list(queries.questions(found.id))
    unanswered = [q for q in asked if not hasattr(q, "answer")]
    return {
        "proposal": found,
        "version": version,
        "offer": rules.offer_of(version.document),
        "paper": papers.facts(
            version, business_of(actor).name, newest.name if newest and is_sent else "whom it concerns"
        ),
        "status": status_of(state, closed),
        "closed": closed,
        "newest": newest,
        "state": state.name.lower() if state else "draft",
        "is_sent": is_sent,
        "lacking": lacking,
        "sends": actor.may("proposals.send") and not closed and _may_go_out(state, is_sent),
        "sends_now": not is_sent or state in {State.DECLINED, State.LAPSED, State.TAKEN_BACK},
        "may_write": actor.may("proposals.make_version") and not closed and state is not State.DRAWN_UP,
        "may_answer": actor.may("proposals.answer"),
        "sent": [(i, status_of(_shown_state(i, invitations))) for i in invitations],
        "asked": asked,
        "unanswered": [(q, AnswerForm(prefix=str(q.id))) for q in unanswered],
        "send_form": _send_form(version, newest, state, bool(lacking)),
        "word_form": WordForm(),
        "press": Form(),
        **_letter(newest, state),
    }


def _may_go_out(state: State | None, is_sent: bool) -> bool:
    """What was accepted is drawn up, not sent again; a newer version of it may still be sent."""
    return state is not State.DRAWN_UP and not (state is State.ACCEPTED and is_sent)


def _shown_state(found: ProposalInvitation, invitations: Sequence[ProposalInvitation]) -> State:
    """A sending that a newer one to the same address replaced says so."""
    state = queries.state_of(found)
    replaced = any(i.mail == found.mail and i.n > found.n for i in invitations)
    return State.REPLACED if replaced and state in {State.SENT, State.LAPSED} else state


def _send_form(
    version: ProposalVersion, newest: ProposalInvitation | None, state: State | None, asks: bool
) -> SendForm:
    """To the same person again where the text is new; to somebody else where they said no."""
    same = newest if newest and state in {State.SENT, State.LAPSED} else None
    initial = {"n": version.n, "name": same.name if same else "", "mail": same.mail if same else ""}
    return SendForm(initial=initial, asks_reason=asks)


def _letter(newest: ProposalInvitation | None, state: State | None) -> dict[str, Any]:
    """The mail of the newest sending, and the link to hand over oneself while it opens something."""
    letter = outbox.items_about([newest.id]).get(newest.id) if newest else None
    opens = letter is not None and state not in {State.TAKEN_BACK, State.DRAWN_UP}
    return {
        "letter": letter,
        "letter_state": outbox.how_it_stands(letter) if letter else "",
        "link": letter.payload.get("link", "") if letter and opens else "",
    }
