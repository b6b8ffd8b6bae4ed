"""What mail gives to the house."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from handsel.core.rooms import Found, Need, Room
from handsel.mail import queries
from handsel.mail.events import EVENTS
from handsel.mail.models import Conversation, Reply, RequestKind, engaged
from handsel.values.actors import Actor


def needs(actor: Actor) -> Sequence[Need]:
    """Replies to read, and mail whose fate is unknown; for the writer, replies that came back and mail to answer."""
    found: list[Need] = []
    if actor.may("mail.send_back"):
        found += _to_read(actor)
    if actor.may("mail.settle_send"):
        found += _unsettled(actor)
    if actor.may("mail.submit"):
        found += [*_returned(actor), *_to_answer(actor)]
    return found


def _since(reply: Reply) -> datetime:
    """When it was handed in, or came back."""
    return getattr(reply, "since", None) or reply.made_at


def _to_read(actor: Actor) -> list[Need]:
    return [
        Need(r.conversation.subject, f"{r.author.name} wrote a reply to {r.conversation.customer}.", "Read it",
             reverse("mail:reply", args=[actor.slug, r.id]), _since(r), person=r.author.name, side="provider",
             given=("open", "given"))
        for r in queries.to_read(actor)[:20]
    ]  # fmt: skip


def _unsettled(actor: Actor) -> list[Need]:
    return [
        Need(item.payload["subject"], item.words or "Nobody knows whether this mail arrived.", "Decide",
             reverse("mail:reply", args=[actor.slug, send.reply_id]), item.queued_at, minutes=1)
        for send, item in queries.unsettled(actor)
    ]  # fmt: skip


def _returned(actor: Actor) -> list[Need]:
    return [
        Need(r.conversation.subject, "Your reply came back, with the reason.", "Correct it",
             reverse("mail:reply", args=[actor.slug, r.id]), _since(r), minutes=3, side="owner",
             given=("refused", "given"))
        for r in queries.returned(actor)[:20]
    ]  # fmt: skip


def _to_answer(actor: Actor) -> list[Need]:
    waiting = list(queries.needing_reply(actor)[:21])
    if not waiting:
        return []
    count = "More than twenty conversations need" if len(waiting) > 20 else f"{len(waiting)} need"
    words = "One conversation needs a reply." if len(waiting) == 1 else f"{count} a reply."
    return [
        Need("Customers' mail", words, "Answer", reverse("mail:inbox", args=[actor.slug]) + "?show=needs-reply",
             waiting[-1].latest_at or waiting[-1].made_at, minutes=3 * len(waiting))
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
    """The bookkeeper reads no mail; of a provider only who is named for an engagement that is in force today."""
    if actor.role.value == "bookkeeper":
        return False
    return actor.is_owner_side or engaged(actor).exists()


ROOM = Room(
    name="mail",
    nav={"owner": ("Mail", "inbox", "mail:inbox"), "provider": ("Mail", "inbox", "mail:inbox")},
    needs=needs,
    events=EVENTS,
    things={"conversation": _found_conversations, "reply": _found_replies, "requestkind": _found_kinds},
    visible_when=visible,
)
