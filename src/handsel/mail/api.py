"""Mail over the API: conversations, replies, and what customers ask often. Mailbox files are read in on the page."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Query
from pydantic import Field

from handsel.core.paging import Page, Window, page
from handsel.core.wire import Given, Mail, Name, Reason, Shown, SomeWords, Words
from handsel.handover.rules import Word
from handsel.mail import actions, queries
from handsel.mail.actions import Draft
from handsel.mail.models import Conversation, KindCount, Mailbox, Message, Mining, Reply, ReplyVersion
from handsel.mail.rules import ConversationStatus, ReplyStatus
from handsel.people.api import PersonShown
from handsel.people.callers import Call, routes
from handsel.values.refusals import NotVisible

router = routes("mail")


# ---------------------------------------------------------------- mailboxes


class MailboxShown(Shown):
    """A mailbox, and the addresses that are ours in it."""

    id: UUID
    name: str
    addresses: list[str]

    @classmethod
    def of(cls, mailbox: Mailbox, addresses: list[str]) -> Self:
        return cls(id=mailbox.id, name=mailbox.name, addresses=addresses)


class AddressesGiven(Given):
    """The addresses that are ours."""

    addresses: list[Mail] = Field(min_length=1, max_length=50)


class MailboxGiven(AddressesGiven):
    """A mailbox."""

    name: Name


class MiningShown(Shown):
    """A search for what customers ask often."""

    id: UUID
    mailbox_id: UUID
    finished_at: datetime | None

    @classmethod
    def of(cls, mining: Mining) -> Self:
        return cls(id=mining.id, mailbox_id=mining.mailbox_id, finished_at=mining.finished_at)


@router.get("/mailboxes", response=list[MailboxShown], summary="Mailboxes")
def mailboxes(request: Call) -> list[MailboxShown]:
    """The mailboxes of the business, the oldest first; the owner's side alone sees them."""
    addresses = queries.addresses_of_all(request.auth)
    return [MailboxShown.of(box, addresses.get(box.id, [])) for box in queries.mailboxes(request.auth)]


@router.post("/mailboxes", response={201: MailboxShown}, summary="Open a mailbox")
def open_mailbox(request: Call, body: MailboxGiven) -> MailboxShown:
    """A mailbox, and the addresses that are ours in it."""
    made = actions.open_mailbox(request.auth, body.name, body.addresses)
    return MailboxShown.of(made, queries.own_addresses(made.id))


@router.post("/mailboxes/{key}/addresses", response=MailboxShown, summary="Correct the own addresses")
def correct_addresses(request: Call, key: UUID, body: AddressesGiven) -> MailboxShown:
    """Whose mails are ours, and so which conversations wait, follows at once."""
    actions.correct_addresses(request.auth, key, body.addresses)
    return MailboxShown.of(queries.mailbox(request.auth, key), queries.own_addresses(key))


@router.post("/mailboxes/{key}/mining", response={201: MiningShown}, summary="Look for what is asked often")
def begin_mining(request: Call, key: UUID) -> MiningShown:
    """The worker looks; what it finds stands under /request-kinds."""
    return MiningShown.of(actions.begin_mining(request.auth, key))


# ---------------------------------------------------------------- conversations


class ConversationShown(Shown):
    """What one customer wrote about one thing, and the answers."""

    id: UUID
    number: int
    subject: str
    customer_name: str
    customer_address: str
    status: ConversationStatus
    kind: str = Field(description="What is asked for; empty where that is not known.")
    latest_at: datetime | None

    @classmethod
    def of(cls, c: Conversation) -> Self:
        return cls(
            id=c.id, number=c.number, subject=c.subject, customer_name=c.customer_name,
            customer_address=c.customer_address, status=ConversationStatus(c.status),
            kind=getattr(c, "kind_name", "") or "", latest_at=c.latest_at,
        )  # fmt: skip


class MessageShown(Shown):
    """One mail of a conversation."""

    id: UUID
    outgoing: bool = Field(description="Whether it is ours.")
    at: datetime
    subject: str
    sender_name: str
    sender_address: str
    text: str
    attachments: list[str] = Field(description="Names of files.")

    @classmethod
    def of(cls, m: Message) -> Self:
        return cls(
            id=m.id, outgoing=m.outgoing, at=m.at, subject=m.subject, sender_name=m.sender_name,
            sender_address=m.sender_address, text=m.text, attachments=[a.name for a in m.attachments.all()],
        )  # fmt: skip


class ConversationsAsked(Window):
    """Which conversations."""

    status: ConversationStatus | None = None


