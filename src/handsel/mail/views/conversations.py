"""The list of conversations, and one of them with the reply that is being written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from handsel.core import outbox
from handsel.handover import queries as handover
from handsel.mail import actions, queries
from handsel.mail.forms import PressForm, QuestionForm, ReplyForm, key_of
from handsel.mail.models import Conversation, Message, Reply
from handsel.mail.rules import ConversationStatus, ReplyStatus
from handsel.mail.showing import Piece, pieces, suggestion
from handsel.people.entrance import for_member
from handsel.playbooks import actions as playbooks
from handsel.ui.forms import Form
from handsel.ui.marks import Status
from handsel.ui.tables import Chip, Column, Empty, Table, table_response
from handsel.values.actors import Actor

WORDS = {
    ConversationStatus.NEEDS_REPLY.value: "Needs a reply",
    ConversationStatus.WAITING_FOR_REVIEW.value: "In review",
    ConversationStatus.WAITING_FOR_CUSTOMER.value: "Waiting for the customer",
    ConversationStatus.CLOSED.value: "Closed",
    "filed": "Filed",
}


@for_member
def inbox(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Conversations, those that need a reply first."""
    table = Table(
        name="conversations",
        caption="Conversations",
        source=queries.conversations(actor),
        columns=[
            Column("Customer", lambda c: c.customer, sort="customer_name",
                   link=lambda c: reverse("mail:conversation", args=[actor.slug, c.id])),
            Column("Subject", lambda c: c.subject),
            Column("Kind", lambda c: c.kind_name or ""),
            Column("State", lambda c: _status(c.status)),
            Column("Newest mail", lambda c: c.latest_at, sort="latest_at"),
        ],
        empty=_empty(actor),
        search=["subject", "customer_name", "customer_address"],
        chips=[
            Chip("needs-reply", "Needs a reply", Q(status=ConversationStatus.NEEDS_REPLY.value)),
            Chip("in-review", "In review", Q(status=ConversationStatus.WAITING_FOR_REVIEW.value)),
            Chip("done", "Done", Q(status__in=[ConversationStatus.WAITING_FOR_CUSTOMER.value, "closed", "filed"])),
        ],
        order=["-latest_at", "-id"],
    )  # fmt: skip
    first = queries.needing_reply(actor).first()
    context = {"first": first, "to_read": queries.to_read(actor).count() if actor.may("mail.send_back") else 0}
    return table_response(request, table, "mail/inbox.html", context)


def _status(status: str) -> Status:
    waits = status in (ConversationStatus.NEEDS_REPLY.value, ConversationStatus.WAITING_FOR_REVIEW.value)
    return Status(WORDS.get(status, status), tone="" if waits else "quiet")


def _empty(actor: Actor) -> Empty:
    if actor.may("mail.begin_import"):
        return Empty(
            "No mail yet",
            "Give Handsel the mailbox file that your mail program exports. It finds what customers ask most often and "
            "drafts an answer to each. Nothing leaves this machine.",
            "Read a mailbox file", reverse("mail:mailboxes", args=[actor.slug]),
        )  # fmt: skip
    return Empty("No mail yet", "Customers' mail will stand here once the owner has read a mailbox in.")


@dataclass(frozen=True)
class Shown:
    """A mail on the page. state: how it went out; trouble: what could not be read of it."""

    message: Message
    state: str
    trouble: list[str]
    linked: list[int]


@dataclass(frozen=True)
class InReview:
    """A reply that waits to be read. practice: it never goes out. readers: names of whoever may read it."""

    reply: Reply
    since: datetime
    practice: bool
    mine: bool
    pieces: list[Piece]
    readers: list[str]

    @property
    def read_by(self) -> str:
        """Nora Whitfield; Nora Whitfield or Tom Reed; Nora Whitfield or 2 others."""
        first, *rest = self.readers or ["the owner"]
        if not rest:
            return first
        return f"{first} or {rest[0] if len(rest) == 1 else f'{len(rest)} others'}"


@for_member
def conversation(request: HttpRequest, actor: Actor, conversation_id: UUID) -> HttpResponse:
    """A conversation and the reply to it: kept as a draft, handed in, or sent by whoever may."""
    found = queries.conversation(actor, conversation_id)
    shown = queries.messages(actor, found.id)
    page = _Page(actor, found, shown, request)
    if request.method == "POST":
        return _posted(request, actor, page)
    return render(request, "mail/conversation.html", page.context())


