"""The calendar of a person, at an address that is secret and can be shut."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from handsel.agreements.actions import end, pause
from handsel.agreements.rules import Fee
from handsel.api.calendar import dates, written_as
from handsel.core.rooms import Dated
from handsel.people.actions import leave, revoke_token
from handsel.people.models import Token
from handsel.talk.actions import log_call
from handsel.work.actions import accept, deliver
from tests.api.conftest import program
from tests.payments.invoices import approved, invoiced
from tests.stories import TODAY, SignedEngagement, log_in, signed_engagement, usual_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(db: None) -> SignedEngagement:
    fee = Fee("Autumn leaflet", Decimal("240.00"), TODAY() + timedelta(days=5), "Ready for print")
    return signed_engagement(agreed=usual_terms(fees=(fee,)))


def address(client: Client, story: SignedEngagement) -> str:
    """The path that the page shows once."""
    log_in(client, story.provider)
    page = client.post(f"/b/{story.provider.slug}/programs/calendar/", {"once": "abc"}).content.decode()
    (found,) = set(re.findall(r"/calendar/handsel_[0-9a-f]{64}\.ics", page))
    return str(found)


def titles(answer: Any) -> dict[str, date]:
    calendar = Calendar.from_ical(answer.content)
    return {str(event["summary"]): event["dtstart"].dt for event in calendar.walk("VEVENT")}


def test_it_holds_check_ins_what_is_due_and_pauses(client: Client, story: SignedEngagement) -> None:
    approved(story, 2.0)
    issued = invoiced(story)
    log_call(story.owner, story.engagement.id, timezone.now() - timedelta(hours=1), 9, "Ines",
             follow_up=TODAY() + timedelta(days=2))  # fmt: skip
    pause(story.owner, story.engagement.id, TODAY() + timedelta(days=20))
    answer = Client().get(address(client, story))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = titles(answer)
    assert found["Due: Autumn leaflet"] == TODAY() + timedelta(days=5)
    assert found[f"Due: {issued.number}, €37.00"] == issued.due_day
    assert found["Pause begins: Customer mail"] == TODAY() + timedelta(days=20)
    assert found["Speak again: Customer mail"] == TODAY() + timedelta(days=2)
    assert found["Check-in: Customer mail"] == story.terms.valid_from + timedelta(days=7)
    assert found["Version 1 of the terms begins: Customer mail"] == story.terms.valid_from


def test_what_is_accepted_is_due_no_more(client: Client, story: SignedEngagement) -> None:
    accept(story.owner, deliver(story.provider, story.engagement.id, "Autumn leaflet", "Here").task_id)
    assert "Due: Autumn leaflet" not in titles(Client().get(address(client, story)))


def test_the_last_day_stands_on_the_last_day(story: SignedEngagement) -> None:
    end(story.owner, story.engagement.id, TODAY() + timedelta(days=30))
    assert Dated in {type(d) for d in dates(story.owner)}
    (last,) = [d for d in dates(story.owner) if d.title == "Last day: Customer mail"]
    assert last.day == TODAY() + timedelta(days=30)


def test_a_calendar_that_is_shut_out_or_whose_person_left_shows_nothing(
    client: Client, story: SignedEngagement
) -> None:
    path = address(client, story)
    assert Client().get(path).status_code == 200 and Token.objects.get().used_at
    revoke_token(story.provider, Token.objects.get().id)
    assert Client().get(path).status_code == 404
    client.logout()
    path = address(client, story).replace("abc", "abc")
    leave(story.provider)
    assert Client().get(path).status_code == 404


def test_the_address_opens_days_and_nothing_else(client: Client, story: SignedEngagement) -> None:
    secret = address(client, story).removeprefix("/calendar/").removesuffix(".ics")
    answer = Client().get("/api/v1/lines", HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert answer.status_code == 403
    assert Client().get(f"/calendar/{program(story.provider, 'read').secret}.ics").status_code == 404
    assert Client().get("/calendar/nonsense.ics").status_code == 404
    assert Client().post(f"/calendar/{secret}.ics").status_code == 405


def test_a_client_sees_no_day_of_another(story: SignedEngagement) -> None:
    other = signed_engagement(story.owner, usual_terms(work="Wholesale"), mail="piet@other.example", name="Piet")
    assert not [d for d in dates(other.provider) if "Customer mail" in d.title or "leaflet" in d.title]


def test_many_days_ask_no_more_than_few(story: SignedEngagement, django_assert_max_num_queries: Any) -> None:
    for n in range(6):
        approved(story, 1.0, days_ago=n + 1)
        invoiced(story)
    with django_assert_max_num_queries(6):
        dates(story.provider)


def test_no_title_breaks_the_file() -> None:
    odd = "Due: a,b;c\\d\r\nBEGIN:VEVENT " + "é" * 90
    written = written_as("Shop", [Dated(date(2026, 11, 24), odd, "/b/", "k")], timezone.now())
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert str(event["summary"]).replace("\r", "") == odd.replace("\r", "")
