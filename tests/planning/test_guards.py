"""What was said, counted, decided and planned stays as it was."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from handsel.core import guards, writes
from handsel.planning.actions import note_evidence
from handsel.planning.models import AccessNeeded, Completion, Estimate, Evidence, Placing, PlanAnswer
from handsel.planning.rules import Kit
from tests.planning.story import planned_area
from tests.stories import TODAY, owner_of

CHANGES: dict[str, Callable[[], object]] = {
    "planning_estimate": lambda: Estimate.objects.update(usual_e4=1),
    "planning_evidence": lambda: Evidence.objects.update(items=0),
    "planning_placing": lambda: Placing.objects.update(decision="keep"),
    "planning_plananswer": lambda: PlanAnswer.objects.update(text="Whatever"),
    "planning_completion": lambda: Completion.objects.all().delete(),
    "planning_accessneeded": lambda: AccessNeeded.objects.update(what="Everything"),
}


@pytest.mark.proves("planning_estimate_kept")
@pytest.mark.proves("planning_evidence_kept")
@pytest.mark.proves("planning_placing_kept")
@pytest.mark.proves("planning_plananswer_kept")
@pytest.mark.proves("planning_completion_kept")
@pytest.mark.proves("planning_accessneeded_kept")
def test_what_a_plan_rests_on_stays_as_it_was(db: None) -> None:
    owner = owner_of()
    planned_area(owner)
    note_evidence(owner, Kit.MAIL, "Mailbox", TODAY(), TODAY(), 3, 0, "mailbox:a")
    for change in CHANGES.values():
        with writes.migrating(), pytest.raises(IntegrityError) as error, transaction.atomic():
            change()
        refusal = guards.refusal_for(error.value)
        assert refusal is not None
        assert refusal.code == "kept"
