"""The calendar of a person in one business, at a secret address (RFC 5545): what the rooms declare as dates."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from handsel.core import allowances
from handsel.core.allowances import Limit
from handsel.core.rooms import Dated, Room
from handsel.people import queries
from handsel.people.callers import note_use
from handsel.people.rules import CALENDAR
from handsel.values.actors import Actor, Way
from handsel.values.days import day_of

READINGS = Limit("calendar", 60, 3600)
_BACK, _AHEAD = timedelta(days=90), timedelta(days=400)


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The whole calendar. An address that is unknown, revoked or somebody else's token is no address at all."""
    token = queries.token_by_secret(secret)
    if token is None or CALENDAR not in token.scopes:
        raise Http404
    left = allowances.purse.spend(READINGS, str(token.id))
    if not left.allowed:
        words = f"This calendar was read too often. Wait {left.seconds} seconds.\n"
        return HttpResponse(words, "text/plain; charset=utf-8", 429, headers={"Retry-After": str(left.seconds)})
    actor = queries.actor_of(token.membership, Way.API)
    note_use(actor, token)
    written = written_as(f"Handsel: {token.membership.business.name}", dates(actor), timezone.now())
    answer = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=900"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def dates(actor: Actor) -> list[Dated]:
    """What stands in this person's calendar, by day; one or two SQL queries a room."""
    today = day_of(timezone.now(), actor.zone)
    first, last = today - _BACK, today + _AHEAD
    found = [dated for room in _rooms() if room.visible_when(actor) for dated in room.dates(actor, first, last)]
    return sorted(found, key=lambda dated: (dated.day, dated.title))


def written_as(name: str, found: list[Dated], now: datetime) -> bytes:
    """The dates as a calendar file: each a whole day that takes no time."""
    calendar = Calendar()
    calendar.add("prodid", "-//Handsel//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for dated in found:
        calendar.add_component(_event(dated, now))
    return bytes(calendar.to_ical())


def _event(dated: Dated, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{dated.key}@handsel")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", dated.day)
    event.add("dtend", dated.day + timedelta(days=1))
    event.add("summary", dated.title)
    event.add("url", f"{settings.ADDRESS}{dated.url}")
    event.add("transp", "TRANSPARENT")
    return event


def _rooms() -> Iterator[Room]:
    for name in settings.ROOMS:
        if find_spec(f"handsel.{name}.room"):
            yield import_module(f"handsel.{name}.room").ROOM
