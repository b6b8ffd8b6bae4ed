from django.urls import path

from handsel.figures import views

app_name = "figures"
urlpatterns = [path("b/<slug:slug>/figures/", views.overview, name="list")]
