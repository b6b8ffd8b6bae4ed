"""The frame around every page: whose it is, where it leads, what runs. One SQL query for a member of the owner's side
beyond the page's own (the notices), two for the provider's (the timer)."""

from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from handsel.core.rooms import Need
from handsel.core.rooms import Room as HouseRoom
from handsel.front import house, looking, places, waiting
from handsel.people.entrance import places_of
from handsel.people.models import Membership
from handsel.people.queries import actor_of
from handsel.ui.shell import Place, Room, Shell, Timer
from handsel.ui.templatetags.say import initials
from handsel.values.actors import Actor, Side
from handsel.work.queries import running_timer


def shell(request: HttpRequest) -> dict[str, object]:
    """The context processor. What a page does not show is not asked for; asked for twice, it is read once."""
    known = getattr(request, "_shell", None)
    if known is None:
        known = SimpleLazyObject(lambda: shell_of(request))
        request._shell = known  # type: ignore[attr-defined]  # components render with the processors again
    return {"shell": known}


def shell_of(request: HttpRequest) -> Shell | None:
    """The frame for whoever is signed in; None for everybody else and before a person has any place."""
    person_id = getattr(request, "session", {}).get("person")
    if not person_id or not request.user.is_authenticated:
        return None
    memberships = places_of(request, UUID(person_id))
    here = _place_of(request, memberships)
    return _shell(request, here, memberships) if here else None


def _place_of(request: HttpRequest, memberships: list[Membership]) -> Membership | None:
    """The membership that the page is about; on a person's own pages the one that `?b=` names, or the first."""
    actor: Actor | None = getattr(request, "actor", None)
    slug = actor.slug if actor else request.GET.get("b", "")
    return next((m for m in memberships if m.business.slug == slug), memberships[0] if memberships else None)


def _shell(request: HttpRequest, here: Membership, memberships: list[Membership]) -> Shell:
    actor: Actor = getattr(request, "actor", None) or actor_of(here)
    own_page = not hasattr(request, "actor")
    needs = waiting.remembered(actor, here)
    nav = _rooms(request, actor, needs or {}, several=_works_for_several(memberships))
    return Shell(
        side=actor.side,
        theme=_theme(here),
        person_name=here.person.name,
        initials=initials(here.person.name),
        place_name="All clients" if own_page and request.path == reverse("front:me") else here.business.name,
        place_url=reverse("front:places"),
        rooms=tuple(nav),
        short_rooms=_short(request, actor, nav),
        switch=tuple(_switch(m, here, own_page) for m in memberships),
        search_url=reverse("front:search", args=[actor.slug]),
        keys_url=reverse("front:keys", args=[actor.slug]),
        settings_url=f"{reverse('people:settings')}?b={actor.slug}",
        sign_out_url=reverse("account_logout"),
        notices_url=reverse("front:notices", args=[actor.slug]),
        people_url=reverse("people:members", args=[actor.slug]),
        notices=looking.unseen(actor, _seen_to(here)) if actor.person_id else 0,
        counts_url="" if needs is not None else reverse("front:counts", args=[actor.slug]),
        timer=_timer(actor, memberships),
    )


def _theme(here: Membership) -> str:
    """light or dark; empty where the system's is to be followed."""
    preference = getattr(here.person, "preference", None)
    return preference.theme if preference and preference.theme in ("light", "dark") else ""


def _seen_to(here: Membership) -> int:
    preference = getattr(here.person, "preference", None)
    return int(preference.notices_seen.get(str(here.business_id), 0)) if preference else 0


def _works_for_several(memberships: list[Membership]) -> bool:
    return sum(places.is_client(m) for m in memberships) > 1


def _switch(membership: Membership, here: Membership, own_page: bool) -> Place:
    slug = membership.business.slug
    current = membership.pk == here.pk and not own_page
    return Place(membership.business.name, places.side_word(membership), reverse("front:home", args=[slug]), current)


def _rooms(request: HttpRequest, actor: Actor, needs: dict[str, list[Need]], *, several: bool) -> list[Room]:
    home = reverse("front:home", args=[actor.slug])
    word = "Home" if actor.side is Side.OWNER_SIDE else "Today"
    nav = [Room(word, home, "house", current=request.path == home, key="h")]
    if several:
        me = reverse("front:me")
        nav.insert(0, Room("All clients", me, "users", current=request.path == me, key="c"))
    rooms = house.open_rooms(actor)
    waiting = {room.name: sum(len(needs.get(name, ())) for name in _held_by(room)) for room in rooms}
    return nav + [found for room in rooms if (found := _room(request, actor, room, waiting[room.name]))]


def _held_by(room: HouseRoom) -> tuple[str, ...]:
    """The room, and those that have no place of their own in this person's navigation and stand under its word."""
    return (room.name, *room.extra.get("holds", ()))


def _room(request: HttpRequest, actor: Actor, room: HouseRoom, count: int) -> Room | None:
    """A room in the navigation with how much waits there; None while its pages do not stand."""
    word, icon, name = room.nav[actor.side.value]
    try:
        url = reverse(name, args=[actor.slug])
    except NoReverseMatch:
        return None
    match = request.resolver_match
    current = bool(match and match.app_name in _held_by(room))
    return Room(word, url, icon, count, current, house.KEYS.get(room.name, ""))


def _short(request: HttpRequest, actor: Actor, nav: list[Room]) -> tuple[Room, ...]:
    """The phone's five: home, three rooms of every day, and the way to all others."""
    home = next(room for room in nav if room.key == "h")
    daily = [room for room in nav if room.key in {house.KEYS[name] for name in house.ON_A_PHONE}]
    others = [room for room in nav if room not in daily and room is not home]
    more = reverse("front:more", args=[actor.slug])
    return (home, *(daily + others)[:3], Room("More", more, "menu", current=request.path == more))


def _timer(actor: Actor, memberships: list[Membership]) -> Timer | None:
    """The one timer of the person, whichever client it runs for."""
    if actor.person_id is None or not any(places.is_client(m) for m in memberships):
        return None
    run = running_timer(actor.person_id)
    if run is None:
        return None
    try:
        stop = reverse("work:timer_stop", args=[run.business.slug])
    except NoReverseMatch:
        return None
    return Timer(f"{run.kind}, {run.business.name}" if run.kind else run.business.name, run.started_at, stop)
