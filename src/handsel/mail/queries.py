"""Every read about mail."""

from collections.abc import Iterable
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from handsel.core.models import OutboxItem
from handsel.handover.models import Stream
from handsel.mail.mining import Letter
from handsel.mail.models import (
    Attachment,
    Conversation,
    KindCount,
    KindName,
    KindOf,
    Mailbox,
    MailImport,
    Message,
    MessageReference,
    Mining,
    OwnAddress,
    Parse,
    Party,
    RawMail,
    Reply,
    ReplyReturn,
    ReplySubmission,
    ReplyTemplate,
    ReplyVersion,
    Send,
    Sighting,
    answering,
    in_force_today,
    mail_streams,
)
from handsel.mail.reading.kinds import Kind as MailKind
from handsel.mail.rules import ConversationStatus, ReplyStatus, reply_references
from handsel.people.permissions import grants_of
from handsel.people.queries import members
from handsel.values.actors import Actor, Role, Side
from handsel.values.days import monday_of
from handsel.values.refusals import NotVisible

MOST_MESSAGES = 200
OPEN = (ReplyStatus.DRAFT.value, ReplyStatus.RETURNED.value, ReplyStatus.IN_REVIEW.value)
ASKING = ("person", "machine")
"""Kinds of mail that ask for a look; lists, automatic replies and bounces are filed."""


def mailboxes(actor: Actor) -> list[Mailbox]:
    """The mailboxes of the business, oldest first; one SQL query."""
    return list(Mailbox.objects.visible_to(actor).order_by("made_at", "id"))


def mailbox(actor: Actor, key: UUID) -> Mailbox:
    found: Mailbox = Mailbox.objects.get_visible(actor, key)
    return found


def own_addresses(mailbox_id: UUID) -> list[str]:
    """The addresses that are ours in a mailbox that was fetched through `visible_to`; one SQL query."""
    newest: dict[str, bool] = {}
    rows = OwnAddress.objects.filter(mailbox_id=mailbox_id).order_by("n").values_list("address", "ours")
    for address, ours in rows:
        newest[address] = ours
    return [address for address, ours in newest.items() if ours]


def addresses_of_all(actor: Actor) -> dict[UUID, list[str]]:
    """The own addresses of each mailbox; one SQL query."""
    newest: dict[tuple[UUID, str], bool] = {}
    rows = OwnAddress.objects.visible_to(actor).order_by("mailbox_id", "n")
    for mailbox_id, address, ours in rows.values_list("mailbox_id", "address", "ours"):
        newest[mailbox_id, address] = ours
    found: dict[UUID, list[str]] = {}
    for (mailbox_id, address), ours in newest.items():
        if ours:
            found.setdefault(mailbox_id, []).append(address)
    return found


def known_digests(actor: Actor, mailbox_id: UUID, digests: Iterable[str]) -> set[str]:
    """Which of these originals the mailbox has; one SQL query."""
    rows = RawMail.objects.visible_to(actor).filter(mailbox_id=mailbox_id, digest__in=set(digests))
    return set(rows.values_list("digest", flat=True))


def conversations_of(actor: Actor, mailbox_id: UUID, digests: Iterable[str]) -> set[UUID]:
    """The conversations in which these originals stand; one SQL query."""
    rows = Parse.objects.visible_to(actor).filter(raw__mailbox_id=mailbox_id, raw__digest__in=set(digests))
    return set(rows.values_list("message__conversation_id", flat=True))


def conversations_with_news(begun: MailImport) -> int:
    """In how many conversations the new mails of an import stand, which was fetched through `visible_to`; what the
    mailbox had before does not count. One SQL query."""
    seen = Sighting.objects.filter(mail_import=begun, raw__made_at__gte=begun.made_at)
    rows = Message.objects.filter(raw__in=seen.values("raw"))
    return rows.aggregate(n=Count("conversation", distinct=True))["n"] or 0


def folder_of_import(import_id: UUID) -> str:
    """The name of the file, for an import that was fetched through `visible_to`."""
    return str(MailImport.objects.values_list("name", flat=True).get(pk=import_id))


