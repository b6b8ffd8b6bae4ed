"""Where whatever leaves the house of the story goes: nowhere. It is settled as sent, and says so."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from uuid import UUID

from handsel.core import outbox
from handsel.core.models import OutboxItem
from handsel.core.outbox import Answer, Unreachable

WORDS = "Part of the sample business: nothing left this machine."


def kept_here(belongs: Callable[[UUID | None], bool]) -> AbstractContextManager[None]:
    """While it is open, what businesses send that `belongs` names is settled without a network. What others send
    waits: it is nothing of the story."""

    def settle(item: OutboxItem, hand: Callable[[Iterable[str]], None]) -> list[Answer]:
        if not belongs(item.business_id):
            raise Unreachable("Handsel was telling its sample business.")
        hand(item.recipients)
        return [Answer(address, "sent", "sample", words=WORDS) for address in item.recipients or [""]]

    return outbox.all_sent_by(settle)