@router.get("/conversations", response=Page[ConversationShown], summary="Conversations")
def conversations(request: Call, asked: Query[ConversationsAsked]) -> Page[ConversationShown]:
    """The conversations that this person may read, the one with the newest mail first."""
    rows = queries.conversations(request.auth)
    rows = rows.filter(status=asked.status.value) if asked.status else rows
    return page(request, asked, rows, ConversationShown.of, ("-latest_at", "-id"))


@router.get("/conversations/{key}", response=ConversationShown, summary="A conversation")
def conversation(request: Call, key: UUID) -> ConversationShown:
    """One conversation."""
    return ConversationShown.of(queries.conversation(request.auth, key))


@router.get("/conversations/{key}/messages", response=list[MessageShown], summary="The mails of a conversation")
def messages(request: Call, key: UUID) -> list[MessageShown]:
    """Its mails in their order, at most 200."""
    found = queries.conversation(request.auth, key)
    return [MessageShown.of(message) for message in queries.messages(request.auth, found.id)]


@router.post("/conversations/{key}/closure", response=ConversationShown, summary="Close a conversation")
def close(request: Call, key: UUID) -> ConversationShown:
    """Nothing is to be done here any more, until the customer writes again."""
    actions.close(request.auth, key)
    return conversation(request, key)


# ---------------------------------------------------------------- replies


class ReplyGiven(Given):
    """The words of a reply."""

    text: Annotated[Words, Field(max_length=20_000)]
    to: list[Mail] = Field(min_length=1, max_length=10, description="Addresses of this conversation.")
    seen_through: UUID = Field(description="The newest message that its writer has read.")
    template_id: UUID | None = Field(None, description="The version of a draft that it was written from.")

    def draft(self) -> Draft:
        return Draft(self.text, tuple(self.to), self.seen_through, self.template_id)


class ReleaseGiven(ReplyGiven):
    """The words that go out, and what is said of the reply that was handed in where they differ from it."""

    verdict: Word = Word.REMARK
    words: Annotated[Words, Field(max_length=1000)] = ""


class BackGiven(Given):
    """Why a reply goes back to its writer."""

    reason: Annotated[Reason, Field(max_length=1000)]
    verdict: Word = Field(Word.FAULT, description="fault or critical.")


class PracticeGiven(Given):
    """Whether a reply for practice could have gone out."""

    verdict: Word
    words: Annotated[Words, Field(max_length=1000)] = ""


class SettlementGiven(Given):
    """What is done about a mail of which nobody knows whether it arrived."""

    decision: Literal["again", "leave"]


class ReplyShown(Shown):
    """An answer on its way: a draft until it is sent."""

    id: UUID
    conversation_id: UUID
    author: PersonShown
    status: ReplyStatus
    n: int = Field(description="The number of its newest wording.")
    to: list[str]
    subject: str
    text: str
    seen_through: UUID

    @classmethod
    def of(cls, reply: Reply, newest: ReplyVersion) -> Self:
        return cls(
            id=reply.id, conversation_id=reply.conversation_id, author=PersonShown.of(reply.author),
            status=ReplyStatus(reply.status), n=newest.n, to=list(newest.to), subject=newest.subject, text=newest.text,
            seen_through=newest.seen_through_id,
        )  # fmt: skip


@router.get("/replies/{key}", response=ReplyShown, summary="A reply")
def reply(request: Call, key: UUID) -> ReplyShown:
    """One reply in its newest wording."""
    found = queries.reply(request.auth, key)
    return ReplyShown.of(found, queries.versions(request.auth, found.id)[-1])


class ReplyLineShown(Shown):
    """A reply that waits."""

    id: UUID
    conversation_id: UUID
    author: PersonShown
    status: ReplyStatus

    @classmethod
    def of(cls, reply: Reply) -> Self:
        return cls(id=reply.id, conversation_id=reply.conversation_id, author=PersonShown.of(reply.author),
                   status=ReplyStatus(reply.status))  # fmt: skip


class RepliesAsked(Window):
    """Which replies."""

    status: ReplyStatus | None = None
    conversation_id: UUID | None = None


@router.get("/replies", response=Page[ReplyLineShown], summary="Replies")
def replies(request: Call, asked: Query[RepliesAsked]) -> Page[ReplyLineShown]:
    """The replies that this person reads, the newest first."""
    wanted = {"status": asked.status and asked.status.value, "conversation_id": asked.conversation_id}
    rows = Reply.objects.visible_to(request.auth).filter(**{k: v for k, v in wanted.items() if v})
    return page(request, asked, rows.select_related("author"), ReplyLineShown.of, ("-made_at", "-id"))


@router.post("/conversations/{key}/replies", response={201: ReplyShown}, summary="Begin a reply")
def write(request: Call, key: UUID, body: ReplyGiven) -> ReplyShown:
    """Keep a reply as a draft; nothing goes out."""
    return reply(request, actions.write(request.auth, key, body.draft()).id)


