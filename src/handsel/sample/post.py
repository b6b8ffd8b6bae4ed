"""Where the mail of the story goes: nowhere. It is settled as sent, and says so."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from handsel.core import letters, outbox
from handsel.core.models import OutboxItem
from handsel.core.outbox import Answer, Unreachable

WORDS = "Part of the sample business: no mail left this machine."


@contextmanager
def kept_here(belongs: Callable[[UUID | None], bool]) -> Iterator[None]:
    """While it is open, mail of the businesses that `belongs` names is settled without a network. Mail of others
    waits: it is nothing of the story."""

    def settle(item: OutboxItem, hand: Callable[[Iterable[str]], None]) -> list[Answer]:
        if not belongs(item.business_id):
            raise Unreachable("Handsel was telling its sample business.")
        hand(item.recipients)
        return [Answer(address, "sent", "sample", words=WORDS) for address in item.recipients]

    outbox.register_sender("mail", settle)
    try:
        yield
    finally:
        outbox.register_sender("mail", letters.send, not_yet=letters.no_server)
