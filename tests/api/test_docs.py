"""The documents about the API are true: their script runs as it stands, and every call is in them."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from handsel.api.reference import areas, in_markdown
from handsel.ledger.queries import owed
from handsel.work.actions import decide
from handsel.work.models import TimeEntry
from handsel.work.rules import Decision
from tests.api.conftest import program
from tests.payments.invoices import approved
from tests.stories import SignedEngagement, log_in, signed_engagement, usual_terms

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def script() -> str:
    (found,) = re.findall(r"```python\n(.*?)```", (DOCS / "api.md").read_text(), re.DOTALL)
    return found


def run(live_server: Any, secret: str) -> subprocess.CompletedProcess[str]:
    """A stranger's program: another process, and nothing of ours in it."""
    environment = {"HANDSEL": live_server.url, "TOKEN": secret, "PATH": "/usr/bin:/bin"}
    return subprocess.run([sys.executable, "-I", "-c", script()], env=environment, capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_script_of_the_document_logs_a_week_submits_it_and_reads_what_is_owed(live_server: Any) -> None:
    story = signed_engagement(agreed=usual_terms(zone="UTC"))
    approved(story, 2.0, days_ago=15)
    done = run(live_server, program(story.provider).secret)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "6.00 hours are submitted.\n37.00 EUR is owed.\n"
    lines = TimeEntry.objects.filter(status="submitted")
    assert sum(line.seconds for line in lines) == 21600
    decide(story.owner, lines[0].timesheet_id, [Decision(line.id, line.revision, True) for line in lines])
    assert [str(money) for money in owed(story.provider)] == ["€148.00"]


@pytest.mark.django_db(transaction=True)
def test_the_script_says_a_refusal_in_its_words(live_server: Any) -> None:
    done = run(live_server, "handsel_nonsense")
    assert done.returncode == 1
    assert done.stderr == "This call needs a token that is good. Make one in Handsel under Settings, Programs.\n"


def test_each_call_stands_in_the_documents() -> None:
    """`tools/api_calls.py` writes the list anew."""
    assert (DOCS / "api-calls.md").read_text() == in_markdown()


@pytest.mark.django_db
def test_each_call_stands_on_the_pages(client: Client) -> None:
    story = signed_engagement()
    log_in(client, story.owner)
    overview = client.get("/programs/api/").content.decode()
    for area in areas().values():
        page = client.get(f"/programs/api/{area.name}/").content.decode()
        for call in area.calls:
            assert call.path in overview and f'id="{call.anchor}"' in page and call.path in page
    assert client.get("/programs/api/nothing/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_client_generated_from_the_schema_works(live_server: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """Made by openapi-python-client from what the server gives; typed answers, and problems as objects."""
    story: SignedEngagement = signed_engagement()
    schema = tmp_path / "handsel.json"
    schema.write_bytes(Client().get("/api/v1/openapi.json").content)
    generated = subprocess.run(
        [str(Path(sys.executable).parent / "openapi-python-client"), "generate", "--path", str(schema), "--meta", "none",
         "--output-path", str(tmp_path / "handsel_client")], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert generated.returncode == 0, generated.stdout + generated.stderr
    monkeypatch.syspath_prepend(tmp_path)
    made = importlib.import_module("handsel_client")
    calls = {name: importlib.import_module(f"handsel_client.api.{name}")
             for name in ("you.api_me", "work.work_log", "work.work_submit")}  # fmt: skip
    models = importlib.import_module("handsel_client.models")
    client = made.AuthenticatedClient(base_url=live_server.url, token=program(story.provider).secret)
    assert calls["you.api_me"].sync(client=client).person.name == "Ines Duarte"
    stint = models.TimeGiven(engagement_id=story.engagement.id, work_day=story.terms.valid_from, seconds=5400)
    (line,) = calls["work.work_log"].sync(client=client, body=stint, idempotency_key="one")
    assert (line.seconds, line.status) == (5400, "draft")
    sheet = calls["work.work_submit"].sync(line.timesheet_id, client=client, idempotency_key="two")
    assert sheet.state == "submitted" and sheet.waiting_seconds == 5400
    again = calls["work.work_submit"].sync(line.timesheet_id, client=client, idempotency_key="three")
    assert isinstance(again, models.Problem) and again.code == "nothing_to_submit"
