"""What customers ask again and again: counted by the machine, named and worded by the owner."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from handsel.core.actions import action, record
from handsel.mail import events, queries
from handsel.mail.actions.rows import NewRows
from handsel.mail.mining import Kind
from handsel.mail.models import KindCount, KindName, KindOf, Mailbox, Mining, ReplyTemplate, RequestKind
from handsel.values.actors import Actor
from handsel.values.refusals import Refusal


@action
def begin_mining(actor: Actor, mailbox_id: UUID) -> Mining:
    """Begin to look for kinds of request."""
    mailbox = Mailbox.objects.get_visible(actor, mailbox_id, lock=True)
    last = Mining.objects.filter(mailbox=mailbox).aggregate(n=Max("n"))["n"] or 0
    mining = Mining.objects.create(business_id=actor.business_id, mailbox=mailbox, n=last + 1)
    record(events.MINING_BEGUN, mailbox)
    return mining


@action
def note_kinds(actor: Actor, mining_id: UUID, kinds: Sequence[Kind], requests: int) -> None:
    """Keep the kinds of request that were found. A kind that was there already keeps its name and what the owner wrote for it.

    kinds: their keys are those of conversations. requests: how many were looked at.
    """
    mining = Mining.objects.get_visible(actor, mining_id, lock=True)
    known = queries.kinds_of_conversations(mining.mailbox_id)
    taken: set[UUID] = set()
    belongs = NewRows(KindOf, actor.business_id, "mining", "kind", "conversation", "position")
    for position, found in enumerate(kinds):
        kind = _same_kind(actor, mining, found, known, taken)
        KindCount.objects.create(
            business_id=actor.business_id, mining=mining, kind=kind, position=position, requests=found.count,
            customers=found.customers, answered=found.answered, note=found.note[:300],
            per_week=[[monday.isoformat(), count] for monday, count in found.per_week],
        )  # fmt: skip
        _keep_draft(actor, kind, found.draft)
        for n, key in enumerate(found.keys):
            belongs.add(mining.id, kind.id, UUID(key), n)
    belongs.write()
    Mining.objects.filter(pk=mining.pk).update(requests=requests, finished_at=timezone.now())
    record(events.KINDS_MINED, mining.mailbox_id, kind="mailbox", kinds=len(kinds))


@action
def rename_kind(actor: Actor, kind_id: UUID, name: str) -> None:
    """Call a kind of request by the owner's own word."""
    kind = RequestKind.objects.get_visible(actor, kind_id, lock=True)
    if not name.strip():
        raise Refusal("kind_unnamed", "A kind of request needs a name.", mend="Write two or three words.", place="name",
                      status=422)  # fmt: skip
    last = KindName.objects.filter(kind=kind).aggregate(n=Max("n"))["n"] or 0
    KindName.objects.create(
        business_id=actor.business_id, kind=kind, n=last + 1, name=name.strip()[:120], person_id=actor.person_id
    )
    record(events.KIND_RENAMED, kind)


@action
def edit_template(actor: Actor, kind_id: UUID, text: str, seen: int) -> ReplyTemplate:
    """Write a new version of the draft reply to a kind of request. seen: the version that the writer began from, 0 for none."""
    kind = RequestKind.objects.get_visible(actor, kind_id, lock=True)
    last = ReplyTemplate.objects.filter(kind=kind).aggregate(n=Max("n"))["n"] or 0
    if not text.strip():
        raise Refusal("template_empty", "This draft has no words.", mend="Write something.", place="text", status=422)
    if last != seen:
        raise Refusal("changed_meanwhile", "Somebody changed this draft a moment ago.",
                      mend="Your words are still here; the newer version stands beside them.", place="text")  # fmt: skip
    version = ReplyTemplate.objects.create(
        business_id=actor.business_id, kind=kind, n=last + 1, text=text.strip(), person_id=actor.person_id
    )
    record(events.TEMPLATE_EDITED, kind, n=version.n)
    return version


def _same_kind(actor: Actor, mining: Mining, found: Kind, known: dict[UUID, UUID], taken: set[UUID]) -> RequestKind:
    """The kind in which at least half of these requests stood before; a new one where there is none."""
    before = Counter(known[UUID(key)] for key in found.keys if UUID(key) in known)
    best = next(
        (key for key, count in before.most_common(3) if count * 2 >= len(found.keys) and key not in taken), None
    )
    if best is not None:
        taken.add(best)
        return RequestKind.objects.get_visible(actor, best)
    name = found.name.strip()[:120] or "Something else"
    kind: RequestKind = RequestKind.objects.create(
        business_id=actor.business_id, mailbox_id=mining.mailbox_id, name=name
    )
    return kind


def _keep_draft(actor: Actor, kind: RequestKind, text: str | None) -> None:
    """A mined draft never stands above what a person wrote."""
    newest = ReplyTemplate.objects.filter(kind=kind).order_by("-n").first()
    if text and (newest is None or (newest.person_id is None and newest.text != text)):
        ReplyTemplate.objects.create(
            business_id=actor.business_id, kind=kind, n=newest.n + 1 if newest else 1, text=text
        )
