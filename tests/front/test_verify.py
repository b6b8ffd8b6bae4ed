"""The verifier runs without Handsel, and names what was changed."""

from __future__ import annotations

import ast
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.front import exports
from tests.front.exports import content, exported, repaired, retold, run, shortened, tampered, two_providers, written

pytestmark = pytest.mark.django_db  # for the story that the exports tell; the verifier itself needs no database
Row = dict[str, Any]


@pytest.fixture(scope="module")
def originals(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The export of each side, made once; the business that they come from is rolled back."""
    from django.db import transaction

    folder = tmp_path_factory.mktemp("originals")
    with django_db_blocker.unblock(), transaction.atomic():
        business = two_providers()
        made = {a.side.value: exported(a, folder)[0] for a in (business.owner, business.ines.provider)}
        transaction.set_rollback(True)
    return made


@pytest.fixture
def file(originals: dict[str, Path], tmp_path: Path) -> Path:
    """The owner's export, to do with as one likes."""
    copy = tmp_path / "export.zip"
    copy.write_bytes(originals["owner"].read_bytes())
    return copy


def flipped(text: bytes) -> bytes:
    middle = len(text) // 2
    return text[:middle] + bytes([text[middle] ^ 1]) + text[middle + 1 :]


def finds(file: Path, *sentences: str) -> None:
    code, said = run(file)
    assert code == 1, said
    for sentence in sentences:
        assert sentence in said, said


# ---------------------------------------------------------------- whole


@pytest.mark.parametrize("side", ["owner", "provider"])
def test_an_export_as_it_was_written_fits_together(originals: dict[str, Path], side: str) -> None:
    code, said = run(originals[side])
    assert code == 0, said
    assert "Everything fits together." in said


def test_the_verifier_in_the_zip_runs_alone(file: Path, tmp_path: Path) -> None:
    import subprocess

    with zipfile.ZipFile(file) as archive:
        archive.extract("verify.py", tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "export.zip"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_verifier_needs_the_standard_library_of_python_3_9_alone() -> None:
    tree = ast.parse(exports.VERIFIER.read_text(), feature_version=(3, 9))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert imported <= set(sys.stdlib_module_names)


# ---------------------------------------------------------------- what was changed is named


KINDS = ["manifest.json", "manifest.sha256", "READ-ME.txt", "verify.py", "trail.jsonl", "tables/work_timeentry.jsonl",
         "tables/people_business.jsonl", "papers/"]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_byte_is_named_in_each_kind_of_file(file: Path, kind: str) -> None:
    path = next(name for name in content(file) if name.startswith(kind))
    changed = tampered(file, path, flipped)
    code, said = run(changed)
    assert code in ({1, 2} if kind == "manifest.json" else {1}), said
    assert path in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_taken_out_is_named(file: Path, kind: str) -> None:
    path = next(name for name in content(file) if name.startswith(kind))
    code, said = run(tampered(file, path, lambda text: None))
    assert code == (2 if kind == "manifest.json" else 1), said
    assert path in said


def test_a_file_that_was_put_in_is_named(file: Path) -> None:
    finds(written({**content(file), "papers/more.pdf": b"%PDF"}, file), "papers/more.pdf was added")


def test_a_changed_row_is_named_with_its_line(file: Path) -> None:
    path = "tables/work_timeentry.jsonl"
    finds(tampered(file, path, lambda text: text.replace(b'"seconds": 4711', b'"seconds": 9999')),
          f"{path} was changed", f"{path}, row 2: this row was changed or added.", "what stood in row 2")  # fmt: skip


def test_a_paper_that_is_missing_is_named_even_where_the_manifest_was_repaired(file: Path) -> None:
    path = next(name for name in content(file) if name.endswith("leaflet.txt"))
    files = content(file)
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = [entry for entry in manifest["files"] if entry["path"] != path]
    del files[path]
    finds(written({**files, "manifest.json": json.dumps(manifest).encode()}, file), f"{path} is missing")


def test_the_last_event_dropped_is_named(file: Path) -> None:
    finds(retold(file, lambda events: events[:-1]), "The trail ends with event")


def test_two_swapped_events_are_named(file: Path) -> None:
    def swap(events: list[Row]) -> list[Row]:
        events[3], events[4] = events[4], events[3]
        return events

    finds(retold(file, swap), "Event 5 stands where event 4 belongs.", "Event 4 stands where event 6 belongs.")


def test_two_events_that_swapped_their_numbers_too_are_named(file: Path) -> None:
    def swap(events: list[Row]) -> list[Row]:
        events[3], events[4] = {**events[4], "number": 4}, {**events[3], "number": 5}
        return events

    finds(retold(file, swap), "Event 4 was changed, or what stands before it.", "Event 5 was changed")


@pytest.mark.parametrize("name", ["at", "verb", "person", "way", "side", "thing_kind", "thing", "engagement"])
def test_an_event_that_was_changed_is_named(file: Path, name: str) -> None:
    def change(events: list[Row]) -> list[Row]:
        events[6][name] = "other"
        return events

    code, said = run(retold(file, change))
    assert code == 1
    assert said.count("was changed, or what stands before it") == 1 and "Event 7 was changed" in said


def test_facts_that_were_changed_are_named(file: Path) -> None:
    def change(events: list[Row]) -> list[Row]:
        next(e for e in events if e.get("verb") == "ledger.owed")["facts"]["amount"] = "€9,999.00"
        return events

    finds(retold(file, change), "The facts of event", "(ledger.owed) names €9,999.00; the rows say otherwise.")


REPAIRED: list[tuple[str, str, Callable[[Row], None], str]] = [
    (
        "a text",
        "agreements_terms",
        lambda row: row["document"].update(work="Other"),
        "the text of version 1 was changed",
    ),
    ("a text and its hash", "agreements_terms", lambda row: row.update(hash="0" * 64), "the text of version 1"),
    ("a signature", "agreements_signature", lambda row: row.update(document_hash="0" * 64), "is over another text"),
    ("whose signature", "agreements_signature", lambda row: row.update(signed_side="x"), "without both signatures"),
    ("a price", "agreements_rateline", lambda row: row.update(price_e4=1), "is not the one in the text"),
    ("a fee", "agreements_feeline", lambda row: row.update(amount=1), "is not the one in the text"),
    ("a charge", "ledger_charge", lambda row: row.update(amount=row["amount"] + 1), "does not multiply out"),
    (
        "a charge with its quantity",
        "ledger_charge",
        lambda row: row.update(amount=0, quantity_e2=0),
        "owes another sum",
    ),
    ("a transfer", "ledger_transfer", lambda row: row.update(amount=1), "the account “unbilled” of engagement"),
    ("an account", "ledger_transfer", lambda row: row.update(debit="waived"), "the account “waived” of engagement"),
    ("time", "work_timeentry", lambda row: row.update(seconds=60), "counts other time than the entry"),
    ("an invoice", "payments_issue", lambda row: row.update(amount=1), "(payments.issued) names"),
    ("a line of it", "payments_documentline", lambda row: row.update(amount=1), "does not multiply out"),
    ("a payment", "payments_payment", lambda row: row.update(amount=1), "(payments.paid) names"),
    ("the seal on a paper", "agreements_paper", lambda row: row.update(head="0" * 64), "has another seal"),
    ("whose row", "work_timeentry", lambda row: row.update(timesheet_id=row["id"]), "names a row of work_timesheet"),
]


@pytest.mark.parametrize(("what", "table", "change", "sentence"), REPAIRED, ids=[case[0] for case in REPAIRED])
def test_a_cheat_who_repairs_the_manifest_is_found(
    file: Path, what: str, table: str, change: Callable[[Row], None], sentence: str
) -> None:
    finds(repaired(file, table, change), sentence)


@pytest.mark.parametrize("table", ["ledger_transfer", "ledger_charge", "agreements_signature", "work_timesheet",
                                   "payments_payment", "people_person"])  # fmt: skip
def test_a_row_taken_out_by_a_cheat_who_repairs_the_manifest_is_found(file: Path, table: str) -> None:
    code, said = run(shortened(file, table))
    assert code == 1, said


def test_many_findings_are_counted_and_not_all_printed(file: Path) -> None:
    path = "tables/ledger_transfer.jsonl"
    lines = content(file)[path].splitlines()[0]
    changed = tampered(file, path, lambda text: b"\n".join([lines] + [b'{"id": "%d"}' % n for n in range(90)]))
    code, said = run(changed)
    assert code == 1 and "more like this." in said and said.count("\n") < 80


# ---------------------------------------------------------------- compared with papers


def test_a_paper_that_was_kept_is_compared_byte_for_byte(file: Path, tmp_path: Path) -> None:
    paper = tmp_path / "terms.pdf"
    row = next(row for row in exports.rows(file, "core_storedfile") if row["name"].startswith("terms"))
    paper.write_bytes(content(file)[row["path"]])
    code, said = run(file, paper)
    assert code == 0 and "sealed at entry" in said
    paper.write_bytes(flipped(paper.read_bytes()))
    code, said = run(file, paper)
    assert code == 1 and "is none of the papers in this export" in said


def test_entry_and_seal_on_a_paper_are_compared(file: Path) -> None:
    head = exports.rows(file, "agreements_paper")[0]
    seal = " ".join(head["head"][:16].upper()[n : n + 4] for n in range(0, 16, 4))
    code, said = run(file, "--entry", head["head_number"], "--seal", seal)
    assert code == 0 and "as on your paper" in said
    code, said = run(file, "--entry", head["head_number"] + 1, "--seal", seal)
    assert code == 1 and "rewritten after your paper was printed" in said
    code, said = run(file, "--entry", 9999, "--seal", seal)
    assert code == 1 and "There is no entry 9999" in said


# ---------------------------------------------------------------- what cannot be read


def test_what_is_no_export_is_said_in_one_sentence(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    cases = {
        "cut.zip": (whole[: len(whole) // 2], "is not a whole zip file"),
        "text.zip": (b"no zip at all", "is not a whole zip file"),
        "empty.zip": (b"", "is not a whole zip file"),
    }
    for name, (text, sentence) in cases.items():
        (tmp_path / name).write_bytes(text)
        code, said = run(tmp_path / name)
        assert (code, said.count("\n")) == (2, 1) and sentence in said, said
    other = written({"x": b"x"}, tmp_path / "other.zip")
    for arguments, sentence in (
        ([other], "this is not an export of Handsel"),
        ([tmp_path / "nowhere.zip"], "There is no file"),
        ([tmp_path], "is a folder"),
        ([file, tmp_path / "nowhere.pdf"], "cannot be read"),
    ):
        code, said = run(*arguments)
        assert (code, said.count("\n")) == (2, 1) and sentence in said, said


def test_a_flipped_byte_in_the_zip_itself_never_passes(file: Path) -> None:
    """What no reader of zips looks at, such as the time of a file, may differ; what is in the files may not."""
    whole, inside = file.read_bytes(), content(file)
    for place in range(100, len(whole) - 100, len(whole) // 12):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        code, said = run(file)
        assert code in {1, 2} or content(file) == inside, (place, said)


def test_a_manifest_that_lacks_a_part_is_refused_in_one_sentence(file: Path) -> None:
    for part in ("files", "tables", "trail", "balances", "business", "beyond", "provider"):

        def without(text: bytes, part: str = part) -> bytes:
            return json.dumps({k: v for k, v in json.loads(text).items() if k != part}).encode()

        code, said = run(tampered(file, "manifest.json", without))
        assert code in {1, 2} and "Traceback" not in said and "manifest.json" in said, (part, said)


def test_a_manifest_of_nonsense_is_refused_without_a_traceback(file: Path) -> None:
    for nonsense in ({"trail": 7}, {"files": [1]}, {"tables": {"work_timeentry": None}}, {"balances": [{}]},
                     {"business": None}, {"beyond": []}, {"made_at": 3}, {"provider": "x"}):  # fmt: skip

        def changed(text: bytes, nonsense: dict[str, Any] = nonsense) -> bytes:
            return json.dumps({**json.loads(text), **nonsense}).encode()

        code, said = run(tampered(file, "manifest.json", changed))
        assert code in {1, 2} and "manifest.json" in said, (nonsense, said)
