"""Promises about time and tasks."""

from datetime import timedelta

import pytest

from handsel.ledger.queries import owed
from handsel.values.money import Money
from handsel.values.refusals import Refusal
from handsel.work.actions import Stint, decide, log, reopen
from handsel.work.rules import Decision
from tests.stories import TODAY, SignedEngagement, SubmittedWeek, drawn_up, read_and_sign


def approve(line) -> Decision:
    return Decision(line.id, line.revision, approves=True)


def test_hours_logged_before_both_sign_are_refused(db: None) -> None:
    story = drawn_up()
    read_and_sign(story.owner, story.terms)
    with pytest.raises(Refusal, match=r"not named|no terms were in force"):
        log(story.provider, story.engagement.id, Stint("Customer mail", "", TODAY(), 3600))
    read_and_sign(story.provider, story.terms)
    (line,) = log(story.provider, story.engagement.id, Stint("Customer mail", "", TODAY(), 3600))
    assert line.seconds == 3600


def test_an_approved_line_is_owed_once(week: SubmittedWeek) -> None:
    decide(week.owner, week.sheet.id, [approve(week.monday)])
    with pytest.raises(Refusal, match="not waiting"):
        decide(week.owner, week.sheet.id, [approve(week.monday)])
    assert owed(week.owner) == [Money("27.75", "EUR")]


def test_a_line_reopened_and_approved_again_is_owed_once(week: SubmittedWeek) -> None:
    decide(week.owner, week.sheet.id, [approve(week.monday)])
    reopen(week.owner, week.monday.id, "The day was wrong.")
    assert owed(week.owner) == []
    decide(week.owner, week.sheet.id, [approve(week.monday)])
    assert owed(week.owner) == [Money("27.75", "EUR")]
    assert owed(week.provider) == owed(week.owner)


def test_a_day_before_the_terms_is_refused_with_the_day_from_which_work_counts(engagement: SignedEngagement) -> None:
    early = engagement.terms.valid_from - timedelta(days=1)
    with pytest.raises(Refusal, match="no terms were in force. Work counts from") as refused:
        log(engagement.provider, engagement.engagement.id, Stint("Customer mail", "", early, 3600))
    assert refused.value.place == "work_day"
