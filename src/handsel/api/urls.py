"""The addresses of the API and of the pages about it; what is none of them is a problem, never a page."""

from django.urls import path, re_path

from handsel.api import calendar, views
from handsel.api.problems import no_such_address
from handsel.api.v1 import api

app_name = "api"
urlpatterns = [
    path("programs/api/", views.overview, name="overview"),
    path("programs/api/<slug:name>/", views.area, name="area"),
    path("calendar/<str:secret>.ics", calendar.feed, name="calendar"),
    path("api/v1/", api.urls),
    re_path(r"^api/(?P<rest>.*)$", no_such_address),
]
