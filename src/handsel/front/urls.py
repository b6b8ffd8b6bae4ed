"""The addresses of the front."""

from django.urls import include, path

from handsel.front.views import engaged, finding, home, looking_back, whole

app_name = "front"
urlpatterns = [
    path("", home.way_in, name="way_in"),
    path("places/", whole.places, name="places"),
    path("me/", whole.me, name="me"),
    path("b/<slug:slug>/", home.home, name="home"),
    path("", include("handsel.front.export.urls")),
    path("", include("handsel.front.operation.urls")),
    path("b/<slug:slug>/more/", home.more, name="more"),
    path("b/<slug:slug>/counts/", home.counts, name="counts"),
    path("b/<slug:slug>/keys/", home.keys, name="keys"),
    path("b/<slug:slug>/mail-server/", home.mail_server, name="mail_server"),
    path("b/<slug:slug>/search/", finding.search, name="search"),
    path("b/<slug:slug>/notices/", looking_back.notices, name="notices"),
    path("b/<slug:slug>/history/", looking_back.history, name="history"),
    path("b/<slug:slug>/history/<slug:kind>/<uuid:key>/", looking_back.history_of, name="history_of"),
    path("b/<slug:slug>/engagements/<uuid:key>/", engaged.engagement, name="engagement"),
    path("b/<slug:slug>/engagements/<uuid:key>/steps/", engaged.steps, name="steps"),
]
