"""The page to leave by: what is in an export, the one being made, and those made before."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from handsel.core import files
from handsel.front.export import making
from handsel.front.export.models import Export
from handsel.people.entrance import for_member
from handsel.people.queries import business_of
from handsel.ui.forms import Form
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible

_SHOWN = 20


@for_member
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Both sides come here; asked for by htmx, how far the newest export is."""
    made = list(making.exports(actor)[:_SHOWN])
    newest = made[0] if made else None
    context = {
        "actor": actor,
        "business": business_of(actor),
        "newest": newest,
        "ready": [export for export in made if export.file],
        "press": Form(),
        "makes": actor.may("people.note_export"),
    }
    if request.headers.get("HX-Request"):
        return _how_far(request, newest, context)
    return render(request, "front/leave.html", context)


def _how_far(request: HttpRequest, newest: Export | None, context: dict[str, object]) -> HttpResponse:
    """The bar alone; once it is done, the browser loads the page anew."""
    answer = render(request, "front/_export.html", context)
    if newest is None or not newest.is_under_way:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@for_member
def exports(request: HttpRequest, actor: Actor) -> HttpResponse:
    making.ask_for_export(actor)
    return redirect("front:leave", actor.slug)


@for_member
def download(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponseBase:
    """The zip, to whoever asked for it, while her part still allows it."""
    export = Export.objects.get_visible(actor, key)
    if export.file is None or not actor.may("people.note_export"):
        raise NotVisible("export")
    return files.download(export.file)
