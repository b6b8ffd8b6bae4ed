"""A pytest plugin: writes which tests ran, and how each ended, to the file that HANDSEL_TESTS_RAN names."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

_IN_A_BROWSER = {"journeys", "ui"}
_ended: dict[str, str] = {}
_one_engine: set[str] = set()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs in a browser is a journey wherever it says so or not, before pytest chooses by marker."""
    for item in items:
        if _IN_A_BROWSER & set(item.path.parts):
            item.add_marker("journey")
    _one_engine.update(item.nodeid for item in items if item.get_closest_marker("one_engine"))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """The call decides; a set-up or clean-up that fails is an error, a skip in set-up a skip."""
    if report.when == "call" or report.outcome != "passed":
        _ended[report.nodeid] = report.outcome if report.when == "call" or report.skipped else "error"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    written = {"ended": _ended, "one_engine": sorted(_one_engine), "counts": Counter(_ended.values())}
    Path(os.environ["HANDSEL_TESTS_RAN"]).write_text(json.dumps(written))
