"""Every expected refusal is reached through a page: a test marked `reaches(code)` gets it in an answer to a request."""

import ast
import re
from pathlib import Path

from tests.house import source

TESTS = Path(__file__).resolve().parents[1]
# Codes that no page can reach, each with the reason; their tests reach them below the page.
NOT_ON_A_PAGE = {
    "in_use": "said by `handsel migrate` while Handsel runs",
    "migrating": "said by `handsel run` while somebody migrates",
    "not_found": "a page says it as 404: tested by every crawl of foreign ids",
    "status_follows": "a guard's last word: no page sets a status",
    "trail_kept": "a guard's last word: no page changes the trail",
    "kept": "a guard's last word: no page changes what was signed",
    "line_kept": "a guard's last word: the rule of the page answers first",
    "wrong_terms": "a guard's last word: charges are written by `owe` alone",
    "wrong_price": "a guard's last word: charges are written by `owe` alone",
    "not_multiplied": "a guard's last word: charges are written by `owe` alone",
    "claimed_twice": "a guard's last word: claims are written by `owe` alone",
    "billed_twice": "a guard's last word: the rule of the page answers first",
    "advance_used": "a guard's last word: no page uses an advance yet",
    "said": "a guard's last word: no page changes what was said",
    "not_issued": "a guard's last word: money moves by `issue`, `credit` and `record_payment` alone",
    "not_the_sum": "a guard's last word: `issue` adds the lines up",
    "more_than_open": "a guard's last word: what is paid is what is open",
    "more_than_came": "a guard's last word: a payment settles its own amount",
    "other_proposal": "a guard's last word: a page that names another text shows what changed",
    "estimate_share": "no page asks for a share yet: what could be handed over is assumed, and shown",
    "nameless": "the form asks for a name first",
    "empty_question": "the form asks for the words first",
    "link_taken_back": "the page of a link that was taken back is a 410 before anything can be pressed",
    "not_signed": "a guard's last word: `sign` alone writes what is in force",
}


def codes() -> dict[str, str]:
    """Each code with the place of its first sentence."""
    found: dict[str, str] = {}
    for file in sorted(source.PACKAGE.rglob("*.py")):
        if "collected" in file.parts:
            continue
        for node in ast.walk(source.tree(file)):
            if isinstance(node, ast.Call) and (code := _code_of(node)):
                found.setdefault(code, source.where(file, node))
    return found


def _code_of(call: ast.Call) -> str | None:
    """The code of `Refusal(code, …)`, `Says(code, …)`, or of a room's own short form, which takes code or place first."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if name not in {"Refusal", "Says", "_at", "_mend", "_refusal"}:
        return None
    words = [a.value for a in call.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if name == "_at":
        words = words[1:]
    return words[0] if words and re.fullmatch(r"[a-z]+(_[a-z]+)*", words[0]) else None


def reached() -> set[str]:
    marked = re.compile(r"reaches\(([^)]*)\)")
    return {
        code
        for file in TESTS.rglob("test_*.py")
        for words in marked.findall(file.read_text())
        for code in re.findall(r"[\"']([a-z_]+)[\"']", words)
    }


def test_every_refusal_is_reached_through_a_page() -> None:
    missing = {code: place for code, place in codes().items() if code not in reached() | set(NOT_ON_A_PAGE)}
    assert missing == {}, "\n".join(f"{code}: {place}" for code, place in sorted(missing.items()))


def test_no_exception_is_named_for_a_code_that_is_gone() -> None:
    assert set(NOT_ON_A_PAGE) - set(codes()) == set()


def test_no_test_is_marked_for_a_code_that_is_gone() -> None:
    unique = set(
        re.findall(
            r'violation_error_code="([a-z_]+)"', "".join(f.read_text() for f in source.PACKAGE.rglob("models*.py"))
        )
    )
    assert reached() - set(codes()) - unique == set()
