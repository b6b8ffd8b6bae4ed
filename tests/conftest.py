"""What all tests stand on: guards around the clean-up, tests that must fail without their guard, and the stories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils.html import escape

from handsel.core import guards, writes
from handsel.values.refusals import Refusal
from tests.stories import SignedEngagement, SubmittedWeek, signed_engagement, submitted_week


@pytest.fixture(autouse=True)
def _quick_hashes(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def _clean_up_past_the_guards() -> Iterator[None]:
    """Kept rows refuse the flush after a `transaction=True` test: it goes round the guards, as a migration does."""
    flush = TransactionTestCase._fixture_teardown

    def past_the_guards(self: TransactionTestCase) -> None:
        with writes.migrating(), guards.aside(connection):
            flush(self)

    TransactionTestCase._fixture_teardown = past_the_guards  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]


# ---------------------------------------------------------------- proves(guard): the test must fail without it


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "proves(guard, engine=…): must fail once this guard is dropped; it is run that way too, where there is one",
    )
    config.addinivalue_line("markers", "reaches(code, …): gets these refusals in answers to requests")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    without = [
        pytest.param(
            mark.args[0], id=f"without {mark.args[0]}",
            marks=[pytest.mark.one_engine(mark.kwargs["engine"])] if "engine" in mark.kwargs else [],
        )
        for mark in metafunc.definition.iter_markers("proves")
    ]  # fmt: skip
    if without:
        metafunc.parametrize("_without_guard", [pytest.param(None, id=""), *without], indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that names its engine runs on that one."""

    def elsewhere(item: pytest.Item) -> bool:
        mark = item.get_closest_marker("one_engine")
        return bool(mark and mark.args and connection.vendor not in mark.args)

    if left_out := [item for item in items if elsewhere(item)]:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not elsewhere(item)]


@pytest.fixture(autouse=True)
def _without_guard(request: pytest.FixtureRequest) -> str | None:
    return getattr(request, "param", None)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Any:
    name = pyfuncitem.funcargs.get("_without_guard")
    if not name:
        return (yield)
    with writes.migrating():
        guards.drop(connection, only=str(name))
    try:
        yield
    except (AssertionError, pytest.fail.Exception):
        return True  # as it must be
    except Exception as error:
        # The statement got further than the guard would have let it; something below stopped it, or the test's own
        # expectation did.
        if isinstance(error, RuntimeError):
            raise
        return True
    finally:
        if not connection.in_atomic_block:
            guards.install(connection)
    pytest.fail(f"This test passes without {name}, which it is said to prove.")


# ---------------------------------------------------------------- reaches(code): a page must say it


@pytest.fixture(autouse=True)
def _refusals_of_pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test marked `reaches(code)` fails unless a refusal with that code arose while a request was answered, and its
    sentence stands in an answer."""
    wanted = {code for mark in request.node.iter_markers("reaches") for code in mark.args}
    if not wanted:
        yield
        return
    answering, arose, shown = [False], set[tuple[str, str]](), list[str]()
    original, asked = Refusal.__init__, Client.request

    def noted(self: Refusal, code: str, sentence: str, **more: Any) -> None:
        if answering[0]:
            arose.add((code, sentence))
        original(self, code, sentence, **more)

    def answered(self: Client, **words: Any) -> Any:
        answer = asked(self, **words)
        shown.append("" if answer.streaming else answer.content.decode())
        return answer

    def begins(**_: Any) -> None:
        answering[0] = True

    def ends(**_: Any) -> None:
        answering[0] = False

    monkeypatch.setattr(Refusal, "__init__", noted)
    monkeypatch.setattr(Client, "request", answered)
    request_started.connect(begins)
    request_finished.connect(ends)
    yield
    request_started.disconnect(begins)
    request_finished.disconnect(ends)
    seen = {code for code, _ in arose}
    assert wanted <= seen, f"not reached: {sorted(wanted - seen)}; reached: {sorted(seen)}"
    said = {code for code, sentence in arose if any(escape(sentence) in page for page in shown)}
    assert wanted <= said, f"reached, and shown on no page: {sorted(wanted - said)}"


# ---------------------------------------------------------------- stories


@pytest.fixture
def engagement(db: None) -> SignedEngagement:
    return signed_engagement()


@pytest.fixture
def week(db: None) -> SubmittedWeek:
    return submitted_week()
