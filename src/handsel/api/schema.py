"""The schema (OpenAPI 3.1) as the library writes it, completed by what holds for every route."""

import json
import re
from typing import Any, TypeVar, cast

from handsel.api.problems import MEDIA_TYPE

S = TypeVar("S", bound=dict[str, Any])

ABOUT = (
    "One API over the same acts and views as the pages. A token belongs to one person in one business: it reads what "
    "she reads there and does what she may do, as far as its areas go. Every POST brings an Idempotency-Key; sent again "
    "with the same key it does nothing twice and gives the first answer. Money is a decimal number in quotes with its "
    "currency, a duration is whole seconds, a day is a date in the zone of the terms, an instant is UTC. What is refused "
    "is answered as a problem (RFC 9457)."
)
_PROBLEM = {
    "title": "Problem",
    "description": "Why a call was refused (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "description": "urn:handsel:problem: and the code."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "One sentence for a person."},
        "code": {"type": "string", "description": "The same in page, API and command line; it does not change."},
        "mend": {"type": "string", "description": "The way on, where there is one."},
        "errors": {
            "type": "array",
            "description": "The fields that it is about.",
            "items": {
                "type": "object",
                "required": ["place", "detail"],
                "properties": {"place": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_READING = {
    401: "No token, or none that is good.",
    403: "The token or the role does not reach so far.",
    404: "There is no such thing here, or not for this person.",
    422: "Something in the call is not as it should be.",
    429: "Too many calls; Retry-After says for how long.",
}
_WRITING = {
    400: "The Idempotency-Key is missing, or the JSON cannot be read.",
    409: "It may not be as things stand.",
    410: "It is over.",
    413: "The body is too large.",
    415: "The body is no JSON.",
    507: "The files of Handsel cannot be written.",
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "Random, new for each call; the same one where a call is repeated.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]{1,200}$"},
    "example": "6f9c2b5e-3b1d-4e0e-9d0a-2f6a1c7b8d90",
}


def completed(schema: S) -> S:
    """Problems, one-time keys and the form of the token, which no route has to declare."""
    schema = _plainly_named(schema)
    schema["components"]["schemas"]["Problem"] = _PROBLEM
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation)
    return schema


def _plainly_named(schema: S) -> S:
    """`Line` and `LinePage` for `LineShown` and `Page_LineShown_`: as a generated client will call them."""
    text = json.dumps(schema, default=str)
    text = re.sub(r'(["/])Page_(\w+?)Shown_"', r'\1\2Page"', text)
    return cast("S", json.loads(re.sub(r'(["/])(\w+?)Shown"', r'\1\2"', text)))


def _complete(method: str, operation: dict[str, Any]) -> None:
    refused = {**_READING, **_WRITING} if method == "post" else _READING
    for status, words in sorted(refused.items()):
        operation["responses"][str(status)] = {
            "description": words,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    if method == "post":
        operation["parameters"] = [*operation.get("parameters", []), _KEY]
