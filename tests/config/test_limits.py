"""How often somebody may try: counted over all processes, waited for, and nobody is locked out for good."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from handsel.core.addresses import address_of
from handsel.core.allowances import Purse
from handsel.core.models import Remembered
from handsel.core.remembering import Shared, forget
from handsel.core.tasks import forget_what_is_over
from handsel.people import entrance
from handsel.people.actions import invite
from handsel.people.adapter import make_login
from handsel.values.actors import Role
from tests.stories import SubmittedWeek

HERE, THERE = "203.0.113.9", "203.0.113.10"


@pytest.fixture(autouse=True)
def _own_purse(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that stands, so that no minute ends in the middle of a test."""
    monkeypatch.setattr(entrance, "purse", Purse(clock=lambda: 1_800_000_000.0))


def shared() -> Shared:
    """The memory as one more process has it."""
    return Shared("", {})


# ---------------------------------------------------------------- what all processes remember


def test_the_limits_of_the_log_in_are_counted_where_all_processes_see_them(db: None) -> None:
    caches["default"].set("tries", [1.5, 2.5], 60)
    assert shared().get("tries") == [1.5, 2.5]
    assert isinstance(caches["default"], Shared)


def test_of_two_processes_one_alone_adds(db: None) -> None:
    assert shared().add("code 123456", "y", 60)
    assert not shared().add("code 123456", "y", 60)
    assert shared().delete("code 123456")
    assert shared().add("code 123456", "y", 60)


def test_what_is_over_is_forgotten(db: None) -> None:
    shared().set("tries", 1, 0.01)
    time.sleep(0.02)
    assert shared().get("tries", "none") == "none"
    assert shared().add("tries", 2, 60), "what is over stands in nobody's way"
    shared().set("more", 1, -1)
    forget()
    assert Remembered.objects.count() == 1
    forget_what_is_over()


def test_no_address_stands_in_what_is_remembered(db: None) -> None:
    shared().set("allauth:rl:login_failed:ines@mare.example", [1.0], 60)
    assert "mare" not in str(list(Remembered.objects.values_list("name", "value")))


def test_it_can_be_touched_and_cleared(db: None) -> None:
    shared().set("a", 1, 60)
    assert shared().touch("a", 120) and not shared().touch("b", 120)
    shared().set("for ever", 2, None)
    assert shared().get("for ever") == 2
    shared().clear()
    assert shared().get("a") is None


# ---------------------------------------------------------------- the log-in


def tried(client: Client, mail: str, **more: Any) -> int:
    answer = client.post("/accounts/login/", {"login": mail, "password": "wrong and long enough"}, **more)
    return 429 if "Too many tries" in answer.content.decode() else int(answer.status_code)


def test_five_wrong_passwords_for_an_account_and_it_waits_whatever_process_is_asked(db: None) -> None:
    make_login("Ines Mare", "ines@mare.example")
    for number in range(5):
        assert tried(Client(REMOTE_ADDR=f"203.0.113.{number}"), "ines@mare.example") == 200
    assert tried(Client(REMOTE_ADDR="203.0.113.99"), "ines@mare.example") == 429
    assert tried(Client(REMOTE_ADDR="203.0.113.99"), "bo@mare.example") == 200, "nobody else waits"


def test_while_the_password_waits_a_mailed_code_still_lets_its_owner_in(db: None, settings: Any) -> None:
    make_login("Ines Mare", "ines@mare.example")
    for number in range(6):
        tried(Client(REMOTE_ADDR=f"203.0.113.{number}"), "ines@mare.example")
    answer = Client(REMOTE_ADDR=HERE).post("/accounts/login/code/", {"email": "ines@mare.example"})
    assert answer.status_code == 302


def test_ten_wrong_passwords_from_an_address_and_it_waits(db: None) -> None:
    for number in range(10):
        assert tried(Client(REMOTE_ADDR=HERE), f"somebody{number}@mare.example") == 200
    assert tried(Client(REMOTE_ADDR=HERE), "another@mare.example") == 429
    assert tried(Client(REMOTE_ADDR=THERE), "another@mare.example") == 200


def test_three_codes_a_minute_go_to_an_address(db: None) -> None:
    for number in range(3):
        client = Client(REMOTE_ADDR=f"203.0.113.{number}")
        assert client.post("/accounts/login/code/", {"email": "ines@mare.example"}).status_code == 302
    answer = Client(REMOTE_ADDR=HERE).post("/accounts/login/code/", {"email": "ines@mare.example"})
    assert answer.status_code == 429 or "Too many tries" in answer.content.decode()


def test_twenty_sign_ups_from_an_address_and_a_plain_page(db: None) -> None:
    client = Client(REMOTE_ADDR=HERE)
    for _ in range(20):
        assert client.post("/accounts/signup/", {"name": ""}).status_code == 422
    answer = client.post("/accounts/signup/", {"name": ""})
    assert answer.status_code == 429
    assert "A moment, please" in answer.content.decode()


def test_an_address_that_somebody_writes_himself_is_not_believed(rf: Any, settings: Any) -> None:
    request = rf.get("/", REMOTE_ADDR=HERE, HTTP_X_FORWARDED_FOR="198.51.100.1, 198.51.100.2")
    assert address_of(request) == HERE
    settings.PROXIES = 1
    assert address_of(request) == "198.51.100.2"
    settings.PROXIES = 2
    assert address_of(request) == "198.51.100.1"
    settings.PROXIES = 3
    assert address_of(request) == HERE, "fewer proxies than there should be: none is believed"
    settings.PROXIES = 1
    assert address_of(rf.get("/", REMOTE_ADDR=HERE, HTTP_X_FORWARDED_FOR="<script>")) == ""


# ---------------------------------------------------------------- links without an account


@pytest.mark.parametrize("path", ["/join/{}/", "/in/{}/", "/p/{}/"])
def test_whoever_knocks_with_links_again_and_again_waits(path: str, db: None) -> None:
    client = Client(REMOTE_ADDR=HERE)
    for number in range(60):
        assert client.get(path.format(f"guess-{number}")).status_code == 404
    answer = client.get(path.format("guess-60"))
    assert answer.status_code == 429
    assert answer["Retry-After"].isdigit()
    assert f"Wait {answer['Retry-After']} seconds" in answer.content.decode()
    assert Client(REMOTE_ADDR=THERE).get(path.format("guess-61")).status_code == 404


def test_one_link_is_opened_forty_times_a_minute_wherever_from(week: SubmittedWeek) -> None:
    _, token = invite(week.owner, "Bo Quill", "bo@quill.example", Role.BOOKKEEPER)
    for number in range(40):
        assert Client(REMOTE_ADDR=f"203.0.113.{number}").get(f"/join/{token}/").status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.99").get(f"/join/{token}/").status_code == 429


def test_links_are_counted_over_all_processes(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = []
    for number in range(70):
        # each call meets a process that just began
        monkeypatch.setattr(entrance, "purse", Purse(clock=lambda: 1_800_000_000.0))
        statuses.append(Client(REMOTE_ADDR=HERE).get(f"/join/guess-{number}/").status_code)
    assert 429 in statuses and statuses[0] == 404