def requests_by_week(import_id: UUID) -> list[tuple[date, date, int]]:
    """Monday, Sunday and how many conversations customers began, of those that an import brought; one SQL query."""
    first = Message.objects.filter(conversation=OuterRef("pk"), kind__in=ASKING).order_by("at", "id")
    rows = (
        Conversation.objects.filter(mail_import_id=import_id)
        .annotate(first=Subquery(first.values("at")[:1]), ours=Subquery(first.values("outgoing")[:1]))
        .filter(ours=False)
    )
    weeks: dict[date, int] = {}
    for at in rows.values_list("first", flat=True):
        monday = monday_of(at.astimezone(UTC).date())
        weeks[monday] = weeks.get(monday, 0) + 1
    return [(monday, monday + timedelta(days=6), count) for monday, count in sorted(weeks.items())]


def mail_import(actor: Actor, key: UUID) -> MailImport:
    return MailImport.objects.select_related("mailbox").get_visible(actor, key)


def imports(actor: Actor, mailbox_id: UUID | None = None) -> list[MailImport]:
    """The newest readings of files, of one mailbox or of all; one SQL query."""
    rows = MailImport.objects.visible_to(actor).select_related("mailbox", "person")
    if mailbox_id:
        rows = rows.filter(mailbox_id=mailbox_id)
    return list(rows.order_by("-made_at", "-id")[:20])


# ---------------------------------------------------------------- conversations


def conversations(actor: Actor) -> QuerySet[Conversation]:
    """Conversations that this person may read, with the name of their kind of request, newest first."""
    return Conversation.objects.visible_to(actor).annotate(kind_name=_kind_name("pk")).order_by("-latest_at", "-id")


def conversation(actor: Actor, key: UUID) -> Conversation:
    found = conversations(actor).select_related("business").filter(pk=key).first()
    if found is None:
        raise NotVisible("conversation")
    return found


def needing_reply(actor: Actor) -> QuerySet[Conversation]:
    """Conversations in which the customer wrote last, newest first."""
    return conversations(actor).filter(status=ConversationStatus.NEEDS_REPLY.value)


def messages(actor: Actor, conversation_id: UUID) -> list[Message]:
    """The mails of a conversation in their order, with files, readings and sends; four SQL queries."""
    rows = Message.objects.visible_to(actor).filter(conversation_id=conversation_id)
    return list(
        rows.select_related("raw", "send__person", "send__reply__author", "send__version")
        .prefetch_related("attachments", "parses", "placements")
        .order_by("at", "id")[:MOST_MESSAGES]
    )


def message(actor: Actor, key: UUID) -> Message:
    found: Message = Message.objects.select_related("raw", "conversation").get_visible(actor, key)
    return found


def attachment(actor: Actor, key: UUID) -> Attachment:
    found: Attachment = Attachment.objects.select_related("message__raw").get_visible(actor, key)
    return found


def newest_message(actor: Actor, conversation_id: UUID) -> Message:
    """The last mail of a conversation, either side's; one SQL query."""
    rows = Message.objects.visible_to(actor).filter(conversation_id=conversation_id).order_by("-at", "-id")
    found = rows.first()
    if found is None:
        raise NotVisible("conversation")
    return found


def newest_message_id(conversation_id: UUID) -> UUID | None:
    """Of a conversation that was fetched through `visible_to`; one SQL query."""
    rows = Message.objects.filter(conversation_id=conversation_id).order_by("-at", "-id")
    return rows.values_list("id", flat=True).first()


def message_to_answer(conversation_id: UUID) -> Message | None:
    """The newest mail of the customer; where she wrote none, the newest of ours."""
    rows = Message.objects.filter(conversation_id=conversation_id).order_by("-at", "-id")
    return rows.filter(outgoing=False, kind__in=ASKING).first() or rows.first()


