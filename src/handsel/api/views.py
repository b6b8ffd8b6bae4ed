"""The pages about the API."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from handsel.api import reference, schema
from handsel.people.entrance import for_person
from handsel.values.refusals import NotVisible


@for_person
def overview(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """How to begin, and every call by its area."""
    return render(request, "api/overview.html", {"areas": reference.areas().values(), "about": schema.ABOUT})


@for_person
def area(request: HttpRequest, person_id: UUID, name: str) -> HttpResponse:
    """The calls of one area: fields, meaning, and a line of curl for each."""
    found = reference.areas().get(name)
    if found is None:
        raise NotVisible("area of the API")
    return render(request, "api/area.html", {"area": found})
