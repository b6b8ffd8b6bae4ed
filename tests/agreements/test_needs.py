"""What agreements ask of a person, and when it is done."""

import pytest

from handsel.agreements.actions import draw_up, invite_to_sign
from handsel.agreements.room import ROOM
from handsel.people.actions import accept_invitation
from handsel.people.queries import link_actor
from tests.stories import SignedEngagement, drawn_up, member, owner_of, read_and_sign, usual_terms


@pytest.mark.django_db
def test_whoever_signed_first_is_asked_to_invite_the_other_side_until_she_has() -> None:
    owner = owner_of()
    engagement = draw_up(owner, usual_terms(), "Ines Duarte", "ines@mare.example")
    assert [need.act for need in ROOM.needs(owner)] == ["Read and sign"]
    read_and_sign(owner, engagement.terms.get())
    assert [need.act for need in ROOM.needs(owner)] == ["Invite Ines"]
    invitation, _ = invite_to_sign(owner, engagement.id)
    assert list(ROOM.needs(owner)) == []
    joined = accept_invitation(link_actor(invitation.business_id), invitation.id, "Ines Duarte")
    assert [need.act for need in ROOM.needs(member(joined.business, joined.person))] == ["Read and sign"]


@pytest.mark.django_db
def test_nobody_is_invited_who_is_there_already(engagement: SignedEngagement) -> None:
    again = drawn_up(engagement.owner, usual_terms(work="Leaflets"))
    read_and_sign(again.owner, again.terms)
    assert list(ROOM.needs(engagement.owner)) == []