def addresses_in(conversation_id: UUID) -> set[str]:
    """All addresses that stand in a conversation, and the customer's; two SQL queries."""
    rows = Party.objects.filter(message__conversation_id=conversation_id).exclude(normalised="")
    customer = Conversation.objects.values_list("customer_address", flat=True).get(pk=conversation_id)
    return {*rows.values_list("normalised", flat=True), *([customer] if customer else [])}


def sender_for(mailbox_id: UUID, answered_id: UUID) -> str:
    """From which of our addresses an answer goes: the one that was written to, else the first; empty where none is."""
    ours = own_addresses(mailbox_id)
    named = set(Party.objects.filter(message_id=answered_id).values_list("normalised", flat=True))
    return next((address for address in ours if address in named), next(iter(ours), ""))


def references_to(answered: Message) -> tuple[str, ...]:
    """The References of an answer to this mail; empty where it has no id of its own."""
    if answered.own_id:
        return ()
    rows = MessageReference.objects.filter(message=answered, position__gt=0).order_by("-position")
    return reply_references(list(rows.values_list("named", flat=True)), answered.message_id)


# ---------------------------------------------------------------- kinds


def letters(mailbox_id: UUID) -> list[Letter]:
    """Every mail of a mailbox as mining needs it, its key that of its conversation; two SQL queries."""
    answers = dict(
        MessageReference.objects.filter(mailbox_id=mailbox_id, position=1).values_list("message_id", "named")
    )
    rows = Message.objects.filter(mailbox_id=mailbox_id).select_related("conversation").order_by("at", "id")
    return [
        Letter(
            key=str(m.conversation_id), conversation=str(m.conversation_id), message_id=m.message_id,
            in_reply_to=answers.get(m.id), kind=MailKind(m.kind), outgoing=m.outgoing,
            customer=m.conversation.customer_address, customer_name=m.conversation.customer_name, at=m.at,
            text=m.new_text,
        )
        for m in rows.iterator(chunk_size=2000)
    ]  # fmt: skip


def kinds_of_conversations(mailbox_id: UUID) -> dict[UUID, UUID]:
    """Conversation → kind, as the newest finished search of a mailbox saw it; two SQL queries."""
    newest = Mining.objects.filter(mailbox_id=mailbox_id).exclude(finished_at=None).order_by("-n").first()
    return dict(KindOf.objects.filter(mining=newest).values_list("conversation_id", "kind_id")) if newest else {}


def kinds(actor: Actor) -> QuerySet[KindCount]:
    """What the newest search of each mailbox found, the most frequent first, with names and drafts; one SQL query."""
    newest = Mining.objects.filter(mailbox=OuterRef("mining__mailbox")).exclude(finished_at=None).order_by("-n")
    return (
        KindCount.objects.visible_to(actor)
        .filter(mining=Subquery(newest.values("pk")[:1]))
        .select_related("kind", "mining")
        .annotate(name=_name_of("kind"), draft=_draft("text"), draft_id=_draft("pk"), draft_n=_draft("n"))
        .order_by("-requests", "position")
    )


def kind(actor: Actor, kind_id: UUID) -> KindCount:
    """A kind with its newest count."""
    rows = KindCount.objects.visible_to(actor).filter(kind_id=kind_id).select_related("kind", "mining")
    found = (
        rows.annotate(name=_name_of("kind"), draft=_draft("text"), draft_id=_draft("pk"), draft_n=_draft("n"))
        .order_by("-mining__n")
        .first()
    )
    if found is None:
        raise NotVisible("kind of request")
    return found


def templates(actor: Actor, kind_id: UUID) -> QuerySet[ReplyTemplate]:
    """Every version of a draft, newest first; one SQL query."""
    rows = ReplyTemplate.objects.visible_to(actor).filter(kind_id=kind_id)
    return rows.select_related("person").order_by("-n")


def drafts_for(actor: Actor, conversation_id: UUID) -> list[KindCount]:
    """Kinds with a draft, that of this conversation first; two SQL queries."""
    own = (
        KindOf.objects.filter(conversation_id=conversation_id).order_by("-mining__n").values_list("kind_id", flat=True)
    )
    first = own.first()
    found = [count for count in kinds(actor)[:60] if getattr(count, "draft", "")]
    return sorted(found, key=lambda count: count.kind_id != first)


