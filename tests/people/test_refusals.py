"""What people refuse when somebody was faster or a button is pressed twice; the ways in are in test_ways_in."""

import pytest
from django.test import Client

from handsel.people.actions import invite
from handsel.people.models import InvitationAnswer, Membership
from handsel.values.actors import Role
from tests.stories import log_in, owner_of

pytestmark = pytest.mark.django_db


@pytest.mark.reaches("already_answered")
def test_an_invitation_that_was_taken_up_meanwhile_is_not_taken_back(client: Client) -> None:
    owner = owner_of()
    invitation, token = invite(owner, "Tom Reed", "tom@larkspur.example", Role.MANAGER)
    Client().post(f"/join/{token}/", {"name": "Tom Reed"})
    log_in(client, owner)
    page = client.post(f"/b/{owner.slug}/people/invitations/{invitation.id}/withdrawal/")
    assert page.status_code == 409 and "This invitation was answered already." in page.content.decode()
    assert InvitationAnswer.objects.get().accepted and Membership.objects.filter(left_at=None).count() == 2


@pytest.mark.reaches("invitation_over")
def test_an_invitation_that_is_taken_back_while_its_page_is_open_lets_nobody_in(client: Client) -> None:
    owner = owner_of()
    invitation, token = invite(owner, "Tom Reed", "tom@larkspur.example", Role.MANAGER)
    tom = Client()
    assert tom.get(f"/join/{token}/").status_code == 200
    log_in(client, owner).post(f"/b/{owner.slug}/people/invitations/{invitation.id}/withdrawal/")
    page = tom.post(f"/join/{token}/", {"name": "Tom Reed"})
    assert page.status_code == 410 and "used, taken back, or is too old" in page.content.decode()
    assert Membership.objects.count() == 1


@pytest.mark.reaches("already_member")
def test_a_second_invitation_gives_nobody_a_second_part(client: Client) -> None:
    owner = owner_of()
    tokens = [invite(owner, "Tom Reed", "tom@larkspur.example", role)[1] for role in (Role.REVIEWER, Role.MANAGER)]
    client.post(f"/join/{tokens[0]}/", {"name": "Tom Reed"})
    page = client.post(f"/join/{tokens[1]}/", {"name": "Tom Reed"})
    assert page.status_code == 422 and "You are here already, as reviewer." in page.content.decode()
    assert InvitationAnswer.objects.count() == 1 and Membership.objects.filter(left_at=None).count() == 2


@pytest.mark.reaches("not_your_side")
def test_nobody_takes_out_herself(client: Client) -> None:
    owner = owner_of()
    membership = Membership.objects.get()
    page = log_in(client, owner).post(f"/b/{owner.slug}/people/{membership.id}/removal/")
    assert page.status_code == 409 and "not yourself" in page.content.decode()
    assert Membership.objects.get().left_at is None
