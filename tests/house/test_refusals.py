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
    "sqlite_old": "said by every command before it begins",
    "variable_wrong": "said by every command before it begins",
    "variable_unknown": "said by every command before it begins",
    "disk_full": "said by every command before it begins",
    "mail_unknown": "said by `handsel sign-out`",
    "folder_not_writable": "said by every command before it begins",
    "database_unreadable": "said by every command before it begins",
    "database_away": "said by every command before it begins",
    "not_migrated": "said by a command that needs a database of this version",
    "token_for_nothing": "the form offers the areas, and asks for one first",
    "token_too_long": "the form offers the days",
    "guard_missing": "said by a command that serves or writes: nothing is served without the guards",
    "host_unknown": "said by `handsel run` before it listens",
    "port_in_use": "said by `handsel run` before it listens",
    "port_forbidden": "said by `handsel run` before it listens",
    "not_empty": "said by `handsel demo`",
    "business_unnamed": "said by `handsel create-owner`: on a page the form asks for a name first",
    "file_unreadable": "said by `handsel import-mail`",
    "file_exists": "said by `handsel export`",
    "no_such_folder": "said by `handsel export`",
    "database_gave_way": "said by every command",
    "nothing_here": "said by `handsel backup`",
    "backup_not_written": "said by `handsel backup`",
    "no_such_backup": "said by `handsel restore`",
    "backup_unreadable": "said by `handsel restore`",
    "backup_not_whole": "said by `handsel restore`",
    "backup_newer": "said by `handsel restore`",
    "backup_older": "said by `handsel restore`",
    "place_not_empty": "said by `handsel restore`",
    "not_restored": "said by `handsel restore`",
    "no_such_export": "said by `handsel import`",
    "export_unreadable": "said by `handsel import`",
    "export_changed": "said by `handsel import`",
    "export_newer": "said by `handsel import`",
    "business_known": "said by `handsel import`",
    "person_known": "said by `handsel import`",
    "row_refused": "said by `handsel import`",
    "not_imported": "said by `handsel import`",
    "no_mailbox": "said by `handsel mine`",
    "which_provider": "said by `handsel export`",
    "export_not_written": "said by the worker, and shown on the page of exports: tests/front/test_export.py",
    "not_a_member": "said by the worker: who has left has no page here any more",
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
    "unknown_currency": "the form offers the currencies that we know",
    "unknown_zone": "the form takes only zones that we know, and says so itself",
    "bad_step": "the form takes 1 to 60 minutes, and says so itself",
    "empty_page": "the form asks for the words first",
    "not_a_provider": "the form offers only people who work from outside",
    "strange_address": "pages give their own address, nobody types one",
    "not_reachable": "the form offers only the stages that are given",
    "not_a_worker": "the form offers only who is named",
    "not_a_share": "the form takes 0 to 100 %, and says so itself",
    "ramp_length": "the form takes 1 to 104 weeks, and says so itself",
    "nameless": "the form asks for a name first",
    "kind_unnamed": "the form asks for a name first",
    "template_empty": "the form asks for the words first",
    "reply_empty": "the form asks for the words first",
    "not_engaged": "the mail is closed to whoever is named in no agreement in force",
    "nothing_to_answer": "a conversation begins with a mail, and the newest can be answered",
    "already_judged": "a reply that was read is in review no more, and its state answers first",
    "not_released": "a guard's last word: the permission table answers first",
    "empty_question": "the form asks for the words first",
    "link_taken_back": "the page of a link that was taken back is a 410 before anything can be pressed",
    "not_signed": "a guard's last word: `sign` alone writes what is in force",
}


def codes() -> dict[str, str]:
    """Each code with the place of its first sentence."""
    found: dict[str, str] = {}
    for file in sorted(source.PACKAGE.rglob("*.py")):
        if {"collected", "migrations"} & set(file.parts):
            continue
        for node in ast.walk(source.tree(file)):
            if isinstance(node, ast.Call) and (code := _code_of(node) or _code_of_constraint(node)):
                found.setdefault(code, source.where(file, node))
    return found


def _code_of_constraint(call: ast.Call) -> str | None:
    """The code that a database constraint gives where no action said it first."""
    words = [
        k.value.value for k in call.keywords if k.arg == "violation_error_code" and isinstance(k.value, ast.Constant)
    ]
    return str(words[0]) if words else None


def _code_of(call: ast.Call) -> str | None:
    """The code of `Refusal(code, …)`, `Says(code, …)`, or of a room's own short form, which takes code or place first."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in {"Refusal", "Says", "_at", "_mend", "_refusal", "_held", "__init__"}:
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
    assert reached() - set(codes()) == set()
