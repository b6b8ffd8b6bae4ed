"""docs/asvs.md is read here: every row once, every test that it names there, every figure as it is counted."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache

from django.conf import settings

from handsel.core import sessions
from handsel.people.callers import CALLS
from handsel.people.entrance import FROM_AN_ADDRESS, OF_A_LINK
from handsel.people.rules import SCOPES
from tests.core.processes import ROOT

ROWS_OF_LEVEL_2 = 253
"""Rows of levels 1 and 2 of version 5.0.0, as OWASP's own list counts them."""
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| (met|not applicable|not met) \| ([^|]+) \|$", re.M)
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def text() -> str:
    return (ROOT / "docs/asvs.md").read_text()


def rows() -> list[tuple[str, str, str, str]]:
    return _ROW.findall(text())


@cache
def promises_of(file: str) -> frozenset[str]:
    body = ast.parse((ROOT / file).read_text()).body
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def test_every_row_of_the_standard_stands_there_once() -> None:
    numbers = [row[0] for row in rows()]
    assert len(numbers) == len(set(numbers)) == ROWS_OF_LEVEL_2
    assert {int(number.split(".")[0]) for number in numbers} == set(range(1, 18))
    assert len(re.findall(r"^\| \d+\.\d+", text(), re.M)) == ROWS_OF_LEVEL_2, "a row that cannot be read"


def test_every_test_that_is_named_is_there() -> None:
    named = [(number, file, name) for number, _, _, why in rows() for file, name in _TEST.findall(why)]
    assert [entry for entry in named if entry[2] and entry[2] not in promises_of(entry[1])] == []
    assert all((ROOT / file).is_file() for _, file, _ in named)


def test_a_met_row_names_a_test_and_every_other_says_why() -> None:
    for number, _, status, why in rows():
        assert (status != "met") or re.fullmatch(r"`tests/[^`]+::test_\w+`(, `tests/[^`]+::test_\w+`)*", why), number
        assert (status == "met") or (len(why) >= 8 and why[0].isupper() and why.endswith(".")), number


def test_the_figures_at_its_head_are_those_of_its_rows() -> None:
    counted = Counter(row[2] for row in rows())
    head = " ".join(text().split())
    wanted = (
        f"{ROWS_OF_LEVEL_2} rows, of which {counted['met']} are met, {counted['not applicable']} are not applicable, "
        f"and {counted['not met']} are not met."
    )
    assert wanted in head


def test_the_documents_that_rows_stand_on_are_there() -> None:
    headings = set(re.findall(r"^## (.+)$", text(), re.M))
    assert headings >= {
        "What comes in, and what is allowed", "Ways in", "Sessions", "Keys, hashes and secrets",
        "What is stored, by how much it harms", "What calls out", "What costs much",
    }  # fmt: skip
    settings_page = (ROOT / "docs/settings.md").read_text()
    for heading in ("## The log", "## Health and figures", "## How often somebody may try"):
        assert heading in settings_page
    for named in re.findall(r"\]\((\w[\w-]*\.md)\)", text()):
        assert (ROOT / "docs" / named).is_file(), named


def test_what_the_documents_say_of_sessions_and_passwords_is_so() -> None:
    said = " ".join(text().split())
    assert (
        f"ends {sessions.IDLE.days} days after it was last used, and {sessions.LONGEST.days} days after its log-in"
        in said
    )
    lengths = [v["OPTIONS"]["min_length"] for v in settings.AUTH_PASSWORD_VALIDATORS if "MinimumLength" in v["NAME"]]
    assert f"at least {lengths[0]} characters" in said
    assert settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT == 600 and settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS == 3
    assert f"| a call of the API | {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20} MB |" in text()
    assert SCOPES


def test_the_limits_are_those_that_the_document_tells() -> None:
    table = (ROOT / "docs/settings.md").read_text().partition("## How often somebody may try")[2]
    limits = settings.ACCOUNT_RATE_LIMITS
    assert limits["login_failed"] == "10/m/ip,60/h/ip,5/5m/key"
    assert "| wrong passwords | 10 a minute, 60 an hour | 5 in five minutes |" in table
    assert limits["request_login_code"] == "20/m/ip,3/m/key,10/h/key"
    assert "| mailed codes asked for | 20 a minute | 3 a minute, 10 an hour |" in table
    assert limits["signup"] == "20/m/ip,60/h/ip" and "| sign-ups | 20 a minute, 60 an hour | |" in table
    assert (FROM_AN_ADDRESS.many, FROM_AN_ADDRESS.seconds, OF_A_LINK.many, OF_A_LINK.seconds) == (60, 60, 40, 60)
    assert "(invitation, proposal, log-in) | 60 a minute | 40 a minute |" in table
    assert (CALLS.many, CALLS.seconds) == (600, 60) and "600 a minute for each token" in table


def test_the_log_goes_to_one_place() -> None:
    assert set(settings.LOGGING["handlers"]) == {"console"}
    assert settings.LOGGING["handlers"]["console"]["class"] == "logging.StreamHandler"
    assert all(not logger.get("handlers") for logger in settings.LOGGING["loggers"].values())
