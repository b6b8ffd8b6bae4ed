"""The trail: events of one action, numbered without gap and linked by hash, last of all before the commit.

link(n) = SHA-256 of the canonical JSON of [link(n-1), seal(n)]; seal = SHA-256 of the canonical JSON of [chain, n, at, verb,
person, way, side, thing kind, thing, engagement, facts hash]; facts hash = SHA-256(salt ‖ canonical JSON of the facts). So
facts can be struck, and an event that a side does not read leaves with its seal alone: the chain verifies all the same. The chain proves nothing against
whoever runs the server: so its head stands on each paper that the other side keeps.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from handsel.core.keys import as_stored, new_key
from handsel.core.models import Chain, Event
from handsel.values.actors import Actor
from handsel.values.days import day_in_words

FIRST = "0" * 64
SEALED = "sealed"
"""The verb of an event that came in by an export of a side that does not read it: its seal stands as its facts hash."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_COLUMNS = (
    "id, chain_id, number, at, verb, person_id, way, side, thing_kind, thing_id, engagement_id, facts, salt, "
    "facts_hash, link"
)


@dataclass(frozen=True)
class Verb:
    """A verb of the trail. sentence: past tense, with {facts}; `contact`: counts as the sides being in touch;
    `told`: the sides who get a notice; `seen_by`: the sides who see it at all."""

    name: str
    sentence: str
    contact: bool = False
    told: tuple[str, ...] = ()
    seen_by: tuple[str, ...] = ("owner", "provider")

    def said(self, facts: dict[str, Any]) -> str:
        """The sentence with its facts: days in words, the year where it is another, `{lines:line,lines}` counted, a dash for what was struck."""
        return self.sentence.format_map(_Words(facts))


class _Words(dict[str, Any]):
    """Facts as a sentence says them."""

    def __getitem__(self, name: str) -> Any:
        fact = self.get(name, _GAP)
        if isinstance(fact, int):
            return _Count(fact)
        if not (isinstance(fact, str) and _DAY.fullmatch(fact)):
            return fact
        day = date.fromisoformat(fact)
        return day_in_words(day, year=day.year != timezone.localdate().year)


class _Count(int):
    """1 line, 2 lines: the words for one and for many stand after the colon."""

    def __format__(self, words: str) -> str:
        one, _, many = words.partition(",")
        return f"{int(self)} {one if self == 1 else many}" if many else str(int(self))


class _Gap(str):
    """Stands for a fact that was struck, whatever words would have counted it."""

    __slots__ = ()

    def __format__(self, words: str) -> str:
        return str(self)


_GAP = _Gap("–")


@dataclass
class Recorded:
    """An event before it is linked."""

    verb: str
    thing_kind: str
    thing_id: UUID
    engagement_id: UUID | None
    facts: dict[str, Any]
    chain_id: UUID
    id: UUID = field(default_factory=new_key)


def canonical(value: Any) -> bytes:
    """One spelling for one value: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def facts_hash(salt: str, facts: dict[str, Any]) -> str:
    return hashlib.sha256(salt.encode() + canonical(facts)).hexdigest()


def seal_of(parts: Sequence[Any]) -> str:
    """What stands for an event that is not shown. It cannot be guessed: the facts hash in it is salted."""
    return hashlib.sha256(canonical(list(parts))).hexdigest()


def seal(event: Event) -> str:
    """The seal of an event that stands in the trail."""
    if event.verb == SEALED:
        return event.facts_hash
    parts = event_parts(
        UUID(str(event.chain_id)),
        event.number,
        event.at,
        event,
        event.person_id,
        event.way,
        event.side,
        event.facts_hash,
    )
    return seal_of(parts)


def link_of(before: str, parts: Sequence[Any]) -> str:
    return link_of_seal(before, seal_of(parts))


def link_of_seal(before: str, seal: str) -> str:
    return hashlib.sha256(canonical([before, seal])).hexdigest()


def event_parts(chain: UUID, number: int, at: datetime, e: "Event | Recorded", person: UUID | None, way: str,
                side: str, hashed: str) -> list[Any]:  # fmt: skip
    """What a link covers, in the order of the module's docstring."""
    return [
        str(chain), number, at.astimezone(UTC).isoformat(timespec="microseconds"), e.verb,
        str(person) if person else None, way, side, e.thing_kind, str(e.thing_id),
        str(e.engagement_id) if e.engagement_id else None, hashed,
    ]  # fmt: skip


