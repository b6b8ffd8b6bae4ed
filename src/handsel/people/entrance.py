"""The way in for pages: from a request to an `Actor`, and from a `Refusal` to a page."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from handsel.core.actions import not_permitted
from handsel.core.addresses import address_of
from handsel.core.allowances import Limit, purse
from handsel.people import actions, queries
from handsel.people.models import Membership
from handsel.values.actors import Actor, Way
from handsel.values.refusals import NotVisible, Refusal

P = ParamSpec("P")
FROM_AN_ADDRESS = Limit("links from an address", 60, 60)
OF_A_LINK = Limit("a link", 40, 60)
_ONE_TIME_KEY = re.compile(r"[\w-]{1,64}", re.ASCII)


def for_member(
    view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page of one business: `view(request, actor, …)`. Strangers and foreign ids get 404; a refusal that no form
    caught is shown as a page of its own, with what was wrong and the way on."""

    @login_required
    @wraps(view)
    def page(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            membership = queries.place_among(places_of(request, person_of(request)), slug)
            actor = queries.actor_of(membership, Way.PAGE, key_of(request), origin_of(request))
            request.actor = actor  # type: ignore[attr-defined]  # read by the shell
            with timezone.override(ZoneInfo(queries.clock_of(membership))):
                return view(request, actor, *args, **kwargs)
        except NotVisible as refusal:
            raise Http404(refusal.sentence) from refusal
        except Refusal as refusal:
            return render(request, "people/refused.html", {"refusal": refusal}, status=refusal.status)

    return page


def for_act(
    name: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
]:
    """A page that is there for one act alone, named as `room.verb`: who may not do it does not open it either. Stands
    below `for_member`."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not actor.may(name):
                raise not_permitted(actor, name)
            return view(request, actor, *args, **kwargs)

        return page

    return decorate


def for_person(
    view: Callable[Concatenate[HttpRequest, UUID, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """A page of a person over all her businesses: `view(request, person_id, …)`."""

    @login_required
    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, person_of(request), *args, **kwargs)
        except NotVisible as refusal:
            raise Http404(refusal.sentence) from refusal

    return page


def by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for whoever holds a link and needs no account, `view(request, token, …)`: 60 a minute from one address, 40
    with one link, counted over all processes; then a plain page that says how long to wait."""

    @wraps(view)
    def page(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        spent = [purse.spend(FROM_AN_ADDRESS, address_of(request) or "unknown"), purse.spend(OF_A_LINK, token)]
        waits = [left.seconds for left in spent if not left.allowed]
        return _too_many(request, max(waits)) if waits else view(request, token, *args, **kwargs)

    return page


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    answer = render(request, "429.html", {"seconds": seconds}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def places_of(request: HttpRequest, person_id: UUID) -> list[Membership]:
    """The places of whoever is signed in; read once a request."""
    known: list[Membership] | None = getattr(request, "places", None)
    if known is None:
        known = list(queries.memberships_of(person_id))
        request.places = known  # type: ignore[attr-defined]
    return known


def person_of(request: HttpRequest) -> UUID:
    """The person behind the log-in; kept in the session, so that a page costs no query for it."""
    known = request.session.get("person")
    if known:
        return UUID(known)
    login_id = request.user.pk
    person = queries.person_of_login(int(login_id)) if login_id else None
    if person is None:
        raise NotVisible("person")
    key: UUID = person.id
    request.session["person"] = str(key)
    return key


def key_of(request: HttpRequest) -> str | None:
    """The form's one-time key; what no form of ours wrote is none."""
    key = request.POST.get("once", "") if request.method == "POST" else ""
    return key if _ONE_TIME_KEY.fullmatch(key) else None


def origin_of(request: HttpRequest) -> str:
    """Network address and program, as a signature keeps them; read only where something is written."""
    if request.method != "POST":
        return ""
    return f"{address_of(request)} {request.headers.get('User-Agent', '')}"[:300]


def create_owner(mail: str, business_name: str) -> tuple[str, str]:
    """For `handsel create-owner`: a business with its owner, who may be known already. Gives the slug and the whole
    one-time log-in link."""
    slug, token = actions.create_owner(queries.system_actor(way=Way.COMMAND), mail, business_name)
    return slug, f"{settings.ADDRESS}{reverse('people:one_time', args=[token])}"


def log_in_link(member: Actor) -> str:
    """A whole link that logs this member in once, for whoever runs the server to hand over."""
    assert member.person_id is not None and member.business_id is not None
    token = actions.make_log_in_link(queries.system_actor(way=Way.COMMAND), member.person_id, member.business_id)
    return f"{settings.ADDRESS}{reverse('people:one_time', args=[token])}"


def back_to(request: HttpRequest, fallback: str, *args: Any) -> HttpResponse:
    """Where the form says it came from, if that is a path of ours; else the fallback."""
    wish = request.POST.get("next", "")
    if wish.startswith("/") and wish.isprintable() and url_has_allowed_host_and_scheme(wish, allowed_hosts=None):
        return redirect(wish)
    return redirect(fallback, *args)
