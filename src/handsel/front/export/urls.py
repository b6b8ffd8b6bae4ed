"""The addresses of leaving; they stand among the front's."""

from django.urls import path

from handsel.front.export import views

urlpatterns = [
    path("b/<slug:slug>/leave/", views.leave, name="leave"),
    path("b/<slug:slug>/leave/exports/", views.exports, name="exports"),
    path("b/<slug:slug>/leave/exports/<uuid:key>/", views.download, name="export"),
]
