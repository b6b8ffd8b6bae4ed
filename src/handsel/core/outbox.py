"""What leaves the house: written in the transaction, sent after its commit, retried while a failure is certain.

A sender of a kind calls `hand()` right before the step after which nobody can know whether the other side has it.
Whoever dies after that leaves the item uncertain: it is shown, evidence or a person settles it, no timer does.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from handsel.core import checks, writes
from handsel.core.models import OutboxAttempt, OutboxItem, WorkerBeat
from handsel.values.refusals import Refusal

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)  # longer than the 10 minutes that a server may take after the dot (RFC 5321, 4.5.3.2.6)
SILENT = timedelta(seconds=60)  # a worker without a beat for so long counts as dead
PAUSE = timedelta(seconds=60)  # a kind whose server does not answer rests for so long
GIVE_UP = timedelta(hours=48)
WORRY = timedelta(hours=1)
_BACKOFF = (1, 5, 15, 60)  # minutes after the first tries, then every four hours
UNCERTAIN = "It may have been delivered. Send again, or leave it."


@dataclass(frozen=True)
class Answer:
    """What became of one recipient: sent, failed or waiting, and the words of the other side."""

    recipient: str
    state: str
    step: str
    code: int | None = None
    words: str = ""


class Unreachable(Exception):
    """The other side could not be spoken to at all, or not by us: this item waits, and all of its kind rest."""


class LeaseLost(Exception):
    """Somebody else took the item back while it was being tried: it must not go out from here."""


class Sender(Protocol):
    """Sends to those recipients that are still waiting. Calls `hand` once, with the recipients whose fate hangs on
    it; whatever it raises before is a certain failure, whatever it raises after leaves the item uncertain."""

    def __call__(self, item: OutboxItem, hand: Callable[[Iterable[str]], None]) -> list[Answer]: ...


@dataclass(frozen=True)
class _Kind:
    sender: Sender
    not_yet: Callable[[], str]


_kinds: dict[str, _Kind] = {}


def register_sender(kind: str, sender: Sender, *, not_yet: Callable[[], str] = lambda: "") -> None:
    """Say who sends a kind. `not_yet` gives the words for why it cannot send at all now ("no mail server"), or ""."""
    _kinds[kind] = _Kind(sender, not_yet)


@contextmanager
def all_sent_by(sender: Sender) -> Iterator[None]:
    """While it is open, whatever leaves the house is sent by this sender: nothing reaches a network."""
    before = dict(_kinds)
    _kinds.update({name: _Kind(sender, lambda: "") for name in before})
    try:
        yield
    finally:
        _kinds.update(before)


def queue(
    kind: str, *, business_id: UUID | None, about: UUID, payload: dict[str, Any], not_before: datetime | None = None
) -> UUID:
    """Write an item inside the running transaction; it goes out after the commit, not before `not_before`.

    payload: plain JSON; `to`, where present, lists the recipients. Gives the item's key.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("queue() stands inside the transaction of the act that wants it sent")
    item = OutboxItem.objects.create(
        business_id=business_id,
        kind=kind,
        about_id=about,
        payload=payload,
        not_before=not_before or timezone.now(),
        recipients={address: {"state": "waiting", "words": ""} for address in payload.get("to", [])},
    )
    return UUID(str(item.pk))


def items_about(things: Iterable[UUID]) -> dict[UUID, OutboxItem]:
    """The newest item of each thing that has one; one SQL query."""
    return {item.about_id: item for item in OutboxItem.objects.filter(about_id__in=list(things)).order_by("id")}


def how_it_stands(item: OutboxItem) -> str:
    """The state in a few words, as pages show it."""
    if item.state == "queued":
        kind = _kinds.get(item.kind)
        if kind and (reason := kind.not_yet()):
            return f"not sent yet: {reason}"
        return "waiting to be tried again" if item.tries else "waiting to be sent"
    return {
        "trying": "being sent",
        "handed": "being sent",
        "sent": "sent",
        "failed": "not delivered",
        "uncertain": "may have been delivered",
        "left": "may have been delivered, left as it is",
    }[item.state]


# ---------------------------------------------------------------- a person decides


