"""Programs that act for a person: a token is made here, shown once, and revoked here."""

from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_POST

from handsel.people import actions, queries, rules
from handsel.people.entrance import for_member
from handsel.people.forms import ProgramForm
from handsel.ui.toasts import done
from handsel.values.actors import Actor

_PREFIX = "handsel_"  # so that whoever searches a repository for secrets finds it


@for_member
def programs(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own tokens here, and a form for another one. The secret stands in the answer to that form alone."""
    form = ProgramForm(request.POST or None)
    secret = ""
    if request.method == "POST":
        secret = _secret(actor)
        if not form.carry_out(lambda answers: _let_in(actor, secret, answers)):
            secret = ""
    return _page(request, actor, ProgramForm() if secret else form, secret=secret)


@require_POST
@for_member
def calendar(request: HttpRequest, actor: Actor) -> HttpResponse:
    """An address that a calendar reads; it is shown in this answer alone."""
    secret = _secret(actor)
    kept = rules.token_hash(secret)
    actions.create_token(actor, "Calendar", [rules.CALENDAR], rules.CALENDAR_DAYS, kept)
    return _page(request, actor, ProgramForm(), address=f"{settings.ADDRESS}/calendar/{secret}.ics")


def _page(request: HttpRequest, actor: Actor, form: ProgramForm, **made: str) -> HttpResponse:
    context = {
        "form": form, "once": token_urlsafe(18), **made,
        "programs": [(token, _areas(token.scopes)) for token in queries.tokens(actor)],
    }  # fmt: skip
    answer = render(request, "people/programs.html", context, status=422 if form.is_bound else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _secret(actor: Actor) -> str:
    """A secret of 256 bits: the same one for a form that is sent twice, so that a second press shows it again."""
    if actor.key is None:
        return _PREFIX + rules.new_token()[0]
    return _PREFIX + salted_hmac("handsel.token", f"{actor.person_id}:{actor.key}", algorithm="sha256").hexdigest()


def _let_in(actor: Actor, secret: str, answers: dict[str, Any]) -> None:
    days = int(answers["days"])
    actions.create_token(actor, answers["name"], answers["scopes"], days, rules.token_hash(secret))


def _areas(scopes: list[str]) -> str:
    return ", ".join(rules.SCOPES[scope].partition(":")[0] for scope in rules.SCOPES if scope in scopes)


@require_POST
@for_member
def revocation(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """Shut a program out."""
    actions.revoke_token(actor, key)
    done(request, "The program is shut out. Its token works no more.")
    return redirect("people:programs", actor.slug)
