"""Promises about playbooks: who is asked to know what, who does, and what becomes of a question."""

from datetime import timedelta

import pytest

from handsel.core.models import Event
from handsel.people.actions import accept_invitation, invite
from handsel.people.queries import link_actor
from handsel.playbooks import queries
from handsel.playbooks.actions import acknowledge, answer, ask, assign, publish
from handsel.playbooks.models import PlaybookVersion
from handsel.values.actors import Actor, Role
from handsel.values.refusals import NotVisible, Refusal
from tests.stories import TODAY, SignedEngagement, member, owner_of, signed_engagement

REFUNDS = "Refunds under €50 are paid at once.\n\n- Say sorry first.\n- Name the day."


def page_of(owner: Actor, title: str = "Refunds", text: str = REFUNDS) -> PlaybookVersion:
    return publish(owner, title, text)


def assistant_of(provider: Actor, name: str = "Ana Lima", mail: str = "ana@mare.example") -> Actor:
    invitation, _ = invite(provider, name, mail, Role.ASSISTANT)
    membership = accept_invitation(link_actor(invitation.business_id), invitation.id, name)
    return member(membership.business, membership.person)


def titles_unread(actor: Actor) -> list[str]:
    assert actor.person_id
    return [page.title for page in queries.unread(actor, actor.person_id)]


