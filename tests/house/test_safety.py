"""What keeps strangers out and what is inside in: sessions, forged requests, uploads, redirects, headers, secrets."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as of_the_house
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from handsel.core import files
from handsel.core.keys import new_key
from handsel.core.models import OutboxItem
from handsel.people.actions import create_token, invite, make_log_in_link
from handsel.people.models import Business, Person
from handsel.people.queries import system_actor
from handsel.people.rules import is_made_of, new_token
from handsel.values.actors import Role
from tests.cli.telling import refused, say
from tests.core.processes import ROOT
from tests.stories import SubmittedWeek, log_in

PASSWORD = "a kettle on the quiet stove"


def person_with_password(week: SubmittedWeek) -> Any:
    log_in(Client(), week.owner)
    user = Person.objects.get(pk=week.owner.person_id).login
    assert user is not None
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(mail: str) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": mail, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/").status_code == 200


def moved(client: Client, **seconds_ago: timedelta) -> None:
    """The session as it stands after so much time."""
    session = client.session
    for name, ago in seconds_ago.items():
        session[name] -= ago.total_seconds()
    session.save()


# ---------------------------------------------------------------- cookies and settings


def settings_with(**env: str) -> dict[str, Any]:
    """Settings as a fresh process reads them."""
    names = [
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE", "DEBUG",
        "SESSION_COOKIE_DOMAIN", "SECURE_PROXY_SSL_HEADER", "SESSION_COOKIE_PATH",
    ]  # fmt: skip
    script = (
        f"import json; from django.conf import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT,
        env={"PYTHONPATH": "src", "DJANGO_SETTINGS_MODULE": "handsel.config.settings", "HANDSEL_DATA": str(of_the_house.DATA), **env},
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_over_https_cookies_are_bound_to_this_host_and_travel_by_it_alone() -> None:
    found = settings_with(HANDSEL_ADDRESS="https://handsel.example", HANDSEL_PROXIES="1")
    for cookie in ("SESSION", "CSRF"):
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{cookie}_COOKIE_SECURE"] and found[f"{cookie}_COOKIE_HTTPONLY"]
        assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
    assert found["SESSION_COOKIE_DOMAIN"] is None and found["SESSION_COOKIE_PATH"] == "/"
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert found["DEBUG"] is False


def test_what_a_stranger_says_of_https_is_believed_of_a_proxy_alone() -> None:
    assert settings_with(HANDSEL_ADDRESS="http://127.0.0.1:8000")["SECURE_PROXY_SSL_HEADER"] is None


def test_the_cookie_of_a_session_is_for_no_script_and_for_no_other_site(week: SubmittedWeek) -> None:
    user = person_with_password(week)
    answer = Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    cookie = answer.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == 30 * 24 * 3600


# ---------------------------------------------------------------- sessions


def test_the_key_of_a_session_is_drawn_anew_at_log_in_and_the_old_one_opens_nothing(week: SubmittedWeek) -> None:
    user = person_with_password(week)
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = planted = str(session.session_key)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    key = client.cookies["sessionid"].value
    assert key != planted and len(key) == 32
    stranger = Client()
    stranger.cookies["sessionid"] = planted
    assert not is_in(stranger)


def test_signed_out_the_session_is_gone_from_the_database_too(week: SubmittedWeek) -> None:
    client = signed_in(person_with_password(week).email)
    key = client.cookies["sessionid"].value
    assert is_in(client)
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(pk=key).exists()
    again = Client()
    again.cookies["sessionid"] = key
    assert not is_in(again)


def test_a_session_that_nobody_used_for_two_weeks_is_over(week: SubmittedWeek) -> None:
    client = signed_in(person_with_password(week).email)
    moved(client, seen=timedelta(days=13), came_in=timedelta(days=13))
    assert is_in(client)
    moved(client, seen=timedelta(days=14, minutes=1))
    assert not is_in(client)


def test_a_session_ends_thirty_days_after_its_log_in_however_much_it_is_used(week: SubmittedWeek) -> None:
    client = signed_in(person_with_password(week).email)
    moved(client, came_in=timedelta(days=29))
    assert is_in(client)
    moved(client, came_in=timedelta(days=1, minutes=1))
    assert not is_in(client)


def test_a_page_writes_to_the_session_once_an_hour_at_most(week: SubmittedWeek, django_assert_num_queries: Any) -> None:
    client = log_in(Client(), week.owner)
    seen = client.session["seen"]
    is_in(client)
    assert client.session["seen"] == seen
    moved(client, seen=timedelta(minutes=61))
    is_in(client)
    assert client.session["seen"] > seen


def test_one_signs_oneself_out_everywhere_else(week: SubmittedWeek) -> None:
    user = person_with_password(week)
    here, there = signed_in(user.email), signed_in(user.email)
    other = log_in(Client(), week.provider)
    page = here.get("/settings/sessions/").content.decode()
    assert "here and in" in page and str(there.session.session_key) not in page
    here.post("/settings/sessions/ends/")
    assert is_in(here) and not is_in(there) and is_in(other)
    assert "here alone" in here.get("/settings/sessions/").content.decode()


def test_a_new_password_ends_every_other_session(week: SubmittedWeek) -> None:
    user = person_with_password(week)
    here, there = signed_in(user.email), signed_in(user.email)
    new = "another kettle, a louder stove"
    answer = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert is_in(here) and not is_in(there)


def test_whoever_runs_it_signs_one_person_out_or_everybody(week: SubmittedWeek) -> None:
    owner, provider = log_in(Client(), week.owner), log_in(Client(), week.provider)
    mail = Person.objects.get(pk=week.owner.person_id).mail
    assert "1 session ended." in say("sign-out", mail).stdout
    assert not is_in(owner) and is_in(provider)
    refused(say("sign-out", "nobody@nowhere.example"), "Nobody logs in with nobody@nowhere.example here.")
    say("sign-out")
    assert not is_in(provider)


# ---------------------------------------------------------------- forged requests


def routes(resolver: URLResolver | None = None, prefix: str = "", name: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the map with something at each of its places, and its name."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path, f"{name}{entry.namespace}:" if entry.namespace else name)
        elif isinstance(entry, URLPattern):
            yield _filled(path), f"{name}{entry.name}"


def _filled(path: str) -> str:
    path = re.sub(r"\(\?P<\w+>(?:[^()\[\]]|\[[^\]]*\])*\)", "something", path)
    places = {"uuid": str(new_key()), "int": "1", "slug": "larkspur-candles", "str": "something"}
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda m: places.get(m[1] or "str", "something"), path)
    return "/" + filled.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\", "")


def test_no_form_is_taken_without_its_token_of_this_session(week: SubmittedWeek) -> None:
    client = Client(enforce_csrf_checks=True)
    log_in(client, week.owner)
    taken = []
    pages = [(path, name) for path, name in routes() if not path.startswith("/api/")]
    for path, name in pages:
        status = client.post(path, {"csrfmiddlewaretoken": "x" * 64}).status_code
        if status != 403:
            taken.append(f"{name} {path}: {status}")
    assert taken == []
    assert len(pages) > 120


def test_the_api_takes_no_cookie_for_a_person(week: SubmittedWeek) -> None:
    client = log_in(Client(), week.owner)
    for path, _ in routes():
        if path.startswith("/api/v1/") and "openapi" not in path:
            answer = client.post(path, "{}", "application/json", HTTP_IDEMPOTENCY_KEY="k")
            assert answer.status_code in {401, 404, 405}, path


def test_the_api_lets_no_other_site_read_it(week: SubmittedWeek) -> None:
    secret, hashed = new_token()
    create_token(week.owner, "A script", ("read",), 30, hashed)
    answer = Client().get(
        "/api/v1/timesheets", HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_ORIGIN="https://evil.example"
    )
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer
    assert "no-store" in answer["Cache-Control"]


# ---------------------------------------------------------------- redirects


@pytest.mark.parametrize(
    "there",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "https:evil.example"],
)
def test_nobody_is_led_to_another_host(there: str, week: SubmittedWeek) -> None:
    user = person_with_password(week)
    for client, path, form in (
        (Client(), "/accounts/login/", {"login": user.email, "password": PASSWORD, "next": there}),
        (Client(), f"/accounts/login/?next={there}", {"login": user.email, "password": PASSWORD}),
        (signed_in(user.email), "/accounts/logout/", {"next": there}),
    ):
        answer = client.post(path, form)
        assert answer.status_code == 302
        assert "evil" not in answer["Location"] and "javascript" not in answer["Location"]


def test_after_log_in_one_comes_to_the_page_that_one_wanted(week: SubmittedWeek) -> None:
    user = person_with_password(week)
    answer = Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD, "next": "/settings/"})
    assert answer["Location"] == "/settings/"


# ---------------------------------------------------------------- headers


def test_every_answer_says_how_it_may_be_used(week: SubmittedWeek) -> None:
    owner = log_in(Client(), week.owner)
    for client, path in (
        (owner, f"/b/{week.owner.slug}/"), (owner, "/settings/"), (Client(), "/accounts/login/"),
        (Client(), "/nothing/here/"), (Client(), "/api/v1/timesheets"), (Client(), "/health/"), (Client(), "/b/x/"),
    ):  # fmt: skip
        answer = client.get(path)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "base-uri 'none'" in policy
        assert "frame-ancestors 'self'" in policy and "unsafe" not in policy
        if answer.content:
            assert "charset=utf-8" in answer["Content-Type"] or "json" in answer["Content-Type"]


def test_over_https_browsers_are_told_to_stay_there(settings: Any, db: None) -> None:
    assert "Strict-Transport-Security" not in Client().get("/accounts/login/")
    settings.ADDRESS = "https://handsel.example"
    assert Client().get("/accounts/login/")["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_what_a_person_sees_is_kept_by_no_cache(week: SubmittedWeek) -> None:
    owner = log_in(Client(), week.owner)
    for path in (
        f"/b/{week.owner.slug}/",
        "/settings/",
        f"/b/{week.owner.slug}/work/",
        f"/b/{week.owner.slug}/people/",
    ):
        assert "no-store" in owner.get(path, follow=True)["Cache-Control"], path


def test_no_other_method_than_the_usual_is_answered(db: None) -> None:
    assert Client().generic("TRACE", "/accounts/login/").status_code in {403, 405}
    assert Client().generic("TRACE", "/health/").status_code == 405


# ---------------------------------------------------------------- files


@pytest.fixture
def html_file(db: None) -> Any:
    return files.keep(b"<script>alert(1)</script>", "../../report\r\n.html", "text/html", None)


def test_a_file_is_saved_and_never_run(html_file: Any) -> None:
    answer = files.download(html_file)
    assert answer["Content-Disposition"] == 'attachment; filename="report.html"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


def test_a_name_of_a_file_leads_nowhere_and_writes_no_header(html_file: Any) -> None:
    assert html_file.name == "report.html"
    for name in ("../../etc/passwd", "..\\..\\boot.ini", 'a"; filename=b.exe', "x\r\nSet-Cookie: a=b", ".htaccess", ""):
        safe = files.safe_name(name)
        assert not re.search(r'[/\\"\r\n\0:]', safe) and not safe.startswith(".") and safe


def test_bytes_lie_under_their_hash_whatever_the_file_is_called(html_file: Any) -> None:
    path = Path(of_the_house.DATA) / files.key_of(html_file.digest)
    assert path.is_relative_to(Path(of_the_house.DATA) / "files")
    assert re.fullmatch(r"[0-9a-f]{64}", path.name)
    assert path.stat().st_mode & 0o077 == 0, "for whoever runs the server alone"


# ---------------------------------------------------------------- secrets at rest


def test_links_and_tokens_are_kept_as_their_hash(week: SubmittedWeek) -> None:
    once = replace(week.owner, key="pressed twice")
    _, invitation = invite(once, "Bo Quill", "bo@quill.example", Role.BOOKKEEPER)
    assert invite(once, "Bo Quill", "bo@quill.example", Role.BOOKKEEPER)[1] == invitation
    assert week.owner.person_id and week.owner.business_id
    link = make_log_in_link(system_actor(), week.owner.person_id, week.owner.business_id)
    token, hashed = new_token()
    create_token(week.owner, "A script", ("read",), 30, hashed)
    from django.apps import apps

    for model in apps.get_models():
        if model is OutboxItem:  # the mail itself, which holds the link until it is sent
            continue
        for row in model._base_manager.values_list():
            assert not [cell for cell in map(str, row) for secret in (invitation, link, token) if secret in cell], model
    assert len(invitation) >= 43, "256 bits"


def test_a_password_is_kept_as_argon2(settings: Any, db: None) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = get_user_model().objects.create_user(username="x", email="x@y.example", password=PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
    assert PASSWORD not in user.password


def test_the_secret_key_and_the_database_are_for_their_owner_alone() -> None:
    assert (Path(of_the_house.DATA) / "secret-key").stat().st_mode & 0o077 == 0


# ---------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short words", "at least 12"),
        ("password1234", "common"),
        ("Larkspur Candles!", "names that anybody would try"),
        ("handsel-handsel", "names that anybody would try"),
    ],
)
def test_a_password_that_is_guessed_first_is_not_taken(password: str, why: str, week: SubmittedWeek) -> None:
    user = person_with_password(week)
    client = signed_in(user.email)
    answer = client.post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    assert answer.status_code == 200
    assert why in answer.content.decode().lower() or why in answer.content.decode()


def test_a_long_password_of_any_signs_is_taken_as_it_is(week: SubmittedWeek) -> None:
    user = person_with_password(week)
    client = signed_in(user.email)
    long = "żółw 🐢 in the rain " * 5
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": long, "password2": long})
    assert get_user_model().objects.get(pk=user.pk).check_password(long)


def test_words_of_the_house_count_however_they_are_spelled() -> None:
    assert is_made_of("LARKSPUR_candles-1", ["Larkspur Candles"])
    assert not is_made_of("larkspur and a quiet stove", ["Larkspur Candles"])


def test_nobody_changes_a_password_without_the_one_they_have(week: SubmittedWeek) -> None:
    user = person_with_password(week)
    client = signed_in(user.email)
    new = "another kettle, a louder stove"
    client.post("/accounts/password/change/", {"oldpassword": "wrong", "password1": new, "password2": new})
    assert get_user_model().objects.get(pk=user.pk).check_password(PASSWORD)


def test_there_is_no_account_before_somebody_makes_one(db: None) -> None:
    assert not get_user_model().objects.exists() and not Person.objects.exists() and not Business.objects.exists()


# ---------------------------------------------------------------- what goes wrong


def test_a_fault_shows_nothing_of_the_inside(week: SubmittedWeek, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("SELECT secret FROM people_token")

    monkeypatch.setattr("handsel.people.queries.memberships_of", breaks)
    answer = log_in(Client(raise_request_exception=False), week.owner).get("/settings/")
    assert answer.status_code == 500
    assert "SELECT" not in answer.content.decode() and "Traceback" not in answer.content.decode()


def test_whether_a_mail_address_is_known_is_not_told_by_a_code_or_a_new_password(week: SubmittedWeek) -> None:
    mail = person_with_password(week).email
    for path in ("/accounts/login/code/", "/accounts/password/reset/"):
        known = Client(REMOTE_ADDR="203.0.113.1").post(path, {"email": mail})
        unknown = Client(REMOTE_ADDR="203.0.113.2").post(path, {"email": "nobody@nowhere.example"})
        assert (known.status_code, known.get("Location")) == (unknown.status_code, unknown.get("Location"))
