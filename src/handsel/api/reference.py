"""The schema as a person reads it: each call with its fields, what they mean, and a line of curl to begin from."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings

from handsel.api.v1 import api
from handsel.core.wire import KEY

_BY_FORMAT = {"uuid": KEY, "date": "2026-11-16", "date-time": "2026-11-16T08:30:00Z"}
AREAS = {
    "you": "Who am I", "work": "Work", "payments": "Payments", "ledger": "What is owed", "agreements": "Agreements",
    "mail": "Mail", "handover": "Hand-over", "playbooks": "Playbooks", "proposals": "Proposals", "planning": "Plans",
    "talk": "Talk", "figures": "Figures", "people": "People", "events": "What happened",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A field of a call or of its answer: `decisions[].reason`, what it holds, what it means."""

    name: str
    kind: str
    words: str
    needed: bool = False


@dataclass(frozen=True)
class CallShown:
    """One call. asked: in the address; body: in JSON; answer: what comes back, empty where nothing does."""

    method: str
    path: str
    title: str
    words: str
    anchor: str
    asked: Sequence[Field]
    body: Sequence[Field]
    answer: Sequence[Field]
    curl: str

    @property
    def address(self) -> str:
        """The path with a key in it."""
        return self.path.replace("{key}", KEY)


@dataclass(frozen=True)
class Area:
    """The calls of one area, reading before writing."""

    name: str
    title: str
    calls: Sequence[CallShown]


@cache
def areas() -> Mapping[str, Area]:
    """Every call by its area, in the order of the list above."""
    schema = api.get_openapi_schema()
    found: dict[str, list[CallShown]] = {name: [] for name in AREAS}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_call(schema, method.upper(), path, operation))
    return {
        name: Area(name, AREAS[name], sorted(calls, key=lambda call: call.method != "GET"))
        for name, calls in found.items()
        if calls
    }


