from django.urls import path

from handsel.proposals import views

app_name = "proposals"
urlpatterns = [
    path("b/<slug:slug>/proposals/", views.overview, name="list"),
    path("b/<slug:slug>/proposals/for/<uuid:area_id>/", views.new, name="new"),
    path("b/<slug:slug>/proposals/<uuid:proposal_id>/", views.proposal, name="proposal"),
    path("b/<slug:slug>/proposals/<uuid:proposal_id>/version/", views.version, name="version"),
    path("b/<slug:slug>/proposals/<uuid:proposal_id>/sending/", views.sending, name="sending"),
    path("b/<slug:slug>/proposals/<uuid:proposal_id>/closure/", views.closure, name="closure"),
    path("b/<slug:slug>/proposals/<uuid:proposal_id>/paper.pdf", views.draft, name="draft"),
    path("b/<slug:slug>/proposals/sent/<uuid:invitation_id>/revocation/", views.revocation, name="revocation"),
    path("b/<slug:slug>/proposals/sent/<uuid:invitation_id>/decline/", views.decline, name="decline"),
    path("b/<slug:slug>/proposals/sent/<uuid:invitation_id>/paper.pdf", views.paper, name="paper"),
    path("b/<slug:slug>/proposals/questions/<uuid:question_id>/answer/", views.answer, name="answer"),
    path("p/<str:token>/", views.read, name="read"),
    path("p/<str:token>/question/", views.question, name="question"),
    path("p/<str:token>/consent/", views.consent, name="consent"),
    path("p/<str:token>/decline/", views.refusal, name="refusal"),
    path("p/<str:token>/proposal.pdf", views.download, name="download"),
]