def send_again(item: OutboxItem) -> None:
    """A person's decision on an uncertain or failed item: the same bytes again, to whoever has not surely got it."""
    recipients = {
        address: known if known["state"] == "sent" else {"state": "waiting", "words": ""}
        for address, known in item.recipients.items()
    }
    now = timezone.now()
    # The two days of trying begin anew with the decision.
    _decide(item, "send again", state="queued", queued_at=now, not_before=now, recipients=recipients, words="", tries=0)


def leave(item: OutboxItem) -> None:
    """A person's decision on an uncertain or failed item: it is not sent again."""
    _decide(item, "leave it", state="left", finished_at=timezone.now())


def settle(item: OutboxItem, evidence: str) -> None:
    """Evidence says that an uncertain item arrived: our Message-ID in a folder, a reply that refers to it."""
    recipients = {
        address: {**known, "state": "sent"} if known["state"] == "handed" else known
        for address, known in item.recipients.items()
    }
    _decide(item, evidence, state="sent", finished_at=timezone.now(), recipients=recipients, words="")


def strike(business_id: UUID, about: Collection[UUID], address: str) -> None:
    """Blank what left for a person whose data is struck: the mails about these things or to this address, and who got
    them. What is still to be sent is not sent any more."""
    named = Q(about_id__in=about) | Q(business_id=business_id, payload__icontains=address)
    items = OutboxItem.objects.filter(pk__in=list(OutboxItem.objects.filter(named).values_list("pk", flat=True)))
    OutboxAttempt.objects.filter(item__in=items).update(recipient="", words="")
    OutboxAttempt.objects.filter(recipient=address).update(recipient="", words="")
    items.filter(state__in=("queued", "failed", "uncertain")).update(state="left", finished_at=timezone.now())
    items.update(payload={}, recipients={}, words="")


def recall(item: OutboxItem) -> bool:
    """Take back what nobody has begun to send; False where it is too late."""
    taken = OutboxItem.objects.filter(pk=item.pk, state="queued", tries=0)
    return bool(taken.update(state="left", words="Taken back before it was sent.", finished_at=timezone.now()))


def _decide(item: OutboxItem, decision: str, **columns: Any) -> None:
    with writes.transaction_in_turn():
        changed = OutboxItem.objects.filter(pk=item.pk, state__in=("uncertain", "failed")).update(**columns)
        if not changed:
            raise Refusal(
                "not_uncertain", "Nothing is to be decided about this mail any more.", mend="Reload the page."
            )
        OutboxAttempt.objects.create(item=item, n=item.tries, step="person", words=decision)


# ---------------------------------------------------------------- the worker sends


def send_due(worker_id: UUID, resting: dict[str, datetime]) -> int:
    """Try every item that is due; gives how many were tried. `resting`: kinds whose server was away, until when."""
    tried = 0
    take_back()
    while item := _claim(worker_id, resting):
        _try(item, worker_id, resting)
        tried += 1
    return tried


def take_back(now: datetime | None = None) -> None:
    """Leases that are over: what was only tried is queued again, what was handed is uncertain."""
    now = now or timezone.now()
    held = OutboxItem.objects.filter(state__in=("trying", "handed"))
    if not held.exists():
        return
    living = WorkerBeat.objects.filter(beat_at__gt=now - SILENT).values("id")
    over = held.filter(Q(lease_until__lt=now) | ~Q(claimed_by__in=living))
    with writes.transaction_in_turn():
        over.filter(state="trying").update(state="queued", claimed_by=None, lease_until=None)
        over.filter(state="handed").update(state="uncertain", lease_until=None, words=UNCERTAIN)


def _claim(worker_id: UUID, resting: dict[str, datetime]) -> OutboxItem | None:
    now = timezone.now()
    able = [name for name, kind in _kinds.items() if not kind.not_yet() and resting.get(name, now) <= now]
    due = OutboxItem.objects.filter(state="queued", not_before__lte=now, kind__in=able)
    if not able or not due.exists():  # a read alone: on SQLite a write would take the only lock five times a second
        return None
    with writes.transaction_in_turn():
        item = due.select_for_update(skip_locked=True).order_by("not_before", "id").first()
        if item is not None:
            item.state, item.claimed_by, item.lease_until, item.tries = "trying", worker_id, now + LEASE, item.tries + 1
            item.save(update_fields=["state", "claimed_by", "lease_until", "tries"])
    return item


