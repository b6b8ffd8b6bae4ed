"""`/api/v1/`: the routes of every room, gathered as they stand; nothing is declared twice."""

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from handsel.api import problems, schema
from handsel.core.answers import AlreadyAnswered, Answer, keep
from handsel.values.refusals import Refusal


class Strict(Parser):
    """What an address asks for is known: a misspelt filter would give everything."""

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        route = request.resolver_match.route if request.resolver_match else ""
        unknown = sorted(set(data) - _asked_by("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)))
        if unknown:
            raise ValidationError([{"type": "extra_forbidden", "loc": ("query", name), "msg": ""} for name in unknown])
        return super().parse_querydict(data, list_fields, request)


@cache
def _asked_by(path: str) -> frozenset[str]:
    """The names that an address takes behind its question mark."""
    operation = api.get_openapi_schema()["paths"].get(path, {}).get("get", {"parameters": []})
    return frozenset(p["name"] for p in operation["parameters"] if p["in"] == "query")


class Api(NinjaAPI):
    """The library's API with our schema, and with answers that a repeated call gets again."""

    def create_response(self, request: HttpRequest, data: Any, *, status: int | None = None,
                        temporal_response: HttpResponse | None = None) -> HttpResponse:  # fmt: skip
        answer = super().create_response(request, data, status=status, temporal_response=temporal_response)
        if url := getattr(request, "next_page", None):
            answer["Link"] = f'<{url}>; rel="next"'
        if digest := getattr(request, "call_digest", None):
            keep(request.auth, digest, Answer(answer.status_code, answer.content.decode()))  # type: ignore[attr-defined]
        answer["Cache-Control"] = "private, no-store"
        return answer

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """`work_log`: the room and the name of the route, as a generated client calls it."""
        room = operation.view_func.__module__.split(".")[1]
        return f"{room}_{operation.view_func.__name__}"

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        return schema.completed(super().get_openapi_schema(**options))


def _repeated(request: HttpRequest, known: AlreadyAnswered) -> HttpResponse:
    answer = HttpResponse(known.answer.content, status=known.answer.status, content_type=api.get_content_type())
    answer["Idempotency-Replayed"] = "true"
    return answer


def gathered() -> Api:
    """The API with each room's routes, in the order of an engagement's life."""
    found = Api(
        title="Handsel", version="1", description=schema.ABOUT, urls_namespace="api:v1", docs_url=None,
        servers=[{"url": settings.ADDRESS}], parser=Strict(),
    )  # fmt: skip
    for name in (*settings.ROOMS, "api"):
        module = f"handsel.{name}.{'routes' if name == 'api' else 'api'}"
        if find_spec(module):
            found.add_router("", import_module(module).router)
    for trouble, answer in _ANSWERS.items():
        found.add_exception_handler(trouble, answer)
    return found


_ANSWERS: dict[type[Exception], Any] = {
    Refusal: problems.of_refusal,
    ValidationError: problems.of_fields,
    HttpError: problems.of_http_error,
    Http404: problems.of_nothing,
    AlreadyAnswered: _repeated,
    Exception: problems.of_bug,
}


api = gathered()
