"""Requests with the business's first answer to each."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handsel.mail.reading.kinds import Kind as MailKind


@dataclass(frozen=True)
class Letter:
    """One mail of a conversation, as far as mining needs it.

    key: any text that names it. outgoing: written by the business. customer: the other side's address.
    """

    key: str
    conversation: str
    message_id: str
    in_reply_to: str | None
    kind: MailKind
    outgoing: bool
    customer: str
    customer_name: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Pair:
    """A request and the business's first reply to it; reply_text is empty where none was sent.

    key: names the request. customer: who asked, the same text for the same customer; an address or any other.
    """

    key: str
    customer: str
    at: datetime
    request_text: str
    reply_text: str
    customer_name: str = ""


def paired(letters: Iterable[Letter]) -> list[Pair]:
    """The first request of each conversation with its first answer, by time.

    Lists, automatic replies and bounces ask nothing; a machine's mail (a web form) counts where a person answered it;
    a later mail of a talk is no new request.
    """
    talks: dict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        talks[letter.conversation].append(letter)
    pairs = [pair for talk in talks.values() if (pair := _pair(sorted(talk, key=lambda one: (one.at, one.key))))]
    return sorted(pairs, key=lambda pair: (pair.at, pair.key))


def _pair(talk: Sequence[Letter]) -> Pair | None:
    request = talk[0]
    if request.outgoing or request.kind not in (MailKind.PERSON, MailKind.MACHINE):
        return None
    answers = [one for one in talk[1:] if one.outgoing and one.kind is MailKind.PERSON]
    direct = next((one for one in answers if one.in_reply_to == request.message_id), None)
    reply = direct or (answers[0] if answers else None)
    if reply is None and request.kind is MailKind.MACHINE:
        return None
    return Pair(
        request.key, request.customer, request.at, request.text, reply.text if reply else "", request.customer_name
    )


_ROLES = frozenset(
    "info hello help sales contact office mail support admin team service services shop noreply reply orders order "  # noqa: SIM905
    "billing accounts enquiries post desk customer customers the and via".split()
)


def names_in(customer: str, customer_name: str) -> frozenset[str]:
    """The words, lower case, by which a customer is called: of the name, and of the address before the @."""
    local = customer.partition("@")[0]
    words = re.findall(r"[^\W\d_]+", f"{customer_name} {local}".casefold())
    return frozenset(word for word in words if len(word) >= 2 and word not in _ROLES)
