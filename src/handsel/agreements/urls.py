from django.urls import path

from handsel.agreements import views

app_name = "agreements"
urlpatterns = [
    path("b/<slug:slug>/agreements/", views.overview, name="list"),
    path("b/<slug:slug>/agreements/new/", views.new, name="new"),
    path("b/<slug:slug>/agreements/from-proposal/<uuid:version_id>/", views.from_proposal, name="from_proposal"),
    path("b/<slug:slug>/agreements/<uuid:engagement_id>/", views.engagement, name="engagement"),
    path("b/<slug:slug>/agreements/<uuid:engagement_id>/terms/", views.newest_terms, name="newest_terms"),
    path("b/<slug:slug>/agreements/<uuid:engagement_id>/amendment/", views.amendment, name="amendment"),
    path("b/<slug:slug>/agreements/<uuid:engagement_id>/invitation/", views.invitation, name="invitation"),
    path("b/<slug:slug>/agreements/<uuid:engagement_id>/pause/", views.pause, name="pause"),
    path("b/<slug:slug>/agreements/<uuid:engagement_id>/pause/withdrawal/", views.calling_off, name="calling_off"),
    path("b/<slug:slug>/agreements/<uuid:engagement_id>/resumption/", views.resumption, name="resumption"),
    path("b/<slug:slug>/agreements/<uuid:engagement_id>/end/", views.end, name="end"),
    path("b/<slug:slug>/agreements/<uuid:engagement_id>/workers/", views.workers, name="workers"),
    path("b/<slug:slug>/terms/<uuid:terms_id>/", views.terms, name="terms"),
    path("b/<slug:slug>/terms/<uuid:terms_id>/reading/", views.reading, name="reading"),
    path("b/<slug:slug>/terms/<uuid:terms_id>/signature/", views.signature, name="signature"),
    path("b/<slug:slug>/terms/<uuid:terms_id>/decline/", views.decline, name="decline"),
    path("b/<slug:slug>/terms/<uuid:terms_id>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("b/<slug:slug>/terms/<uuid:terms_id>/paper.pdf", views.paper, name="paper"),
]