def open_chain(chain_id: UUID, kind: str) -> None:
    """Begin the trail of a business, a person or a provider."""
    Chain.objects.create(id=chain_id, kind=kind)


def link(actor: Actor, events: Iterable[Recorded]) -> None:
    """Number and link the events of one action: per chain, one statement reads and locks the head, one writes the
    events, one moves the head."""
    by_chain: dict[UUID, list[Recorded]] = {}
    for event in events:
        by_chain.setdefault(event.chain_id, []).append(event)
    for chain_id, recorded in sorted(by_chain.items()):
        _link_chain(actor, chain_id, recorded)


def _link_chain(actor: Actor, chain_id: UUID, recorded: list[Recorded]) -> None:
    vendor = connection.vendor
    lock = " FOR NO KEY UPDATE" if vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT number, head FROM core_chain WHERE id = %s{lock}", [as_stored(chain_id, vendor)])  # noqa: S608
        number, head = cursor.fetchone()
        at, rows = timezone.now(), []
        for event in recorded:
            number += 1
            salt = secrets.token_hex(16)
            hashed = facts_hash(salt, event.facts)
            parts = event_parts(chain_id, number, at, event, actor.person_id, actor.way.value, actor.side.value, hashed)
            head = link_of(head or FIRST, parts)
            rows.append(_row(vendor, event, chain_id, number, at, actor, salt, hashed, head))
        values = ", ".join(["(" + ", ".join(["%s"] * 15) + ")"] * len(rows))
        cursor.execute(f"INSERT INTO core_event ({_COLUMNS}) VALUES {values}", [cell for row in rows for cell in row])  # noqa: S608
        cursor.execute(
            "UPDATE core_chain SET number = %s, head = %s WHERE id = %s", [number, head, as_stored(chain_id, vendor)]
        )


def _row(vendor: str, event: Recorded, chain_id: UUID, number: int, at: datetime, actor: Actor, salt: str,
         hashed: str, link: str) -> list[Any]:  # fmt: skip
    def key(value: UUID | None) -> Any:
        return None if value is None else as_stored(value, vendor)

    instant = at if vendor == "postgresql" else at.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return [
        key(event.id), key(chain_id), number, instant, event.verb, key(actor.person_id), actor.way.value,
        actor.side.value, event.thing_kind, key(event.thing_id), key(event.engagement_id),
        json.dumps(event.facts, ensure_ascii=False), salt, hashed, link,
    ]  # fmt: skip


def strike(chain_id: UUID, things: Collection[UUID], words: Collection[str]) -> int:
    """Blank the facts of a chain's events about these things, and of those that hold one of these words; the chain still
    verifies. Only in the body of an action that strikes personal data. Gives how many were blanked."""
    named = Q(thing_id__in=things)
    for word in words:
        named |= Q(facts__icontains=json.dumps(word)[1:-1])
    return Event.objects.filter(named, chain_id=chain_id).exclude(salt="").update(facts={}, salt="")


def head_of(chain_id: UUID) -> tuple[int, str]:
    """Number and hash of the newest event; (0, "") where nothing happened yet. Printed on papers."""
    row = Chain.objects.filter(id=chain_id).values_list("number", "head").first()
    return (int(row[0]), str(row[1])) if row else (0, "")


def broken_links(chain_id: UUID) -> list[str]:
    """Sentences that name the first fault of a chain; an empty list where it verifies to its head."""
    before, number = FIRST, 0
    for event in Event.objects.filter(chain_id=chain_id).order_by("number").iterator(chunk_size=2000):
        number += 1
        if event.number != number:
            return [f"Event {number} is missing: the next one there is {event.number}."]
        if event.salt and facts_hash(event.salt, event.facts) != event.facts_hash:
            return [f"The facts of event {number} were changed."]
        before = link_of_seal(before, seal(event))
        if before != event.link:
            return [f"Event {number} was changed, or one before it."]
    if head_of(chain_id) != (number, before if number else ""):
        return [f"The record ends at event {number}, but its head names another."]
    return []
