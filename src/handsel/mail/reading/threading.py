"""Which conversation a mail belongs to: by the ids that it names and by who wrote it, never by its subject.

The rule stands on plain look-ups, so that an import keeps them in memory and a mail that arrives alone brings those
that the database knows of its few ids.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from handsel.mail.reading.kinds import Kind
from handsel.mail.reading.reader import Reading

C = TypeVar("C", bound=Hashable)


class Because(Enum):
    """Why a mail was placed where it is."""

    REFERENCE = "reference"
    NEW = "new"


@dataclass(frozen=True)
class Threaded:
    """What of a mail decides its conversation.

    answers: the ids that it refers to, the most telling first. parties: all its normalised addresses.
    """

    message_id: str
    answers: tuple[str, ...]
    sender: str
    parties: frozenset[str]
    bounce: bool

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids to look up, its own among them: an earlier mail may have referred to it (a ghost)."""
        return (self.message_id, *self.answers)


@dataclass(frozen=True)
class Placed(Generic[C]):
    """conversation: an old one or a new one. linked: it says that it answers these, but may not enter them, or they
    are parts of one talk that were begun apart; shown as “says it answers #12”, never joined silently."""

    conversation: C
    because: Because
    linked: tuple[C, ...] = ()


def threaded(reading: Reading) -> Threaded:
    """What a reading says about its place: In-Reply-To first, then References from the right."""
    answers = dict.fromkeys(filter(None, (reading.in_reply_to, *reversed(reading.references))))
    addresses = frozenset(party.normalised for party in reading.parties if party.normalised)
    sender = reading.sender.normalised if reading.sender else ""
    return Threaded(reading.known_as, tuple(answers), sender, addresses, reading.kind is Kind.BOUNCE)


class Threads(Generic[C]):
    """The ids and parties of one mailbox's conversations, as far as they are known here.

    For a whole import: begin empty. For a batch: begin with `conversations` of all ids of the batch's mails (`ids`),
    messages and ghosts alike, and the parties of those conversations; both are one query each.
    ours: the mailbox's own addresses, which are a party of each of its conversations. new: makes a new conversation.
    """

    def __init__(
        self,
        new: Callable[[], C],
        ours: Iterable[str] = (),
        conversations: Mapping[str, C] | None = None,
        parties: Mapping[C, Iterable[str]] | None = None,
    ) -> None:
        self._new = new
        self._ours = frozenset(ours)
        self._conversations: dict[str, C] = dict(conversations or {})
        self._parties: dict[C, set[str]] = {key: set(named) for key, named in (parties or {}).items()}

    def place(self, mail: Threaded) -> Placed[C]:
        """Decide where a mail belongs, and remember it: later mails may refer to it or to what it names."""
        named = list(dict.fromkeys(self._conversations[one] for one in mail.ids if one in self._conversations))
        entered = [conversation for conversation in named if self._may_enter(mail, conversation)]
        conversation = entered[0] if entered else self._new()
        self._remember(mail, conversation)
        linked = tuple(other for other in named if other != conversation)
        return Placed(conversation, Because.REFERENCE if entered else Because.NEW, linked)

    def _may_enter(self, mail: Threaded, conversation: C) -> bool:
        """A right id is no proof: anybody may write one. Who enters was named there before, or is the server itself."""
        return mail.bounce or mail.sender in self._ours or mail.sender in self._parties.get(conversation, ())

    def _remember(self, mail: Threaded, conversation: C) -> None:
        self._conversations[mail.message_id] = self._conversations.get(mail.message_id, conversation)
        for ghost in mail.answers:
            self._conversations.setdefault(ghost, conversation)
        self._parties.setdefault(conversation, set()).update(mail.parties)
