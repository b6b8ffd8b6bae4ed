"""`kill -9` of the whole group under load: `python bench/kills.py [KILLS [SEED]]`, on both engines.

Programs log time, invite people (a mail each) and issue invoices (a paper each, by the worker) over the API. Each kill
waits for its moment: a request under way, an invoice of which the worker has not kept the paper yet, or the moment
between the dot that ends a mail and the server's reply. Whoever got no answer sends the same call with the same key again, as the documents say.
PostgreSQL writes to the disk before it answers (fsync). Asked at the end: is everything there that was acknowledged,
once? Is anything half done? Is each mail whose fate is unknown shown, and none sent twice?
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from email import message_from_bytes
from pathlib import Path
from random import Random
from typing import IO, Any
from uuid import uuid4

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.core.mail_server import MailServer  # noqa: E402
from tools.postgres import cluster, free_port  # noqa: E402

KILLS, SEED = (int(word) for word in (*sys.argv[1:3], *("100", "1")[len(sys.argv) - 1 :]))
MOMENTS = ("request", "worker", "dot")
SILENCE = 65  # seconds after which what a dead worker held is taken back


class HoldingServer(MailServer):
    """Takes a mail, and holds its reply back while it is told to."""

    def __init__(self) -> None:
        self.hold, self.taken = threading.Event(), threading.Event()
        super().__init__()

    def _say(self, line: socket.socket, step: str, usual: str) -> str:
        if step == "BODY" and self.hold.is_set():
            self.taken.set()
            time.sleep(0.5)
        return super()._say(line, step, usual)


@dataclass
class Call:
    """A call, its key, and what became of it."""

    path: str
    body: dict[str, Any]
    token: str
    key: str = field(default_factory=lambda: str(uuid4()))


class Lost(Exception):
    """No answer came."""


@dataclass
class Site:
    """The installation, and what was acknowledged."""

    env: dict[str, str]
    port: int
    story: dict[str, Any]
    random: Random
    log: IO[bytes]
    group: "subprocess.Popen[bytes] | None" = None
    logged: set[str] = field(default_factory=set)
    invited: set[str] = field(default_factory=set)
    issued: set[str] = field(default_factory=set)
    restarts: list[float] = field(default_factory=list)
    repeated: int = 0
    day: int = 0

    def start(self) -> None:
        began = time.monotonic()
        self.group = subprocess.Popen(
            [sys.executable, "-m", "handsel", "run", "--port", str(self.port)], env=self.env, cwd=ROOT,
            stdout=self.log, stderr=self.log, start_new_session=True,
        )  # fmt: skip
        while not self.answers():
            assert self.group.poll() is None, f"handsel run ended: {Path(self.log.name).read_text()[-1000:]}"
            time.sleep(0.02)
        self.restarts.append(time.monotonic() - began)

    def answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/accounts/login/", timeout=5):
            return True
        return False

    def kill(self) -> None:
        """All at once, as when the plug is pulled on everything but the disk."""
        if self.group is not None and self.group.poll() is None:
            os.killpg(self.group.pid, signal.SIGKILL)
            self.group.wait()

    def send(self, call: Call) -> Any:
        """One call. Raises Lost where no answer came, which says nothing of what was done."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{call.path}", json.dumps(call.body).encode(),
            {"Authorization": f"Bearer {call.token}", "Content-Type": "application/json", "Idempotency-Key": call.key},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            if error.code == 429:
                time.sleep(float(error.headers.get("Retry-After", "1")))
                return self.send(call)
            raise AssertionError(f"{call.path}: {error.code} {error.read()[:300]!r}") from error
        except OSError as trouble:
            raise Lost from trouble

    def get(self, path: str, token: str) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def again(self, call: Call) -> Any:
        """The call once more, until it is answered."""
        self.repeated += 1
        while True:
            try:
                return self.send(call)
            except Lost:
                time.sleep(0.1)

    # ---------------------------------------------------------------- calls

    def a_line(self) -> Call:
        day = date.fromisoformat(self.story["first_day"]) + timedelta(days=self.random.randrange(300))
        body = {
            "engagement_id": self.story["engagement"],
            "work_day": str(day),
            "seconds": 60,
            "description": str(uuid4()),
        }
        return Call("/lines", body, self.story["provider"])

    def an_invitation(self) -> Call:
        body = {"name": "Ada Bell", "mail": f"{uuid4().hex}@letters.example", "role": "auditor"}
        return Call("/invitations", body, self.story["owner"])

    def note(self, call: Call, answer: Any) -> None:
        if call.path == "/lines":
            self.logged.add(call.body["description"])
        elif call.path == "/invitations":
            self.invited.add(call.body["mail"])

    def issue_an_invoice(self) -> None:
        """A line, submitted, approved, on an invoice: the worker prints it."""
        provider, owner = self.story["provider"], self.story["owner"]
        monday = date.fromisoformat(self.story["first_day"]) + timedelta(weeks=44 + self.day)
        self.day += 1
        (line,) = self.send(Call("/lines", {
            "engagement_id": self.story["engagement"], "work_day": str(monday), "seconds": 3600,
        }, provider))  # fmt: skip
        sheet = line["timesheet_id"]
        self.send(Call(f"/timesheets/{sheet}/submission", {}, provider))
        words = [{"line_id": line["id"], "revision": line["revision"], "approves": True}]
        self.send(Call(f"/timesheets/{sheet}/decision", {"decisions": words}, owner))
        days = {"first_day": str(monday), "last_day": str(monday + timedelta(days=6))}
        draft = self.send(Call("/documents", {"engagement_id": self.story["engagement"], **days}, provider))
        issue = Call(f"/documents/{draft['id']}/issue", {"seen": draft["seen"]}, provider)
        self.send(issue)
        self.issued.add(draft["id"])


