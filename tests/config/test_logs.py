"""The log tells what happened, and never what somebody wrote, where they live or how they come in."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as of_the_house
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from handsel.core import counters, jobs, logs, outbox, writes
from handsel.core.keys import new_key
from handsel.core.logs import FACTS, Json, Plain, struck
from handsel.people.actions import create_token, invite
from handsel.people.rules import new_token
from handsel.talk import actions as talk
from handsel.values.actors import Role
from tests.core.mail_server import MailServer
from tests.stories import SubmittedWeek, log_in

WORDS = "The refund of Mrs Quillfeather went to the wrong account"
PASSWORD = "correct horse battery staple"


class Kept:
    """The log as it would be written, in both forms, with everything down to the finest level."""

    def __init__(self) -> None:
        self.json, self.plain = io.StringIO(), io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.json.getvalue().splitlines()]

    @property
    def text(self) -> str:
        return self.json.getvalue() + self.plain.getvalue()

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"].startswith(logger)]


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Set up as settings.py sets it up, at DEBUG."""
    logging.config.dictConfig({**of_the_house.LOGGING, "root": {"handlers": [], "level": "DEBUG"}})
    found = Kept()
    streams = [(logging.StreamHandler(found.json), Json()), (logging.StreamHandler(found.plain), Plain())]
    root = logging.getLogger()
    for stream, formatter in streams:
        stream.setFormatter(formatter)
        root.addHandler(stream)
    yield found
    for stream, _ in streams:
        root.removeHandler(stream)
    logging.config.dictConfig(of_the_house.LOGGING)


def written(formatter: logging.Formatter, message: str, *arguments: Any, trouble: BaseException | None = None) -> str:
    found = (type(trouble), trouble, trouble.__traceback__) if trouble else None
    return formatter.format(logging.LogRecord("handsel.test", logging.ERROR, "x.py", 1, message, arguments, found))


# ---------------------------------------------------------------- the form


def test_json_is_one_object_a_line_whatever_is_logged() -> None:
    line = written(Json(), "two\nlines, a “quote” and \x1b[31mcolour %s", "{}")
    assert "\n" not in line
    said = json.loads(line)
    assert (said["level"], said["logger"]) == ("error", "handsel.test")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", said["time"])
    assert "\x1b" not in said["message"]


def test_a_line_for_people_cannot_be_forged_by_what_is_in_it() -> None:
    _, second = written(Plain(), "told %s", "so\n2026-11-24 10:00:00 INFO handsel: all is well").split("\n")
    assert second.startswith("    ")


def test_a_line_says_what_it_is_about() -> None:
    with logs.about(request="4f2a", business="hill-shop") as facts:
        facts["person"] = str(new_key())
        facts["subject"] = "nothing that is not on the list"
        said = json.loads(written(Json(), "told"))
    assert said["request"] == "4f2a" and said["business"] == "hill-shop"
    assert set(said) <= {"time", "level", "logger", "message", "trouble", *FACTS}
    assert "request" not in json.loads(written(Json(), "told"))


# ---------------------------------------------------------------- what is struck


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("no mail to ines.mare@example.org today", "no mail to [address] today"),
        ("<ines@mare.example>, bo@x", "<[address]>, [address]"),
        ("GET /search/?q=refund&t=1 was slow", "GET /search/?[query] was slow"),
        ("postgresql://shop:hunter2@10.0.0.5/handsel", "postgresql://[password]@10.0.0.5/handsel"),
        ("link xK3v9Qb2mZ8rT5wL1nY7cD4fG6hJ0pS-aE_uIoRtBvN used", "link [secret] used"),
        ("task 01a20d3f-77ae-7c41-9d0a-2f6a1c7b8d90 failed", "task 01a20d3f-77ae-7c41-9d0a-2f6a1c7b8d90 failed"),
        ("test_hours_logged_before_both_sign_are_refused", "test_hours_logged_before_both_sign_are_refused"),
        (f"cannot read '{WORDS}'", "cannot read “…”"),
        ("duplicate key\nDETAIL:  Key (mail)=(x) exists.", "duplicate key\n"),
    ],
)
def test_what_opens_a_door_or_says_who_it_is_is_struck(words: str, left: str) -> None:
    assert struck(words) == left


def test_a_traceback_tells_where_and_not_what(db: None) -> None:
    try:
        raise IntegrityError(f"duplicate key\nDETAIL:  Key (mail)=({'ines@mare.example'}) holds '{WORDS}'")
    except IntegrityError as error:
        for line in (written(Json(), "failed", trouble=error), written(Plain(), "failed", trouble=error)):
            assert "test_a_traceback_tells_where_and_not_what" in line and "IntegrityError" in line
            assert "mare.example" not in line and WORDS not in line


# ---------------------------------------------------------------- the whole house


