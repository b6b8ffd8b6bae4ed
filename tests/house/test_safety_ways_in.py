"""What the accounts library promises of codes, factors and passwords, held where we rely on it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from handsel.core.models import OutboxItem
from handsel.core.remembering import Shared
from handsel.people.models import Person
from tests.stories import SubmittedWeek, log_in

PASSWORD = "a kettle on the quiet stove"
_CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


@pytest.fixture
def user(week: SubmittedWeek) -> Any:
    log_in(Client(), week.owner)
    found = Person.objects.get(pk=week.owner.person_id).login
    assert found is not None
    found.set_password(PASSWORD)
    found.save()
    return found


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def asked(mail: str) -> tuple[Client, str]:
    """A browser that asked for a code, and the code."""
    client = Client()
    assert client.post("/accounts/login/code/", {"email": mail}).status_code == 302
    newest = OutboxItem.objects.order_by("-id").first()
    assert newest is not None
    found = _CODE.search(newest.payload["text"])
    assert found
    return client, found[0]


def type_code(client: Client, code: str) -> None:
    client.post("/accounts/login/code/confirm/", {"code": code})


# ---------------------------------------------------------------- mailed codes


def test_a_mailed_code_works_once(user: Any) -> None:
    client, code = asked(user.email)
    type_code(client, code)
    assert is_in(client)
    client.post("/accounts/logout/")
    type_code(client, code)
    assert not is_in(client)


def test_a_mailed_code_has_bits_enough(user: Any) -> None:
    _, code = asked(user.email)
    assert len(code.replace("-", "")) == 8, "eight signs of some twenty: 34 bits"


def test_a_mailed_code_is_good_in_the_browser_that_asked_alone(user: Any) -> None:
    _, code = asked(user.email)
    other = Client()
    other.post("/accounts/login/code/", {"email": "nobody@nowhere.example"})
    type_code(other, code)
    assert not is_in(other)


def test_three_wrong_codes_and_a_new_one_is_needed(user: Any) -> None:
    client, code = asked(user.email)
    for _ in range(3):
        type_code(client, "AAAA-AAAA")
    type_code(client, code)
    assert not is_in(client)


def test_a_mailed_code_is_over_after_ten_minutes(user: Any) -> None:
    client, code = asked(user.email)
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        type_code(client, code)
        assert not is_in(client)


# ---------------------------------------------------------------- factors


def with_authenticator(user: Any) -> str:
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_now(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    shown: str = format_hotp_value(hotp_value(secret, counter))
    return shown


def test_a_code_of_an_authenticator_works_once_in_all_processes(user: Any) -> None:
    secret = with_authenticator(user)
    factor = Authenticator.objects.get(user=user, type="totp").wrap()
    code = code_now(secret)
    assert factor.validate_code(code)
    assert not factor.validate_code(code)
    assert isinstance(caches["default"], Shared), "and every process knows it"


def test_a_password_alone_opens_nothing_where_a_second_factor_is_set(user: Any) -> None:
    secret = with_authenticator(user)
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})
    assert is_in(client)


def test_a_forgotten_password_goes_round_no_second_factor(user: Any) -> None:
    with_authenticator(user)
    client = Client()
    client.post("/accounts/password/reset/", {"email": user.email})
    newest = OutboxItem.objects.order_by("-id").first()
    assert newest is not None
    found = re.search(r"/accounts/password/reset/key/[^\s]+", newest.payload["text"])
    assert found
    page = client.get(found[0], follow=True)
    new = "another kettle, a louder stove"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert get_user_model().objects.get(pk=user.pk).check_password(new)
    assert not is_in(client)
    client.post("/accounts/login/", {"login": user.email, "password": new})
    assert not is_in(client)


def test_factors_are_changed_only_after_the_password_is_typed_again(user: Any) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 3600
    session.save()
    for path in ("/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"):
        answer = client.get(path)
        assert answer.status_code == 302 and "/accounts/reauthenticate/" in answer["Location"], path


# ---------------------------------------------------------------- passwords


def test_a_password_is_masked_and_may_be_pasted(user: Any, week: SubmittedWeek) -> None:
    for client, path in (
        (Client(), "/accounts/login/"),
        (log_in(Client(), week.owner), "/accounts/password/change/"),
    ):
        page = client.get(path).content.decode()
        fields = re.findall(r"<input[^>]*name=\"\w*password\w*\"[^>]*>", page)
        assert fields
        for field in fields:
            assert 'type="password"' in field
            assert "onpaste" not in field and 'autocomplete="off"' not in field and "maxlength" not in field


def test_a_password_is_good_for_years(user: Any) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=900)):
        client = Client()
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        assert is_in(client)


# ---------------------------------------------------------------- the way out


def test_every_page_of_a_member_has_the_way_out(week: SubmittedWeek) -> None:
    client = log_in(Client(), week.owner)
    for path in (
        f"/b/{week.owner.slug}/",
        f"/b/{week.owner.slug}/work/",
        "/settings/",
        f"/b/{week.owner.slug}/people/",
    ):
        assert 'action="/accounts/logout/"' in client.get(path, follow=True).content.decode(), path
