"""The pages of work, without a browser: what they show, keep and refuse, and how many queries they take."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handsel.ledger.queries import owed
from handsel.values.money import Money
from handsel.work.actions import Stint, log, submit
from handsel.work.models import TimeEntry
from tests.stories import TODAY, SignedEngagement, SubmittedWeek, log_in, owner_of

MOST_QUERIES = 12 + 6  # 12 of the page, and those of session, actor and frame


def posted(week: SubmittedWeek, **words: Any) -> dict[str, Any]:
    return {
        "once": "a-key",
        **{f"revision-{x.id}": 1 for x in (week.monday, week.tuesday)},
        f"decision-{week.monday.id}": words.get("monday", "approve"),
        f"decision-{week.tuesday.id}": words.get("tuesday", "return"),
        f"reason-{week.tuesday.id}": words.get("reason", "This was Monday."),
    }


def test_the_owner_decides_line_by_line(client: Client, week: SubmittedWeek) -> None:
    log_in(client, week.owner)
    page = client.get(f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/").content.decode()
    assert "€27.75" in page and "€37.00" in page and "3:30" in page
    answer = client.post(f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/decision/", posted(week), follow=True)
    assert "1:30 approved, 2:00 returned" in answer.content.decode()
    assert owed(week.owner) == [Money("27.75", "EUR")]


def test_a_second_click_changes_nothing(client: Client, week: SubmittedWeek) -> None:
    log_in(client, week.owner)
    for _ in range(2):
        answer = client.post(f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/decision/", posted(week))
        assert answer.status_code == 302
    assert owed(week.owner) == [Money("27.75", "EUR")]


@pytest.mark.reaches("reason_missing")
def test_a_return_without_a_reason_is_asked_for_and_keeps_what_was_chosen(client: Client, week: SubmittedWeek) -> None:
    log_in(client, week.owner)
    answer = client.post(f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/decision/", posted(week, reason=" "))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A return needs a reason." in page
    assert page.count("checked") >= 2
    assert owed(week.owner) == []


def test_the_worker_sees_the_reason_on_the_line_and_corrects_it(client: Client, week: SubmittedWeek) -> None:
    log_in(client, week.owner).post(f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/decision/", posted(week))
    log_in(client, week.provider)
    line = f"/b/{week.owner.slug}/lines/{week.tuesday.id}/"
    assert "This was Monday." in client.get(line).content.decode()
    answer = client.post(
        line, {"kind": "Customer mail", "work_day": week.monday.work_day, "duration": "1:15"}, follow=True
    )
    assert "The line is corrected." in answer.content.decode()
    corrected = TimeEntry.objects.get(replaces=week.tuesday)
    assert (corrected.seconds, corrected.revision, corrected.status) == (4500, 2, "draft")


@pytest.mark.reaches("not_a_duration")
def test_a_strange_length_is_refused_at_its_box_and_kept(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    url = f"/b/{engagement.owner.slug}/work/{engagement.engagement.id}/lines/new/"
    answer = client.post(url, {"kind": "Customer mail", "work_day": TODAY(), "duration": "1:75"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "more than 59 minutes" in page and 'value="1:75"' in page


@pytest.mark.reaches("no_terms_in_force")
def test_a_day_outside_the_terms_is_refused_at_the_day(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    url = f"/b/{engagement.owner.slug}/work/{engagement.engagement.id}/lines/new/"
    early = engagement.terms.valid_from - timedelta(days=1)
    page = client.post(url, {"kind": "Customer mail", "work_day": early, "duration": "1:00"}).content.decode()
    assert "no terms were in force" in page


def test_the_week_is_filled_and_submitted_by_its_page(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    monday = TODAY() - timedelta(days=TODAY().weekday() + 7)
    url = f"/b/{engagement.owner.slug}/work/{engagement.engagement.id}/week/{monday}/"
    cells = {f"cell-0-{monday + timedelta(days=n)}": text for n, text in enumerate(["1:30", "2", "", "45m"])}
    answer = client.post(url, {**cells, "submit": "yes"}, follow=True)
    assert "Submit the timesheet" in answer.content.decode()
    assert sorted(TimeEntry.objects.values_list("seconds", flat=True)) == [2700, 5400, 7200]
    cells[f"cell-0-{monday}"] = ""
    client.post(url, {**cells, "save": "yes"})
    assert sorted(TimeEntry.objects.values_list("seconds", flat=True)) == [2700, 7200]


def test_a_bad_box_of_the_week_is_named_and_nothing_is_saved(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    monday = TODAY() - timedelta(days=TODAY().weekday() + 7)
    url = f"/b/{engagement.owner.slug}/work/{engagement.engagement.id}/week/{monday}/"
    answer = client.post(url, {f"cell-0-{monday}": "1:30", f"cell-1-{monday}": "1:75", "save": "yes"})
    assert answer.status_code == 422
    assert 'value="1:75"' in answer.content.decode() and 'value="1:30"' in answer.content.decode()
    assert not TimeEntry.objects.exists()


def test_a_deliverable_is_delivered_returned_delivered_and_owed_once(
    client: Client, engagement: SignedEngagement
) -> None:
    slug, e = engagement.owner.slug, engagement.engagement.id
    log_in(client, engagement.provider)
    answer = client.post(f"/b/{slug}/work/{e}/deliverables/0/delivery/", {"note": "First draft"}, follow=True)
    task = answer.request["PATH_INFO"]
    log_in(client, engagement.owner)
    assert (
        "Returned, with your reason."
        in client.post(f"{task}return/", {"reason": "Larger type"}, follow=True).content.decode()
    )
    log_in(client, engagement.provider)
    client.post(f"/b/{slug}/work/{e}/deliverables/0/delivery/", {"note": "Second draft"})
    log_in(client, engagement.owner)
    for key in ("a", "b"):
        client.post(f"{task}acceptance/", {"once": key})
    assert owed(engagement.owner) == [Money("240.00", "EUR")]


@pytest.mark.reaches("timer_runs")
def test_the_timer_measures_and_becomes_a_line(client: Client, engagement: SignedEngagement, time_machine: Any) -> None:
    slug, e = engagement.owner.slug, engagement.engagement.id
    log_in(client, engagement.provider)
    start = (TODAY() - timedelta(days=1)).isoformat()
    time_machine.move_to(f"{start}T09:00:00+00:00", tick=False)
    client.post(f"/b/{slug}/work/{e}/timer/", {"kind": "Customer mail"})
    again = client.post(f"/b/{slug}/work/{e}/timer/", {"kind": "Customer mail"}, follow=True)
    assert "running already" in again.content.decode()
    time_machine.move_to(f"{start}T09:42:00+00:00", tick=False)
    assert "0:42 logged by timer" in client.post(f"/b/{slug}/timer/stop/", {"once": "x"}, follow=True).content.decode()


def test_a_stranger_and_another_business_get_the_same_404(client: Client, week: SubmittedWeek) -> None:
    other = owner_of("Other Shop", "eve@other.example", "Eve")
    log_in(client, other)
    assert client.get(f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/").status_code == 404
    assert client.get(f"/b/{other.slug}/timesheets/{week.sheet.id}/").status_code == 404


@pytest.mark.parametrize("side", ["owner", "provider"])
def test_pages_take_few_queries_whatever_the_number_of_rows(
    client: Client, engagement: SignedEngagement, django_assert_max_num_queries: Callable[..., Any], side: str
) -> None:
    story = engagement
    for weeks in range(1, 4):
        for day in range(5):
            lines = log(story.provider, story.engagement.id, Stint(
                "Customer mail", "", TODAY() - timedelta(days=TODAY().weekday() + 7 * weeks - day), 3600
            ))  # fmt: skip
        submit(story.provider, lines[0].timesheet_id)
    log_in(client, getattr(story, side))
    for path in ("work/", f"timesheets/{lines[0].timesheet_id}/"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(f"/b/{story.owner.slug}/{path}").status_code == 200


@pytest.mark.parametrize("revision", ["²", "9" * 5000, "-1", "one"])
def test_a_revision_that_is_no_number_of_ours_is_refused_and_breaks_nothing(
    client: Client, week: SubmittedWeek, revision: str
) -> None:
    log_in(client, week.owner)
    url = f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/decision/"
    answer = client.post(url, {f"decision-{week.monday.id}": "approve", f"revision-{week.monday.id}": revision})
    assert answer.status_code == 409 and "not waiting in this form" in answer.content.decode()


@pytest.mark.parametrize(
    "wish", ["//evil.example/", "/\\evil.example/", "https://evil.example/", "/a\r\nSet-Cookie: a=b", "/\0"]
)
def test_a_form_leads_back_to_no_place_but_ours(client: Client, week: SubmittedWeek, wish: str) -> None:
    log_in(client, week.provider)
    url = f"/b/{week.owner.slug}/work/{week.engagement.id}/timer/"
    assert client.post(url, {"next": wish})["Location"] == f"/b/{week.owner.slug}/work/"


@pytest.mark.parametrize("key", ["k" * 10_000, "a\0b", "<script>"])
def test_a_key_that_no_form_of_ours_wrote_is_none(client: Client, week: SubmittedWeek, key: str) -> None:
    log_in(client, week.provider)
    assert client.post(f"/b/{week.owner.slug}/lines/{week.monday.id}/removal/", {"once": key}).status_code == 409
    assert client.post(f"/b/{week.owner.slug}/notices/", {"once": key}).status_code == 302


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31", "2026-02-30", "tomorrow"])
def test_a_week_of_no_such_day_is_404(client: Client, week: SubmittedWeek, day: str) -> None:
    log_in(client, week.provider)
    assert client.get(f"/b/{week.owner.slug}/work/{week.engagement.id}/week/{day}/").status_code == 404