def test_a_page_that_is_assigned_is_unread_until_it_is_acknowledged(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    assert titles_unread(engagement.provider) == []
    assign(engagement.owner, page.playbook_id, engagement.provider.person_id)
    assert titles_unread(engagement.provider) == ["Refunds"]
    acknowledge(engagement.provider, page.playbook_id, 1)
    assert titles_unread(engagement.provider) == []


def test_what_is_assigned_to_everybody_is_asked_of_whoever_joins_later(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id)
    ana = assistant_of(engagement.provider)
    assert titles_unread(ana) == ["Refunds"]


def test_a_version_that_asks_is_to_be_read_again_and_a_typing_error_is_not(engagement: SignedEngagement) -> None:
    owner, provider = engagement.owner, engagement.provider
    page = page_of(owner)
    assign(owner, page.playbook_id)
    acknowledge(provider, page.playbook_id, 1)
    publish(owner, "Refunds", REFUNDS + " Thanks.", asks=False, page_id=page.playbook_id)
    assert titles_unread(provider) == []
    publish(owner, "Refunds and returns", "Refunds under €80 are paid at once.", asks=True, page_id=page.playbook_id)
    assert titles_unread(provider) == ["Refunds and returns"]
    acknowledge(provider, page.playbook_id, 3)
    assert titles_unread(provider) == []


def test_the_list_of_readers_says_the_same_as_the_list_of_what_is_unread(engagement: SignedEngagement) -> None:
    owner, provider = engagement.owner, engagement.provider
    pages = [page_of(owner, title) for title in ("Refunds", "Tone", "Shipping")]
    for page in pages:
        assign(owner, page.playbook_id)
    acknowledge(provider, pages[1].playbook_id, 1)
    publish(owner, "Shipping", "By post.", asks=False, page_id=pages[2].playbook_id)
    acknowledge(provider, pages[2].playbook_id, 2)
    unread = {page.page_id for page in queries.pages_with_readers(owner) if not all(r.knows for r in page.readers)}
    assert {p.page_id for p in queries.unread(owner, provider.person_id)} == unread == {pages[0].playbook_id}


def test_the_due_day_of_the_newest_assignment_counts(engagement: SignedEngagement) -> None:
    page, friday = page_of(engagement.owner), TODAY() + timedelta(days=4)
    assign(engagement.owner, page.playbook_id)
    assign(engagement.owner, page.playbook_id, engagement.provider.person_id, friday)
    (unread,) = queries.unread(engagement.provider, engagement.provider.person_id)
    assert unread.due == friday
    assert [r.due for p in queries.pages_with_readers(engagement.owner) for r in p.readers] == [friday]


def test_only_the_newest_version_can_be_acknowledged_and_once(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    publish(engagement.owner, "Refunds", "Ask Nora.", page_id=page.playbook_id)
    with pytest.raises(Refusal, match="Version 2 was published while you read") as refused:
        acknowledge(engagement.provider, page.playbook_id, 1)
    assert refused.value.code == "newer_version"
    acknowledge(engagement.provider, page.playbook_id, 2)
    with pytest.raises(Refusal, match="already"):
        acknowledge(engagement.provider, page.playbook_id, 2)


def test_two_who_write_at_once_do_not_overwrite_each_other(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    publish(engagement.owner, "Refunds", "First.", page_id=page.playbook_id, expected_n=1)
    with pytest.raises(Refusal, match="published while you wrote") as refused:
        publish(engagement.owner, "Refunds", "Second.", page_id=page.playbook_id, expected_n=1)
    assert (refused.value.code, refused.value.place) == ("changed_meanwhile", "text")


@pytest.mark.parametrize(("text", "code"), [("  \n", "empty_page"), (REFUNDS, "nothing_changed")])
def test_a_version_without_words_or_without_a_change_is_refused(
    engagement: SignedEngagement, text: str, code: str
) -> None:
    page = page_of(engagement.owner)
    with pytest.raises(Refusal) as refused:
        publish(engagement.owner, "Refunds", text, page_id=page.playbook_id)
    assert refused.value.code == code


def test_a_page_is_assigned_to_people_of_a_provider_only(engagement: SignedEngagement) -> None:
    page, stranger = page_of(engagement.owner), owner_of("Other shop", "lee@other.example", "Lee")
    with pytest.raises(Refusal) as refused:
        assign(engagement.owner, page.playbook_id, engagement.owner.person_id)
    assert refused.value.code == "not_a_provider"
    with pytest.raises(NotVisible):
        assign(engagement.owner, page.playbook_id, stranger.person_id)


def test_a_question_is_answered_once_and_only_the_owner_side_answers(engagement: SignedEngagement) -> None:
    question = ask(engagement.provider, "Do we ship to Norway?", "conversation", word_id(), "Mail from Maeve", "/b/x/")
    assert [q.text for q in queries.open_questions(engagement.owner)] == ["Do we ship to Norway?"]
    with pytest.raises(Refusal, match="may not"):
        answer(engagement.provider, question.id, "Yes")
    answer(engagement.owner, question.id, "Yes, for €12.")
    assert list(queries.open_questions(engagement.owner)) == []
    with pytest.raises(Refusal, match="answered already"):
        answer(engagement.owner, question.id, "No")


def word_id():  # type: ignore[no-untyped-def]
    from handsel.core.keys import new_key

    return new_key()


def test_an_answer_becomes_a_line_of_a_page(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    question = ask(engagement.provider, "Do we refund\nthe postage?", "page", page.playbook_id)
    assert question.about_word == "Refunds"
    given = answer(engagement.owner, question.id, "Only where we sent the wrong thing.", add_to=page.playbook_id)
    newest = queries.page(engagement.provider, page.playbook_id)
    assert (newest.n, given.version) == (2, newest)
    assert newest.text == f"{REFUNDS}\n\n**Do we refund the postage?**\n\nOnly where we sent the wrong thing.\n"
    assert not newest.asks


def test_a_question_points_into_this_house_only(engagement: SignedEngagement) -> None:
    for url in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        with pytest.raises(Refusal) as refused:
            ask(engagement.provider, "Look", "conversation", None, "here", url)
        assert refused.value.code == "strange_address"


def test_another_provider_sees_neither_questions_nor_who_knows_what(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id)
    acknowledge(engagement.provider, page.playbook_id, 1)
    question = ask(engagement.provider, "Do we ship to Norway?")
    other = signed_engagement(engagement.owner, mail="tom@north.example", name="Tom North").provider
    assert list(queries.questions(other)) == []
    assert [r.name for p in queries.pages_with_readers(other) for r in p.readers] == ["Tom North"]
    with pytest.raises(NotVisible):
        queries.question(other, question.id)


def test_another_business_sees_nothing_of_a_page(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    stranger = owner_of("Other shop", "lee@other.example", "Lee")
    assert list(queries.pages(stranger)) == []
    for read in (lambda: queries.page(stranger, page.playbook_id), lambda: assign(stranger, page.playbook_id),
                 lambda: publish(stranger, "Mine", "x", page_id=page.playbook_id)):  # fmt: skip
        with pytest.raises(NotVisible):
            read()


def test_the_trail_holds_no_words_of_questions_and_pages(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner, text="Maeve Brennan gets a refund.")
    ask(engagement.provider, "What of Maeve Brennan?", "page", page.playbook_id)
    facts = [event.facts for event in Event.objects.filter(verb__startswith="playbooks.")]
    assert facts
    assert "Maeve" not in str(facts)
