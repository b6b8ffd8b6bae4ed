"""Every no of work, as its page says it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from handsel.agreements.actions import amend
from handsel.ledger.queries import charges_of, owed
from handsel.payments import actions as payments
from handsel.payments import queries as invoices
from handsel.values.money import Money
from handsel.work.actions import Stint, change, decide, deliver, discard, log, start_timer
from handsel.work.models import TimeEntry
from handsel.work.rules import Decision
from tests.stories import TODAY, SignedEngagement, SubmittedWeek, log_in, read_and_sign, signed_engagement, usual_terms


def line_form(line: TimeEntry, **changes: Any) -> dict[str, Any]:
    return {"kind": "Customer mail", "work_day": line.work_day, "duration": "1:00", **changes}


@pytest.fixture
def lines(engagement: SignedEngagement) -> str:
    return f"/b/{engagement.owner.slug}/work/{engagement.engagement.id}/lines/new/"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"duration": "0:00"}, "This line has no time in it.", marks=pytest.mark.reaches("no_time"), id="no time"),
        pytest.param({"duration": "24:30"}, "has 24:00 left for you", marks=pytest.mark.reaches("day_too_long"), id="long day"),
        pytest.param({"work_day": TODAY() + timedelta(days=3)}, "has not been yet", marks=pytest.mark.reaches("future"), id="future"),
        pytest.param({"duration": "", "started_at": "10:00", "ended_at": "09:00"}, "The end lies before the start.",
                     marks=pytest.mark.reaches("ends_before_start"), id="end first"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_is_refused_at_its_place(
    client: Client, engagement: SignedEngagement, lines: str, changes: dict[str, Any], sentence: str
) -> None:
    log_in(client, engagement.provider)
    usual = {"kind": "Customer mail", "work_day": TODAY() - timedelta(days=1), "duration": "1:00"}
    page = client.post(lines, {**usual, **changes})
    assert page.status_code == 422 and sentence in page.content.decode()
    assert not TimeEntry.objects.exists()


@pytest.mark.reaches("overlap")
def test_a_line_that_runs_into_another_is_refused_and_touching_ends_are_fine(
    client: Client, engagement: SignedEngagement, lines: str
) -> None:
    log_in(client, engagement.provider)
    day = {"kind": "Customer mail", "work_day": TODAY() - timedelta(days=1)}
    client.post(lines, {**day, "started_at": "10:00", "ended_at": "14:00"})
    page = client.post(lines, {**day, "started_at": "13:30", "ended_at": "15:00"})
    assert "You have logged 10:00–14:00" in page.content.decode()
    assert client.post(lines, {**day, "started_at": "14:00", "ended_at": "15:00"}).status_code == 302


@pytest.mark.reaches("not_named")
def test_time_of_somebody_who_is_not_named_does_not_count(
    client: Client, engagement: SignedEngagement, lines: str
) -> None:
    from handsel.people.actions import accept_invitation, invite
    from handsel.people.queries import link_actor
    from handsel.values.actors import Role
    from tests.stories import member

    invitation, _ = invite(engagement.provider, "Rui", "rui@mare.example", Role.PROVIDER_ADMIN)
    membership = accept_invitation(link_actor(invitation.business_id), invitation.id, "Rui")
    log_in(client, member(membership.business, membership.person))
    page = client.post(lines, {"kind": "Customer mail", "work_day": TODAY(), "duration": "1:00"})
    assert "You are not named for this engagement." in page.content.decode()


@pytest.mark.reaches("line_submitted")
def test_a_submitted_line_is_taken_back_before_it_is_changed(client: Client, week: SubmittedWeek) -> None:
    log_in(client, week.provider)
    url = f"/b/{week.owner.slug}/lines/{week.monday.id}/"
    assert "This line is submitted." in client.post(url, line_form(week.monday)).content.decode()


@pytest.mark.reaches("line_approved")
def test_an_approved_line_is_not_changed(client: Client, week: SubmittedWeek) -> None:
    decide(week.owner, week.sheet.id, [Decision(week.monday.id, 1, approves=True)])
    log_in(client, week.provider)
    page = client.post(f"/b/{week.owner.slug}/lines/{week.monday.id}/", line_form(week.monday))
    assert "This line is approved." in page.content.decode()


@pytest.mark.reaches("line_removed")
def test_a_replaced_line_is_not_changed(client: Client, week: SubmittedWeek) -> None:
    decide(week.owner, week.sheet.id, [Decision(week.monday.id, 1, approves=False, reason="Which day?")])
    change(week.provider, week.monday.id, Stint("Customer mail", "", week.monday.work_day, 60))
    log_in(client, week.provider)
    page = client.post(f"/b/{week.owner.slug}/lines/{week.monday.id}/", line_form(week.monday))
    assert "replaced by another one" in page.content.decode()


@pytest.mark.reaches("over_midnight")
def test_a_correction_stays_on_one_day(client: Client, week: SubmittedWeek, monkeypatch: pytest.MonkeyPatch) -> None:
    from handsel.values.days import day_start
    from handsel.work.forms import TimeForm

    decide(week.owner, week.sheet.id, [Decision(week.monday.id, 1, approves=False, reason="Which day?")])
    night = day_start(week.tuesday.work_day, "Europe/Berlin")
    stint = Stint("Customer mail", started_at=night - timedelta(hours=1), ended_at=night + timedelta(hours=1))
    monkeypatch.setattr(TimeForm, "stint", lambda *_: stint)
    log_in(client, week.provider)
    page = client.post(f"/b/{week.owner.slug}/lines/{week.monday.id}/", line_form(week.monday))
    assert "would run over midnight" in page.content.decode()


@pytest.mark.reaches("cell_has_lines")
def test_a_day_with_clock_times_is_not_the_grids_to_change(client: Client, engagement: SignedEngagement) -> None:
    from datetime import time

    from handsel.values.days import at

    day = TODAY() - timedelta(days=TODAY().weekday() + 7)
    span = Stint(
        "Customer mail", started_at=at(day, time(9), "Europe/Berlin"), ended_at=at(day, time(10), "Europe/Berlin")
    )
    log(engagement.provider, engagement.engagement.id, span)
    log_in(client, engagement.provider)
    url = f"/b/{engagement.owner.slug}/work/{engagement.engagement.id}/week/{day}/"
    page = client.post(url, {f"cell-0-{day}": "5:00", "save": "yes"})
    assert "has lines with clock times" in page.content.decode()


@pytest.mark.reaches("nothing_to_submit")
def test_an_empty_week_is_not_submitted(client: Client, week: SubmittedWeek) -> None:
    log_in(client, week.provider)
    page = client.post(f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/submission/", {"once": "x"})
    assert "No line of this period waits to be submitted." in page.content.decode()


@pytest.mark.reaches("nothing_waits")
def test_what_was_decided_is_not_taken_back(client: Client, week: SubmittedWeek) -> None:
    decide(week.owner, week.sheet.id, [Decision(x.id, 1, approves=True) for x in (week.monday, week.tuesday)])
    log_in(client, week.provider)
    page = client.post(f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/withdrawal/", {"once": "x"})
    assert "No line of this timesheet waits." in page.content.decode()


@pytest.mark.reaches("not_submitted", "nothing_decided")
def test_a_line_that_moved_on_in_another_tab_is_not_decided(client: Client, week: SubmittedWeek) -> None:
    decide(week.owner, week.sheet.id, [Decision(week.monday.id, 1, approves=True)])
    log_in(client, week.owner)
    url = f"/b/{week.owner.slug}/timesheets/{week.sheet.id}/decision/"
    stale = {f"decision-{week.monday.id}": "approve", f"revision-{week.monday.id}": 1}
    assert "not waiting in this form" in client.post(url, stale).content.decode()
    assert "No line was decided." in client.post(url, {"once": "x"}).content.decode()


@pytest.mark.reaches("own_time")
def test_nobody_approves_their_own_time(client: Client, db: None) -> None:
    """Nora also works for her own business, under another hat: the person counts, not the hat."""
    story = signed_engagement()
    own = replace(story.provider, person_id=story.owner.person_id)
    from handsel.agreements.models import Worker
    from handsel.core import writes

    with writes.migrating():
        Worker.objects.create(business_id=own.business_id, engagement=story.engagement, person_id=own.person_id)
    (line,) = log(own, story.engagement.id, Stint("Customer mail", "", TODAY(), 600))
    from handsel.work.actions import submit

    submit(own, line.timesheet_id)
    log_in(client, story.owner)
    url = f"/b/{story.owner.slug}/timesheets/{line.timesheet_id}/decision/"
    page = client.post(url, {f"decision-{line.id}": "approve", f"revision-{line.id}": 1})
    assert "Nobody approves their own time." in page.content.decode()


@pytest.mark.reaches("not_approved")
def test_only_an_approved_line_is_opened_again(client: Client, week: SubmittedWeek) -> None:
    log_in(client, week.owner)
    page = client.post(f"/b/{week.owner.slug}/lines/{week.monday.id}/reopening/", {"reason": "Why"})
    assert "Only an approved line can be opened again." in page.content.decode()


@pytest.mark.reaches("no_timer", "ends_before_start")
def test_a_timer_ends_after_it_began_and_only_once(client: Client, engagement: SignedEngagement) -> None:
    start_timer(engagement.provider, engagement.engagement.id)
    log_in(client, engagement.provider)
    url = f"/b/{engagement.owner.slug}/timer/stop/"
    early = {"ended_on": TODAY() - timedelta(days=3), "ended_at": "08:00"}
    assert "The end lies before the start." in client.post(url, early).content.decode()
    from handsel.work.actions import stop_timer
    from handsel.work.views import time as time_views

    run = time_views.queries.running_timer(engagement.provider.person_id)
    try:
        stop_timer(engagement.provider, run.started_at + timedelta(minutes=5))  # type: ignore[union-attr]
    except Exception as refused:
        assert "has not been yet" in str(refused)
        raise
    original = time_views.queries.running_timer
    time_views.queries.running_timer = lambda _: run
    try:
        assert "No timer runs here." in client.post(url, {"once": "x"}).content.decode()
    finally:
        time_views.queries.running_timer = original


@pytest.mark.reaches("already_delivered", "nothing_delivered")
def test_a_delivery_has_something_in_it_and_waits_for_its_answer(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    url = f"/b/{engagement.owner.slug}/work/{engagement.engagement.id}/deliverables/0/delivery/"
    assert "There is nothing in this delivery." in client.post(url, {"note": " "}).content.decode()
    client.post(url, {"note": "Here it is"})
    assert "This task is delivered." in client.post(url, {"note": "Again"}).content.decode()


@pytest.mark.reaches("not_delivered", "reason_missing")
def test_what_is_not_delivered_is_neither_accepted_nor_returned(
    client: Client, engagement: SignedEngagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handsel.work.actions import return_task
    from handsel.work.forms import ReasonForm

    delivery = deliver(engagement.provider, engagement.engagement.id, "Autumn leaflet", "Here it is.")
    log_in(client, engagement.owner)
    url = f"/b/{engagement.owner.slug}/tasks/{delivery.task_id}/"
    with monkeypatch.context() as patched:
        patched.setattr(ReasonForm, "_clean_fields", lambda form: form.cleaned_data.update(reason=" "))
        assert "A return needs a reason." in client.post(f"{url}return/", {"reason": " "}).content.decode()
    return_task(engagement.owner, delivery.task_id, "Larger type")
    assert "No delivery waits for an answer." in client.post(f"{url}acceptance/", {"once": "x"}).content.decode()


@pytest.mark.reaches("already_accepted")
def test_what_is_accepted_is_accepted_once(client: Client, engagement: SignedEngagement) -> None:
    delivery = deliver(engagement.provider, engagement.engagement.id, "Autumn leaflet", "Here it is.")
    url = f"/b/{engagement.owner.slug}/tasks/{delivery.task_id}/"
    log_in(client, engagement.owner).post(f"{url}acceptance/")
    page = client.post(f"{url}acceptance/")
    assert page.status_code == 422 and "is accepted already" in page.content.decode()
    assert owed(engagement.owner) == [Money("240.00", "EUR")]


@pytest.mark.reaches("no_fee")
def test_a_deliverable_that_the_terms_dropped_meanwhile_is_not_delivered(
    client: Client, engagement: SignedEngagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handsel.work.views import tasks as task_views

    shown = task_views.queries.duties(engagement.provider, engagement.engagement.id, TODAY())
    terms = amend(engagement.owner, engagement.engagement.id, usual_terms(TODAY(), fees=()))
    read_and_sign(engagement.owner, terms)
    read_and_sign(engagement.provider, terms)
    monkeypatch.setattr(task_views.queries, "duties", lambda *_: shown)
    log_in(client, engagement.provider)
    url = f"/b/{engagement.owner.slug}/work/{engagement.engagement.id}/deliverables/0/delivery/"
    assert "have no fee for" in client.post(url, {"note": "Here"}).content.decode()


@pytest.mark.reaches("no_rate")
def test_hours_under_terms_without_an_hourly_price_are_not_approved(client: Client, db: None) -> None:
    story = signed_engagement(agreed=usual_terms(rates=()))
    (line,) = log(story.provider, story.engagement.id, Stint("", "", TODAY(), 600))
    from handsel.work.actions import submit

    submit(story.provider, line.timesheet_id)
    log_in(client, story.owner)
    url = f"/b/{story.owner.slug}/timesheets/{line.timesheet_id}/decision/"
    page = client.post(url, {f"decision-{line.id}": "approve", f"revision-{line.id}": 1})
    assert "name no price for an hour" in page.content.decode()


@pytest.mark.reaches("invoiced")
def test_an_invoiced_line_is_not_opened_again(client: Client, week: SubmittedWeek) -> None:
    decide(week.owner, week.sheet.id, [Decision(week.monday.id, 1, approves=True)])
    document = payments.draft(week.provider, week.engagement.id, week.monday.work_day, TODAY())
    seen = invoices.seen_as([found.line for found in invoices.draft_lines(document.id)])
    payments.issue(week.provider, document.id, seen)
    log_in(client, week.owner)
    page = client.post(f"/b/{week.owner.slug}/lines/{week.monday.id}/reopening/", {"reason": "A slip"})
    assert "This work is on an invoice." in page.content.decode()
    assert charges_of([week.monday.id])


def test_a_draft_is_taken_away_and_a_submitted_line_stays_on_record(week: SubmittedWeek) -> None:
    decide(week.owner, week.sheet.id, [Decision(week.monday.id, 1, approves=False, reason="Not this week")])
    discard(week.provider, week.monday.id)
    assert TimeEntry.objects.get(pk=week.monday.id).status == "removed"
    (draft,) = log(week.provider, week.engagement.id, Stint("Customer mail", "", week.monday.work_day, 60))
    discard(week.provider, draft.id)
    assert not TimeEntry.objects.filter(pk=draft.id).exists()
