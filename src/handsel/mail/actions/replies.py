"""Mail goes out: nothing that a person with the right did not release, in exactly that wording, and once."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any
from uuid import UUID

from django.utils import timezone

from handsel.core import outbox
from handsel.core.actions import action, record
from handsel.core.keys import new_key
from handsel.core.letters import mail_message, require_address
from handsel.handover import actions as handover
from handsel.handover.rules import Word
from handsel.mail import events, queries, rules
from handsel.mail.mining.slots import open_slots
from handsel.mail.models import (
    Closure,
    Conversation,
    Discard,
    Message,
    MessageReference,
    Party,
    Reply,
    ReplyReturn,
    ReplySubmission,
    ReplyVersion,
    Send,
)
from handsel.mail.reading.addresses import Role, normalised
from handsel.mail.rules import ReplyStatus, Wording
from handsel.people.queries import business_of
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible, Refusal


@dataclass(frozen=True)
class Draft:
    """What stands in the form of a reply. seen_through: the newest message on the page when it was written."""

    text: str
    to: tuple[str, ...]
    seen_through: UUID
    template_id: UUID | None = None


@action
def write(actor: Actor, conversation_id: UUID, draft: Draft, reply_id: UUID | None = None) -> Reply:
    """Keep a reply as a draft. Each keeping is a version of its own; nothing goes out."""
    conversation = _conversation(actor, conversation_id)
    reply = _reply(actor, conversation, draft, reply_id)
    _refuse(rules.why_not_write(ReplyStatus(reply.status)))
    version = _version(actor, reply, draft)
    record(events.REPLY_WRITTEN, reply, engagement_id=reply.engagement_id, n=version.n)
    return reply


@action
def submit(actor: Actor, conversation_id: UUID, draft: Draft, reply_id: UUID | None = None) -> Reply:
    """Hand a reply in to be read. Refused while a place is open, and where the assistant's stage does not let her."""
    conversation = _conversation(actor, conversation_id)
    reply = _reply(actor, conversation, draft, reply_id)
    _refuse(rules.why_not_write(ReplyStatus(reply.status)))
    if reply.engagement_id is None:
        raise Refusal("not_engaged", "No agreement in force names you here.", mend="Ask your firm to name you.")
    version = _version(actor, reply, draft)
    _refuse(rules.why_not_go_on(_wording(version), queries.addresses_in(conversation.id)))
    output = handover.submit_output(actor, reply.engagement_id, reply.kind_name, reply.id, version.digest)
    ReplySubmission.objects.create(
        business_id=actor.business_id, reply=reply, n=reply.next_n(), person_id=actor.person_id, version=version,
        output_id=output.id, practice=output.practice,
    )  # fmt: skip
    record(events.REPLY_SUBMITTED, reply, engagement_id=reply.engagement_id, n=version.n)
    reply.refresh_from_db()
    return reply


@action
def release(actor: Actor, conversation_id: UUID, draft: Draft, reply_id: UUID | None = None,
            verdict: Word = Word.REMARK, words: str = "") -> Send:  # fmt: skip
    """Send a reply: as it was submitted, or in the owner's own words, which become a version of her own.

    verdict, words: what she says of an assistant's reply that she changed; unchanged, it was right. Refused while a
    place is open, and where something newer came in than the page showed.
    """
    conversation = _conversation(actor, conversation_id)
    reply = _reply(actor, conversation, draft, reply_id)
    newest = queries.newest_message_id(conversation.id)
    _refuse(rules.why_not_release(ReplyStatus(reply.status), draft.seen_through, newest))
    submission = queries.newest_submission(reply.id)
    if submission and submission.practice:
        raise Refusal("practice_reply", "This reply is practice: it never goes out.",
                      mend="Say what you think of it, and write your own.")  # fmt: skip
    handed_in = submission.version_id if submission and reply.status == ReplyStatus.IN_REVIEW.value else None
    version = _version(actor, reply, draft)
    _refuse(rules.why_not_go_on(_wording(version), queries.addresses_in(conversation.id)))
    send = _send(actor, conversation, reply, version)
    _retire_others(actor, conversation, reply)
    if submission and handed_in:
        said = Word.OK if version.id == handed_in else verdict
        handover.give_verdict(actor, submission.output_id, said, words)
    _count(actor, reply)
    record(events.REPLY_RELEASED, reply, engagement_id=reply.engagement_id, n=version.n)
    return send


