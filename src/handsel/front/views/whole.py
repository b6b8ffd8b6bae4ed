"""A person's places, and all clients of a provider on one page: each business is asked in turn, none is joined."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from handsel.core.asking import answers
from handsel.core.rooms import Need
from handsel.front import greeting, waiting
from handsel.front import places as own_places
from handsel.ledger.queries import amounts, owed_rows
from handsel.payments.queries import open_invoices
from handsel.people.entrance import for_person, places_of
from handsel.people.models import Membership
from handsel.people.queries import actor_of, clock_of
from handsel.values.actors import Actor
from handsel.values.days import week_of
from handsel.values.money import Money
from handsel.work.queries import own_seconds

_MOST_CURRENCIES = 20


@dataclass(frozen=True)
class Client:
    """How things stand with one client. owed: per currency, None for whoever does not read what the work pays; due: by
    when the first of it is to be paid."""

    name: str
    slug: str
    needs: int
    owed: list[Money] | None
    due: date | None
    seconds: int


@for_person
def places(request: HttpRequest, person_id: UUID) -> HttpResponse:
    memberships = [(m, own_places.side_word(m)) for m in places_of(request, person_id)]
    several = sum(own_places.is_client(m) for m, _ in memberships) > 1
    return render(request, "front/places.html", {"memberships": memberships, "several": several})


@for_person
def me(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What all clients need, what each owes and by when, and this week's hours."""
    memberships = [m for m in places_of(request, person_id) if own_places.is_client(m)]
    local = timezone.now().astimezone(ZoneInfo(clock_of(memberships[0]) if memberships else "UTC"))
    needs: list[Need] = []
    clients = []
    for membership in memberships:
        actor = actor_of(membership)
        own = _needs(actor, membership)
        needs += own
        clients.append(_client(actor, membership, len(own), local.date()))
    now, later = greeting.now_and_later(needs, local.date())
    name = memberships[0].person.name.split()[0] if memberships else ""
    context = {
        "clients": clients, "needs": now, "later": later, "seconds": sum(client.seconds for client in clients),
        "title": f"{greeting.hello(local.hour)}, {name}. {greeting.things_need_you(len(now))}.",
        "lead": greeting.minutes_in_all(now) if now else "Nothing waits for you with any client.",
    }  # fmt: skip
    return render(request, "front/me.html", context)


def _needs(actor: Actor, membership: Membership) -> list[Need]:
    """What one client needs, each with the client's name before it."""
    rooms = waiting.needs(actor, membership)
    found = [need for needs in rooms.values() for need in needs]
    return [
        replace(
            need,
            title=f"{membership.business.name}: {need.title}",
            person=need.person or (membership.business.name if need.side == "owner" else ""),
        )
        for need in found
    ]


def _client(actor: Actor, membership: Membership, needs: int, today: date) -> Client:
    """What is owed, by when, and the hours of this week; one SQL query."""
    bills = open_invoices(actor).values("issue__due_day")[:1]
    sums, first_bill, hours = answers([owed_rows(actor)[:_MOST_CURRENCIES], bills, own_seconds(actor, week_of(today))])
    owed = None if actor.is_assistant else amounts(sums)
    due = first_bill[0]["issue__due_day"] if owed and first_bill else None
    return Client(membership.business.name, membership.business.slug, needs, owed, due, sum(h["sum"] for h in hours))
