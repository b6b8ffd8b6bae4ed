"""A person's own pages: settings, and one more business."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from handsel.core.sessions import mark_of, sittings
from handsel.people import actions, queries
from handsel.people.adapter import is_locked_out
from handsel.people.entrance import for_person, key_of
from handsel.people.forms import BusinessForm, PreferenceForm
from handsel.people.models import Business, Person
from handsel.ui.toasts import done
from handsel.values.actors import Way


@for_person
def own_settings(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Colours and clock here; password, second factor and passkeys lead to their own pages."""
    person = queries.person(person_id)
    form = PreferenceForm(request.POST or None, initial=_liked(person))
    if request.method == "POST" and form.carry_out(lambda answers: _prefer(person_id, **answers)):
        done(request, "Your settings are kept.")
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "person": person,
        "shields": _shields(request.user),
        "locked_out": is_locked_out(request.user),
        "memberships": queries.memberships_of(person_id),
    }
    return render(request, "people/settings.html", context, status=422 if form.is_bound else 200)


def _liked(person: Person) -> dict[str, str]:
    liked = getattr(person, "preference", None)
    return {"theme": (liked.theme if liked else "") or "system", "zone": liked.zone if liked else ""}


def _prefer(person_id: UUID, theme: str, zone: str) -> None:
    actions.prefer(queries.own_actor(person_id), theme=theme, zone=zone)


def _shields(user: Any) -> dict[str, Any]:
    """What stands before the log-in: a password, an authenticator, recovery codes, how many passkeys; one SQL query."""
    kinds = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return {
        "password": bool(user.has_usable_password()),
        "totp": Authenticator.Type.TOTP in kinds,
        "codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
    }


@for_person
def sessions(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Where one is signed in, and since when."""
    mark = mark_of(request.session.session_key or "")
    found = [(sitting, sitting.mark == mark) for sitting in sittings(int(request.user.pk or 0))]
    return render(request, "people/sessions.html", {"sittings": found, "others": len(found) - 1})


@require_POST
@for_person
def sessions_ends(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Sign out everywhere but here."""
    key, login_id = request.session.session_key or "", int(request.user.pk or 0)
    ended = actions.sign_out_elsewhere(queries.own_actor(person_id), login_id, key)
    done(request, f"You are signed out in {ended} other place{'' if ended == 1 else 's'}.")
    return redirect("people:sessions")


@for_person
def new_business(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Another business for somebody who is known already."""
    form = BusinessForm(request.POST or None)
    if request.method == "POST" and form.carry_out(lambda answers: _open(request, person_id, answers["business"])):
        return redirect("front:home", form.result.slug)
    return render(request, "people/new_business.html", {"form": form}, status=422 if form.is_bound else 200)


def _open(request: HttpRequest, person_id: UUID, name: str) -> Business:
    person = queries.person(person_id)
    newest = queries.memberships_of(person_id).last()
    zone = newest.business.zone if newest else "UTC"
    actor = queries.person_opening_a_business(person_id, key_of(request), Way.PAGE)
    return actions.sign_up(actor, person.name, person.mail, name, zone=zone)
