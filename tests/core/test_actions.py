"""Promises about the way of one write."""

from dataclasses import replace

import pytest
from django.db import connection, transaction

from handsel.core import actions, trail, writes
from handsel.core.actions import ActionRecordedNothing, action
from handsel.core.models import Event, OnceKey
from handsel.people.actions import invite, prefer
from handsel.people.models import Invitation
from handsel.values.actors import Role
from handsel.values.refusals import Refusal
from handsel.work.actions import Stint, log
from handsel.work.models import TimeEntry
from tests.stories import TODAY, SignedEngagement


def test_an_action_that_the_role_may_not_call_is_refused(engagement: SignedEngagement) -> None:
    with pytest.raises(Refusal, match="you may not log here") as refused:
        log(engagement.owner, engagement.engagement.id, Stint("Customer mail", "", TODAY(), 600))
    assert refused.value.status == 403


def test_what_only_actions_call_is_refused_to_everybody(engagement: SignedEngagement) -> None:
    from handsel.ledger.actions import owe

    with pytest.raises(Refusal, match="may not owe"):
        owe(engagement.owner, [])


def test_a_repeated_key_gives_the_first_result(engagement: SignedEngagement) -> None:
    actor = replace(engagement.provider, key="form-1")
    stint = Stint("Customer mail", "", TODAY(), 600)
    first = log(actor, engagement.engagement.id, stint)
    again = log(actor, engagement.engagement.id, stint)
    assert [x.id for x in first] == [x.id for x in again]
    assert TimeEntry.objects.count() == 1


def test_a_key_that_comes_back_with_other_words_is_refused(engagement: SignedEngagement) -> None:
    actor = replace(engagement.provider, key="form-1")
    log(actor, engagement.engagement.id, Stint("Customer mail", "", TODAY(), 600))
    with pytest.raises(Refusal, match="already sent with other words"):
        log(actor, engagement.engagement.id, Stint("Customer mail", "", TODAY(), 700))


def test_a_refused_form_may_be_sent_again_with_the_same_key(engagement: SignedEngagement) -> None:
    actor = replace(engagement.provider, key="form-1")
    with pytest.raises(Refusal):
        log(actor, engagement.engagement.id, Stint("Customer mail", "", TODAY(), 0))
    assert not OnceKey.objects.exists()
    assert log(actor, engagement.engagement.id, Stint("Customer mail", "", TODAY(), 600))


def test_a_write_outside_an_action_is_a_bug(engagement: SignedEngagement) -> None:
    with pytest.raises(writes.WriteOutsideAction):
        TimeEntry.objects.filter(pk=engagement.engagement.id).update(kind="x")
    with pytest.raises(writes.WriteOutsideAction), connection.cursor() as cursor:
        cursor.execute("  delete from work_timeentry")


def test_an_action_that_records_nothing_is_a_bug_and_leaves_nothing(
    engagement: SignedEngagement, monkeypatch: pytest.MonkeyPatch
) -> None:
    @action
    def forgets(actor: object) -> None:
        """Writes, and says nothing of it."""
        Invitation.objects.create(
            business_id=engagement.owner.business_id, name="x", mail="x@x.example", role="manager", token_hash="h",
            expires_at=engagement.engagement.made_at,
        )  # fmt: skip

    name = next(n for n in actions.all_actions() if n.endswith(".forgets"))
    actor = replace(engagement.owner, grants=engagement.owner.grants | {name})
    before = Invitation.objects.count()
    with pytest.raises(ActionRecordedNothing), transaction.atomic():
        forgets(actor)
    actions._actions.pop(name)
    assert Invitation.objects.count() == before


def test_an_action_on_ones_own_rows_records_no_event(engagement: SignedEngagement) -> None:
    before = Event.objects.count()
    prefer(engagement.owner, theme="dark")
    assert Event.objects.count() == before


def test_an_action_inside_another_shares_its_permission_and_its_trail(engagement: SignedEngagement) -> None:
    """`invite_to_sign` calls `invite`; the provider admin may invite her own people, never on the owner's side."""
    with pytest.raises(Refusal, match="your own side"):
        invite(engagement.provider, "Bea", "bea@x.example", Role.BOOKKEEPER)


def test_the_chain_of_a_business_verifies_and_is_without_a_gap(engagement: SignedEngagement) -> None:
    chain = engagement.owner.business_id
    assert chain is not None
    numbers = list(Event.objects.filter(chain_id=chain).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert trail.broken_links(chain) == []


def test_a_changed_event_is_named(engagement: SignedEngagement) -> None:
    from handsel.core import guards

    chain = engagement.owner.business_id
    assert chain is not None
    with writes.migrating(), guards.aside(connection):
        Event.objects.filter(chain_id=chain, number=3).update(verb="agreements.nothing")
    assert trail.broken_links(chain) == ["Event 3 was changed, or one before it."]


def test_changed_facts_are_named(engagement: SignedEngagement) -> None:
    from handsel.core import guards

    chain = engagement.owner.business_id
    assert chain is not None
    with writes.migrating(), guards.aside(connection):
        Event.objects.filter(chain_id=chain, number=2).update(facts={"role": "owner"})
    assert trail.broken_links(chain) == ["The facts of event 2 were changed."]


def test_a_dropped_last_event_is_named(engagement: SignedEngagement) -> None:
    from handsel.core import guards

    chain = engagement.owner.business_id
    assert chain is not None
    with writes.migrating(), guards.aside(connection):
        Event.objects.filter(chain_id=chain).order_by("-number")[:1].get().delete()
    assert "its head names another" in trail.broken_links(chain)[0]
