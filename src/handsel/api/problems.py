"""Every refusal of the API as RFC 9457 has it: `application/problem+json`, whatever raised it; never a page."""

import json
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from handsel.core.allowances import Left
from handsel.values.refusals import NotVisible, Refusal

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
ROOT = "/api/"

# The words that a schema's own complaints are said in.
_SENTENCES: dict[str, str] = {
    "missing": "It is missing.",
    "extra_forbidden": "There is no such field here.",
    "string_too_long": "At most {max_length} characters.",
    "string_too_short": "At least {min_length} characters.",
    "string_pattern_mismatch": "It does not look as it should.",
    "string_type": "It is a text in quotes.",
    "string_unicode": "It holds a character that no text may hold.",
    "int_type": "It is a whole number, without quotes.",
    "bool_type": "It is true or false.",
    "greater_than_equal": "At least {ge}.",
    "less_than_equal": "At most {le}.",
    "too_long": "At most {max_length} of them.",
    "too_short": "At least {min_length} of them.",
    "literal_error": "It is one of {expected}.",
    "enum": "It is one of {expected}.",
    "uuid_parsing": "It is no key of Handsel.",
    "uuid_type": "It is no key of Handsel.",
    "model_attributes_type": "It is an object in braces.",
    "model_type": "It is an object in braces.",
    "list_type": "It is a list in brackets.",
}


def problem(refusal: Refusal, errors: Sequence[dict[str, str]] = ()) -> HttpResponse:
    """The refusal as a problem. errors: of several fields at once; else the one that the refusal is about."""
    named = list(errors) or ([{"place": refusal.place, "detail": refusal.sentence}] if refusal.place else [])
    said: dict[str, Any] = {
        "type": f"urn:handsel:problem:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": refusal.sentence,
        "code": refusal.code,
    }
    if refusal.mend:
        said["mend"] = refusal.mend
    if named:
        said["errors"] = named
    answer = HttpResponse(json.dumps(said, ensure_ascii=False), content_type=MEDIA_TYPE, status=refusal.status)
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="Handsel"'
    return answer


def of_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problem(refusal)


def of_fields(request: HttpRequest, found: ValidationError) -> HttpResponse:
    """What a body or an address had wrong, field by field."""
    errors = [{"place": _place(error["loc"]), "detail": _sentence(error)} for error in found.errors]
    many = f"{len(errors)} fields are" if len(errors) > 1 else f"“{errors[0]['place']}” is"
    return problem(Refusal("fields_wrong", f"{many} not as they should be." if len(errors) > 1 else
                           f"{many} not as it should be.", mend="Each is named under `errors`.", status=422), errors)  # fmt: skip


def of_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the library found before any schema: in practice JSON that cannot be read."""
    return problem(Refusal("json_unreadable", "The body is no JSON that can be read.", mend="Send one object in UTF-8.",
                           status=error.status_code))  # fmt: skip


def of_nothing(request: HttpRequest, nothing: Http404) -> HttpResponse:
    return problem(NotVisible("address"))


def of_bug(request: HttpRequest, bug: Exception) -> HttpResponse:
    log.exception("%s %s", request.method, request.path)
    return problem(_bug())


def _bug() -> Refusal:
    return Refusal("unexpected", "Something here went wrong, and it is not your fault. Nothing was half done.",
                   mend="Try again with the same key; whoever runs Handsel finds it in the log.", status=500)  # fmt: skip


def _place(where: Sequence[Any]) -> str:
    """`stint.seconds` or `decisions.0.reason`: without the part of the call and the name of the whole body."""
    source, *names = where
    return ".".join(str(name) for name in (names[1:] if source == "body" and len(names) > 1 else names)) or str(source)


def _sentence(error: dict[str, Any]) -> str:
    kind, known = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(known.get("error") or error["msg"])
    try:
        return _SENTENCES[kind].format(**known)
    except KeyError:
        return f"{error['msg'][:1].upper()}{error['msg'][1:]}."


# ---------------------------------------------------------------- what no route answers


def no_such_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problem(NotVisible("address"))


class NeverAPage:
    """Below /api/ whatever went wrong before or beside a route is a problem too: another method, a body too large, a
    host that is not ours."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answer(request)
        _say_what_is_left(request, answer)
        if not request.path.startswith(ROOT) or answer.status_code < 400 or answer["Content-Type"] == MEDIA_TYPE:
            return answer
        told = problem(_of_status(answer.status_code))
        for header in ("Allow", "Retry-After"):
            if header in answer:
                told[header] = answer[header]
        return told

    def process_exception(self, request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        told_by_django = isinstance(trouble, (Http404, PermissionDenied, SuspiciousOperation))
        return of_bug(request, trouble) if request.path.startswith(ROOT) and not told_by_django else None


def _say_what_is_left(request: HttpRequest, answer: HttpResponse) -> None:
    """RateLimit headers (draft-ietf-httpapi-ratelimit-headers), and how long to wait where nothing is left."""
    left: Left | None = getattr(request, "left", None)
    if left is None:
        return
    answer["RateLimit-Policy"] = f'"{left.limit.name}";q={left.limit.many};w={left.limit.seconds}'
    answer["RateLimit"] = f'"{left.limit.name}";r={left.many};t={left.seconds}'
    if not left.allowed:
        answer["Retry-After"] = str(left.seconds)


def _of_status(status: int) -> Refusal:
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return Refusal("method_wrong", "This address does not take that method.", mend="See the Allow header.",
                       status=status)  # fmt: skip
    if status == HTTPStatus.NOT_FOUND:
        return NotVisible("address")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Refusal("body_too_large", "The body is too large.", mend="Send less at once.", status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _bug()
    return Refusal("call_wrong", "This call cannot be understood.", mend="Look at /api/v1/openapi.json.", status=status)
