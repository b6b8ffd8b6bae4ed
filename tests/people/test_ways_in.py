"""The ways in: sign-up, log-in, one-time link, invitation."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from handsel.core.models import OutboxItem
from handsel.people.actions import create_owner as _create_owner
from handsel.people.actions import invite
from handsel.people.entrance import create_owner
from handsel.people.models import Business, Membership, Person
from handsel.people.queries import system_actor
from handsel.values.actors import Role
from tests.stories import owner_of

pytestmark = pytest.mark.django_db

NORA = {"name": "Nora Whitfield", "email": "nora@larkspur.example", "business": "Larkspur Candles"}


def signed_up(client: Client, **changes: str) -> Any:
    return client.post("/accounts/signup/", {**NORA, **changes})


def test_a_name_a_mail_and_a_business_are_enough_to_be_in(client: Client) -> None:
    answer = signed_up(client)
    assert answer.status_code == 302 and answer.url == "/b/larkspur-candles/"
    home = client.get(answer.url)
    assert home.status_code == 200 and "What brings you here, Nora?" in home.content.decode()
    assert not get_user_model().objects.get().has_usable_password()
    assert not OutboxItem.objects.exists()


def test_the_zone_of_the_browser_becomes_that_of_the_business(client: Client) -> None:
    signed_up(client, zone="Europe/Dublin")
    assert Business.objects.get().zone == "Europe/Dublin"


def test_a_zone_that_nobody_knows_is_none(client: Client) -> None:
    signed_up(client, zone="Mars/Olympus")
    assert Business.objects.get().zone == "UTC"


@pytest.mark.reaches("mail_known")
def test_a_known_mail_address_opens_no_second_account(client: Client) -> None:
    signed_up(client)
    stranger = Client()
    answer = signed_up(stranger, business="Another")
    assert answer.status_code == 422 and "is known here already" in answer.content.decode()
    assert Business.objects.count() == 1 and "Another" in answer.content.decode()
    assert stranger.get("/").url == "/accounts/login/"


def test_what_is_missing_is_said_beside_its_field(client: Client) -> None:
    answer = client.post("/accounts/signup/", {"name": "", "email": "nora", "business": "Larkspur"})
    said = answer.content.decode()
    assert answer.status_code == 422 and "Your name is missing." in said and "like nora@example.com" in said
    assert 'value="Larkspur"' in said


def test_a_second_press_opens_one_business(client: Client) -> None:
    """The second press finds the person signed in, and leads on."""
    signed_up(client)
    assert signed_up(client).url == "/businesses/new/"
    assert Business.objects.count() == 1


def test_who_has_no_place_is_led_to_sign_up_or_to_log_in(client: Client) -> None:
    assert client.get("/").url == "/accounts/signup/"
    owner_of()
    assert client.get("/").url == "/accounts/login/"


@pytest.mark.reaches("link_used_up")
def test_the_owners_one_time_link_shows_a_button_and_works_once(client: Client) -> None:
    slug, link = create_owner("nora@larkspur.example", "Larkspur Candles")
    path = re.sub(r"^https?://[^/]+", "", link)
    assert slug == "larkspur-candles" and path.startswith("/in/")
    assert "Come in" in client.get(path).content.decode()
    assert client.get(f"/b/{slug}/").status_code == 302, "looking at the link uses nothing up"
    assert client.post(path).url == "/"
    assert client.get("/").url == f"/b/{slug}/"
    again = Client().post(path)
    assert again.status_code == 410 and "used already" in again.content.decode()


def test_an_unknown_one_time_link_is_404(client: Client) -> None:
    assert client.get("/in/nothing-of-the-kind/").status_code == 404


def test_a_password_lets_one_in_and_a_wrong_one_does_not(client: Client) -> None:
    signed_up(client)
    user = get_user_model().objects.get()
    user.set_password("a short sentence is best")
    user.save()
    other = Client()
    wrong = other.post("/accounts/login/", {"login": NORA["email"], "password": "something else"})
    assert "do not belong together" in wrong.content.decode()
    right = other.post("/accounts/login/", {"login": NORA["email"], "password": "a short sentence is best"})
    assert right.status_code == 302 and other.get("/").url == "/b/larkspur-candles/"


def test_a_mailed_code_goes_through_the_outbox_and_lets_one_in(client: Client) -> None:
    signed_up(client)
    other = Client()
    assert other.post("/accounts/login/code/", {"email": NORA["email"]}).status_code == 302
    item = OutboxItem.objects.get()
    assert item.payload["headers"]["Auto-Submitted"] == "auto-generated" and item.payload["to"] == [NORA["email"]]
    code = item.payload["subject"].split()[-1]
    assert code in item.payload["text"]
    page = other.get("/accounts/login/code/confirm/").content.decode()
    assert "No mail server is set" in page
    assert other.post("/accounts/login/code/confirm/", {"code": code}).status_code == 302
    assert other.get("/").url == "/b/larkspur-candles/"


def test_with_a_mail_server_the_page_says_that_the_code_was_sent(client: Client, settings: Any) -> None:
    settings.MAIL_SERVER = {"host": "mail.example", "port": 25, "user": "", "password": "", "tls": False}
    signed_up(client)
    other = Client()
    other.post("/accounts/login/code/", {"email": NORA["email"]})
    assert "We sent it to nora@larkspur.example" in other.get("/accounts/login/code/confirm/").content.decode()


def test_a_code_for_an_unknown_address_tells_nobody_that_it_is_unknown(client: Client) -> None:
    known, unknown = Client(), Client()
    signed_up(client)
    first = known.post("/accounts/login/code/", {"email": NORA["email"]})
    second = unknown.post("/accounts/login/code/", {"email": "nobody@example.com"})
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert "no account has this address" in OutboxItem.objects.order_by("id").last().payload["text"]


def invited(role: Role = Role.MANAGER, mail: str = "tom@larkspur.example") -> tuple[Any, str]:
    owner = owner_of()
    _, token = invite(owner, "Tom Reed", mail, role)
    return owner, f"/join/{token}/"


def test_an_invitation_says_who_invites_to_what_as_what(client: Client) -> None:
    _, path = invited()
    said = client.get(path).content.decode()
    assert "Larkspur Candles invites you" in said and "Nora Whitfield" in said and "Manager" in said
    assert 'value="Tom Reed"' in said and not Person.objects.filter(name="Tom Reed").exists()


def test_joining_makes_the_account_and_signs_in(client: Client) -> None:
    owner, path = invited()
    answer = client.post(path, {"name": "Thomas Reed"})
    assert answer.url == "/b/larkspur-candles/" and client.get(answer.url).status_code == 200
    membership = Membership.objects.get(business_id=owner.business_id, person__name="Thomas Reed")
    assert membership.role == "manager" and membership.person.login is not None


@pytest.mark.reaches("log_in_first")
def test_whoever_is_known_logs_in_before_joining(client: Client) -> None:
    signed_up(client)
    other = owner_of("Maeve Soaps", "maeve@soaps.example", "Maeve Brennan")
    _, token = invite(other, "Nora", NORA["email"], Role.REVIEWER)
    stranger = Client().get(f"/join/{token}/")
    assert stranger.status_code == 401 and f"/accounts/login/?next=/join/{token}/" in stranger.content.decode()
    assert client.post(f"/join/{token}/", {"name": "Nora Whitfield"}).url == "/b/maeve-soaps/"
    assert Person.objects.filter(mail=NORA["email"]).count() == 1


@pytest.mark.reaches("not_invited")
def test_nobody_takes_an_invitation_for_somebody_else(client: Client) -> None:
    signed_up(client)
    other = owner_of("Maeve Soaps", "maeve@soaps.example", "Maeve Brennan")
    _, token = invite(other, "Tom", "tom@soaps.example", Role.REVIEWER)
    answer = client.post(f"/join/{token}/", {"name": "Nora"})
    assert answer.status_code == 403 and "another address" in answer.content.decode()


@pytest.mark.reaches("invitation_over")
def test_an_invitation_that_was_used_says_so_and_leads_its_holder_on(client: Client) -> None:
    _, path = invited()
    client.post(path, {"name": "Tom Reed"})
    assert client.get(path).url == "/b/larkspur-candles/"
    stranger = Client().get(path)
    assert stranger.status_code == 410 and "used, taken back, or is too old" in stranger.content.decode()


def test_signing_out_leads_to_the_log_in(client: Client) -> None:
    signed_up(client)
    client.post("/accounts/logout/")
    assert client.get("/b/larkspur-candles/").url.startswith("/accounts/login/")


def test_create_owner_gives_a_known_person_a_second_business() -> None:
    first = owner_of()
    slug, _ = _create_owner(system_actor(), "nora@larkspur.example", "Larkspur Soaps")
    assert set(Membership.objects.filter(person_id=first.person_id).values_list("business__slug", flat=True)) == {
        "larkspur-candles", slug
    }  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/logout/",
    ],
)
def test_each_page_outside_is_ours_and_keeps_to_the_policy(client: Client, path: str) -> None:
    said = client.get(path, follow=True).content.decode()
    assert 'class="outside"' in said and " style=" not in said and "onclick" not in said
