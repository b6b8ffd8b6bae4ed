from django.urls import path

from handsel.work import views

app_name = "work"
urlpatterns = [
    path("b/<slug:slug>/work/", views.overview, name="list"),
    path("b/<slug:slug>/work/<uuid:engagement_id>/week/", views.week, name="this_week"),
    path("b/<slug:slug>/work/<uuid:engagement_id>/week/<str:monday>/", views.week, name="week"),
    path("b/<slug:slug>/work/<uuid:engagement_id>/lines/new/", views.new_line, name="new_line"),
    path("b/<slug:slug>/work/<uuid:engagement_id>/timer/", views.timer, name="timer"),
    path("b/<slug:slug>/timer/stop/", views.timer_stop, name="timer_stop"),
    path("b/<slug:slug>/lines/<uuid:line_id>/", views.line, name="line"),
    path("b/<slug:slug>/lines/<uuid:line_id>/removal/", views.line_removal, name="line_removal"),
    path("b/<slug:slug>/lines/<uuid:line_id>/reopening/", views.line_reopening, name="line_reopening"),
    path("b/<slug:slug>/timesheets/<uuid:sheet_id>/", views.sheet, name="sheet"),
    path("b/<slug:slug>/timesheets/<uuid:sheet_id>/decision/", views.decision, name="decision"),
    path("b/<slug:slug>/timesheets/<uuid:sheet_id>/submission/", views.submission, name="submission"),
    path("b/<slug:slug>/timesheets/<uuid:sheet_id>/withdrawal/", views.withdrawal, name="withdrawal"),
    path(
        "b/<slug:slug>/work/<uuid:engagement_id>/deliverables/<int:number>/delivery/", views.delivery, name="delivery"
    ),
    path("b/<slug:slug>/tasks/<uuid:task_id>/", views.task, name="task"),
    path("b/<slug:slug>/tasks/<uuid:task_id>/acceptance/", views.acceptance, name="acceptance"),
    path("b/<slug:slug>/tasks/<uuid:task_id>/return/", views.task_return, name="task_return"),
    path("b/<slug:slug>/tasks/files/<uuid:delivery_id>/", views.delivery_file, name="delivery_file"),
]
