"""Two clicks in the same moment: one work on one invoice, numbers without a gap."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from handsel.payments.actions import draft, issue
from handsel.payments.models import Document, Issue
from handsel.values.refusals import Refusal
from tests.payments.invoices import accounts, approved, at_fifty, drafted, eur, seen
from tests.stories import SignedEngagement

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], Any]]) -> list[str]:
    """Do all at the same moment, each in a thread of its own; gives the codes of what was refused."""
    gate, refused = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            act()
        except Refusal as refusal:
            refused.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def issuing(story: SignedEngagement, document: Document) -> Callable[[], Issue]:
    shown = seen(document)
    return lambda: issue(story.provider, document.id, shown)


def test_parallel_issues_count_without_a_gap_and_no_work_is_invoiced_twice() -> None:
    story = at_fifty()
    drafts = []
    for days_ago in range(1, 7):
        day = approved(story, 1, days_ago).work_day
        drafts.append(draft(story.provider, story.engagement.id, day, day))
    twice = [drafted(story) for _ in range(2)]
    refused = at_once([issuing(story, document) for document in (*drafts, *twice)])
    issued = sorted(Issue.objects.values_list("n", flat=True))
    assert issued == list(range(1, len(issued) + 1))
    assert len(issued) + len(refused) == 8
    assert set(refused) <= {"billed_twice", "changed_since", "nothing_to_invoice"}
    found = accounts(story.owner, story.engagement)
    assert (
        found.unbilled + found.payable == eur("300")
        and sum(Issue.objects.values_list("amount", flat=True)) == found.payable.minor
    )