def template(actor: Actor, key: UUID) -> ReplyTemplate:
    found: ReplyTemplate = ReplyTemplate.objects.select_related("kind").get_visible(actor, key)
    return found


def examples(actor: Actor, count: KindCount) -> list[Conversation]:
    """The three most typical conversations of a kind, each with what was asked; one SQL query."""
    asked = Message.objects.filter(conversation=OuterRef("pk"), outgoing=False).order_by("at", "id").values("text")[:1]
    rows = Conversation.objects.visible_to(actor).filter(kinds__kind_id=count.kind_id, kinds__mining_id=count.mining_id)
    return list(rows.annotate(asked=Subquery(asked)).order_by("kinds__position")[:3])


def running_mining(actor: Actor) -> Mining | None:
    """A search for kinds that is under way: the newest, if it has not ended."""
    newest = Mining.objects.visible_to(actor).order_by("-made_at", "-id").first()
    return newest if newest and newest.finished_at is None else None


def kind_name_of(conversation_id: UUID) -> str:
    """The shown name of the kind that a conversation asks for; empty where it is none. One SQL query."""
    found = Conversation.objects.filter(pk=conversation_id).values_list(_kind_name("pk"), flat=True).first()
    return found or ""


def _kind_name(conversation: str) -> Subquery:
    newest = KindOf.objects.filter(conversation=OuterRef(conversation)).order_by("-mining__n")
    return Subquery(newest.annotate(shown=_name_of("kind")).values("shown")[:1])


def _name_of(kind: str) -> Coalesce:
    names = KindName.objects.filter(kind=OuterRef(kind)).order_by("-n").values("name")[:1]
    return Coalesce(Subquery(names), F(f"{kind}__name"))


def _draft(field: str) -> Subquery:
    return Subquery(ReplyTemplate.objects.filter(kind=OuterRef("kind")).order_by("-n").values(field)[:1])


# ---------------------------------------------------------------- replies


def replies_of(actor: Actor, conversation_id: UUID) -> list[Reply]:
    """Replies that are not sent yet, as far as this person reads them, oldest first, with the reason why one came back
    (`back_at`, `back_by`, `back_why`); one SQL query."""
    back = ReplyReturn.objects.filter(reply=OuterRef("pk")).order_by("-n")
    rows = Reply.objects.visible_to(actor).filter(conversation_id=conversation_id, status__in=OPEN)
    told = rows.annotate(
        back_at=Subquery(back.values("made_at")[:1]),
        back_by=Subquery(back.values("person__name")[:1]),
        back_why=Subquery(back.values("reason")[:1]),
    )
    return list(told.select_related("author").order_by("made_at", "id"))


def reply(actor: Actor, key: UUID) -> Reply:
    rows = Reply.objects.select_related("author", "conversation__mailbox", "answers", "template__kind")
    found: Reply = rows.get_visible(actor, key)
    return found


def versions(actor: Actor, reply_id: UUID) -> list[ReplyVersion]:
    """Every wording of a reply, oldest first; one SQL query."""
    rows = ReplyVersion.objects.visible_to(actor).filter(reply_id=reply_id)
    return list(rows.select_related("person").order_by("n"))


def newest_submission(reply_id: UUID) -> ReplySubmission | None:
    """Of a reply that was fetched through `visible_to`; one SQL query."""
    return ReplySubmission.objects.filter(reply_id=reply_id).select_related("version").order_by("-n").first()


def returns(actor: Actor, reply_id: UUID) -> list[ReplyReturn]:
    """Why a reply came back, newest first; one SQL query."""
    rows = ReplyReturn.objects.visible_to(actor).filter(reply_id=reply_id)
    return list(rows.select_related("person", "version").order_by("-n"))


def send_of(actor: Actor, reply_id: UUID) -> Send | None:
    """How a reply went out; one SQL query."""
    rows = Send.objects.visible_to(actor).filter(reply_id=reply_id)
    return rows.select_related("person", "version").first()