class _Page:
    """What the page of a conversation needs, read once."""

    def __init__(self, actor: Actor, found: Conversation, shown: list[Message], request: HttpRequest) -> None:
        self.actor, self.found, self.messages = actor, found, shown
        self.open = queries.replies_of(actor, found.id)
        self.mine = next((r for r in self.open if r.author_id == actor.person_id and r.status != "in review"), None)
        self.in_review = _in_review(actor, self.open)
        self.request = request
        writes = actor.may("mail.write") and bool(shown) and self._asks_for_a_form()
        self.drafts = queries.drafts_for(actor, found.id) if writes else []
        self.form: ReplyForm | None = None
        if writes:
            self.form = ReplyForm(request.POST or None, initial=self._initial(key_of(request.GET.get("draft", ""))))

    def _asks_for_a_form(self) -> bool:
        """Not while a reply of somebody waits to be read, unless one has a draft of one's own, or wishes to write one.
        Practice stands in nobody's way: the owner writes the reply that goes out."""
        if self.in_review is None or self.mine or self.request.method == "POST":
            return True
        if self.in_review.practice and self.actor.is_owner_side:
            return True
        return bool({"own", "draft"} & set(self.request.GET))

    def _initial(self, wanted: UUID | None) -> dict[str, Any]:
        answered = next((m for m in reversed(self.messages) if not m.outgoing), self.messages[-1])
        to = (answered.answer_to if not answered.outgoing else "") or self.found.customer_address
        known = {"seen_through": self.messages[-1].id, "to": to}
        if self.mine and wanted is None:
            newest = queries.versions(self.actor, self.mine.id)[-1]
            return {**known, "text": newest.text, "to": ", ".join(newest.to), "template_id": self.mine.template_id}
        chosen = next((d for d in self.drafts if d.kind_id == wanted), None)
        if chosen is None and wanted is None and self.drafts and self.drafts[0].name == self.found.kind_name:  # type: ignore[attr-defined]  # annotated by the queries
            chosen = self.drafts[0]
        if chosen is None:
            return known
        draft: Any = chosen
        text = suggestion(draft.draft, answered.new_text, self.found.customer_name, self.found.business.name)
        return {**known, "text": text, "template_id": draft.draft_id}

    def context(self, newer: bool = False) -> dict[str, Any]:
        sends = {m.send.id: m for m in self.messages if hasattr(m, "send")}
        items = outbox.items_about(sends)
        states = {sends[key].id: outbox.how_it_stands(item) for key, item in items.items()}
        typed = (self.form["text"].value() or "") if self.form else ""
        return {
            "conversation": self.found, "word": WORDS.get(self.found.status, self.found.status),
            "messages_shown": [_shown(m, states.get(m.id, "")) for m in self.messages],
            "neighbours": queries.needing_reply(self.actor)[:12], "form": self.form, "mine": self.mine,
            "others": [r for r in self.open if r not in (self.mine, self.in_review and self.in_review.reply)],
            "in_review": self.in_review, "returned": self._returned(), "drafts": self.drafts[:6],
            "open_places": [p.words for p in pieces(typed) if p.change], "newer": newer, "press": PressForm(),
            "question": QuestionForm(), "stage": self._stage(), "more": len(self.messages) == queries.MOST_MESSAGES,
        }  # fmt: skip

    def _returned(self) -> Reply | None:
        """The reply that is being written, where it came back: it knows by whom and why."""
        return self.mine if self.mine and self.mine.status == ReplyStatus.RETURNED.value else None

    def _stage(self) -> Any:
        if self.actor.is_owner_side or self.actor.person_id is None:
            return None
        kind = getattr(self.found, "kind_name", "") or ""
        own = self.mine or (self.in_review.reply if self.in_review and self.in_review.mine else None)
        engagement_id = own.engagement_id if own else queries.engagement_for(self.actor, kind)
        return handover.stage_of(engagement_id, self.actor.person_id, kind[:80]) if engagement_id else None


def _in_review(actor: Actor, replies: list[Reply]) -> InReview | None:
    """The reply that waits to be read: one's own where there is one, else the oldest."""
    waiting = [r for r in replies if r.status == ReplyStatus.IN_REVIEW.value]
    found = next((r for r in waiting if r.author_id == actor.person_id), next(iter(waiting), None))
    submission = queries.newest_submission(found.id) if found else None
    if found is None or submission is None:
        return None
    return InReview(found, submission.made_at, submission.practice, found.author_id == actor.person_id,
                    pieces(submission.version.text), queries.readers(actor))  # fmt: skip


def _shown(message: Message, state: str) -> Shown:
    parses = [p for p in message.parses.all() if p.outcome != "read" or p.notes]
    linked = [n for p in message.placements.all() for n in p.linked]
    return Shown(message, state, [note for p in parses for note in p.notes], linked)


def _posted(request: HttpRequest, actor: Actor, page: _Page) -> HttpResponse:
    """Save, hand in or send, by the button that was pressed."""
    wish = request.POST.get("act", "")
    acts: dict[str, Callable[..., object]] = {"submit": actions.submit, "release": actions.release}
    act = acts.get(wish, actions.write)
    reply_id = page.mine.id if page.mine else None
    form = page.form or ReplyForm(request.POST)
    if form.carry_out(lambda d: act(actor, page.found.id, form.draft(d), reply_id)):
        words = {"submit": "Submitted. It is read before it goes out.", "release": "On its way."}
        messages.success(request, words.get(wish, "Kept as a draft."))
        return redirect("mail:conversation", actor.slug, page.found.id)
    return _again(request, page, form)


def _again(request: HttpRequest, page: _Page, form: Form) -> HttpResponse:
    """The page with what was typed; what came in meanwhile stands above it, and is seen now."""
    codes = {error.code for error in form.non_field_errors().as_data()}
    newer = "newer_message" in codes
    if newer:
        form.data = {**{name: form.data[name] for name in form.data}, "seen_through": str(page.messages[-1].id)}
    context = {**page.context(newer), "refused": None if page.form else form}
    return render(request, "mail/conversation.html", context, status=409 if newer else 422)


@require_POST
@for_member
def closure(request: HttpRequest, actor: Actor, conversation_id: UUID) -> HttpResponse:
    """Nothing is to be done here any more."""
    actions.close(actor, conversation_id)
    messages.success(request, "Closed, until the customer writes again.")
    return redirect("mail:inbox", actor.slug)


@for_member
def question(request: HttpRequest, actor: Actor, conversation_id: UUID) -> HttpResponse:
    """“I don't know”: ask the owner about this conversation."""
    found = queries.conversation(actor, conversation_id)
    form = QuestionForm(request.POST or None)
    url = reverse("mail:conversation", args=[actor.slug, found.id])
    if request.method == "POST" and form.carry_out(
        lambda d: playbooks.ask(actor, d["text"], "conversation", found.id, f"Mail #{found.number}", url)
    ):
        messages.success(request, "Asked. The answer will stand with your questions.")
        return redirect(url)
    context = {"conversation": found, "form": form}
    return render(request, "mail/question.html", context, status=422 if form.is_bound else 200)
