"""The page behind the link: read, ask, accept, decline, without an account. GET changes nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from handsel.core.stores import StoreAway
from handsel.people.entrance import by_link, key_of, origin_of
from handsel.people.queries import link_actor
from handsel.proposals import actions, papers, queries, wording
from handsel.proposals.forms import ConsentForm, QuestionForm, WordForm
from handsel.proposals.queries import Opened
from handsel.proposals.rules import State
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible

P = ParamSpec("P")
_PROVIDER = {"side": "provider", "theme": "", "place_name": ""}  # the reader's ink; there is no frame here


def for_holder(
    view: Callable[Concatenate[HttpRequest, str, Opened, P], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """A page for whoever holds the link; an unknown link is a 404, one that is over a 410 that says so."""

    @by_link
    @wraps(view)
    def page(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            found = queries.opened(token)
        except NotVisible as refusal:
            raise Http404(refusal.sentence) from refusal
        if found.is_over:
            answer = render(request, "proposals/over.html", {"opened": found, "shell": _PROVIDER}, status=410)
        else:
            try:
                answer = view(request, token, found, *args, **kwargs)
            except StoreAway as away:
                answer = render(request, "503.html", {"refusal": away, "shell": _PROVIDER}, status=away.status)
        answer["X-Robots-Tag"] = "noindex"
        answer["Referrer-Policy"] = "same-origin"  # the address is the secret
        answer["Cache-Control"] = "private, no-store"
        return answer

    return page


@for_holder
def read(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    return render(request, "proposals/read.html", _context(token, opened))


@require_POST
@for_holder
def question(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    form = QuestionForm(request.POST)
    if form.carry_out(lambda d: actions.ask(_holder(request, opened), opened.by.id, d["text"])):
        messages.success(request, "Asked. The answer will stand on this page.")
        return redirect("proposals:read", token)
    return _again(request, token, question_form=form)


@require_POST
@for_holder
def consent(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    form = ConsentForm(request.POST)
    if form.carry_out(lambda d: actions.consent(_holder(request, opened), opened.by.id, d["hash"])):
        messages.success(request, f"Accepted. {opened.business.name} now draws up the terms that both of you sign.")
        return redirect("proposals:read", token)
    # The text that stands here now is the newest: the next press names it.
    fresh = ConsentForm(initial={"hash": opened.newest.version.hash})
    return _again(request, token, refused=form, consent_form=fresh)


@require_POST
@for_holder
def refusal(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    form = WordForm(request.POST)
    if form.carry_out(lambda d: actions.decline(_holder(request, opened), opened.by.id, d["word"])):
        messages.success(request, f"Declined. {opened.business.name} reads your word.")
        return redirect("proposals:read", token)
    return _again(request, token, word_form=form)


@for_holder
def download(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    return papers.answer(opened.newest)


def _holder(request: HttpRequest, opened: Opened) -> Actor:
    assert opened.by.business_id is not None
    return link_actor(opened.by.business_id, key=key_of(request), origin=origin_of(request))


def _again(request: HttpRequest, token: str, **forms: Any) -> HttpResponse:
    return render(request, "proposals/read.html", {**_context(token, queries.opened(token)), **forms}, status=422)


def _context(token: str, opened: Opened) -> dict[str, Any]:
    newest, offer, state = opened.newest, opened.offer, queries.state_of(opened.newest)
    decline = getattr(newest, "decline", None)
    return {
        "shell": _PROVIDER,
        "token": token,
        "opened": opened,
        "business": opened.business.name,
        "version": newest.version,
        "offer": offer,
        "pay": wording.pay_in_short(offer),
        "usual_month": offer.usual_month(),
        "paper": papers.facts(newest.version, opened.business.name, newest.name),
        "changed": queries.changes_before(newest),
        "state": state.name.lower(),
        "decline": decline,
        "may_consent": state is State.SENT,
        "may_decline": state in {State.SENT, State.ACCEPTED},
        "asked": queries.questions(newest.proposal_id, newest.mail),
        "consent_form": ConsentForm(initial={"hash": newest.version.hash}),
        "question_form": QuestionForm(),
        "word_form": WordForm(),
    }
