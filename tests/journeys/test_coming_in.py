"""Coming in and looking round, as people do it: sign-up, an authenticator, a passkey, the palette, the keys."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from handsel.core.followers import follow_all
from handsel.core.jobs import find_jobs
from handsel.people.actions import invite
from handsel.values.actors import Role
from tests.browser import check_page
from tests.stories import owner_of, signed_engagement, submitted_week, usual_terms

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def sign_up(page: Page) -> None:
    page.goto("/")
    check_page(page)
    page.get_by_label("Your name").fill("Nora Whitfield")
    page.get_by_label("Mail address").fill("nora@larkspur.example")
    page.get_by_label("Name of your business").fill("Larkspur Candles")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("heading", name="What brings you here, Nora?")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 375])
def test_three_fields_and_one_button_lead_home(opened_by: Callable[..., Page], width: int) -> None:
    page = opened_by(None, width=width)
    sign_up(page)
    check_page(page)
    expect(page.get_by_role("link", name="I already work with somebody")).to_be_visible()


def test_an_authenticator_is_set_up_and_asked_for(opened_by: Callable[..., Page]) -> None:
    page = opened_by(None)
    sign_up(page)
    page.get_by_role("link", name="Settings").first.click()
    check_page(page)
    page.get_by_role("link", name="Set a password").click()
    check_page(page)
    page.get_by_label("Password", exact=True).fill("a short sentence is best")
    page.get_by_label("Password once more").fill("a short sentence is best")
    page.get_by_role("button", name="Keep the password").click()
    page.goto("/settings/")
    page.get_by_role("link", name="Set it up").click()
    page.get_by_label("Password").fill("a short sentence is best")
    check_page(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    check_page(page)
    secret = page.locator("code").first.inner_text()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    check_page(page)
    recovery = page.locator("li code").first.inner_text()
    sign_out(page)
    page.get_by_label("Mail address").fill("nora@larkspur.example")
    page.get_by_label("Password").fill("a short sentence is best")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="The second step")).to_be_visible()
    check_page(page)
    page.get_by_role("textbox", name="Code").fill(recovery)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="What brings you here, Nora?")).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator(".rooms .switcher").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_a_passkey_is_added_and_logs_in(opened_by: Callable[..., Page], settings: Any) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the test's server has no certificate
    page = opened_by(None)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }})  # fmt: skip
    sign_up(page)
    page.get_by_role("link", name="Settings").first.click()
    page.get_by_role("link", name="Add a passkey").click()
    check_page(page)
    page.get_by_role("main").get_by_role("link", name="Add a passkey").click()
    check_page(page)
    page.get_by_label("Log in with it alone").check()
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url(re.compile("recovery-codes|webauthn/$"))
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Logs in alone")).to_be_visible()
    check_page(page)
    sign_out(page)
    check_page(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="What brings you here, Nora?")).to_be_visible()
    assert not get_user_model().objects.get().has_usable_password()


@pytest.mark.parametrize("width", [1280, 375])
def test_each_page_of_people_and_front_keeps_to_the_look(opened_by: Callable[..., Page], width: int) -> None:
    week = submitted_week()
    invite(week.owner, "Tom Reed", "tom@larkspur.example", Role.MANAGER)
    signed_engagement(owner_of("Maeve Soaps", "maeve@soaps.example", "Maeve Brennan"), usual_terms())
    find_jobs()
    follow_all()
    for actor in (week.owner, week.provider):
        page = opened_by(actor, width=width)
        base = f"/b/{actor.slug}/"
        own = ("", "more/", "keys/", "search/?q=ines", "notices/", "history/", "people/", "people/who-may-do-what/",
               f"history/timesheet/{week.sheet.id}/", f"engagements/{week.engagement.id}/")  # fmt: skip
        for path in [*(base + path for path in own), "/me/", "/places/", "/settings/", "/businesses/new/"]:
            page.goto(path)
            check_page(page)
    page = opened_by(week.owner, width=width)
    page.goto(f"/b/{week.owner.slug}/mail-server/")
    check_page(page)


def test_the_palette_finds_a_person_and_leads_there(opened_by: Callable[..., Page]) -> None:
    week = submitted_week()
    find_jobs()
    follow_all()
    page = opened_by(week.owner)
    page.goto(f"/b/{week.owner.slug}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("ines")
    expect(page.locator("#palette-list").get_by_role("link", name="Ines Duarte").first).to_be_visible()
    check_page(page)
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("w")
    expect(page).to_have_url(re.compile("/work/$"))
