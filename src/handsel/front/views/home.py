"""The first page, home, and the pages beside it: all rooms, keys, the mail server."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from handsel.core import outbox
from handsel.core.models import Event, OutboxItem
from handsel.core.rooms import Need
from handsel.front import greeting, house, places, waiting
from handsel.people.adapter import is_locked_out
from handsel.people.entrance import for_member, person_of, places_of
from handsel.people.models import Membership
from handsel.people.queries import any_business, business_of, memberships_of, place_among
from handsel.values.actors import Actor, Role
from handsel.values.refusals import NotVisible

_MOST_WAITING = 50


def way_in(request: HttpRequest) -> HttpResponse:
    """`/`: to the person's only business, to all her clients, or to the list of her places."""
    if not request.user.is_authenticated:
        return redirect("account_login" if any_business() else "people:sign_up")
    try:
        memberships = list(memberships_of(person_of(request)))
    except NotVisible:
        memberships = []
    if not memberships:
        return redirect("people:new_business")
    if len(memberships) == 1:
        return redirect("front:home", memberships[0].business.slug)
    return redirect("front:me" if sum(map(places.is_client, memberships)) > 1 else "front:places")


@for_member
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What needs this person now, and how things stand; for a business where nothing happened yet, one question."""
    here = _here(request, actor)
    needs = [need for found in waiting.needs_now(actor, here).values() for need in found]
    if not needs and _begins(actor) and _is_empty(actor):
        return render(request, "front/beginning.html", {"actor": actor, "acts": _beginnings(actor)})
    needs += [*_way_back(request, actor, here), *_mail_server(actor)]
    local = timezone.localtime()
    now, later = greeting.now_and_later(needs, local.date())
    context = {
        "actor": actor,
        "title": f"{greeting.hello(local.hour)}, {actor.name.split()[0]}. {greeting.things_need_you(len(now))}.",
        "lead": _lead(now, later, local),
        "needs": now[: greeting.MOST_NEEDS] if "all" not in request.GET else now,
        "more": 0 if "all" in request.GET else max(0, len(now) - greeting.MOST_NEEDS),
        "later": later,
        "figures": _figures(actor),
    }
    return render(request, "front/home.html", context)


def _lead(now: list[Need], later: list[Need], local: datetime) -> str:
    rest = greeting.nothing_else(later, local.date())
    return f"{greeting.minutes_in_all(now)} {rest}" if now else rest


def _here(request: HttpRequest, actor: Actor) -> Membership:
    return place_among(places_of(request, person_of(request)), actor.slug)


def _way_back(request: HttpRequest, actor: Actor, here: Membership) -> list[Need]:
    """One need for whoever could not come in again after signing out."""
    if not is_locked_out(request.user):
        return []
    return [
        Need("Set a password or a passkey", "No mail server is set, so no code can reach you once you sign out.",
             "Set one", f"{reverse('people:settings')}?b={actor.slug}", here.made_at, minutes=1, side=actor.side.value,
             person=actor.name)
    ]  # fmt: skip


def _mail_server(actor: Actor) -> list[Need]:
    """One need for the owner while mail waits and no server is set."""
    if settings.MAIL_SERVER or actor.role is not Role.OWNER:
        return []
    first = _waiting(actor).order_by("queued_at").values_list("queued_at", flat=True).first()
    if first is None:
        return []
    return [
        Need("Set up a mail server", "Mail waits here and does not go out; until then you pass links on by hand.",
             "See how", reverse("front:mail_server", args=[actor.slug]), first, minutes=10)
    ]  # fmt: skip


def _waiting(actor: Actor) -> Any:
    return OutboxItem.objects.filter(business_id=actor.business_id, state="queued")


def _begins(actor: Actor) -> bool:
    """Whether this person may do each of the acts by which a business begins."""
    return actor.may("planning.record_area") and actor.may("agreements.draw_up")


def _is_empty(actor: Actor) -> bool:
    """Whether nothing but people joining has happened; one SQL query."""
    return not Event.objects.filter(chain_id=actor.business_id).exclude(verb__startswith="people.").exists()


def _beginnings(actor: Actor) -> list[tuple[str, str, str, str]]:
    """The one question's three answers: icon, answer, what comes of it, address."""
    base = f"/b/{actor.slug}"
    return [
        ("clock", "Something eats my time", "Show what you have, a mailbox for a start, and see what handing it over "
         "would cost and bring; “not worth it” is an answer too.", f"{base}/plan/new/"),
        ("search", "I know what, and look for somebody", "A plan of one page first, then a proposal made from it.",
         f"{base}/plan/new/?goal=propose"),
        ("handshake", "I already work with somebody", "Name, work, rate and pay day: terms on one page, signed by both.",
         f"{base}/agreements/new/"),
    ]  # fmt: skip


def _figures(actor: Actor) -> list[Any]:
    """What rooms wish to show on home: objects with word, figure and meaning."""
    found = [figure for room in house.rooms() for figure in room.extra.get("figures", lambda actor: ())(actor)]
    return found[:3]


@for_member
def more(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every place of this business, for a phone and for whoever has no script."""
    return render(request, "front/more.html", {"actor": actor})


@for_member
def counts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How much waits in each room, for the navigation of a page that came before this was known."""
    waiting.needs(actor, _here(request, actor))
    return render(request, "front/counts.html")


@for_member
def keys(request: HttpRequest, actor: Actor) -> HttpResponse:
    return render(request, "front/keys.html", {"actor": actor})


@for_member
def mail_server(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How to set a mail server up, and what waits for it with each link to copy."""
    if actor.role is not Role.OWNER:
        raise NotVisible("page")
    items = list(_waiting(actor).order_by("-queued_at")[:_MOST_WAITING])
    waiting = [(item, item.payload.get("link", ""), outbox.how_it_stands(item)) for item in items]
    context = {"actor": actor, "waiting": waiting, "is_set": bool(settings.MAIL_SERVER), "business": business_of(actor)}
    return render(request, "front/mail_server.html", context)
