from django.urls import path

from handsel.talk import views

app_name = "talk"
urlpatterns = [
    path("b/<slug:slug>/talk/", views.overview, name="list"),
    path("b/<slug:slug>/talk/<uuid:engagement_id>/", views.timeline, name="timeline"),
    path("b/<slug:slug>/talk/<uuid:engagement_id>/calls/new/", views.call, name="call"),
    path("b/<slug:slug>/talk/<uuid:engagement_id>/check-ins/new/", views.check_in, name="check_in"),
    path("b/<slug:slug>/webhooks/", views.webhooks, name="webhooks"),
    path("b/<slug:slug>/webhooks/<uuid:key>/", views.webhook, name="webhook"),
    path("b/<slug:slug>/webhooks/<uuid:key>/pause/", views.webhook_pause, name="webhook_pause"),
    path("b/<slug:slug>/webhooks/<uuid:key>/resumption/", views.webhook_resumption, name="webhook_resumption"),
    path("b/<slug:slug>/webhooks/<uuid:key>/removal/", views.webhook_removal, name="webhook_removal"),
    path(
        "b/<slug:slug>/webhooks/<uuid:key>/deliveries/<uuid:item_id>/replay/",
        views.webhook_replay,
        name="webhook_replay",
    ),
    path("b/<slug:slug>/comments/<slug:kind>/<uuid:thing_id>/", views.comments, name="comments"),
]
