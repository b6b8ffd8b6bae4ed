"""The ways in: sign-up, the one-time link, an invitation."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from handsel.people import actions, queries
from handsel.people.adapter import login_by_mail, make_login
from handsel.people.entrance import by_link, key_of, origin_of, person_of
from handsel.people.forms import JoinForm, SignUpForm
from handsel.people.models import Business, Invitation, Membership, Person
from handsel.people.rules import why_not_join, why_not_sign_up
from handsel.values.actors import Role, Side, Way
from handsel.values.refusals import NotVisible, Refusal

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sign_up(request: HttpRequest) -> HttpResponse:
    """A name, a mail address and a business; whoever did it is signed in, with no password and no mail."""
    if request.user.is_authenticated:
        return redirect("people:new_business")
    if busy := ratelimit.consume_or_429(request, action="signup"):
        return busy  # type: ignore[no-any-return]  # the library has no types
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.carry_out(_open_business):
        _sign_in(request, form.result)
        return redirect("front:home", form.result.business.slug)
    return render(request, "people/sign_up.html", {"form": form}, status=422 if form.is_bound else 200)


def _open_business(answers: dict[str, Any]) -> Membership:
    """Person, log-in and business; whoever is known by this mail logs in first, or anybody could come in by it."""
    name, mail = answers["name"], answers["email"]
    if refusal := why_not_sign_up(login_by_mail(mail) is not None or queries.person_by_mail(mail) is not None):
        raise refusal
    business: Business = actions.sign_up(
        queries.system_actor(way=Way.PAGE),
        name,
        mail,
        answers["business"],
        make_login(name, mail),
        zone=answers["zone"],
    )
    return queries.memberships_of_business(business.id)[0]


def _sign_in(request: HttpRequest, membership: Membership) -> None:
    user = get_user_model().objects.get(pk=membership.person.login_id)
    login(request, user, backend=_BACKEND)
    request.session["person"] = str(membership.person_id)


# ---------------------------------------------------------------- the one-time link


@by_link
def one_time(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows one button, because programs that look into mails open links too; POST uses the link."""
    try:
        link = queries.log_in_link(token)
        if request.method != "POST":
            return render(request, "people/one_time.html", {"person": link.person, "used": link.used_at})
        login_id = _login_of(link.person)
        actions.use_log_in_link(queries.system_actor(way=Way.LINK), token, login_id)
    except NotVisible as refusal:
        raise Http404(refusal.sentence) from refusal
    except Refusal as refusal:
        return _said(request, refusal)
    request.session.pop("person", None)
    # The library's own way in: it asks for the second factor where one is set.
    user = get_user_model().objects.get(pk=login_id)
    return perform_login(request, user, redirect_url="/")  # type: ignore[no-any-return]


def _login_of(person: Person) -> int:
    """The person's log-in, made now where `create-owner` knew a mail address only."""
    return person.login_id or login_by_mail(person.mail) or make_login(person.name, person.mail)


# ---------------------------------------------------------------- the invitation


@by_link
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, to what, as what; by its button an account is made where there is none, and the person is in."""
    try:
        invitation = queries.invitation_by_token(token)
    except NotVisible as refusal:
        raise Http404(refusal.sentence) from refusal
    here = person_of(request) if request.user.is_authenticated else None
    person = queries.person_by_mail(invitation.mail)
    if refusal := why_not_join(
        known=bool(person and person.login_id), is_signed_in=here is not None, is_herself=person is not None and person.id == here,
        over=queries.is_over(invitation), mail=invitation.mail,
    ):  # fmt: skip
        if refusal.code == "invitation_over" and person is not None and person.id == here:
            return redirect(_where_to(invitation))
        return _said(request, refusal, invitation)
    return _join(request, invitation)


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, initial={"name": invitation.name})
    if request.method == "POST" and form.carry_out(lambda answers: _accept(request, invitation, answers["name"])):
        if not request.user.is_authenticated:
            _sign_in(request, form.result)
        return redirect(_where_to(invitation))
    context = {
        "form": form,
        "invitation": invitation,
        "side": Role(invitation.role).side,
        "role": Role(invitation.role),
    }
    return render(request, "people/join.html", context, status=422 if form.is_bound else 200)


def _accept(request: HttpRequest, invitation: Invitation, name: str) -> Membership:
    known = queries.person_by_mail(invitation.mail)
    login_id = _login_of(known) if known else login_by_mail(invitation.mail) or make_login(name, invitation.mail)
    actor = queries.link_actor(invitation.business_id, known.id if known else None, key_of(request), origin_of(request))
    return actions.accept_invitation(actor, invitation.id, name, login_id)


def _where_to(invitation: Invitation) -> str:
    """To the terms that the invitation asks to sign, else home."""
    if invitation.engagement_id:
        return f"/b/{invitation.business.slug}/agreements/{invitation.engagement_id}/terms/"
    return reverse("front:home", args=[invitation.business.slug])


def _said(request: HttpRequest, refusal: Refusal, invitation: Invitation | None = None) -> HttpResponse:
    context = {"refusal": refusal, "invitation": invitation, "provider_side": Side.PROVIDER_SIDE}
    return render(request, "people/not_in.html", context, status=refusal.status)