def _call(schema: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> CallShown:
    asked = [_asked(schema, p) for p in operation["parameters"] if p["in"] == "query"]
    body = _json_of(operation.get("requestBody", {}))
    answer = next((_json_of(a) for status, a in operation["responses"].items() if int(status) < 300), None)
    return CallShown(
        method, path, operation["summary"], operation.get("description", ""), operation["operationId"], asked,
        list(_fields(schema, body)) if body else [],
        [replace(field, needed=False) for field in _fields(schema, answer)] if answer else [],
        _curl(schema, method, path, body),
    )  # fmt: skip


def _json_of(content: Mapping[str, Any]) -> dict[str, Any] | None:
    found = content.get("content", {}).get("application/json")
    return found["schema"] if found else None


# ---------------------------------------------------------------- fields


def _fields(schema: Mapping[str, Any], about: Mapping[str, Any], before: str = "", deep: int = 0) -> Iterator[Field]:
    """The fields of an object, those within it named with their way."""
    known = _resolved(schema, about)
    if known.get("type") == "array":
        yield from _fields(schema, known["items"], before or "[].", deep)
        return
    for name, own in known.get("properties", {}).items():
        required = name in known.get("required", ())
        yield _field(schema, before + name, own, required, own.get("description", ""))
        inner = _resolved(schema, own)
        if deep < 3 and inner.get("type") == "array" and _resolved(schema, inner["items"]).get("properties"):
            yield from _fields(schema, inner["items"], f"{before}{name}[].", deep + 1)
        elif deep < 3 and inner.get("properties") and inner.get("title") != "Amount":
            yield from _fields(schema, inner, f"{before}{name}.", deep + 1)


def _field(schema: Mapping[str, Any], name: str, own: Mapping[str, Any], required: bool, words: str) -> Field:
    known = _resolved(schema, own)
    return Field(name, _kind(schema, own), words or _about_amount(known), required)


def _asked(schema: Mapping[str, Any], parameter: Mapping[str, Any]) -> Field:
    """What may stand in the address: left out where it is not asked for, never null."""
    name, own = parameter["name"], parameter["schema"]
    found = _field(schema, name, own, parameter["required"], parameter.get("description", ""))
    return replace(found, kind=found.kind.removesuffix(" or null"))


def _about_amount(known: Mapping[str, Any]) -> str:
    return "{“amount”: “27.50”, “currency”: “EUR”}" if known.get("title") == "Amount" else ""


def _kind(schema: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """What a field holds, in a few words."""
    if "anyOf" in own:
        kinds = [_kind(schema, one) for one in own["anyOf"]]
        return " or ".join(dict.fromkeys(kinds))
    known = _resolved(schema, own)
    if "enum" in known or "const" in known:
        values = known.get("enum", [known.get("const")])
        return (
            "one of " + ", ".join(map(str, values)) if len(values) < 12 else f"one of {len(values)} such as {values[0]}"
        )
    if known.get("type") == "array":
        return f"list of {_kind(schema, known['items'])}"
    if known.get("type") == "object":
        return "money" if known.get("title") == "Amount" else "object"
    words = {"uuid": "key", "date": "day", "date-time": "instant"}
    return words.get(known.get("format", ""), {"string": "text", "integer": "whole number", "boolean": "true or false",
                                               "number": "number", "null": "null"}.get(known.get("type", ""), "anything"))  # fmt: skip


def _resolved(schema: Mapping[str, Any], about: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference stands for; of what may be null, the other."""
    if "$ref" in about:
        found: Mapping[str, Any] = schema["components"]["schemas"][about["$ref"].rpartition("/")[2]]
        return _resolved(schema, found)
    if "anyOf" in about:
        return _resolved(schema, next(one for one in about["anyOf"] if one.get("type") != "null"))
    return about


# ---------------------------------------------------------------- examples


def _curl(schema: Mapping[str, Any], method: str, path: str, body: Mapping[str, Any] | None) -> str:
    """A line to paste: $TOKEN holds the token."""
    whole = f"{settings.ADDRESS}{path.replace('{key}', KEY)}"
    lines = ['curl -H "Authorization: Bearer $TOKEN"']
    if method == "POST":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
        if body:
            text = json.dumps(_example(schema, body), ensure_ascii=False)
            lines += ['-H "Content-Type: application/json"', f"-d '{text}'"]
        else:
            lines.append("-X POST")
    return " \\\n  ".join([*lines, whole])


def _example(schema: Mapping[str, Any], about: Mapping[str, Any], name: str = "") -> Any:
    known = _resolved(schema, about)
    if "examples" in known:
        return known["examples"][0]
    if "enum" in known:
        return known["enum"][0]
    kind = known.get("type")
    if kind == "object":
        required = known.get("required", ())
        shown = known.get("example_fields", required) or list(known.get("properties", {}))[:2]
        return {field: _example(schema, known["properties"][field], field) for field in shown}
    if kind == "array":
        return [_example(schema, known["items"], name)]
    if kind == "integer":
        return max(known.get("minimum", 0), 3600 if "seconds" in name else 1)
    if kind == "boolean":
        return True
    return _BY_FORMAT.get(known.get("format", ""), _WORDS.get(name, "…"))


_WORDS = {
    "name": "Ines Duarte", "reason": "The second line is of another week.", "title": "Refunds", "text": "Please ask first.",
    "kind": "Customer mail", "word": "We are away until Monday.", "what": "Wholesale mail", "instead": "it goes to Nora",
    "accept": "Ready for print", "note": "It is in the shared folder.", "zone": "Europe/Berlin", "work": "Customer mail",
    "method": "Bank transfer", "seen": "0f3b5c9d7e1a2b4c", "source": "Time log", "key": "log-2026-11",
}  # fmt: skip


# ---------------------------------------------------------------- for the folder of documents


def in_markdown() -> str:
    """Every call, as `docs/api-calls.md` has it. $HANDSEL stands for the address of the installation."""
    parts = ["# The calls of the API", "How to begin, and what holds for all of them, stands in [api.md](api.md)."]
    for area in areas().values():
        parts.append(f"## {area.title}")
        parts += [_call_in_markdown(call) for call in area.calls]
    return "\n\n".join(parts) + "\n"


def _call_in_markdown(call: CallShown) -> str:
    curl = call.curl.replace(f"{settings.ADDRESS}{call.address}", f'"$HANDSEL{call.address}"')
    parts = [f"### {call.title}", f"`{call.method} {call.path}`", call.words, f"```sh\n{curl}\n```"]
    for words, fields in (("in the address", call.asked), ("it brings", call.body), ("back comes", call.answer)):
        if fields:
            parts.append("\n".join([f"| {words} | | |", "|---|---|---|", *map(_row, fields)]))
    return "\n\n".join(parts)


def _row(field: Field) -> str:
    return f"| `{field.name}` | {field.kind}{', needed' if field.needed else ''} | {field.words} |"
