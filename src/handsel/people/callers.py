"""The way in for programs: from a bearer token to an `Actor`, as `entrance` is the way in for pages.

A room's `api.py` makes its routes with `routes("work")`; each of them begins with the person, business and rights of
the token, and with the key that makes a repeated POST harmless.
"""

import hashlib
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.security import HttpBearer

from handsel.core import allowances, answers
from handsel.core.allowances import Limit
from handsel.people import actions, queries, rules
from handsel.people.entrance import origin_of
from handsel.people.models import Token
from handsel.people.permissions import NOT_READ
from handsel.values.actors import Actor, Role, Way
from handsel.values.refusals import NotVisible, Refusal, marked

_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
_USE_NOTED_EVERY = 300  # seconds
CALLS = Limit("token", 600, 60)


class Call(HttpRequest):
    """A request with a token that is good."""

    auth: Actor
    token: Token


class Bearer(HttpBearer):
    """`Authorization: Bearer <token>`: made by a person on the page of programs, for the areas that she named."""

    def __init__(self, area: str) -> None:
        super().__init__()
        self.area = area

    def __call__(self, request: HttpRequest) -> Any:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        token = queries.token_by_secret(secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise Refusal("token_unknown", marked("This call needs a token that is good."),
                          mend="Make one in Handsel under Settings, Programs.", status=401)  # fmt: skip
        request.token = token  # type: ignore[attr-defined]
        _spend(request, token)
        return self.authenticate(request, secret)

    def authenticate(self, request: HttpRequest, secret: str) -> Actor:
        token: Token = request.token  # type: ignore[attr-defined]  # found just before
        reads = request.method in {"GET", "HEAD"}
        if refusal := rules.why_not_call(token.scopes, self.area, reads=reads):
            raise refusal
        if self.area in NOT_READ.get(Role(token.membership.role), ()):
            raise NotVisible("address")
        actor = queries.actor_of(token.membership, Way.API, origin=origin_of(request))
        note_use(actor, token)
        return actor.narrowed(rules.allowed_by(token.scopes, actor.grants)) if reads else _writer(request, actor, token)


def _spend(request: HttpRequest, token: Token) -> None:
    """One of the calls that a token has in a minute; what is left stands in the headers of the answer."""
    left = allowances.purse.spend(CALLS, str(token.id))
    request.left = left  # type: ignore[attr-defined]
    if not left.allowed:
        raise Refusal("too_many_calls", f"A token makes {CALLS.many} calls a minute at most.",
                      mend=f"Wait {left.seconds} seconds.", status=429)  # fmt: skip


def routes(area: str) -> Router:
    """The routes of a room. area: the scope that a token needs for them; empty: every token may call."""
    return Router(auth=Bearer(area), tags=[area or "you"])


def note_use(actor: Actor, token: Token) -> None:
    """Kept to within five minutes: a program that only reads seldom makes the database write."""
    now = timezone.now()
    if token.used_at is None or (now - token.used_at).total_seconds() > _USE_NOTED_EVERY:
        actions.note_token_use(actor, token.id)


def _writer(request: HttpRequest, actor: Actor, token: Token) -> Actor:
    """Who changes something: with the key of the call, unless the call was answered before."""
    _require_json(request)
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise Refusal("idempotency_key_missing", marked("A POST needs an Idempotency-Key of 1 to 200 plain characters."),
                      mend="Send a new random one with each new call, and the same one when you repeat it.",
                      place="Idempotency-Key", status=400)  # fmt: skip
    own = hashlib.sha256(f"{token.id}:{key}".encode()).hexdigest()
    actor = actor.narrowed(rules.allowed_by(token.scopes, actor.grants)).with_key(own)
    request.call_digest = _digest(request)  # type: ignore[attr-defined]  # kept with the answer
    answers.repeat(actor, request.call_digest)  # type: ignore[attr-defined]
    return actor


def _require_json(request: HttpRequest) -> None:
    length = request.headers.get("Content-Length", "") or "0"
    if not length.isdigit() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise Refusal("body_too_large", f"A call holds {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20} MB at most.",
                      mend="Send less at once.", status=413)  # fmt: skip
    if int(length) and request.content_type != "application/json":
        raise Refusal("not_json", marked("A call brings JSON."), mend="Send Content-Type: application/json.",
                      status=415)  # fmt: skip


def _digest(request: HttpRequest) -> str:
    """What a repeated call has to be the same in."""
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + request.body).hexdigest()
