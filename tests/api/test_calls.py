"""What holds for every call: who may, in which form, and what a refused one is told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from handsel.agreements.actions import name_worker
from handsel.core import answers
from handsel.core.models import Event
from handsel.people.actions import leave, revoke_token, show_rates
from handsel.people.models import Token
from handsel.values.actors import Role
from handsel.work.models import TimeEntry
from tests.api.conftest import Program, problem, program
from tests.people.test_members import joined
from tests.stories import SignedEngagement, SubmittedWeek, owner_of, signed_engagement, usual_terms

pytestmark = pytest.mark.django_db
DAY = "2026-11-02"


@pytest.fixture
def ines(engagement: SignedEngagement) -> Program:
    return program(engagement.provider)


def hour(engagement: SignedEngagement, **changes: Any) -> dict[str, Any]:
    return {"engagement_id": str(engagement.engagement.id), "work_day": _day(engagement), "seconds": 3600, **changes}


def _day(engagement: SignedEngagement) -> str:
    return str(engagement.terms.valid_from)


# ---------------------------------------------------------------- who may


def test_a_token_says_whose_it_is(ines: Program, engagement: SignedEngagement) -> None:
    me = ines.read("/me")
    assert me["person"]["name"] == "Ines Duarte" and me["role"] == "provider admin" and me["side"] == "provider"
    assert me["business"] == "Larkspur Candles" and "work" in me["scopes"]


@pytest.mark.reaches("token_unknown")
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic aW5lczppbmVz", "Bearer \u00e9"])
def test_without_a_good_token_nothing_is_told(client: Client, db: None, header: str) -> None:
    answer = client.get("/api/v1/lines", HTTP_AUTHORIZATION=header)
    assert problem(answer, 401, "token_unknown")["mend"] == "Make one in Handsel under Settings, Programs."
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_no_route(client: Client, engagement: SignedEngagement) -> None:
    from tests.stories import log_in

    problem(log_in(client, engagement.owner).get("/api/v1/lines"), 401, "token_unknown")


def test_a_revoked_token_stops_at_once(engagement: SignedEngagement) -> None:
    script = program(engagement.provider)
    script.read("/me")
    revoke_token(engagement.provider, Token.objects.get().id)
    problem(script.get("/me"), 401, "token_unknown")


def test_a_token_ends_on_its_day(engagement: SignedEngagement) -> None:
    script = program(engagement.provider, days=30)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        script.read("/me")
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        problem(script.get("/me"), 401, "token_unknown")


def test_the_token_of_somebody_who_left_opens_nothing() -> None:
    owner = owner_of()
    tom = joined(owner, Role.MANAGER)
    script = program(tom)
    script.read("/me")
    leave(tom)
    problem(script.get("/me"), 401, "token_unknown")


def test_the_secret_itself_is_kept_nowhere(engagement: SignedEngagement) -> None:
    script = program(engagement.provider)
    from django.apps import apps

    for model in apps.get_models():
        for row in model._base_manager.all().values():
            assert script.secret not in str(row), model


def test_making_and_revoking_a_token_stands_in_the_trail(engagement: SignedEngagement) -> None:
    program(engagement.provider, "read", "work")
    revoke_token(engagement.provider, Token.objects.get().id)
    made, revoked = Event.objects.filter(verb__startswith="people.token").order_by("number")
    assert made.facts == {"scopes": "read, work"} and revoked.verb == "people.token_revoked"


def test_when_a_token_was_last_used_is_known(engagement: SignedEngagement) -> None:
    script = program(engagement.provider)
    assert Token.objects.get().used_at is None
    script.read("/me")
    used = Token.objects.get().used_at
    assert used is not None
    script.read("/me")
    assert Token.objects.get().used_at == used, "kept to within five minutes, so that reading seldom writes"


# ---------------------------------------------------------------- how far a token reaches


@pytest.mark.reaches("out_of_scope")
def test_a_token_to_read_changes_nothing(engagement: SignedEngagement) -> None:
    script = program(engagement.provider, "read")
    script.read("/lines")
    problem(script.post("/lines", hour(engagement)), 403, "out_of_scope")


def test_a_token_for_one_area_reaches_no_other(engagement: SignedEngagement) -> None:
    script = program(engagement.provider, "talk")
    problem(script.get("/lines"), 403, "out_of_scope")
    problem(script.post("/lines", hour(engagement)), 403, "out_of_scope")


def test_a_token_never_does_more_than_its_person_may(week: SubmittedWeek) -> None:
    decisions = [{"line_id": str(week.monday.id), "revision": 1, "approves": True}]
    answer = program(week.provider).post(f"/timesheets/{week.sheet.id}/decision", {"decisions": decisions})
    problem(answer, 403, "not_permitted")


def test_an_assistants_program_reads_the_pay_only_where_her_firm_shows_it(engagement: SignedEngagement) -> None:
    ana = joined(engagement.provider, Role.ASSISTANT, "ana@mare.example")
    name_worker(engagement.provider, engagement.engagement.id, ana.person_id)
    script, path = program(ana), f"/terms/{engagement.terms.id}"
    problem(script.get("/owed"), 404, "not_found")
    assert script.read(path)["rates"] == []
    show_rates(engagement.provider)
    assert script.read(path)["rates"][0] == {"kind": "Customer mail", "price": "18.50"}


@pytest.mark.parametrize(("role", "area", "path"), [(Role.REVIEWER, "planning", "/areas"),
                                                    (Role.BOOKKEEPER, "mail", "/conversations")])  # fmt: skip
def test_a_role_reads_over_the_api_no_room_that_its_pages_do_not_open(role: Role, area: str, path: str) -> None:
    problem(program(joined(owner_of(), role), "read", area).get(path), 404, "not_found")


def test_what_is_done_says_in_the_trail_that_a_program_did_it(ines: Program, engagement: SignedEngagement) -> None:
    ines.done("/lines", hour(engagement))
    assert Event.objects.get(verb="work.time_logged").way == "api"


def test_a_foreign_key_and_an_unknown_one_are_answered_alike(week: SubmittedWeek) -> None:
    other = signed_engagement(owner_of("Other Shop", "olga@other.example", "Olga"), usual_terms(),
                              mail="piet@other.example", name="Piet")  # fmt: skip
    script = program(other.owner)
    foreign = script.get(f"/timesheets/{week.sheet.id}")
    unknown = script.get("/timesheets/01900000-0000-7000-8000-000000000000")
    assert problem(foreign, 404, "not_found") == problem(unknown, 404, "not_found")


# ---------------------------------------------------------------- one-time keys


@pytest.mark.reaches("idempotency_key_missing")
def test_a_post_without_its_key_is_refused(ines: Program, engagement: SignedEngagement) -> None:
    said = problem(ines.post("/lines", hour(engagement), key=None), 400, "idempotency_key_missing")
    assert said["errors"][0]["place"] == "Idempotency-Key"
    assert not TimeEntry.objects.exists()


def test_the_same_call_with_its_key_gives_the_first_answer(ines: Program, engagement: SignedEngagement) -> None:
    first = ines.post("/lines", hour(engagement), key="monday")
    again = ines.post("/lines", hour(engagement), key="monday")
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true" and TimeEntry.objects.count() == 1


def test_the_first_answer_stays_though_the_thing_is_gone(ines: Program, engagement: SignedEngagement) -> None:
    first = ines.post("/lines", hour(engagement), key="monday")
    ines.done(f"/lines/{first.json()[0]['id']}/removal")
    assert ines.post("/lines", hour(engagement), key="monday").content == first.content
    assert not TimeEntry.objects.exists()


def test_an_act_without_words_is_done_once_too(ines: Program, engagement: SignedEngagement) -> None:
    (line,) = ines.done("/lines", hour(engagement))
    path = f"/lines/{line['id']}/removal"
    assert [ines.post(path, key="away").status_code for _ in range(2)] == [204, 204]
    assert Event.objects.filter(verb="work.time_discarded").count() == 1


def test_a_key_that_came_with_another_call_is_refused(ines: Program, engagement: SignedEngagement) -> None:
    ines.post("/lines", hour(engagement), key="monday")
    problem(ines.post("/lines", hour(engagement, seconds=7200), key="monday"), 422, "key_used")
    assert TimeEntry.objects.count() == 1


def test_a_call_whose_answer_was_lost_is_made_once(ines: Program, engagement: SignedEngagement) -> None:
    """Killed between the commit and the keeping of the answer."""
    from handsel.core.models import OnceKey

    first = ines.post("/lines", hour(engagement), key="monday")
    OnceKey.objects.exclude(call_digest="").update(call_digest="", answer="")
    again = ines.post("/lines", hour(engagement), key="monday")
    assert again.json() == first.json() and TimeEntry.objects.count() == 1


def test_the_words_of_an_answer_are_forgotten_after_a_week_and_the_act_stays_done_once(
    ines: Program, engagement: SignedEngagement
) -> None:
    first = ines.post("/lines", hour(engagement), key="monday")
    assert answers.forget() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert answers.forget() == 1
        again = ines.post("/lines", hour(engagement), key="monday")
    assert again.json() == first.json() and TimeEntry.objects.count() == 1


def test_a_refused_call_may_come_again_with_its_key(ines: Program, engagement: SignedEngagement) -> None:
    problem(ines.post("/lines", hour(engagement, work_day="2026-01-05"), key="once"), 409, "no_terms_in_force")
    assert ines.post("/lines", hour(engagement), key="once").status_code == 201


def test_two_tokens_may_use_the_same_key(engagement: SignedEngagement) -> None:
    for _ in range(2):
        program(engagement.provider).done("/lines", hour(engagement), key="same")
    assert TimeEntry.objects.count() == 2


# ---------------------------------------------------------------- what is wrong is named


@pytest.mark.reaches("fields_wrong")
def test_each_wrong_field_is_named(ines: Program, engagement: SignedEngagement) -> None:
    body = {"engagement_id": "nobody", "work_day": "16.11.2026", "seconds": "3600", "colour": "red"}
    said = problem(ines.post("/lines", body), 422, "fields_wrong")
    assert {e["place"]: e["detail"] for e in said["errors"]} == {
        "engagement_id": "It is no key of Handsel.",
        "work_day": "Write a day like 2026-11-16.",
        "seconds": "It is a whole number, without quotes.",
        "colour": "There is no such field here.",
    }


def test_a_refusal_names_its_field_and_the_way_on(ines: Program, engagement: SignedEngagement) -> None:
    said = problem(ines.post("/lines", hour(engagement, work_day="2099-11-16")), 422, "future")
    assert said["errors"][0]["place"] == "work_day" and said["mend"] == "Log work once it is done."


@pytest.mark.parametrize("seconds", [-1, 0, 90_001, 2**70, 1.5, True, None, []])
def test_no_odd_number_is_a_length_of_time(ines: Program, engagement: SignedEngagement, seconds: Any) -> None:
    problem(ines.post("/lines", hour(engagement, seconds=seconds)), 422, "fields_wrong")


@pytest.mark.parametrize("text", ["a\x00b", "x" * 301, 5, None])
def test_no_text_that_the_database_would_refuse(ines: Program, engagement: SignedEngagement, text: Any) -> None:
    problem(ines.post("/lines", hour(engagement, description=text)), 422, "fields_wrong")


def test_half_a_character_is_no_text(ines: Program, engagement: SignedEngagement) -> None:
    body = json.dumps(hour(engagement, description="\ud800"))
    answer = ines.client.post("/api/v1/lines", body, "application/json", HTTP_IDEMPOTENCY_KEY="k", **ines._headers())
    problem(answer, 422, "fields_wrong")


@pytest.mark.parametrize("body", ["{", "[]", "null", "\xff", '{"a": 1e999}'])
def test_what_is_no_object_is_a_problem(ines: Program, body: str) -> None:
    answer = ines.client.post("/api/v1/lines", body.encode("latin-1"), "application/json", HTTP_IDEMPOTENCY_KEY="k",
                              **ines._headers())  # fmt: skip
    assert answer.status_code in {400, 422} and answer["Content-Type"] == "application/problem+json"


@pytest.mark.reaches("json_unreadable")
def test_json_that_breaks_off_is_said_so(ines: Program) -> None:
    answer = ines.client.post("/api/v1/lines", "{", "application/json", HTTP_IDEMPOTENCY_KEY="k", **ines._headers())
    problem(answer, 400, "json_unreadable")


@pytest.mark.reaches("not_json")
def test_what_is_no_json_is_said_so(ines: Program) -> None:
    answer = ines.client.post("/api/v1/lines", {"seconds": "1"}, HTTP_IDEMPOTENCY_KEY="k", **ines._headers())
    problem(answer, 415, "not_json")


@pytest.mark.reaches("body_too_large")
def test_a_body_that_is_too_large_is_not_read(ines: Program) -> None:
    answer = ines.client.post("/api/v1/lines", b"x" * (5 * 2**20 + 1), "application/json", HTTP_IDEMPOTENCY_KEY="k",
                              **ines._headers())  # fmt: skip
    problem(answer, 413, "body_too_large")


@pytest.mark.reaches("method_wrong")
def test_another_method_is_told_which_there_are(ines: Program) -> None:
    answer = ines.client.delete("/api/v1/lines", **ines._headers())
    problem(answer, 405, "method_wrong")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v1/", "/api/v1", "/api/v1/lines/5/6", "/api/v1/../lines", "/api/v2/"]
)
def test_below_the_api_there_is_never_a_page(client: Client, db: None, path: str) -> None:
    problem(client.get(path), 404, "not_found")


@pytest.mark.reaches("call_wrong")
def test_a_host_that_is_not_ours_gets_a_problem(client: Client, db: None) -> None:
    problem(client.get("/api/v1/lines", HTTP_HOST="elsewhere.example"), 400, "call_wrong")


@pytest.mark.reaches("unexpected")
def test_a_bug_is_a_problem_and_tells_nothing(ines: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from handsel.work import queries

    monkeypatch.setattr(queries, "sheet", lambda *_: 1 / 0)
    said = problem(ines.get("/timesheets/01900000-0000-7000-8000-000000000000"), 500, "unexpected")
    assert "division" not in str(said)