def run(engine: str, address: str) -> None:
    random, server = Random(f"{SEED} {engine}"), HoldingServer()
    with tempfile.TemporaryDirectory(prefix="handsel-kills-") as folder, Path(folder, "said").open("wb") as log:
        env = {k: v for k, v in os.environ.items() if not k.startswith("HANDSEL_")}
        env |= {"HANDSEL_DATA": folder, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
                "HANDSEL_SMTP": f"smtp://127.0.0.1:{server.port}", "HANDSEL_DATABASE_URL": address}  # fmt: skip
        site = Site(env, free_port(), _story(env), random, log)
        began = time.monotonic()
        try:
            site.start()
            hits = _kill_often(site, server)
            time.sleep(SILENCE)
            _wait_for_the_worker(env)
            found = _found(env, site, server)
        finally:
            site.kill()
    restarts = sorted(site.restarts[1:])
    print(f"== {engine}, seed {SEED}: {KILLS} kills in {time.monotonic() - began:.0f} s; moments hit: {dict(hits)}")
    print(f"  acknowledged: {len(site.logged)} lines, {len(site.invited)} invitations, {len(site.issued)} invoices; "
          f"{site.repeated} calls without an answer were sent again")  # fmt: skip
    print(f"  answering again after {restarts[len(restarts) // 2]:.1f} s (median), {restarts[-1]:.1f} s (longest)")
    print(*(f"  {name}: {words}" for name, words in found.items()), sep="\n", flush=True)
    server.close()


def _kill_often(site: Site, server: HoldingServer) -> Counter[str]:
    hits: Counter[str] = Counter()
    for n in range(KILLS):
        moment = MOMENTS[n % len(MOMENTS)]
        unanswered: list[Call] = []
        stop = threading.Event()
        loads = [threading.Thread(target=_load, args=(site, make, stop, unanswered))
                 for make in (site.a_line, site.an_invitation)]  # fmt: skip
        for load in loads:
            load.start()
        if moment == "dot":
            server.taken.clear()
            server.hold.set()
        if moment == "worker":
            with suppress(Lost):
                site.issue_an_invoice()
            time.sleep(site.random.uniform(0, 1.2))  # the trail is followed each second
        elif moment == "request":
            time.sleep(site.random.uniform(0.2, 0.6))
        else:
            server.taken.wait(10)
            time.sleep(site.random.uniform(0, 0.3))
        owing = _owes_a_paper(site.env)
        site.kill()
        stop.set()
        server.hold.clear()
        for load in loads:
            load.join()
        hits["request"] += bool(unanswered)
        hits["worker"] += moment == "worker" and owing
        hits["dot"] += moment == "dot" and server.taken.is_set()
        site.start()
        for call in unanswered:
            site.note(call, site.again(call))
    return hits


def _load(site: Site, make: Any, stop: threading.Event, unanswered: list[Call]) -> None:
    while not stop.is_set():
        call = make()
        try:
            site.note(call, site.send(call))
        except Lost:
            unanswered.append(call)
            return


# ---------------------------------------------------------------- asked of the database, in processes of their own