def to_read(actor: Actor) -> QuerySet[Reply]:
    """Replies that wait to be read, the oldest first; one SQL query."""
    submitted = ReplySubmission.objects.filter(reply=OuterRef("pk")).order_by("-n")
    return (
        Reply.objects.visible_to(actor)
        .filter(status=ReplyStatus.IN_REVIEW.value)
        .annotate(since=Subquery(submitted.values("made_at")[:1]))
        .select_related("author", "conversation")
        .order_by("since", "id")
    )


def returned(actor: Actor) -> QuerySet[Reply]:
    """One's own replies that came back, the oldest first; one SQL query."""
    back = ReplyReturn.objects.filter(reply=OuterRef("pk")).order_by("-n")
    return (
        Reply.objects.visible_to(actor)
        .filter(status=ReplyStatus.RETURNED.value, author_id=actor.person_id)
        .annotate(since=Subquery(back.values("made_at")[:1]))
        .select_related("conversation")
        .order_by("since", "id")
    )


def unsettled(actor: Actor) -> QuerySet[OutboxItem]:
    """Mails of which nobody knows whether they arrived, or that did not, each with its reply (`reply_id`), the oldest
    first; one SQL query."""
    sends = Send.objects.visible_to(actor)
    items = OutboxItem.objects.filter(business_id=actor.business_id, kind="mail", state__in=("uncertain", "failed"))
    reply = Subquery(sends.filter(pk=OuterRef("about_id")).values("reply_id")[:1])
    return items.annotate(reply_id=reply).exclude(reply_id=None).order_by("queued_at", "id")


def readers(actor: Actor) -> list[str]:
    """The names of whoever may read replies before they go out; one SQL query."""
    return [m.person.name for m in members(actor) if "mail.send_back" in grants_of(Role(m.role))]


def side_of(reply: Reply) -> Side:
    """Whose work the words of a reply are."""
    return Side.PROVIDER_SIDE if reply.provider_id else Side.OWNER_SIDE


def engagement_for(actor: Actor, kind: str) -> UUID | None:
    """The engagement under which somebody of a provider answers this kind of request: that of her stage for it, else of
    her stage for everything, else any; the newest of several. One SQL query."""
    fits = Case(When(kind=kind[:80], then=2), When(kind="", then=1), default=0)
    rows = answering(actor).order_by(fits.desc(), "-engagement__made_at", "-engagement_id")
    return rows.values_list("engagement_id", flat=True).first()


def any_engagement(actor: Actor) -> UUID | None:
    """The engagement that the owner's own replies count for too: one in force to which mail was handed over, of several
    one under which replies were written, then the newest. None while no mail is handed over. One SQL query."""
    answers = Exists(Reply.objects.filter(engagement=OuterRef("engagement")))
    rows = in_force_today(actor, mail_streams(actor.business_id))
    newest = rows.order_by(answers.desc(), "-engagement__made_at", "-engagement_id")
    return newest.values_list("engagement_id", flat=True).first()


# ---------------------------------------------------------------- who reads mail


def reads_mail(actor: Actor) -> bool:
    """Whether the mail is open to this person today; at most one SQL query."""
    if actor.is_owner_side:
        return actor.role is not Role.BOOKKEEPER
    return answering(actor).exists()


def answered_under(actor: Actor, engagement_id: UUID) -> bool:
    """Whether mail was handed over under this engagement, and is open to this person today; one SQL query."""
    if actor.is_owner_side:
        rows = mail_streams(actor.business_id)
        return actor.role is not Role.BOOKKEEPER and rows.filter(engagement_id=engagement_id).exists()
    return answering(actor).filter(engagement_id=engagement_id).exists()


def handed_over(actor: Actor) -> QuerySet[Stream, Any]:
    """What of the mail was ever in this person's hands, by engagement: what she did there stays her own history."""
    return mail_streams(actor.business_id).filter(worker_id=actor.person_id).order_by().values("engagement_id")
