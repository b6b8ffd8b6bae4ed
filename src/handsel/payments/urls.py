from django.urls import path

from handsel.payments import views

app_name = "payments"
_DOCUMENT = "b/<slug:slug>/payments/documents/<uuid:document_id>"
urlpatterns = [
    path("b/<slug:slug>/payments/", views.overview, name="list"),
    path("b/<slug:slug>/payments/new/", views.new, name="new"),
    path(f"{_DOCUMENT}/", views.document, name="document"),
    path(f"{_DOCUMENT}/issue/", views.issue, name="issue"),
    path(f"{_DOCUMENT}/removal/", views.removal, name="removal"),
    path(f"{_DOCUMENT}/payment/", views.payment, name="payment"),
    path(f"{_DOCUMENT}/credit/", views.credit, name="credit"),
    path(f"{_DOCUMENT}/paper.pdf", views.paper, name="paper"),
]
