"""What is personal of somebody who left is struck; what proves something stays, and the record still verifies."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test import Client

from handsel.core import outbox, trail, writes
from handsel.core.followers import follow_all
from handsel.core.jobs import find_jobs
from handsel.core.models import Event, OutboxAttempt, OutboxItem, SearchEntry
from handsel.people.actions import create_token, leave, remove_member, sign_up, strike_person
from handsel.people.models import Invitation, Membership, Person
from handsel.people.queries import system_actor
from handsel.people.rules import WHO_LEFT, new_token
from handsel.values.actors import Actor, Role
from handsel.values.refusals import NotVisible, Refusal
from tests.front.exports import exported, run
from tests.people.test_members import joined
from tests.stories import SignedEngagement, log_in, member

NAME, MAIL = "Tom Reed", "tom@larkspur.example"


@pytest.fixture
def tom(engagement: SignedEngagement) -> Actor:
    """A manager who did something, was mailed something, and left."""
    find_jobs()
    tom = joined(engagement.owner)
    create_token(tom, "A script", ("read",), 30, new_token()[1])
    follow_all()
    remove_member(engagement.owner, place_of(tom).id)
    follow_all()
    return tom


def place_of(actor: Actor) -> Membership:
    return Membership.objects.filter(person_id=actor.person_id, business_id=actor.business_id).latest("id")


def everything(*, but: tuple[str, ...] = ()) -> str:
    """Every row of the installation, as text."""
    rows = [
        f"{model._meta.db_table}: {json.dumps(list(row), default=str)}"
        for model in apps.get_models()
        if model._meta.db_table not in but
        for row in model._base_manager.values_list()
    ]
    return "\n".join(rows)


def test_name_and_mail_are_gone_from_every_table(engagement: SignedEngagement, tom: Actor) -> None:
    assert NAME in everything() and MAIL in everything()
    strike_person(engagement.owner, place_of(tom).id)
    follow_all()
    left = everything()
    assert NAME not in left and MAIL not in left
    assert Person.objects.get(pk=tom.person_id).name == WHO_LEFT


def test_the_record_still_verifies_and_holds_every_event(engagement: SignedEngagement, tom: Actor) -> None:
    before = Event.objects.filter(chain_id=tom.business_id).count()
    strike_person(engagement.owner, place_of(tom).id)
    assert tom.business_id is not None
    assert trail.broken_links(tom.business_id) == []
    assert Event.objects.filter(chain_id=tom.business_id).count() == before + 1
    struck = Event.objects.filter(chain_id=tom.business_id, salt="")
    assert struck.exists() and not struck.exclude(facts={}).exists()


def test_other_facts_are_not_touched(engagement: SignedEngagement, tom: Actor) -> None:
    about = Event.objects.filter(engagement_id=engagement.engagement.id)
    before = list(about.values_list("facts", "salt"))
    strike_person(engagement.owner, place_of(tom).id)
    assert list(about.values_list("facts", "salt")) == before


def test_an_export_made_afterwards_verifies_and_names_nobody(
    engagement: SignedEngagement, tom: Actor, tmp_path: Path
) -> None:
    strike_person(engagement.owner, place_of(tom).id)
    file, _ = exported(engagement.owner, tmp_path)
    code, said = run(file)
    assert code == 0, said
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert NAME.encode() not in content and MAIL.encode() not in content, name


def test_the_log_in_is_gone_with_its_sessions(engagement: SignedEngagement, tom: Actor) -> None:
    client = log_in(Client(), tom)
    assert client.get("/settings/").status_code == 200
    strike_person(engagement.owner, place_of(tom).id)
    assert client.get("/settings/").status_code == 302
    assert not get_user_model().objects.filter(email=MAIL).exists()
    assert not SearchEntry.objects.filter(title__contains=NAME).exists()


def test_an_account_that_is_used_elsewhere_stays_its_persons(engagement: SignedEngagement, tom: Actor) -> None:
    person = Person.objects.get(pk=tom.person_id)
    sign_up(system_actor(), person.name, person.mail, "Another Shop")
    strike_person(engagement.owner, place_of(tom).id)
    person.refresh_from_db()
    assert (person.name, person.mail) == (NAME, MAIL)
    assert not Invitation.objects.filter(business_id=tom.business_id, mail=MAIL).exists()


def test_signed_terms_keep_the_names_of_who_signed(engagement: SignedEngagement) -> None:
    provider = engagement.provider
    person = Person.objects.get(pk=provider.person_id)
    name, mail = person.name, person.mail
    with writes.migrating():
        Membership.objects.filter(person=person).update(left_at="2026-01-01T00:00:00Z")
    admin = joined_admin(engagement, provider)
    strike_person(admin, place_of(provider).id)
    engagement.engagement.refresh_from_db()
    assert engagement.engagement.contact_name == WHO_LEFT and engagement.engagement.contact_mail.endswith(
        "@left.invalid"
    )
    kept = ("agreements_signature", "agreements_terms", "agreements_paper", "people_provider", "core_event")
    assert [row for row in everything(but=kept).splitlines() if mail in row] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, mail FROM agreements_signature")
        assert (name, mail) in [tuple(row) for row in cursor.fetchall()]
    assert provider.business_id is not None
    assert trail.broken_links(provider.business_id) == []


def joined_admin(engagement: SignedEngagement, provider: Actor) -> Actor:
    """Another admin of the same firm."""
    with writes.migrating():
        person = Person.objects.create(name="Ada Firm", mail="ada@firm.example")
        membership = Membership.objects.create(
            business_id=provider.business_id, person=person, role=Role.PROVIDER_ADMIN.value,
            provider_id=provider.provider_id,
        )  # fmt: skip
    return member(membership.business, person)


def test_what_is_still_to_be_sent_to_them_is_not_sent(engagement: SignedEngagement, tom: Actor) -> None:
    invitation = Invitation.objects.get(mail=MAIL)
    item = OutboxItem.objects.get(about_id=invitation.id)
    with writes.migrating():
        OutboxAttempt.objects.create(item=item, n=1, step="rcpt", recipient=MAIL, words=f"<{MAIL}> is full")
    strike_person(engagement.owner, place_of(tom).id)
    item.refresh_from_db()
    assert (item.state, item.payload, item.recipients) == ("left", {}, {})
    assert not OutboxAttempt.objects.filter(recipient=MAIL).exists()
    assert outbox.how_it_stands(item)


# ---------------------------------------------------------------- who may, and when


def test_somebody_who_is_still_here_is_not_struck(engagement: SignedEngagement) -> None:
    tom = joined(engagement.owner)
    with pytest.raises(Refusal, match="still has a place here"):
        strike_person(engagement.owner, place_of(tom).id)


def test_it_is_done_once(engagement: SignedEngagement, tom: Actor) -> None:
    strike_person(engagement.owner, place_of(tom).id)
    with pytest.raises(Refusal, match="struck already"):
        strike_person(engagement.owner, place_of(tom).id)


def test_the_other_side_strikes_nobody_of_ours(engagement: SignedEngagement, tom: Actor) -> None:
    with pytest.raises(Refusal, match="your own side"):
        strike_person(engagement.provider, place_of(tom).id)


def test_a_stranger_finds_nobody_to_strike(engagement: SignedEngagement, tom: Actor) -> None:
    business = sign_up(system_actor(), "Eve", "eve@else.example", "Elsewhere")
    eve = member(business, Person.objects.get(mail="eve@else.example"))
    with pytest.raises(NotVisible):
        strike_person(eve, place_of(tom).id)


def test_nothing_else_of_what_was_tried_may_change(engagement: SignedEngagement, tom: Actor) -> None:
    item = OutboxItem.objects.first()
    assert item is not None
    with writes.migrating():
        tried = OutboxAttempt.objects.create(item=item, n=1, step="rcpt", recipient=MAIL, words="full")
        for change in ({"recipient": "another@x.example"}, {"words": "fine"}, {"step": "data"}, {"n": 2}):
            with pytest.raises(IntegrityError), transaction.atomic():
                OutboxAttempt.objects.filter(pk=tried.pk).update(**change)


# ---------------------------------------------------------------- the pages


@pytest.mark.reaches("already_struck", "still_here")
def test_the_page_says_what_goes_what_stays_and_why_and_then_it_is_done(
    engagement: SignedEngagement, tom: Actor, client: Client
) -> None:
    log_in(client, engagement.owner)
    slug, key = engagement.owner.slug, place_of(tom).id
    assert "Who left" in client.get(f"/b/{slug}/people/").content.decode()
    assert NAME in client.get(f"/b/{slug}/people/former/").content.decode()
    page = client.get(f"/b/{slug}/people/{key}/striking/").content.decode()
    for words in ("Terms that were signed", "Invoices and payments: the law", "A person who left"):
        assert words in page
    answer = client.post(f"/b/{slug}/people/{key}/striking/", follow=True)
    assert "is struck. The record still verifies." in answer.content.decode()
    assert NAME not in client.get(f"/b/{slug}/people/former/").content.decode()
    assert "struck already" in client.post(f"/b/{slug}/people/{key}/striking/").content.decode()
    here = joined(engagement.owner, Role.BOOKKEEPER, "bo@larkspur.example")
    assert "still has a place" in client.post(f"/b/{slug}/people/{place_of(here).id}/striking/").content.decode()


def test_who_may_not_strike_does_not_open_the_page(engagement: SignedEngagement, tom: Actor, client: Client) -> None:
    manager = joined(engagement.owner, Role.MANAGER, "may@larkspur.example")
    log_in(client, manager)
    assert client.get(f"/b/{manager.slug}/people/former/").status_code == 403
    leave(manager)


def test_the_pages_cost_few_queries(
    engagement: SignedEngagement, tom: Actor, client: Client, django_assert_max_num_queries: Any
) -> None:
    log_in(client, engagement.owner)
    for path in ("former/", f"{place_of(tom).id}/striking/"):
        with django_assert_max_num_queries(12):
            client.get(f"/b/{engagement.owner.slug}/people/{path}")
