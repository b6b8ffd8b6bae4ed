"""What a machine asks, and no person."""

from django.urls import path

from handsel.front.operation import views

urlpatterns = [
    path("health/", views.health, name="health"),
    path("metrics", views.metrics, name="metrics"),
]