def _asked(env: dict[str, str], question: str) -> Any:
    script = f"from bench.kills import {question} as ask; import json; print(json.dumps(ask()))"
    done = subprocess.run([sys.executable, "-c", script], env={**env, "HANDSEL_ASKED": "1"}, cwd=ROOT, check=True,
                          capture_output=True, text=True)  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handsel.config.settings")
    import django

    django.setup()


def make_story() -> dict[str, Any]:
    """An engagement in force for more than a year, and a token for each side."""
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from handsel.people import rules
    from handsel.people.actions import create_token
    from tests.stories import TODAY, signed_engagement, usual_terms

    first = TODAY() - timedelta(weeks=400)
    first -= timedelta(days=first.weekday())
    story = signed_engagement(agreed=usual_terms(first))
    tokens = {}
    for name, actor in (("owner", story.owner), ("provider", story.provider)):
        tokens[name] = f"handsel_{rules.new_token()[0]}"
        create_token(actor, name, list(rules.SCOPES), 30, rules.token_hash(tokens[name]))
    return {"engagement": str(story.engagement.id), "first_day": str(first), **tokens}


def what_is_there() -> dict[str, Any]:
    _django()
    from handsel.core import checks, jobs
    from handsel.core.models import OutboxItem
    from handsel.payments.models import Issue
    from handsel.people.models import Invitation
    from handsel.work.models import TimeEntry

    jobs.find_jobs()
    return {
        "lines": list(TimeEntry.objects.values_list("description", flat=True)),
        "invited": list(Invitation.objects.values_list("mail", flat=True)),
        "issued": [str(key) for key in Issue.objects.values_list("document_id", flat=True)],
        "papers": Issue.objects.filter(document__paper__isnull=False).count(),
        "states": dict(Counter(OutboxItem.objects.values_list("state", flat=True))),
        "uncertain": [address for item in OutboxItem.objects.filter(state="uncertain") for address in item.recipients],
        "said": [f"{name}: {words}" for name, find in checks.all_checks().items() for words in find()],
    }


def is_idle() -> bool:
    _django()
    from django_tasks_db.models import DBTaskResult

    from handsel.core.models import OutboxItem

    waits = OutboxItem.objects.filter(state__in=("queued", "trying", "handed")).exists()
    return not waits and not DBTaskResult.objects.filter(status__in=("READY", "RUNNING")).exists()


def _story(env: dict[str, str]) -> dict[str, Any]:
    return _asked(env, "make_story")  # type: ignore[no-any-return]


def _owes_a_paper(env: dict[str, str]) -> bool:
    """Whether the worker owes a paper right now; asked without Django, because the moment passes."""
    sql = (
        "SELECT COUNT(*) FROM payments_issue WHERE document_id NOT IN (SELECT document_id FROM payments_documentpaper)"
    )
    if address := env["HANDSEL_DATABASE_URL"]:
        import psycopg

        with psycopg.connect(address) as line:
            row = line.execute(sql.encode()).fetchone()
    else:
        import sqlite3

        with sqlite3.connect(f"file:{env['HANDSEL_DATA']}/handsel.sqlite3?mode=ro", uri=True) as line_:
            row = line_.execute(sql).fetchone()
    return bool(row and row[0])


def _wait_for_the_worker(env: dict[str, str]) -> None:
    for _ in range(60):
        if _asked(env, "is_idle"):
            return
        time.sleep(2)


def _found(env: dict[str, str], site: Site, server: HoldingServer) -> dict[str, str]:
    there = _asked(env, "what_is_there")
    lines, invited = Counter(there["lines"]), Counter(there["invited"])
    copies = Counter(str(message_from_bytes(letter.body)["Message-ID"]) for letter in server.letters)
    twice = [key for key, n in copies.items() if n > 1]
    arrived = {address for letter in server.letters for address in letter.recipients}
    return {
        "lost": str(
            len(site.logged - set(lines)) + len(site.invited - set(invited)) + len(site.issued - set(there["issued"]))
        ),
        "done twice": str(sum(lines[x] > 1 for x in site.logged) + sum(invited[x] > 1 for x in site.invited)),
        "mails": f"{len(server.letters)} arrived, {there['states']}, {len(twice)} sent twice",
        "uncertain": f"{len(there['uncertain'])} shown, {len(set(there['uncertain']) & arrived)} of them had arrived",
        "papers": f"{there['papers']} of {len(there['issued'])} invoices",
        "check": "; ".join(there["said"]) or "all is as it must be",
    }


def main() -> None:
    with cluster(durable=True) as address:
        run("PostgreSQL, fsync on", address)
    run("SQLite", "")


if __name__ == "__main__":
    main()
