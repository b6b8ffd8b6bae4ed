"""Search, as a page and as the list of the palette."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from handsel.front import finding
from handsel.front.shell import shell_of
from handsel.people.entrance import for_member
from handsel.values.actors import Actor

_MOST_IN_PALETTE = 8


@for_member
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Things, rooms and acts that fit what was typed."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = finding.things(actor, query)
    frame = shell_of(request)
    rooms = finding.places(frame.rooms if frame else (), query)
    acts = finding.acts(actor, query)
    if request.headers.get("HX-Request"):
        groups = [
            ("Found", [finding.as_hit(entry) for entry in found[:_MOST_IN_PALETTE]]),
            ("Go to", rooms),
            ("Do", acts[:_MOST_IN_PALETTE]),
        ]
        shown = [group for group in groups if group[1]]
        return render(request, "ui/palette_list.html", {"groups": shown, "query": query})
    context = {
        "actor": actor,
        "query": query,
        "found": [(finding.as_hit(e), e) for e in found],
        "rooms": rooms,
        "acts": acts,
    }
    return render(request, "front/search.html", context)
