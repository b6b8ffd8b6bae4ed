from django.urls import path

from handsel.planning import views

app_name = "planning"
urlpatterns = [
    path("b/<slug:slug>/plan/", views.areas, name="areas"),
    path("b/<slug:slug>/plan/new/", views.new_area, name="new_area"),
    path("b/<slug:slug>/plan/<uuid:area_id>/", views.area, name="area"),
    path("b/<slug:slug>/plan/<uuid:area_id>/figures/", views.figures, name="figures"),
    path("b/<slug:slug>/plan/<uuid:area_id>/placing/", views.placing, name="placing"),
    path("b/<slug:slug>/plan/<uuid:area_id>/answers/", views.plan, name="plan"),
    path("b/<slug:slug>/plan/<uuid:area_id>/completion/", views.completion, name="completion"),
]
