"""Around every request: its number, a line of the log, and what is counted."""

import logging
import secrets
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from handsel.core import counters, logs

log = logging.getLogger("handsel.requests")
_WORTH_A_WARNING = {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Watch:
    """Stands outside of everything else. The number is our own, whatever the request says, and goes out with the answer:
    who reports a fault can name it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, number = time.monotonic(), secrets.token_hex(6)
        with logs.about(request=number) as facts:
            answer = self.answer(request)
            seconds = time.monotonic() - began
            route = _route(request)
            counters.note(route, _method(request), answer.status_code, _way(request), seconds)
            facts |= {"route": route, "status": answer.status_code, "seconds": round(seconds, 4), **_whose(request)}
            log.log(_weight(answer.status_code), "%s %s", _method(request), route)
        answer["X-Request-ID"] = number
        return answer


def _route(request: HttpRequest) -> str:
    """The name in the map: an address can hold a secret, a name cannot."""
    match = request.resolver_match
    if match is None:
        return "static" if request.path.startswith("/static/") else "none"
    return match.view_name or match.route


def _method(request: HttpRequest) -> str:
    return request.method if request.method in _METHODS else "OTHER"


def _way(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return "other"
    return "api" if match.route.startswith("api/") else "page"


def _whose(request: HttpRequest) -> dict[str, Any]:
    """Slug and key of whoever was let in; of nobody else, so that nothing stands there that a stranger typed."""
    actor = getattr(request, "actor", None) or getattr(request, "auth", None)
    return {"business": getattr(actor, "slug", ""), "person": str(getattr(actor, "person_id", "") or "")}


def _weight(status: int) -> int:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return logging.ERROR
    return logging.WARNING if status in _WORTH_A_WARNING else logging.INFO
