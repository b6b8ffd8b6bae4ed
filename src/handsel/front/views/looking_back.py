"""Notices, the history of the business, and the history of one thing; all from the trail."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from handsel.front import looking
from handsel.people import actions
from handsel.people.entrance import for_member
from handsel.people.queries import notices_seen
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible

_ON_A_PAGE = 50
_MOST_OF_A_THING = 200


@for_member
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the others did, newest first, with what is new marked; its button marks all as seen."""
    assert actor.person_id is not None
    if request.method == "POST":
        newest = looking.told_events(actor).order_by("-number").values_list("number", flat=True).first()
        actions.see_notices(actor, newest or 0)
        return redirect("front:notices", actor.slug)
    seen_to = notices_seen(actor.person_id, actor.business_id)
    rows = list(looking.told_events(actor).order_by("-number")[:_ON_A_PAGE])
    shown = looking.happenings(actor, rows)
    new = sum(1 for row in rows if row.number > seen_to)
    return render(request, "front/notices.html", {"actor": actor, "shown": shown, "seen_to": seen_to, "new": new})


@for_member
def history(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything that happened in this business, as far as this side reads it; newest first, by pages of fifty."""
    rows = looking.seen_events(actor).order_by("-number")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(number__lt=int(before))
    events = list(rows[: _ON_A_PAGE + 1])
    shown = looking.happenings(actor, events[:_ON_A_PAGE])
    older = shown[-1].number if len(events) > _ON_A_PAGE else None
    return render(request, "front/history.html", {"actor": actor, "shown": shown, "older": older, "before": before})


@for_member
def history_of(request: HttpRequest, actor: Actor, kind: str, key: UUID) -> HttpResponse:
    """What happened to one thing, newest first: a page, or for htmx the list alone. All that belongs to an engagement
    happened to it."""
    of = Q(thing_id=key, thing_kind=kind) | (Q(engagement_id=key) if kind == "engagement" else Q())
    events = list(looking.seen_events(actor).filter(of).order_by("-number")[:_MOST_OF_A_THING])
    if not events:
        raise NotVisible("history")
    shown = looking.happenings(actor, events)
    named = looking.titles_of(actor, [key]).get(key)
    title, url = (named.title, named.url) if named else ("", "")
    template = "front/happenings.html" if request.headers.get("HX-Request") else "front/history_of.html"
    return render(request, template, {"actor": actor, "shown": shown, "title": title, "url": url, "of_one": True})