@action
def send_back(actor: Actor, reply_id: UUID, reason: str, verdict: Word = Word.FAULT) -> None:
    """Return a reply to its writer with the reason."""
    reply, submission = _in_review(actor, reply_id, reason)
    ReplyReturn.objects.create(
        business_id=actor.business_id, reply=reply, n=reply.next_n(), person_id=actor.person_id,
        version=submission.version, reason=reason.strip()[:1000],
    )  # fmt: skip
    handover.give_verdict(actor, submission.output_id, verdict, reason.strip())
    record(events.REPLY_RETURNED, reply, engagement_id=reply.engagement_id, verdict=verdict.value)


@action
def judge_practice(actor: Actor, reply_id: UUID, verdict: Word, words: str = "") -> None:
    """Say of a practice reply whether it could have gone out; it never does."""
    reply, submission = _in_review(actor, reply_id, words or verdict.value)
    if not submission.practice:
        raise Refusal("not_practice", "This reply is meant to go out.", mend="Send it, or return it with a reason.")
    Discard.objects.create(
        business_id=actor.business_id, reply=reply, n=reply.next_n(), person_id=actor.person_id, why="practice"
    )
    handover.give_verdict(actor, submission.output_id, verdict, words)
    record(events.PRACTICE_READ, reply, engagement_id=reply.engagement_id, verdict=verdict.value)


@action
def discard(actor: Actor, reply_id: UUID) -> None:
    """Put one's own draft away; its words are kept."""
    reply = Reply.objects.get_visible(actor, reply_id, lock=True)
    _require_author(actor, reply)
    _refuse(rules.why_not_write(ReplyStatus(reply.status)))
    Discard.objects.create(
        business_id=actor.business_id, reply=reply, n=reply.next_n(), person_id=actor.person_id, why="unwanted"
    )
    record(events.REPLY_DISCARDED, reply, engagement_id=reply.engagement_id)


@action
def close(actor: Actor, conversation_id: UUID) -> None:
    """Close a conversation, until the customer writes again."""
    conversation = _conversation(actor, conversation_id)
    Closure.objects.create(business_id=actor.business_id, conversation=conversation, person_id=actor.person_id)
    record(events.CONVERSATION_CLOSED, conversation)


@action
def settle_send(actor: Actor, send_id: UUID, decision: str) -> None:
    """Decide about a mail that may have been delivered, or was not: send it again, or leave it."""
    send = Send.objects.get_visible(actor, send_id, lock=True)
    item = outbox.items_about([send.id]).get(send.id)
    if item is None:
        raise NotVisible("mail")
    (outbox.send_again if decision == "again" else outbox.leave)(item)
    record(events.SEND_SETTLED, send.reply_id, kind="reply", decision="again" if decision == "again" else "leave")


# ---------------------------------------------------------------- what these share


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal


def _conversation(actor: Actor, key: UUID) -> Conversation:
    """Locked: whoever writes, sends or closes here takes turns."""
    found: Conversation = Conversation.objects.get_visible(actor, key, lock=True)
    return found


def _reply(actor: Actor, conversation: Conversation, draft: Draft, reply_id: UUID | None) -> Reply:
    """The reply that is written on, or a new one. An assistant writes on her own alone."""
    if reply_id is not None:
        reply: Reply = Reply.objects.get_visible(actor, reply_id, lock=True)
        if reply.conversation_id != conversation.id:
            raise NotVisible("reply")
        if not actor.may("mail.release"):
            _require_author(actor, reply)
        return reply
    kind = queries.kind_name_of(conversation.id)[:80]
    engagement_id = None if actor.is_owner_side else queries.engagement_for(actor, kind)
    answered = queries.message_to_answer(conversation.id)
    if answered is None:
        raise Refusal("nothing_to_answer", "Nothing in this conversation can be answered.", mend="Open another one.")
    made: Reply = Reply.objects.create(
        business_id=actor.business_id, conversation=conversation, author_id=actor.person_id,
        provider_id=actor.provider_id, engagement_id=engagement_id, answers=answered, template_id=draft.template_id,
        kind_name=kind,
    )  # fmt: skip
    return made


def _require_author(actor: Actor, reply: Reply) -> None:
    if reply.author_id != actor.person_id:
        raise Refusal("not_your_reply", "Somebody else is writing this reply.", mend="Write one of your own.")


def _version(actor: Actor, reply: Reply, draft: Draft) -> ReplyVersion:
    """The wording of the form: the newest version where nothing changed, else one more."""
    to = [_address(address) for address in draft.to]
    text = "\n".join(line.rstrip() for line in draft.text.replace("\r\n", "\n").split("\n")).strip("\n")
    newest = ReplyVersion.objects.filter(reply=reply).order_by("-n").first()
    if newest is not None and (newest.text, list(newest.to)) == (text, to):
        return newest
    subject = rules.reply_subject(reply.answers.subject)[:500]
    words = json.dumps([to, subject, text], ensure_ascii=False)
    version: ReplyVersion = ReplyVersion.objects.create(
        business_id=actor.business_id, reply=reply, n=newest.n + 1 if newest else 1, person_id=actor.person_id, to=to,
        subject=subject, text=text, digest=hashlib.sha256(words.encode("utf-8", "replace")).hexdigest(),
        waiting=len(open_slots(text)), seen_through_id=_seen(reply, draft.seen_through),
    )  # fmt: skip
    return version


