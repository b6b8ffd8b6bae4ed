"""Replies to read, and one reply: its words, what was changed in them, and what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from handsel.core import outbox
from handsel.handover import queries as handover
from handsel.handover.rules import Word
from handsel.mail import actions, queries
from handsel.mail.forms import DecisionForm, PracticeForm, PressForm, SettleForm
from handsel.mail.models import Reply, ReplyVersion
from handsel.mail.showing import changes, pieces
from handsel.people.entrance import for_member
from handsel.ui.forms import Form
from handsel.values.actors import Actor


@for_member
def review(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The queue: every reply that waits, the oldest first, and the first of them opened."""
    waiting = list(queries.to_read(actor)[:50])
    if not waiting:
        return render(request, "mail/review_empty.html", {"unsettled": queries.unsettled(actor)})
    return render(request, "mail/reply.html", _context(actor, waiting[0].id))


@for_member
def reply(request: HttpRequest, actor: Actor, reply_id: UUID) -> HttpResponse:
    """One reply."""
    return render(request, "mail/reply.html", _context(actor, reply_id))


@require_POST
@for_member
def decision(request: HttpRequest, actor: Actor, reply_id: UUID) -> HttpResponse:
    """Send a reply, perhaps in other words, or return it with a reason."""
    found = queries.reply(actor, reply_id)
    form = DecisionForm(request.POST)
    if form.carry_out(lambda d: _decide(actor, found, form, d)):
        returned = form.cleaned_data["decision"] == "return"
        first = found.author.name.split()[0]
        messages.success(request, f"Returned to {first}, with the reason." if returned else "On its way.")
        return redirect("mail:review", actor.slug)
    newer = "newer_message" in {error.code for error in form.non_field_errors().as_data()}
    if newer:
        form.data = {**_typed(form), "seen_through": str(queries.newest_message_id(found.conversation_id))}
    context = {**_context(actor, reply_id, form), "newer": newer}
    return render(request, "mail/reply.html", context, status=409 if newer else 422)


def _typed(form: Form) -> dict[str, Any]:
    """What was typed, each answer once."""
    return {name: form.data[name] for name in form.data}


def _decide(actor: Actor, found: Reply, form: DecisionForm, given: dict[str, Any]) -> object:
    if given["decision"] == "return":
        return actions.send_back(actor, found.id, given["reason"], form.word(given))
    return actions.release(
        actor, found.conversation_id, form.draft(given), found.id, form.word(given), given["reason"].strip()
    )


@require_POST
@for_member
def practice(request: HttpRequest, actor: Actor, reply_id: UUID) -> HttpResponse:
    """Say what you think of a reply that never goes out."""
    form = PracticeForm(request.POST)
    if form.carry_out(lambda d: actions.judge_practice(actor, reply_id, Word(d["verdict"]), d["words"])):
        messages.success(request, "Said. It stands beside the reply.")
        return redirect("mail:review", actor.slug)
    return render(request, "mail/reply.html", _context(actor, reply_id, practice_form=form), status=422)


@require_POST
@for_member
def discarding(request: HttpRequest, actor: Actor, reply_id: UUID) -> HttpResponse:
    """Put one's own draft away."""
    found = queries.reply(actor, reply_id)
    actions.discard(actor, reply_id)
    messages.success(request, "Put away. Its words are kept.")
    return redirect("mail:conversation", actor.slug, found.conversation_id)


@require_POST
@for_member
def settlement(request: HttpRequest, actor: Actor, reply_id: UUID) -> HttpResponse:
    """Decide about a mail of which nobody knows whether it arrived."""
    send = queries.send_of(actor, reply_id)
    form = SettleForm(request.POST)
    if send and form.carry_out(lambda d: actions.settle_send(actor, send.id, d["decision"])):
        messages.success(request, "It is sent again." if form.cleaned_data["decision"] == "again" else "Left as it is.")
        return redirect("mail:reply", actor.slug, reply_id)
    return render(request, "mail/reply.html", _context(actor, reply_id, settle=form), status=422)


def _context(actor: Actor, reply_id: UUID, form: DecisionForm | None = None,
             practice_form: PracticeForm | None = None, settle: Form | None = None) -> dict[str, Any]:  # fmt: skip
    found = queries.reply(actor, reply_id)
    versions = queries.versions(actor, found.id)
    last = queries.newest_message(actor, found.conversation_id)
    submission = queries.newest_submission(found.id)
    send = queries.send_of(actor, found.id)
    item = outbox.items_about([send.id]).get(send.id) if send else None
    waits = found.status == "in review"
    reads = waits and actor.may("mail.send_back")
    is_practice = bool(submission and submission.practice)
    newest = versions[-1]
    initial = {"text": newest.text, "to": ", ".join(newest.to), "seen_through": last.id, "decision": "approve"}
    return {
        "reply": found, "newest": newest, "pieces": pieces(newest.text), "changed": _changed(versions),
        "answered": found.answers, "submission": submission, "returns": queries.returns(actor, found.id), "send": send,
        "item": item, "state": outbox.how_it_stands(item) if item else "", "is_practice": is_practice,
        "verdict": _verdict(actor, found),
        "form": form or (DecisionForm(initial=initial) if reads and not is_practice else None),
        "sends": actor.may("mail.release"),
        "practice_form": practice_form or (PracticeForm() if reads and is_practice else None),
        "settles": actor.may("mail.settle_send") and item is not None and item.state in ("uncertain", "failed"),
        "settle": settle or SettleForm(), "press": PressForm(),
        "mine": found.author_id == actor.person_id and found.status in ("draft", "returned"),
        "waiting": list(queries.to_read(actor)[:12]) if actor.is_owner_side else [], "newer_text": last,
    }  # fmt: skip


def _changed(versions: list[ReplyVersion]) -> dict[str, Any] | None:
    """What somebody else changed in the words that were handed in: the lesson for their writer."""
    newest = versions[-1]
    before = next((v for v in reversed(versions) if v.person_id != newest.person_id), None)
    if before is None:
        return None
    return {"pieces": changes(before.text, newest.text), "wrote": before.person, "by": newest.person}


def _verdict(actor: Actor, found: Reply) -> Any:
    output = handover.output_of(actor, found.id)
    return handover.verdicts_of(actor, output.id).last() if output else None
