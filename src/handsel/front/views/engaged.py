"""The page of one engagement: where it stands in its life, the next step, what is in force and owed, what happened."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.core.rooms import Step
from handsel.front import house, looking
from handsel.front.finding import address
from handsel.ledger.queries import Balance, balances
from handsel.people.entrance import for_member
from handsel.values.actors import Actor
from handsel.values.days import day_in_words, day_of
from handsel.values.money import Money

_MOST_SHOWN = 15


@for_member
def engagement(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    found = agreements.engagement(actor, key)
    today = day_of(timezone.now(), actor.zone)
    standing = agreements.standing(found.id, today)
    events = looking.seen_events(actor).filter(engagement_id=found.id).order_by("-number")[:_MOST_SHOWN]
    context = {
        "actor": actor, "engagement": found, "standing": standing, "stands": _stands(standing),
        "rates": _rates(standing) if actor.reads_rates else [], "balances": _balances(actor, found),
        "shown": looking.happenings(actor, events, titled=False),
        "timeline_url": address("talk:timeline", actor.slug, found.id),
        "terms_url": address("agreements:engagement", actor.slug, found.id),
        "agreements_url": address("agreements:list", actor.slug),
    }  # fmt: skip
    return render(request, "front/engagement.html", context)


@for_member
def steps(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """The strip of steps alone, for the pages of lower rooms."""
    found = agreements.engagement(actor, key)
    steps = steps_of(actor, found.id)
    next_step = next((step for step in steps if step.state == "now" and step.url), None)
    return render(request, "front/steps.html", {"steps": steps, "next": next_step})


def steps_of(actor: Actor, engagement_id: UUID) -> list[Step]:
    """From the plan to the payment, as each room tells its own."""
    return [step for room in house.rooms() for step in room.steps(actor, engagement_id)]


def _stands(standing: agreements.Standing) -> str:
    """In force since 26 October 2026. Not signed yet."""
    if standing.day is None:
        return "Not signed yet."
    links = {"in force": "since", "begins": "on", "paused": "since", "ended": "on"}
    return f"{standing.word.capitalize()} {links.get(standing.word, 'since')} {day_in_words(standing.day, year=True)}."


def _rates(standing: agreements.Standing) -> list[dict[str, object]]:
    """Each kind of work with the price of its hour."""
    if standing.terms is None:
        return []
    agreed = standing.terms.agreed
    return [{"kind": rate.kind, "price": Money(rate.price, agreed.currency)} for rate in agreed.rates]


def _balances(actor: Actor, found: Engagement) -> list[Balance]:
    """What is owed, per currency, for whoever reads money; assistants do not."""
    return [] if actor.is_assistant else balances(actor, found.id)
