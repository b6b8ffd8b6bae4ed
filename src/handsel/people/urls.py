"""The addresses of people: the ways in, one's own settings, who is in a business."""

from django.urls import path
from django.views.generic import RedirectView

from handsel.people.views import entering, members, own, programs

app_name = "people"
_settings = RedirectView.as_view(pattern_name="people:settings")

urlpatterns = [
    path("accounts/signup/", entering.sign_up, name="sign_up"),
    path("in/<str:token>/", entering.one_time, name="one_time"),
    path("join/<str:token>/", entering.join, name="join"),
    # Pages of the accounts library that Handsel has in one place of its own.
    path("accounts/email/", _settings),
    path("accounts/confirm-email/", _settings),
    path("accounts/2fa/", _settings),
    path("settings/", own.own_settings, name="settings"),
    path("settings/sessions/", own.sessions, name="sessions"),
    path("settings/sessions/ends/", own.sessions_ends, name="sessions_ends"),
    path("businesses/new/", own.new_business, name="new_business"),
    path("b/<slug:slug>/programs/", programs.programs, name="programs"),
    path("b/<slug:slug>/programs/calendar/", programs.calendar, name="calendar"),
    path("b/<slug:slug>/programs/<uuid:key>/revocation/", programs.revocation, name="revocation"),
    path("b/<slug:slug>/people/", members.people, name="members"),
    path("b/<slug:slug>/people/invitations/", members.invitation, name="invitation"),
    path("b/<slug:slug>/people/invitations/<uuid:key>/withdrawal/", members.withdrawal, name="withdrawal"),
    path("b/<slug:slug>/people/<uuid:key>/removal/", members.removal, name="removal"),
    path("b/<slug:slug>/people/former/", members.former, name="former"),
    path("b/<slug:slug>/people/<uuid:key>/striking/", members.striking, name="striking"),
    path("b/<slug:slug>/people/rates/", members.rates, name="rates"),
    path("b/<slug:slug>/people/rates/withdrawal/", members.rates_withdrawal, name="rates_withdrawal"),
    path("b/<slug:slug>/people/departure/", members.departure, name="departure"),
    path("b/<slug:slug>/people/who-may-do-what/", members.who_may, name="who_may"),
]
