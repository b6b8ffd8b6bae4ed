"""Every act that a program could call has a route, or stands here with its reason."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from typing import Any

import jsonschema_rs
import pytest
from ninja.openapi.schema import OpenAPISchema

from handsel.api import reference
from handsel.api.v1 import api
from handsel.people.permissions import TABLE
from handsel.people.rules import SCOPES
from handsel.values.actors import Role
from tests.house import source

# Acts of people that no route reaches, each with its reason.
NOT_FOR_PROGRAMS = {
    "people.create_token": "a token does not make another one: that is done by a person who is signed in",
    "people.revoke_token": "the same: whoever stole a token does not shut out the others",
    "people.note_token_use": "each call does it",
    "people.leave": "a person's own decision about herself, and it ends the token",
    "people.show_rates": "what a firm tells its assistants is said on its page",
    "people.hide_rates": "the same",
    "people.prefer": "colours and clock of the pages",
    "people.see_notices": "says what a person saw on a page",
    "people.sign_out_elsewhere": "ends sessions, which a program has none of",
    "people.strike_person": "cannot be undone: a person reads first what goes and what stays",
    "people.note_export": "an export is made and fetched on its page, or by `handsel export`",
    "agreements.note_seen": "says that a person had the whole text in view",
    "agreements.sign": "a signature is a person's own act, before the text that it names",
    "mail.begin_import": "a mailbox file is given on its page, or by `handsel import-mail`",
    "mail.receive": "a part of the same import",
    "mail.end_import": "a part of the same import",
}


def acts_of_people() -> set[str]:
    nobody = {Role.SYSTEM, Role.BY_LINK}
    return {f"{room}.{verb}" for room, verbs in TABLE.items() for verb, roles in verbs.items() if roles - nobody}


def acts_of_routes() -> set[str]:
    """What the functions of each `api.py` call of their room's actions."""
    found = set()
    for room in source.room_names():
        for file in source.files_of(room, "api"):
            for node in ast.walk(source.tree(file)):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "actions":
                    found.add(f"{room}.{node.attr}")
    return found


def test_every_act_of_people_has_a_route_or_a_reason() -> None:
    assert acts_of_people() - acts_of_routes() - set(NOT_FOR_PROGRAMS) == set()


def test_no_reason_is_given_for_what_has_a_route() -> None:
    assert set(NOT_FOR_PROGRAMS) & acts_of_routes() == set()
    assert set(NOT_FOR_PROGRAMS) - acts_of_people() == set()


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    schema = api.get_openapi_schema()
    return [(method, path, op) for path, methods in schema["paths"].items() for method, op in methods.items()]


def test_each_call_reads_or_is_a_post_with_its_key() -> None:
    for method, path, operation in operations():
        names = {p["name"] for p in operation["parameters"]}
        assert method in {"get", "post"}, path
        assert ("Idempotency-Key" in names) == (method == "post"), path


def test_each_call_says_what_it_does_and_needs_a_token() -> None:
    for method, path, operation in operations():
        assert operation["summary"] and operation["description"], (method, path)
        assert operation["security"] == [{"Bearer": []}], (method, path)


def test_each_area_of_the_api_is_one_that_a_token_can_be_made_for() -> None:
    areas = {operation["tags"][0] for _, _, operation in operations()}
    assert areas - set(SCOPES) == {"you", "figures"} and set(SCOPES) - areas == {"read", "calendar"}, (
        "the first is open to each token, the second to what reads"
    )


def test_one_name_stands_for_one_thing_in_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two classes of the same name would give a client one of them in the place of the other."""
    seen: dict[str, list[str]] = defaultdict(list)
    original = OpenAPISchema.add_schema_definitions

    def noted(self: OpenAPISchema, definitions: dict[str, Any]) -> None:
        for name, definition in definitions.items():
            if str(definition) not in seen[name]:
                seen[name].append(str(definition))
        original(self, definitions)

    monkeypatch.setattr(OpenAPISchema, "add_schema_definitions", noted)
    api.get_openapi_schema()
    assert {name: found for name, found in seen.items() if len(found) > 1} == {}


def test_an_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)


def test_no_field_of_an_answer_holds_a_secret() -> None:
    schemas = api.get_openapi_schema()["components"]["schemas"]
    fields = {f"{name}.{field}" for name, schema in schemas.items() for field in schema.get("properties", {})}
    assert {f for f in fields if any(word in f.lower() for word in ("secret", "password", "token"))} == set()


def test_each_example_of_the_pages_is_a_body_that_would_be_taken() -> None:
    schema = api.get_openapi_schema()
    for area in reference.areas().values():
        for call in area.calls:
            if example := re.search(r"-d '(.*)'", call.curl):
                body = schema["paths"][call.path]["post"]["requestBody"]["content"]["application/json"]["schema"]
                whole = {**body, "components": schema["components"]}
                jsonschema_rs.validate(whole, json.loads(example[1]))
