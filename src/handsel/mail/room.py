"""What mail gives to the house."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from handsel.core.asking import asked
from handsel.core.rooms import Answer, Found, Need, Question, Room
from handsel.mail import queries
from handsel.mail.events import EVENTS
from handsel.mail.models import Conversation, Reply, RequestKind
from handsel.values.actors import Actor


def questions(actor: Actor) -> Iterable[Question]:
    """Replies to read, and mail whose fate is unknown; for the writer, replies that came back and mail to answer."""
    if actor.may("mail.send_back"):
        yield _to_read(actor)
    if actor.may("mail.settle_send"):
        yield _unsettled(actor)
    if actor.may("mail.submit"):
        yield _returned(actor)
        yield _to_answer(actor)


needs = asked(questions)


def _since(reply: Answer) -> datetime:
    """When it was handed in, or came back."""
    at: datetime = reply["since"] or reply["made_at"]
    return at


def _customer(reply: Answer) -> str:
    name, address = reply["conversation__customer_name"], reply["conversation__customer_address"]
    return Conversation(customer_name=name, customer_address=address).customer


def _to_read(actor: Actor) -> Question:
    asked_for = ("conversation__subject", "conversation__customer_name", "conversation__customer_address")
    rows = queries.to_read(actor).values("id", *asked_for, "author__name", "since", "made_at")[:20]
    return Question(rows, lambda found: [
        Need(r["conversation__subject"], f"{r['author__name']} wrote a reply to {_customer(r)}.", "Read it",
             reverse("mail:reply", args=[actor.slug, r["id"]]), _since(r), person=r["author__name"], side="provider",
             given=("open", "given"))
        for r in found
    ])  # fmt: skip


def _unsettled(actor: Actor) -> Question:
    rows = queries.unsettled(actor).values("reply_id", "payload", "words", "queued_at")[:50]
    return Question(rows, lambda found: [
        Need(item["payload"]["subject"], item["words"] or "Nobody knows whether this mail arrived.", "Decide",
             reverse("mail:reply", args=[actor.slug, item["reply_id"]]), item["queued_at"], minutes=1)
        for item in found
    ])  # fmt: skip


def _returned(actor: Actor) -> Question:
    rows = queries.returned(actor).values("id", "conversation__subject", "since", "made_at")[:20]
    return Question(rows, lambda found: [
        Need(r["conversation__subject"], "Your reply came back, with the reason.", "Correct it",
             reverse("mail:reply", args=[actor.slug, r["id"]]), _since(r), minutes=3, side="owner",
             given=("refused", "given"))
        for r in found
    ])  # fmt: skip


def _to_answer(actor: Actor) -> Question:
    rows = queries.needing_reply(actor).values("latest_at", "made_at")[:21]
    return Question(rows, lambda found: _mail_to_answer(actor, found))


def _mail_to_answer(actor: Actor, waiting: Sequence[Answer]) -> list[Need]:
    if not waiting:
        return []
    count = "More than twenty conversations need" if len(waiting) > 20 else f"{len(waiting)} need"
    words = "One conversation needs a reply." if len(waiting) == 1 else f"{count} a reply."
    return [
        Need("Customers' mail", words, "Answer", reverse("mail:inbox", args=[actor.slug]) + "?show=needs-reply",
             waiting[-1]["latest_at"] or waiting[-1]["made_at"], minutes=3 * len(waiting))
    ]  # fmt: skip


def _found_conversations(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Conversation.objects.filter(business_id=business_id, pk__in=keys).select_related("business")
    return [
        Found("conversation", "Conversation", c.id, f"{c.customer}: {c.subject}",
              reverse("mail:conversation", args=[c.business.slug, c.id]), c.customer_address, side="owner",
              at=c.latest_at)
        for c in rows
    ]  # fmt: skip


def _found_replies(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Reply.objects.filter(business_id=business_id, pk__in=keys).select_related("business", "conversation")
    return [
        Found("reply", "Reply", r.id, f"Reply to {r.conversation.customer}: {r.conversation.subject}",
              reverse("mail:reply", args=[r.business.slug, r.id]), side="owner", engagement_id=r.engagement_id,
              at=r.made_at)
        for r in rows
    ]  # fmt: skip


def _found_kinds(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = RequestKind.objects.filter(business_id=business_id, pk__in=keys).select_related("business")
    return [
        Found("requestkind", "Kind of request", k.id, k.name, reverse("mail:kind", args=[k.business.slug, k.id]),
              side="owner", at=k.made_at)
        for k in rows
    ]  # fmt: skip


def visible(actor: Actor) -> bool:
    """Whoever may read mail."""
    return queries.reads_mail(actor)


ROOM = Room(
    name="mail",
    nav={"owner": ("Mail", "inbox", "mail:inbox"), "provider": ("Mail", "inbox", "mail:inbox")},
    needs=needs,
    questions=questions,
    events=EVENTS,
    things={"conversation": _found_conversations, "reply": _found_replies, "requestkind": _found_kinds},
    visible_when=visible,
)
