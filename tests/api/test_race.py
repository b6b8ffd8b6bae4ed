"""The same call at the same moment, as an impatient program makes it: done once, and answered alike."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from handsel.work.models import TimeEntry
from tests.api.conftest import Program, program
from tests.stories import signed_engagement

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(secret: str, path: str, body: Any, times: int) -> list[tuple[int, bytes]]:
    gate, answers = threading.Barrier(times), list[tuple[int, bytes]]()

    def call() -> None:
        gate.wait()
        try:
            answer = Program(secret).post(path, body, key=path)
            answers.append((answer.status_code, answer.content))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_call_sent_six_times_at_once_is_done_once_and_answered_alike() -> None:
    story = signed_engagement()
    secret = program(story.provider).secret
    body = {"engagement_id": str(story.engagement.id), "work_day": str(story.terms.valid_from), "seconds": 600}
    answers = at_once(secret, "/lines", body, 6)
    assert {status for status, _ in answers} == {201} and len({content for _, content in answers}) == 1
    (line,) = TimeEntry.objects.all()
    answers = at_once(secret, f"/timesheets/{line.timesheet_id}/submission", None, 4)
    assert {status for status, _ in answers} == {200} and len({content for _, content in answers}) == 1
