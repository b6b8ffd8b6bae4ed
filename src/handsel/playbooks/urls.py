from django.urls import path

from handsel.playbooks import views

app_name = "playbooks"
urlpatterns = [
    path("b/<slug:slug>/playbooks/", views.pages, name="pages"),
    path("b/<slug:slug>/playbooks/new/", views.new, name="new"),
    path("b/<slug:slug>/playbooks/questions/", views.questions, name="questions"),
    path("b/<slug:slug>/playbooks/questions/<uuid:question_id>/", views.question, name="question"),
    path("b/<slug:slug>/playbooks/<uuid:page_id>/", views.page, name="page"),
    path("b/<slug:slug>/playbooks/<uuid:page_id>/text/", views.edit, name="edit"),
    path("b/<slug:slug>/playbooks/<uuid:page_id>/assignments/", views.assignment, name="assignment"),
    path("b/<slug:slug>/playbooks/<uuid:page_id>/acknowledgement/", views.acknowledgement, name="acknowledgement"),
    path("b/<slug:slug>/playbooks/<uuid:page_id>/questions/", views.ask, name="ask"),
]
