"""What is decided about conversations and replies: plain values in, plain values out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from handsel.mail.mining.slots import open_slots
from handsel.mail.reading.kinds import Kind
from handsel.values.refusals import Refusal

MOST_REFERENCES = 20
_RETRY_MINUTES = (1, 5, 15, 60, 240)
GIVE_UP_AFTER = timedelta(hours=48)


class ConversationStatus(Enum):
    """Where a conversation stands, in the order in which the first that fits counts."""

    SPAM = "spam"
    CLOSED = "closed"
    WAITING_FOR_OWNER = "waiting for owner"
    WAITING_FOR_REVIEW = "waiting for review"
    NEEDS_REPLY = "needs reply"
    WAITING_FOR_CUSTOMER = "waiting for customer"


class ReplyStatus(Enum):
    """Where a reply stands. UNCERTAIN: it may have been delivered; only evidence or a person settles that."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    RETURNED = "returned"
    QUEUED = "queued"
    HANDING_OVER = "handing over"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DISCARDED = "discarded"


EDITABLE = frozenset({ReplyStatus.DRAFT, ReplyStatus.RETURNED})


def conversation_status(
    *, spam: bool, closed: bool, question_open: bool, in_review: bool, newest_is_incoming: bool
) -> ConversationStatus:
    """The status that follows from a conversation's records.

    newest_is_incoming: of the mails by a person or a machine, the newest came from outside; lists, automatic replies
    and bounces do not count.
    """
    if spam:
        return ConversationStatus.SPAM
    if closed:
        return ConversationStatus.CLOSED
    if question_open:
        return ConversationStatus.WAITING_FOR_OWNER
    if in_review:
        return ConversationStatus.WAITING_FOR_REVIEW
    return ConversationStatus.NEEDS_REPLY if newest_is_incoming else ConversationStatus.WAITING_FOR_CUSTOMER


def waits_for_an_answer(kind: Kind) -> bool:
    """Whether a mail of this kind asks for a look; the others are filed quietly."""
    return kind in (Kind.PERSON, Kind.MACHINE)


def reopens(kind: Kind) -> bool:
    """Whether a mail of this kind reopens a closed conversation: only a person's does."""
    return kind is Kind.PERSON


@dataclass(frozen=True)
class Wording:
    """What of a reply goes out. to, cc: normalised addresses."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str


def why_not_write(status: ReplyStatus) -> Refusal | None:
    """The reason why a reply in this state may not be written on; None where it may."""
    if status in EDITABLE:
        return None
    return Refusal("reply_not_open", "This reply is no longer a draft.", mend="Write a new reply.")


def why_not_go_on(wording: Wording, parties: Collection[str]) -> Refusal | None:
    """The reason why this wording may be neither submitted for review nor sent; None where it may.

    parties: all normalised addresses of the conversation.
    """
    if not wording.to:
        return Refusal("no_recipient", "We have no address to answer to.", mend="Add one.", place="to")
    strangers = [address for address in (*wording.to, *wording.cc) if address not in parties]
    if strangers:
        return Refusal(
            "recipient_not_here",
            f"{strangers[0]} is not part of this conversation.",
            mend="Take the address out, or write to it in a conversation of its own.",
            place="to" if strangers[0] in wording.to else "cc",
        )
    if not wording.text.strip():
        return Refusal("reply_empty", "This reply has no words yet.", mend="Write something.", place="text")
    for place, words in (("text", wording.text), ("subject", wording.subject)):
        if waiting := open_slots(words):
            return Refusal(
                "slot_open",
                f"“{waiting[0]}” is still to be filled in.",
                mend="Put the words in its place.",
                place=place,
            )
    return None


def why_not_release(status: ReplyStatus, seen_through: object, newest: object) -> Refusal | None:
    """The reason why this reply may not be sent now; None where it may.

    seen_through: the newest message that the person saw; newest: the newest message of the conversation.
    """
    if status not in EDITABLE and status is not ReplyStatus.IN_REVIEW:
        return Refusal(
            "reply_not_open", "This reply has already gone on its way.", mend="Reload the page to see where it is."
        )
    if seen_through != newest:
        return Refusal(
            "newer_message", "Something new has come in since you opened this page.", mend="Read it, then send again."
        )
    return None


def why_not_return(status: ReplyStatus, reason: str) -> Refusal | None:
    """The reason why a reply may not be returned to its writer; None where it may."""
    if status is not ReplyStatus.IN_REVIEW:
        return Refusal("reply_not_in_review", "This reply is not waiting for review.", mend="Reload the page.")
    if not reason.strip():
        return Refusal("no_reason", "Say why it goes back.", mend="One sentence is enough.", place="reason")
    return None


def reply_subject(subject: str) -> str:
    """The subject of an answer: `Re:` once, whatever stood there before."""
    bare = subject.strip()
    while bare[:3].lower() in ("re:", "aw:", "sv:"):
        bare = bare[3:].strip()
    return f"Re: {bare or '(no subject)'}"


def reply_references(references: Sequence[str], answered: str) -> tuple[str, ...]:
    """The References of an answer (RFC 5322, 3.6.4): at most 20, the first kept, the answered mail last."""
    chain = list(dict.fromkeys(one for one in (*references, answered) if one))
    chain.remove(answered)
    return (*chain[:1], *chain[1:][-(MOST_REFERENCES - 2) :], answered)


def retry_after(attempts: int, waited: timedelta) -> timedelta | None:
    """How long to wait after a temporary refusal (4xx), given how many tries there were; None: give up, it has failed."""
    if waited >= GIVE_UP_AFTER:
        return None
    return timedelta(minutes=_RETRY_MINUTES[min(attempts, len(_RETRY_MINUTES)) - 1])


def after_lost_connection(handed_over: bool) -> ReplyStatus:
    """What a reply is when the server fell silent: once its words were on the way, nobody knows whether it arrived."""
    return ReplyStatus.UNCERTAIN if handed_over else ReplyStatus.QUEUED
