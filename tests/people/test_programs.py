"""The page on which a person lets a program in."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from handsel.people.models import Token
from handsel.people.rules import token_hash
from tests.api.conftest import Program
from tests.stories import SignedEngagement, log_in

pytestmark = pytest.mark.django_db
ASKED = {"name": "Time tracker", "scopes": ["read", "work"], "days": "90"}


def page_of(client: Client, slug: str, **answers: object) -> str:
    return client.post(f"/b/{slug}/programs/", {**ASKED, **answers}).content.decode()


def test_a_token_is_shown_once_and_works(client: Client, engagement: SignedEngagement) -> None:
    slug = engagement.provider.slug
    log_in(client, engagement.provider)
    (secret,) = set(re.findall(r"handsel_[0-9a-f]{64}", page_of(client, slug, once="abc")))
    assert Program(secret).read("/me")["scopes"] == ["read", "work"]
    assert secret not in client.get(f"/b/{slug}/programs/").content.decode()


def test_a_second_press_shows_the_same_token(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    shown = [re.findall(r"handsel_[0-9a-f]{64}", page_of(client, engagement.provider.slug, once="abc")) for _ in "12"]
    assert shown[0] and shown[0] == shown[1]
    assert Token.objects.get().token_hash == token_hash(shown[0][0])


def test_a_token_for_nothing_is_not_made(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    page = page_of(client, engagement.provider.slug, scopes=[])
    assert "handsel_" not in page and not Token.objects.exists()


def test_whoever_made_it_shuts_it_out(client: Client, engagement: SignedEngagement) -> None:
    slug = engagement.provider.slug
    log_in(client, engagement.provider)
    page_of(client, slug)
    url = f"/b/{slug}/programs/{Token.objects.get().id}/revocation/"
    assert "shut out" in client.post(url, follow=True).content.decode()
    assert "Time tracker" not in client.get(f"/b/{slug}/programs/").content.decode()


@pytest.mark.reaches("already_revoked")
def test_a_program_is_shut_out_once(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    page_of(client, engagement.provider.slug)
    url = f"/b/{engagement.provider.slug}/programs/{Token.objects.get().id}/revocation/"
    client.post(url)
    assert client.post(url).status_code == 409


def test_nobody_sees_the_programs_of_another(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.provider)
    page_of(client, engagement.provider.slug)
    key = Token.objects.get().id
    log_in(client, engagement.owner)
    slug = engagement.owner.slug
    assert "Time tracker" not in client.get(f"/b/{slug}/programs/").content.decode()
    assert client.post(f"/b/{slug}/programs/{key}/revocation/").status_code == 404
