"""What the schema promises is what comes: no answer outside it, no bug, whatever is sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.api.world import World

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("HANDSEL_API_EXAMPLES", "4"))  # a long run by hand sets more
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance, checks.response_headers_conformance,
]  # fmt: skip


@pytest.fixture(autouse=True)
def _connection_stays() -> Iterator[None]:
    """Below WSGI Django closes what it thinks an old connection, which here is the test's own."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def schema() -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def operations() -> list[str]:
    """Read without a database: the schema is made from the code."""
    from handsel.api.v1 import api

    paths = api.get_openapi_schema()["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


@pytest.mark.parametrize("operation", operations())
def test_whatever_is_sent_is_answered_within_the_schema(world: World, db: None, operation: str) -> None:
    """By the owner and by the provider in turn."""
    method, _, path = operation.partition(" ")
    secrets = cycle(world.secrets.values())

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=schema()[path][method].as_strategy())
    def call(case: Any) -> None:
        case.path_parameters = {name: world.key_for(path) for name in case.path_parameters or {}}
        case.body = world.known(case.body)
        if method == "POST":
            case.headers = {**(case.headers or {}), "Idempotency-Key": str(uuid4())}
        headers = {"Authorization": f"Bearer {next(secrets)}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    call()