def test_pages_api_and_mail_leave_no_secret_no_address_and_no_words_in_the_log(
    kept: Kept, week: SubmittedWeek, settings: Any
) -> None:
    server = MailServer()
    settings.MAIL_SERVER = server.settings
    cache.clear()
    browser = log_in(Client(), week.owner)
    secrets = [
        *_through_pages(browser, week), *_through_the_api(week), *_at_the_door(week), *_through_mail(week, server),
    ]  # fmt: skip
    server.close()
    assert kept.of("handsel.requests") and kept.of("handsel.people")
    assert connection.queries_logged is False
    for secret in secrets:
        assert secret and secret not in kept.text, secret
    assert not re.search(r"[\w.]+@[\w-]+\.[\w.]+", kept.text)
    for line in kept.lines:
        assert set(line) <= {"time", "level", "logger", "message", "trouble", *FACTS}


def _through_pages(browser: Client, week: SubmittedWeek) -> list[str]:
    slug = week.owner.slug
    browser.get(f"/b/{slug}/search/", {"q": "Quillfeather"})
    browser.post(f"/b/{slug}/comments/timeentry/{week.monday.id}/", {"text": WORDS})
    browser.get("/b/somebody-elses/")
    talk.log_call(week.owner, week.engagement.id, timezone.now() - timedelta(hours=1), 5, "Quillfeather", WORDS)
    _, token = invite(week.owner, "Bo Quillfeather", "bo@quill.example", Role.BOOKKEEPER)
    Client().get(f"/join/{token}/")
    Client().get("/join/not-a-token/")
    Client().get("/in/xK3v9Qb2mZ8rT5wL1nY7cD4fG6hJ0pS-aE_uIoRtBvN/")
    assert browser.cookies["sessionid"].value
    return [
        WORDS, "Quillfeather", token, "xK3v9Qb2mZ8rT5wL1nY7cD4fG6hJ0pS-aE_uIoRtBvN", browser.cookies["sessionid"].value,
        "quill.example",
    ]  # fmt: skip


def _through_the_api(week: SubmittedWeek) -> list[str]:
    secret, hashed = new_token()
    create_token(week.owner, "A script", ("read",), 30, hashed)
    Client().get("/api/v1/timesheets", HTTP_AUTHORIZATION=f"Bearer {secret}")
    Client().get("/api/v1/timesheets?since=Quillfeather", HTTP_AUTHORIZATION=f"Bearer {secret}x")
    return [secret, hashed]


def _at_the_door(week: SubmittedWeek) -> list[str]:
    stranger = Client()
    stranger.post("/accounts/login/", {"login": "ines@mare.example", "password": PASSWORD})
    stranger.post("/accounts/login/code/", {"email": "ines@mare.example"})
    stranger.get("/accounts/login/?next=/b/somebody/&email=ines@mare.example")
    return [PASSWORD, "ines@mare.example"]


def _through_mail(week: SubmittedWeek, server: MailServer) -> list[str]:
    with writes.migrating():
        outbox.queue(
            "mail", business_id=None, about=new_key(),
            payload={"to": ["nobody@quill.example"], "subject": WORDS, "text": WORDS},
        )  # fmt: skip
        outbox.queue("mail", business_id=None, about=new_key(), payload={"to": "not even a list", "text": WORDS})
    jobs.run_once()
    return ["nobody@quill.example", WORDS]


def test_a_fault_of_the_program_is_one_line_with_its_place_and_the_number_of_the_request(
    kept: Kept, week: SubmittedWeek, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*arguments: Any, **options: Any) -> None:
        raise RuntimeError(f"cannot read '{WORDS}' of ines@mare.example")

    monkeypatch.setattr("handsel.front.views.home.waiting.needs_now", breaks)
    browser = log_in(Client(raise_request_exception=False), week.owner)
    answer = browser.get(f"/b/{week.owner.slug}/")
    assert answer.status_code == 500
    assert "RuntimeError" not in answer.content.decode()
    (fault,) = [line for line in kept.lines if "RuntimeError" in line.get("trouble", "")]
    assert fault["request"] == answer["X-Request-ID"]
    (own,) = kept.of("handsel.requests")
    assert (own["route"], own["status"], own["level"]) == ("front:home", 500, "error")
    assert own["person"] == str(week.owner.person_id) and own["business"] == week.owner.slug
    assert WORDS not in kept.text and "mare.example" not in kept.text


def test_a_failed_log_in_is_noted_by_the_number_of_the_account(kept: Kept, week: SubmittedWeek) -> None:
    cache.clear()
    log_in(Client(), week.owner)
    Client().post("/accounts/login/", {"login": "x@y.example", "password": PASSWORD})
    (noted,) = [line for line in kept.of("handsel.people") if "log-in failed" in line["message"]]
    assert noted["level"] == "warning"
    assert noted["request"]


def test_who_may_not_is_worth_a_warning(kept: Kept, week: SubmittedWeek) -> None:
    log_in(Client(), week.provider).post(f"/b/{week.provider.slug}/people/{new_key()}/removal/")
    Client().get("/api/v1/timesheets", HTTP_AUTHORIZATION="Bearer wrong")
    assert {(line["status"], line["level"]) for line in kept.of("handsel.requests")} >= {(401, "warning")}


def test_counting_keeps_no_address() -> None:
    assert not any("/" in route for route, _, _ in counters.answers())
