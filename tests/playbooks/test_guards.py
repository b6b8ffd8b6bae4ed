"""What was published, assigned, acknowledged, asked and answered stays."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from handsel.core import guards, writes
from handsel.playbooks.actions import acknowledge, answer, ask, assign
from handsel.playbooks.models import Acknowledgement, Answer, Assignment, PlaybookVersion, Question
from tests.playbooks.test_actions import page_of
from tests.stories import SignedEngagement

CHANGES: dict[str, Callable[[], object]] = {
    "playbooks_playbookversion": lambda: PlaybookVersion.objects.update(text="Pay everything."),
    "playbooks_assignment": lambda: Assignment.objects.update(due=None, person_id=None),
    "playbooks_acknowledgement": lambda: Acknowledgement.objects.all().delete(),
    "playbooks_question": lambda: Question.objects.update(text="Never asked"),
    "playbooks_answer": lambda: Answer.objects.update(text="Never said"),
}


@pytest.mark.proves("playbooks_playbookversion_kept")
@pytest.mark.proves("playbooks_assignment_kept")
@pytest.mark.proves("playbooks_acknowledgement_kept")
@pytest.mark.proves("playbooks_question_kept")
@pytest.mark.proves("playbooks_answer_kept")
def test_what_was_said_about_a_page_stays_as_it_was(engagement: SignedEngagement) -> None:
    page = page_of(engagement.owner)
    assign(engagement.owner, page.playbook_id, engagement.provider.person_id)
    acknowledge(engagement.provider, page.playbook_id, 1)
    answer(engagement.owner, ask(engagement.provider, "Do we ship to Norway?").id, "Yes.")
    for change in CHANGES.values():
        with writes.migrating(), pytest.raises(IntegrityError) as error, transaction.atomic():
            change()
        refusal = guards.refusal_for(error.value)
        assert refusal is not None
        assert refusal.code == "kept"


@pytest.mark.one_engine
def test_replace_and_truncate_do_not_get_round_what_is_kept(engagement: SignedEngagement) -> None:
    """REPLACE is SQLite's, TRUNCATE PostgreSQL's."""
    page_of(engagement.owner)
    sql = (
        "REPLACE INTO playbooks_playbookversion SELECT id, made_at, n, 'Other', text, asks, business_id, person_id, "
        "playbook_id FROM playbooks_playbookversion"
        if connection.vendor == "sqlite"
        else "TRUNCATE playbooks_playbookversion CASCADE"
    )
    with (
        writes.migrating(),
        pytest.raises(IntegrityError, match="kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses for a reason of its own
        cursor.execute(sql)
