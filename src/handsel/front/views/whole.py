"""A person's places, and all clients of a provider on one page: each business is asked in turn, none is joined."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from handsel.core.rooms import Need
from handsel.front import greeting, waiting
from handsel.front import places as own_places
from handsel.ledger.queries import owed
from handsel.payments.queries import to_pay
from handsel.people.entrance import for_person, places_of
from handsel.people.models import Membership
from handsel.people.queries import actor_of, clock_of
from handsel.values.actors import Actor
from handsel.values.days import week_of
from handsel.values.money import Money
from handsel.work.models import TimeEntry


@dataclass(frozen=True)
class Client:
    """How things stand with one client. owed: per currency; due: by when the first of it is to be paid."""

    name: str
    slug: str
    needs: int
    owed: list[Money]
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
    return [replace(need, title=f"{membership.business.name}: {need.title}") for need in found]


def _client(actor: Actor, membership: Membership, needs: int, today: date) -> Client:
    """Three SQL queries, two where nothing is owed."""
    amounts = owed(actor)
    bills = to_pay(actor) if amounts else []
    return Client(membership.business.name, membership.business.slug, needs, amounts,
                  bills[0].due_day if bills else None, _seconds_this_week(actor, today))  # fmt: skip


def _seconds_this_week(actor: Actor, today: date) -> int:
    """The person's own hours for this client from Monday to Sunday, whatever became of them."""
    days = week_of(today)
    rows = TimeEntry.objects.visible_to(actor).filter(worker_id=actor.person_id, work_day__range=(days[0], days[-1]))
    return int(rows.exclude(status="removed").aggregate(sum=Sum("seconds"))["sum"] or 0)
