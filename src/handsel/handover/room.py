"""What handover gives to the house."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from handsel.core.rooms import Found, Need, Room, Step
from handsel.handover import queries, rules
from handsel.handover.events import EVENTS
from handsel.handover.models import SharePlan, Stream
from handsel.values.actors import Actor


def needs(actor: Actor) -> Sequence[Need]:
    """Who works on an engagement and has no stage yet."""
    if not actor.may("handover.place_stage"):
        return []
    return [
        Need(f"Hand-over of {worker.engagement.title}",
             f"{worker.person.name.split()[0]} has no stage yet: see what the first day still lacks.",
             "Prepare the first day", reverse("handover:engagement", args=[actor.slug, worker.engagement_id]),
             worker.made_at, minutes=5, person=worker.person.name, side="provider")
        for worker in queries.without_stage(actor)[:20]
    ]  # fmt: skip


def steps(actor: Actor, engagement_id: UUID) -> Sequence[Step]:
    placed = Stream.objects.visible_to(actor).filter(engagement_id=engagement_id).exclude(stage=rules.UNPLACED)
    url = reverse("handover:engagement", args=[actor.slug, engagement_id])
    return [Step("Hand-over", "now" if placed.exists() else "later", url)]


def _found_stages(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Stream.objects.filter(business_id=business_id, pk__in=keys).select_related("worker", "business")
    return [
        Found("stream", "Stage", s.id, f"{s.worker.name}, {s.kind or 'everything else'}",
              reverse("handover:engagement", args=[s.business.slug, s.engagement_id]), side="owner",
              engagement_id=s.engagement_id, at=s.made_at)
        for s in rows
    ]  # fmt: skip


def _found_plans(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = SharePlan.objects.filter(business_id=business_id, pk__in=keys).select_related("engagement", "business")
    return [
        Found("shareplan", "Plan of the hand-over", p.id, f"{p.engagement.title}, version {p.n}",
              reverse("handover:engagement", args=[p.business.slug, p.engagement_id]), side="owner",
              engagement_id=p.engagement_id, at=p.made_at)
        for p in rows
    ]  # fmt: skip


ROOM = Room(
    name="handover",
    nav={"owner": ("Hand-over", "git-compare-arrows", "handover:list")},
    needs=needs,
    steps=steps,
    events=EVENTS,
    things={"stream": _found_stages, "shareplan": _found_plans},
    extra={"holds": ("playbooks",)},  # for the owner, whose playbooks stand under Hand-over
)