@router.post("/replies/{key}/words", response=ReplyShown, summary="Write on a reply")
def write_on(request: Call, key: UUID, body: ReplyGiven) -> ReplyShown:
    """Another wording of a draft."""
    conversation_id = queries.reply(request.auth, key).conversation_id
    actions.write(request.auth, conversation_id, body.draft(), key)
    return reply(request, key)


@router.post("/replies/{key}/submission", response=ReplyShown, summary="Hand a reply in")
def submit(request: Call, key: UUID, body: ReplyGiven) -> ReplyShown:
    """Hand it in to be read before it goes out."""
    conversation_id = queries.reply(request.auth, key).conversation_id
    actions.submit(request.auth, conversation_id, body.draft(), key)
    return reply(request, key)


@router.post("/replies/{key}/release", response=ReplyShown, summary="Send a reply")
def release(request: Call, key: UUID, body: ReleaseGiven) -> ReplyShown:
    """Send it in exactly these words, once; refused where something newer came in than was read."""
    conversation_id = queries.reply(request.auth, key).conversation_id
    actions.release(request.auth, conversation_id, body.draft(), key, body.verdict, body.words)
    return reply(request, key)


@router.post("/replies/{key}/return", response=ReplyShown, summary="Return a reply")
def send_back(request: Call, key: UUID, body: BackGiven) -> ReplyShown:
    """Back to its writer, with the reason."""
    actions.send_back(request.auth, key, body.reason, body.verdict)
    return reply(request, key)


@router.post("/replies/{key}/practice", response=ReplyShown, summary="Judge a reply for practice")
def judge_practice(request: Call, key: UUID, body: PracticeGiven) -> ReplyShown:
    """Say whether it could have gone out; it never does."""
    actions.judge_practice(request.auth, key, body.verdict, body.words)
    return reply(request, key)


@router.post("/replies/{key}/removal", response={204: None}, summary="Put a draft away")
def discard(request: Call, key: UUID) -> None:
    """Put one's own draft away; its words are kept."""
    actions.discard(request.auth, key)


@router.post("/replies/{key}/settlement", response=ReplyShown, summary="Decide about a mail in doubt")
def settle_send(request: Call, key: UUID, body: SettlementGiven) -> ReplyShown:
    """Of a mail that may have been delivered, or was not: send the same bytes again, or leave it."""
    send = queries.send_of(request.auth, queries.reply(request.auth, key).id)
    if send is None:
        raise NotVisible("mail")
    actions.settle_send(request.auth, send.id, body.decision)
    return reply(request, key)


# ---------------------------------------------------------------- what is asked often


class RequestKindShown(Shown):
    """Something that customers ask again and again, with the draft that answers it."""

    id: UUID
    name: str
    requests: int = Field(description="How many asked for it.")
    customers: int
    answered: int
    draft: str = Field(description="Text with {places}; empty where there is none.")
    draft_n: int = Field(description="The number of its version; 0 for none.")

    @classmethod
    def of(cls, count: KindCount) -> Self:
        known = count.__dict__  # with what the queries annotate
        return cls(
            id=count.kind_id, name=known["name"], requests=count.requests, customers=count.customers,
            answered=count.answered, draft=known["draft"] or "", draft_n=known["draft_n"] or 0,
        )  # fmt: skip


class KindNameGiven(Given):
    """The owner's own word."""

    name: Name


class TemplateGiven(Given):
    """A draft reply."""

    text: Annotated[SomeWords, Field(max_length=20_000)]
    seen: int = Field(strict=True, ge=0, le=1_000_000, description="The version that it was written from; 0 for none.")


@router.get("/request-kinds", response=list[RequestKindShown], summary="What customers ask often")
def request_kinds(request: Call) -> list[RequestKindShown]:
    """What the newest search found, the most frequent first; at most 100."""
    return [RequestKindShown.of(count) for count in queries.kinds(request.auth)[:100]]


@router.get("/request-kinds/{key}", response=RequestKindShown, summary="One kind of request")
def request_kind(request: Call, key: UUID) -> RequestKindShown:
    """One kind."""
    return RequestKindShown.of(queries.kind(request.auth, key))


@router.post("/request-kinds/{key}/name", response=RequestKindShown, summary="Name a kind of request")
def rename_kind(request: Call, key: UUID, body: KindNameGiven) -> RequestKindShown:
    """Call it by the owner's own word."""
    actions.rename_kind(request.auth, key, body.name)
    return request_kind(request, key)


@router.post("/request-kinds/{key}/draft", response=RequestKindShown, summary="Write the draft reply")
def edit_template(request: Call, key: UUID, body: TemplateGiven) -> RequestKindShown:
    """A new version of the draft reply to a kind."""
    actions.edit_template(request.auth, key, body.text, body.seen)
    return request_kind(request, key)
