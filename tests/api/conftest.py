"""Programs that call: each with a token of its person, as the page of programs makes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client, override_settings

from handsel.people.actions import create_token
from handsel.people.rules import SCOPES, new_token
from handsel.values.actors import Actor

if TYPE_CHECKING:
    from tests.api.world import World

ROOT = "/api/v1"


@dataclass
class Program:
    """What calls with a token. `post` makes a new one-time key for each call, unless one is given."""

    secret: str
    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(_whole(path), query, **self._headers())

    def post(self, path: str, body: Any = None, key: str | None = "", **more: Any) -> Any:
        once = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key or str(uuid4())}
        text = "" if body is None else json.dumps(body)
        return self.client.post(_whole(path), text, "application/json", **once, **self._headers(), **more)

    def read(self, path: str, **query: Any) -> Any:
        """The answer of a call that has to succeed."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def done(self, path: str, body: Any = None, **more: Any) -> Any:
        """The answer of an act that has to succeed; None where it has no words."""
        answer = self.post(path, body, **more)
        assert answer.status_code in {200, 201, 204}, answer.content.decode()
        return answer.json() if answer.content else None

    def _headers(self) -> dict[str, str]:
        return {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"} if self.secret else {}


def _whole(path: str) -> str:
    return path if path.startswith(("/api", "http")) else f"{ROOT}{path}"


def program(actor: Actor, *scopes: str, days: int = 90) -> Program:
    """A program of this person; with every scope where none is named."""
    secret, kept = new_token()
    create_token(actor, "A script", scopes or tuple(SCOPES), days, kept)
    return Program(secret)


@pytest.fixture
def program_of() -> Callable[..., Program]:
    return program


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The answer as the problem that it must be."""
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[:500])
    assert answer["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert (said["status"], said["code"], said["type"]) == (status, code, f"urn:handsel:problem:{code}")
    assert said["title"] and said["detail"]
    return said


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Told once for all tests of a file, and rolled back after them."""
    from tests.api.world import told

    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), override_settings(DATA=folder), transaction.atomic():
        yield told(folder)
        transaction.set_rollback(True)
