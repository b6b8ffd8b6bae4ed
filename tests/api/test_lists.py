"""Lists: pages that neither repeat a row nor lose one, filters, and a constant number of questions to the database."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from handsel.work.actions import Stint, log
from tests.api.conftest import problem, program
from tests.stories import SignedEngagement, SubmittedWeek

pytestmark = pytest.mark.django_db


def log_days(story: SignedEngagement, number: int) -> None:
    for n in range(number):
        day = story.terms.valid_from + timedelta(days=n // 3)
        log(story.provider, story.engagement.id, Stint("", f"Line {n}", day, 60))


def walked(script: Any, path: str, **asked: Any) -> list[dict[str, Any]]:
    """Every row, page by page, by the address that each page gives."""
    found, url = [], path
    while url:
        answer = script.get(url, **asked)
        said = answer.json()
        assert said["items"] or not found
        assert answer.headers.get("Link", "") == (f'<{said["next"]}>; rel="next"' if said["next"] else "")
        found += said["items"]
        url, asked = said["next"], {}
    return found


def test_pages_hold_every_row_once(engagement: SignedEngagement) -> None:
    log_days(engagement, 17)
    script = program(engagement.provider)
    rows = walked(script, "/lines", limit=5)
    assert len({row["id"] for row in rows}) == len(rows) == 17
    assert [row["work_day"] for row in rows] == sorted((row["work_day"] for row in rows), reverse=True)


def test_what_is_written_meanwhile_moves_nothing(engagement: SignedEngagement) -> None:
    log_days(engagement, 6)
    script = program(engagement.provider)
    first = script.read("/lines", limit=3)
    log(
        engagement.provider,
        engagement.engagement.id,
        Stint("", "Newest", engagement.terms.valid_from + timedelta(days=9), 60),
    )
    rest = walked(script, first["next"])
    assert len({row["id"] for row in first["items"] + rest}) == 6


def test_a_filter_stays_on_the_next_page(week: SubmittedWeek) -> None:
    script = program(week.owner)
    days = {"first_day": str(week.monday.work_day), "last_day": str(week.monday.work_day)}
    assert [row["description"] for row in walked(script, "/lines", limit=1, **days)] == ["Refunds"]
    assert len(walked(script, "/lines", limit=1, status="submitted")) == 2
    assert walked(script, "/lines", status="approved") == []


@pytest.mark.parametrize("asked", [{"status": "lost"}, {"limit": "0"}, {"limit": "101"}, {"limit": "x"},
                                   {"first_day": "yesterday"}, {"engagement_id": "5"}, {"after": "x" * 401}])  # fmt: skip
def test_a_filter_that_means_nothing_is_refused(week: SubmittedWeek, asked: dict[str, str]) -> None:
    said = problem(program(week.owner).get("/lines", **asked), 422, "fields_wrong")
    assert said["errors"][0]["place"] == next(iter(asked))


def test_a_misspelt_filter_is_refused_before_it_gives_everything(week: SubmittedWeek) -> None:
    said = problem(program(week.owner).get("/lines", stauts="approved"), 422, "fields_wrong")
    assert said["errors"] == [{"place": "stauts", "detail": "There is no such field here."}]


def cursor(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.reaches("after_unreadable")
@pytest.mark.parametrize(
    "after", ["nonsense", "é", cursor(), cursor("2026-11-16"), cursor(1, 2), cursor("a", "b"), cursor("0001-01-01", "b" * 32),
              cursor("2026-11-16", "x", "y"), base64.urlsafe_b64encode(b"\xff").decode()],
)  # fmt: skip
def test_a_place_that_no_page_gave_is_refused(week: SubmittedWeek, after: str) -> None:
    problem(program(week.owner).get("/lines", after=after), 422, "after_unreadable")


@pytest.mark.parametrize("path", ["/lines", "/timesheets"])
def test_a_list_asks_as_much_for_many_rows_as_for_few(
    engagement: SignedEngagement, path: str, django_assert_max_num_queries: Any
) -> None:
    log_days(engagement, 30)
    script = program(engagement.provider)
    script.read("/me")
    with django_assert_max_num_queries(4) as few:
        script.read(path, limit=1)
    with django_assert_max_num_queries(len(few.captured_queries)):
        script.read(path, limit=100)
