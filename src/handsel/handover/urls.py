from django.urls import path

from handsel.handover import views

app_name = "handover"
urlpatterns = [
    path("b/<slug:slug>/hand-over/", views.overview, name="list"),
    path("b/<slug:slug>/hand-over/<uuid:engagement_id>/", views.engagement, name="engagement"),
    path("b/<slug:slug>/hand-over/<uuid:engagement_id>/stages/", views.stage, name="stage"),
    path("b/<slug:slug>/hand-over/<uuid:engagement_id>/plan/", views.plan, name="plan"),
]
