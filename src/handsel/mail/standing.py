"""What `handsel check` asks of mail: the original of each mail lies in the files, as it was received."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from handsel.core import checks
from handsel.core.stores import StoreAway
from handsel.mail import originals
from handsel.mail.models import Message, RawMail
from handsel.values.refusals import Refusal

_NAMED = 3
"""Mails that are named of each file; of a file that is gone, all would be."""
_WORDS = {"original_missing": "missing", "original_changed": "changed"}


def _originals() -> Iterable[str]:
    """Reads every original of every business, file by file, and says of each file what is wrong in it."""
    rows = RawMail.objects.only("pack", "offset", "length", "digest").order_by("pack", "offset")
    for pack, mails in groupby(rows.iterator(chunk_size=2000), key=attrgetter("pack")):
        faults = list(_faults(mails))
        if faults:
            counted = Counter(word for _, word in faults)
            said = ", ".join(f"{n} {word}" for word, n in sorted(counted.items()))
            named = "; ".join(_named([key for key, _ in faults[:_NAMED]]))
            yield f"Originals of mail in mail/{pack}.pack: {said} ({named}{', …' if len(faults) > _NAMED else ''})."


def _faults(mails: Iterable[RawMail]) -> Iterator[tuple[UUID, str]]:
    for mail in mails:
        try:
            originals.bytes_of(mail.pack, mail.offset, mail.length, mail.digest)
        except StoreAway:
            raise
        except Refusal as refusal:
            yield mail.id, _WORDS[refusal.code]


def _named(raws: list[UUID]) -> list[str]:
    """Where a person finds these mails: the business, and the number of the conversation."""
    rows = Message.objects.filter(raw__in=raws).order_by("raw__pack", "raw__offset")
    return [f"{slug} #{n}" for slug, n in rows.values_list("business__slug", "conversation__number")]


def register() -> None:
    """Called once, when the room is ready."""
    checks.register("mail", _originals)
