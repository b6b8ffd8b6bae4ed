"""Several questions in one SQL statement: the same rows as one by one, of the same kinds, in the same order."""

from datetime import timedelta
from typing import Any

import pytest

from handsel.agreements.models import Terms
from handsel.core.asking import answers
from handsel.work.models import TimeEntry, Timesheet
from tests.stories import SubmittedWeek

pytestmark = pytest.mark.django_db


def test_questions_are_answered_together_as_they_are_one_by_one(
    week: SubmittedWeek, django_assert_num_queries: Any
) -> None:
    questions = [
        TimeEntry.objects.visible_to(week.owner).order_by("-work_day").values("id", "work_day", "seconds", "kind")[:1],
        TimeEntry.objects.visible_to(week.owner)
        .order_by("work_day")
        .values("id", "timesheet_id", "made_at", "started_at"),
        Terms.objects.visible_to(week.provider).values("engagement", "document", "valid_from"),
    ]
    one_by_one = [list(rows) for rows in questions]
    with django_assert_num_queries(1):
        assert answers(questions) == one_by_one
    assert len(one_by_one[0]) == 1 and len(one_by_one[1]) == 2


def test_a_question_that_nothing_can_answer_is_not_asked(week: SubmittedWeek, django_assert_num_queries: Any) -> None:
    nothing = Timesheet.objects.visible_to(week.owner).filter(pk__in=[]).values("id")
    later = Timesheet.objects.visible_to(week.owner).filter(first_day__gt=week.sheet.last_day + timedelta(days=9))
    with django_assert_num_queries(0):
        assert answers([nothing]) == [[]]
    with django_assert_num_queries(1):
        assert answers([nothing, later.values("id")]) == [[], []]
