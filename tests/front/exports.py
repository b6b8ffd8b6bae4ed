"""How tests of exports begin: a business with two providers, of whom one was paid; and ways to tamper with a zip."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from handsel.agreements.rules import Rate
from handsel.core.files import keep
from handsel.core.jobs import run_once
from handsel.front.export import verify
from handsel.front.export.writing import Summary, write_export
from handsel.payments.actions import record_payment
from handsel.values.actors import Actor
from handsel.work.actions import Stint, accept, decide, deliver, log, submit
from handsel.work.rules import Decision
from tests.payments.invoices import invoiced
from tests.stories import TODAY, SignedEngagement, signed_engagement, usual_terms

SECRET_RATE = "137.31"
VERIFIER = Path(verify.__file__)


@dataclass(frozen=True)
class Business:
    """Nora's business: Ines, whose work was approved, invoiced and paid, and Secundo, whom Ines must not learn of."""

    ines: SignedEngagement
    secundo: SignedEngagement

    @property
    def owner(self) -> Actor:
        return self.ines.owner


def worked(story: SignedEngagement, seconds: int) -> None:
    """A line of yesterday, logged, submitted and approved."""
    (line,) = log(story.provider, story.engagement.id, Stint("Customer mail", "", TODAY() - timedelta(days=1), seconds))
    submit(story.provider, line.timesheet_id)
    decide(story.owner, line.timesheet_id, [Decision(line.id, 1, approves=True)])


def two_providers() -> Business:
    ines = signed_engagement()
    secret = usual_terms(work="Secret drawings", rates=(Rate("Customer mail", Decimal(SECRET_RATE)),), fees=())
    secundo = signed_engagement(ines.owner, secret, mail="secundo@hidden.example", name="Secundo Hidden")
    leaflet = keep(b"Three candles on a shelf", "leaflet.txt", "text/plain", ines.owner.business_id)
    accept(ines.owner, deliver(ines.provider, ines.engagement.id, "Autumn leaflet", "Ready for print", leaflet).task_id)
    worked(ines, 5400)
    worked(secundo, 4711)
    issued = invoiced(ines)
    record_payment(ines.owner, issued.document_id, TODAY(), "Bank transfer")
    run_once()
    return Business(ines, secundo)


def exported(actor: Actor, folder: Path) -> tuple[Path, Summary]:
    target = folder / f"{actor.side.value}.zip"
    return target, write_export(actor, target, lambda words, done, most: None)


def run(*arguments: object) -> tuple[int, str]:
    """The verifier on its own: exit code and what it says."""
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), *map(str, arguments)], capture_output=True, text=True)
    assert done.stderr == "" or done.returncode == 2, done.stderr
    return done.returncode, done.stdout + done.stderr


def content(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(file: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content(file)[f"tables/{table}.jsonl"].splitlines()]


def written(files: dict[str, bytes], target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target


def tampered(file: Path, path: str, change: Callable[[bytes], bytes | None]) -> Path:
    """The same zip with one file changed, or taken out where `change` gives None."""
    files = content(file)
    changed = change(files.pop(path))
    return written(files if changed is None else {**files, path: changed}, file.with_name("tampered.zip"))


def repaired(file: Path, table: str, change: Callable[[dict[str, Any]], None]) -> Path:
    """The first row of a table changed, and every hash that the manifest has of it made to fit: what a cheat would do."""
    files = content(file)
    path = f"tables/{table}.jsonl"
    lines = files[path].splitlines()
    row = json.loads(lines[0])
    change(row)
    lines[0] = json.dumps(row, ensure_ascii=False).encode()
    return written(_refitted(files, path, lines, table), file.with_name("repaired.zip"))


def shortened(file: Path, table: str) -> Path:
    """The last row of a table taken out, and every hash that the manifest has of it made to fit."""
    files = content(file)
    path = f"tables/{table}.jsonl"
    return written(_refitted(files, path, files[path].splitlines()[:-1], table), file.with_name("shortened.zip"))


def retold(file: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Path:
    """The trail changed, and the manifest's hash of it made to fit."""
    files = content(file)
    events = change([json.loads(line) for line in files["trail.jsonl"].splitlines()])
    lines = [json.dumps(event, ensure_ascii=False).encode() for event in events]
    return written(_refitted(files, "trail.jsonl", lines), file.with_name("retold.zip"))


def _refitted(files: dict[str, bytes], path: str, lines: list[bytes], table: str = "") -> dict[str, bytes]:
    text = b"".join(line + b"\n" for line in lines)
    manifest = json.loads(files["manifest.json"])
    for entry in manifest["files"]:
        if entry["path"] == path:
            entry["sha256"] = hashlib.sha256(text).hexdigest()
    if table:
        seals = (hashlib.sha256(line).hexdigest()[: verify.SEAL_DIGITS] for line in lines)
        manifest["tables"][table]["seals"] = "".join(seals)
    whole = json.dumps(manifest).encode()
    digest = hashlib.sha256(whole).hexdigest()
    return {**files, path: text, "manifest.json": whole, "manifest.sha256": f"{digest}  manifest.json\n".encode()}
