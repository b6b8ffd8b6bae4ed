from django.urls import path

from handsel.ledger import views

app_name = "ledger"
urlpatterns = [
    path("b/<slug:slug>/ledger/<uuid:engagement_id>/", views.charges, name="charges"),
    path("b/<slug:slug>/ledger/<uuid:engagement_id>/movements/", views.movements, name="movements"),
]
