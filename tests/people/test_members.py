"""Who is in a business, who is invited, who may do what; settings."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from handsel.agreements.actions import invite_to_sign
from handsel.people.actions import accept_invitation, invite
from handsel.people.models import Invitation, Membership, Preference
from handsel.people.permissions import TABLE
from handsel.people.queries import link_actor
from handsel.people.seeing import first_sentence, table
from handsel.values.actors import Actor, Role
from handsel.values.refusals import Refusal
from tests.stories import SignedEngagement, log_in, member, owner_of, signed_engagement, usual_terms

pytestmark = pytest.mark.django_db
TOM = {"name": "Tom Reed", "email": "tom@larkspur.example", "role": "manager"}


def people_of(client: Client, actor: Actor) -> str:
    answer = log_in(client, actor).get(f"/b/{actor.slug}/people/")
    assert answer.status_code == 200
    return answer.content.decode()


def joined(owner: Actor, role: Role = Role.MANAGER, mail: str = "tom@larkspur.example") -> Actor:
    """Tom, who came by an invitation of his own side."""
    _, token = invite(owner, "Tom Reed", mail, role)
    Client().post(f"/join/{token}/", {"name": "Tom Reed"})
    membership = Membership.objects.select_related("person", "business").get(person__mail=mail)
    return member(membership.business, membership.person)


def test_the_invitation_shows_its_link_while_no_mail_server_is_set(client: Client) -> None:
    owner = owner_of()
    answer = log_in(client, owner).post(f"/b/{owner.slug}/people/invitations/", TOM, follow=True)
    page = answer.content.decode()
    assert "Tom Reed is invited." in page and "not sent yet: no mail server" in page
    link = page.split('data-copy="')[1].split('"')[0]
    assert "/join/" in link
    assert "Larkspur Candles invites you" in Client().get(link[link.index("/join/") :]).content.decode()


def test_an_invitation_taken_back_leads_nowhere(client: Client) -> None:
    owner = owner_of()
    invitation, token = invite(owner, "Tom Reed", "tom@larkspur.example", Role.MANAGER)
    log_in(client, owner).post(f"/b/{owner.slug}/people/invitations/{invitation.id}/withdrawal/")
    assert "Tom Reed" not in people_of(client, owner)
    assert Client().get(f"/join/{token}/").status_code == 410


def test_only_the_side_that_invited_takes_an_invitation_back(client: Client, engagement: SignedEngagement) -> None:
    theirs, token = invite(engagement.provider, "Lena Moor", "lena@mare.example", Role.ASSISTANT)
    path = f"/b/{engagement.owner.slug}/people/invitations/{theirs.id}/withdrawal/"
    assert log_in(client, engagement.owner).post(path).status_code == 404
    assert "Lena Moor" not in people_of(client, engagement.owner)
    assert Client().get(f"/join/{token}/").status_code == 200
    assert "Lena Moor" in people_of(client, engagement.provider)
    assert client.post(path).status_code == 302
    assert Client().get(f"/join/{token}/").status_code == 410


def test_a_provider_takes_back_no_invitation_of_the_owner(client: Client, engagement: SignedEngagement) -> None:
    to_sign, _ = invite_to_sign(engagement.owner, engagement.engagement.id)
    assert f"{to_sign.id}/withdrawal/" not in people_of(client, engagement.provider)
    path = f"/b/{engagement.owner.slug}/people/invitations/{to_sign.id}/withdrawal/"
    assert client.post(path).status_code == 404


def test_a_provider_is_not_invited_from_here(client: Client) -> None:
    owner = owner_of()
    answer = log_in(client, owner).post(f"/b/{owner.slug}/people/invitations/", {**TOM, "role": "assistant"})
    assert answer.status_code == 422 and "tom@larkspur.example" in answer.content.decode()
    with pytest.raises(Refusal, match="your own side"):
        invite(owner, "Tom", "tom@larkspur.example", Role.ASSISTANT)


def test_what_was_typed_is_kept_when_the_address_is_none(client: Client) -> None:
    owner = owner_of()
    answer = log_in(client, owner).post(f"/b/{owner.slug}/people/invitations/", {**TOM, "email": "tom"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="Tom Reed"' in page and "like nora@example.com" in page


def test_who_is_taken_out_comes_in_no_more(client: Client) -> None:
    owner = owner_of()
    tom = joined(owner)
    membership = Membership.objects.get(person_id=tom.person_id)
    log_in(client, owner).post(f"/b/{owner.slug}/people/{membership.id}/removal/")
    assert log_in(Client(), tom).get(f"/b/{owner.slug}/").status_code == 404


@pytest.mark.reaches("not_your_side")
def test_an_owner_takes_nobody_of_the_other_side_out(client: Client, engagement: SignedEngagement) -> None:
    membership = Membership.objects.get(person_id=engagement.provider.person_id)
    answer = log_in(client, engagement.owner).post(f"/b/{engagement.owner.slug}/people/{membership.id}/removal/")
    assert answer.status_code == 409 and "your own side" in answer.content.decode()


def test_a_provider_sees_no_other_provider(client: Client, engagement: SignedEngagement) -> None:
    signed_engagement(engagement.owner, usual_terms(work="Graphics"), mail="omar@pix.example", name="Omar Haddad")
    assert "Omar" in people_of(client, engagement.owner)
    page = people_of(client, engagement.provider)
    assert "Omar" not in page and "Nora Whitfield" in page and "Never your other clients" in page


def test_a_reviewer_invites_nobody_and_is_shown_no_way_to(client: Client) -> None:
    owner = owner_of()
    reviewer = joined(owner, Role.REVIEWER)
    page = people_of(client, reviewer)
    assert "Mail address" not in page and "Take out" not in page
    assert client.post(f"/b/{owner.slug}/people/invitations/", TOM).status_code == 404
    assert not Invitation.objects.filter(name="Tom Reed", role="manager").exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.REVIEWER, Role.BOOKKEEPER, Role.AUDITOR])
def test_each_role_of_the_owners_side_comes_in_and_leaves(client: Client, role: Role) -> None:
    owner = owner_of()
    somebody = joined(owner, role)
    assert log_in(client, somebody).get(f"/b/{owner.slug}/").status_code == 200
    assert client.post(f"/b/{owner.slug}/people/departure/").url == "/"
    assert client.get(f"/b/{owner.slug}/").status_code == 404


def test_the_page_of_permissions_shows_the_table_that_is_enforced(client: Client, engagement: SignedEngagement) -> None:
    page = log_in(client, engagement.owner).get(f"/b/{engagement.owner.slug}/people/who-may-do-what/").content.decode()
    assert "Invite somebody by a mailed link." in page and "Owner, manager, provider admin" in page
    shown = {act.sentence for _, acts in table() for act in acts}
    assert len(shown) > 20 and all(sentence.endswith(".") for sentence in shown)
    callable_rows = sum(bool(set(roles) - {Role.SYSTEM}) for verbs in TABLE.values() for roles in verbs.values())
    assert sum(len(acts) for _, acts in table()) == callable_rows


def test_a_first_sentence_ends_at_its_point() -> None:
    assert first_sentence("Do this\n    at once. Then rest.") == "Do this at once."
    assert first_sentence("Do this.") == "Do this."


def test_settings_are_kept_and_may_be_given_back(client: Client) -> None:
    owner = owner_of()
    log_in(client, owner)
    client.post("/settings/", {"theme": "dark", "zone": "dublin"})
    liked = Preference.objects.get(person_id=owner.person_id)
    assert (liked.theme, liked.zone) == ("dark", "Europe/Dublin")
    client.post("/settings/", {"theme": "system", "zone": ""})
    liked.refresh_from_db()
    assert (liked.theme, liked.zone) == ("system", "")


def test_a_zone_that_nobody_knows_is_said_at_its_field(client: Client) -> None:
    log_in(client, owner_of())
    answer = client.post("/settings/", {"theme": "dark", "zone": "Atlantis"})
    assert answer.status_code == 422 and "“Atlantis” is no time zone" in answer.content.decode()


def test_whoever_could_not_come_in_again_is_told_so_until_there_is_a_way(client: Client, settings: Any) -> None:
    log_in(client, owner_of())
    assert "you cannot come in again" in client.get("/settings/").content.decode()
    settings.MAIL_SERVER = {"host": "mail.example"}
    assert "you cannot come in again" not in client.get("/settings/").content.decode()


def test_another_business_is_a_place_of_its_own(client: Client) -> None:
    owner = owner_of()
    answer = log_in(client, owner).post("/businesses/new/", {"business": "Larkspur Soaps"})
    assert answer.url == "/b/larkspur-soaps/"
    assert client.get("/").url == "/places/"
    assert "Larkspur Candles" in client.get("/b/larkspur-soaps/").content.decode(), "the switcher names both"


def test_whoever_was_invited_twice_may_follow_both_links() -> None:
    owner = owner_of()
    invitations = [invite(owner, "Paul", "paul@larkspur.example", Role.BOOKKEEPER)[0] for _ in range(2)]
    came, again = (accept_invitation(link_actor(x.business_id), x.id, "Paul") for x in invitations)
    assert came == again