def _seen(reply: Reply, message_id: UUID) -> UUID:
    """A message of this very conversation."""
    if not Message.objects.filter(conversation_id=reply.conversation_id, pk=message_id).exists():
        raise NotVisible("message")
    return message_id


def _address(address: str) -> str:
    try:
        require_address(address)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.sentence, mend=refusal.mend, place="to", status=422) from refusal
    return normalised(address)


def _wording(version: ReplyVersion) -> Wording:
    return Wording(tuple(version.to), tuple(version.cc), version.subject, version.text)


def _in_review(actor: Actor, reply_id: UUID, reason: str) -> tuple[Reply, ReplySubmission]:
    reply = Reply.objects.get_visible(actor, reply_id, lock=True)
    _refuse(rules.why_not_return(ReplyStatus(reply.status), reason))
    submission = queries.newest_submission(reply.id)
    assert submission is not None, "what is in review was submitted"
    return reply, submission


def _send(actor: Actor, conversation: Conversation, reply: Reply, version: ReplyVersion) -> Send:
    """The record, the message as the conversation shows it, and the mail in the outbox; all in this transaction."""
    sender = queries.sender_for(conversation.mailbox_id, reply.answers_id)
    if not sender:
        raise Refusal("no_own_address", "We do not know from which address to write.",
                      mend="Say on the mailbox's page which address is yours.")  # fmt: skip
    message_id = f"<{new_key()}.{conversation.token}@{sender.partition('@')[2]}>"
    chain = queries.references_to(reply.answers)
    message = _as_message(conversation, reply, version, sender, message_id, chain)
    send: Send = Send.objects.create(
        business_id=actor.business_id, reply=reply, n=reply.next_n(), person_id=actor.person_id, version=version,
        message_id=message_id, sent_as=message,
    )  # fmt: skip
    headers = {"In-Reply-To": chain[-1], "References": " ".join(chain)} if chain else {}
    payload = mail_message(
        list(version.to), version.subject, version.text + "\n", headers=headers, message_id=message_id,
        sender=formataddr((business_of(actor).name, sender)),
    )  # fmt: skip
    outbox.queue("mail", business_id=actor.business_id, about=send.id, payload=payload)
    return send


def _as_message(conversation: Conversation, reply: Reply, version: ReplyVersion, sender: str, message_id: str,
                chain: Sequence[str]) -> Message:  # fmt: skip
    common: dict[str, Any] = {"business_id": conversation.business_id}
    now = timezone.now()
    message = Message.objects.create(
        **common, mailbox_id=conversation.mailbox_id, conversation=conversation, outgoing=True, kind="person",
        message_id=message_id, content_digest=hashlib.sha256(message_id.encode()).hexdigest(), at=now, sent_at=now,
        subject=version.subject, sender_address=sender, answer_to=sender, text=version.text,
    )  # fmt: skip
    named = [message_id, *reversed(chain)]
    MessageReference.objects.bulk_create(
        MessageReference(**common, mailbox_id=conversation.mailbox_id, message=message, position=n, named=one)
        for n, one in enumerate(dict.fromkeys(named))
    )
    parties = [(Role.FROM, sender), *((Role.TO, address) for address in version.to)]
    Party.objects.bulk_create(
        Party(**common, message=message, role=role.value, address=address, normalised=address)
        for role, address in parties
    )
    return message


def _retire_others(actor: Actor, conversation: Conversation, sent: Reply) -> None:
    """A reply that goes out retires the other drafts of its conversation; they are kept."""
    others = Reply.objects.filter(conversation=conversation, status__in=queries.OPEN).exclude(pk=sent.pk)
    for reply in others.select_for_update(of=("self",)).order_by("id"):
        Discard.objects.create(
            business_id=actor.business_id, reply=reply, n=reply.next_n(), person_id=actor.person_id, why="answered"
        )


def _count(actor: Actor, reply: Reply) -> None:
    """Whose work the answer was, for the hand-over: the side that wrote it, whoever sent it."""
    engagement_id = reply.engagement_id or queries.any_engagement(actor)
    if engagement_id is not None:
        side = queries.side_of(reply)
        handover.note_handled(actor, engagement_id, reply.kind_name, side, reply.id, reply.author_id)