def _try(item: OutboxItem, worker_id: UUID, resting: dict[str, datetime]) -> None:
    def hand(recipients: Iterable[str]) -> None:
        _hand(item, worker_id, recipients)

    try:
        answers = _kinds[item.kind].sender(item, hand)
    except LeaseLost:
        log.warning("outbox item %s was taken back while it was being tried", item.id)
    except Unreachable as trouble:
        resting[item.kind] = timezone.now() + PAUSE
        # The server is at fault, not the mail: it is asked every few minutes, however often it failed before.
        again = timedelta(minutes=min(item.tries, 15))
        _settle_try(item, [Answer("", "waiting", "connect", words=str(trouble))], again)
    except Exception as trouble:
        log.exception("outbox item %s (%s) could not be sent", item.id, item.kind)
        if item.state == "handed":
            _settle_uncertain(item, trouble)
        else:
            _settle_try(item, [Answer("", "waiting", "connect", words=f"{type(trouble).__name__}: {trouble}")])
    else:
        _settle_try(item, answers)


def _hand(item: OutboxItem, worker_id: UUID, recipients: Iterable[str]) -> None:
    """Commit that from now on nobody can know: only while the lease is still ours."""
    for address in recipients:
        item.recipients[address] = {"state": "handed", "words": ""}
    now = timezone.now()
    columns = {"state": "handed", "handed_at": now, "lease_until": now + LEASE, "recipients": item.recipients}
    with writes.transaction_in_turn():
        if not OutboxItem.objects.filter(pk=item.pk, state="trying", claimed_by=worker_id).update(**columns):
            raise LeaseLost
    item.state = "handed"


def _settle_uncertain(item: OutboxItem, trouble: Exception) -> None:
    words = f"{type(trouble).__name__}: {trouble}"
    with writes.transaction_in_turn():
        OutboxAttempt.objects.create(item=item, n=item.tries, step="body", words=words)
        OutboxItem.objects.filter(pk=item.pk, state="handed", claimed_by=item.claimed_by).update(
            state="uncertain", lease_until=None, words=UNCERTAIN
        )


def _settle_try(item: OutboxItem, answers: list[Answer], again: timedelta | None = None) -> None:
    """Write down what a try came to; what still waits is tried `again` after that time, by its number of tries where
    None. An item that fell silent meanwhile and was called uncertain takes the answer all the same: it is evidence."""
    for answer in answers:
        if answer.recipient:
            item.recipients[answer.recipient] = {"state": answer.state, "words": answer.words}
    columns = _after(item, answers, again or _pause_after(item.tries))
    with writes.transaction_in_turn():
        OutboxAttempt.objects.bulk_create(
            OutboxAttempt(item=item, n=item.tries, step=a.step, recipient=a.recipient, code=a.code, words=a.words)
            for a in answers
        )
        OutboxItem.objects.filter(
            pk=item.pk, state__in=("trying", "handed", "uncertain"), claimed_by=item.claimed_by
        ).update(recipients=item.recipients, lease_until=None, **columns)


def _after(item: OutboxItem, answers: list[Answer], again: timedelta) -> dict[str, Any]:
    now = timezone.now()
    states = {known["state"] for known in item.recipients.values()} or {answer.state for answer in answers}
    if "waiting" in states:
        why = next((a.words for a in answers if a.state == "waiting"), "")
        if now - item.queued_at >= GIVE_UP:
            return {"state": "failed", "finished_at": now, "words": f"Given up after two days. {why}".strip()}
        late = "Not delivered after more than an hour. " if now - item.queued_at >= WORRY else ""
        return {"state": "queued", "not_before": now + again, "words": late + why}
    if "failed" in states:
        return {"state": "failed", "finished_at": now, "words": _who_failed(item, answers)}
    return {"state": "sent", "finished_at": now, "words": ""}


def _pause_after(tries: int) -> timedelta:
    return timedelta(minutes=_BACKOFF[tries - 1] if tries <= len(_BACKOFF) else 240)


def _who_failed(item: OutboxItem, answers: list[Answer]) -> str:
    failed = {address: known["words"] for address, known in item.recipients.items() if known["state"] == "failed"}
    if not failed:
        return next(a.words for a in answers if a.state == "failed")
    return " ".join(f"{address}: {words}" for address, words in failed.items())


def _uncertain_items() -> Iterable[str]:
    count = OutboxItem.objects.filter(state="uncertain").count()
    if count:
        yield f"{count} mails may have been delivered or not: somebody should decide about each."


checks.register("outbox", _uncertain_items)
