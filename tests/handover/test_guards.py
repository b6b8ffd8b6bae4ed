"""What was handed in, said of it, counted and planned stays; the stage follows its placements."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from handsel.core import guards, writes
from handsel.handover.actions import plan_share
from handsel.handover.models import (
    Handled,
    Output,
    PlacedInShadow,
    PlacedToLearn,
    PlacedUnderSupervision,
    SharePlan,
    Stream,
    Verdict,
    Wording,
)
from handsel.handover.rules import Ramp, Stage, Word
from handsel.values.actors import Side
from tests.handover.test_actions import hand_in, handle, judge, place
from tests.stories import TODAY, SignedEngagement

CHANGES: dict[str, Callable[[], object]] = {
    "handover_placedtolearn": lambda: PlacedToLearn.objects.update(reason="Other"),
    "handover_placedinshadow": lambda: PlacedInShadow.objects.update(reason="Other"),
    "handover_placedundersupervision": lambda: PlacedUnderSupervision.objects.update(reason="Other"),
    "handover_output": lambda: Output.objects.update(is_read=False),
    "handover_wording": lambda: Wording.objects.update(digest="0" * 64),
    "handover_verdict": lambda: Verdict.objects.update(verdict="ok"),
    "handover_handled": lambda: Handled.objects.all().delete(),
    "handover_shareplan": lambda: SharePlan.objects.update(goal=100),
}


def refused(write: Callable[[], object]) -> str:
    with writes.migrating(), pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    refusal = guards.refusal_for(error.value)
    assert refusal is not None
    return refusal.code


@pytest.mark.proves("handover_placedtolearn_kept")
@pytest.mark.proves("handover_placedinshadow_kept")
@pytest.mark.proves("handover_placedundersupervision_kept")
@pytest.mark.proves("handover_output_kept")
@pytest.mark.proves("handover_wording_kept")
@pytest.mark.proves("handover_verdict_kept")
@pytest.mark.proves("handover_handled_kept")
@pytest.mark.proves("handover_shareplan_kept")
def test_what_was_handed_in_said_counted_and_planned_stays(engagement: SignedEngagement) -> None:
    for stage in (Stage.LEARN, Stage.SHADOW, Stage.SUPERVISED):
        place(engagement, stage)
    judge(engagement, hand_in(engagement), Word.FAULT, "The day is wrong.")
    handle(engagement, Side.OWNER_SIDE)
    plan_share(engagement.owner, engagement.engagement.id, Ramp(TODAY(), 8, 10, 90))
    for change in CHANGES.values():
        assert refused(change) == "kept"


@pytest.mark.proves("handover_stream_follows")
def test_a_stage_is_never_set_by_hand(engagement: SignedEngagement) -> None:
    place(engagement, Stage.LEARN)
    assert refused(lambda: Stream.objects.update(stage="independent")) == "status_follows"


@pytest.mark.proves("handover_stream_follows")
def test_placements_are_numbered_over_all_stages(engagement: SignedEngagement) -> None:
    place(engagement, Stage.LEARN)
    stream = Stream.objects.get()
    assert refused(lambda: PlacedUnderSupervision.objects.create(
        business_id=stream.business_id, stream=stream, n=1, person_id=engagement.owner.person_id,
    )) == "changed_meanwhile"  # fmt: skip
