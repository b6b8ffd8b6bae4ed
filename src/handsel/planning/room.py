"""What planning gives to the house."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse

from handsel.core.rooms import Found, Need, Room
from handsel.planning import queries, rules
from handsel.planning.events import EVENTS
from handsel.planning.models import Area
from handsel.planning.queries import Standing
from handsel.planning.rules import Decision
from handsel.values.actors import Actor, Role


def needs(actor: Actor) -> Sequence[Need]:
    """Areas that nobody has decided about, and plans that lack something."""
    if not actor.may("planning.place"):
        return []
    found = queries.standings(actor)
    undecided = [_to_decide(actor, s) for s in found if s.placing is None]
    return undecided + [
        _to_plan(actor, s) for s in found if s.decision is Decision.HAND_OVER and not s.plan.is_complete
    ]


def _to_decide(actor: Actor, standing: Standing) -> Need:
    return Need(
        f"{standing.area.name}: hand it over or keep it?",
        f"It takes some {standing.hours_a_week:.1f} hours a week. The page says what handing it over would cost and win.",
        "Decide", reverse("planning:area", args=[actor.slug, standing.area.id]), standing.area.made_at, minutes=3,
    )  # fmt: skip


def _to_plan(actor: Actor, standing: Standing) -> Need:
    lacking = [words for _, words in standing.plan.lacking]
    named = f"It lacks {rules.in_words(lacking[:2])}" if len(lacking) in {1, 2} else f"It lacks {len(lacking)} things"
    assert standing.placing is not None
    return Need(
        f"The plan for {standing.area.name}",
        f"{named}. Nobody is asked before it is complete." if lacking else "Nothing is missing. Say that it is complete.",
        "Complete it", reverse("planning:plan", args=[actor.slug, standing.area.id]), standing.placing.made_at,
        minutes=max(2, 2 * len(lacking)),
    )  # fmt: skip


def _found(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Area.objects.filter(business_id=business_id, pk__in=keys).select_related("business")
    return [
        Found("area", "Area of work", a.id, a.name, reverse("planning:area", args=[a.business.slug, a.id]),
              side="owner", at=a.made_at)
        for a in rows
    ]  # fmt: skip


def _may_enter(actor: Actor) -> bool:
    return actor.role in {Role.OWNER, Role.MANAGER, Role.AUDITOR}


ROOM = Room(
    name="planning",
    nav={"owner": ("Plan", "compass", "planning:areas")},
    needs=needs,
    events=EVENTS,
    things={"area": _found},
    visible_when=_may_enter,
)
