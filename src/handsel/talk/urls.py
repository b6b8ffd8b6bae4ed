from django.urls import path

from handsel.talk import views

app_name = "talk"
urlpatterns = [
    path("b/<slug:slug>/talk/", views.overview, name="list"),
    path("b/<slug:slug>/talk/<uuid:engagement_id>/", views.timeline, name="timeline"),
    path("b/<slug:slug>/talk/<uuid:engagement_id>/calls/new/", views.call, name="call"),
    path("b/<slug:slug>/talk/<uuid:engagement_id>/check-ins/new/", views.check_in, name="check_in"),
    path("b/<slug:slug>/comments/<slug:kind>/<uuid:thing_id>/", views.comments, name="comments"),
]
