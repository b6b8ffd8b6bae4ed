"""Every no of the hand-over, as its page says it: one clear sentence at its place, and nothing half done."""

import pytest
from django.test import Client

from handsel.handover import queries
from handsel.handover.models import SharePlan
from handsel.handover.rules import Stage
from tests.handover.test_actions import KIND, place, stage
from tests.handover.test_pages import one
from tests.stories import TODAY, SignedEngagement, log_in


@pytest.mark.reaches("same_stage")
def test_a_stage_is_set_once_though_the_form_is_open_in_two_tabs(client: Client, engagement: SignedEngagement) -> None:
    place(engagement, Stage.SHADOW)
    log_in(client, engagement.owner)
    words = {"person_id": str(engagement.provider.person_id), "kind": KIND, "stage": "shadow", "reason": "She is ready"}
    page = client.post(one(engagement, "stages/"), words)
    assert page.status_code == 422 and "Ines is at this stage already." in page.content.decode()
    assert page.context["form"].errors["stage"] and "She is ready" in page.content.decode()
    assert stage(engagement) is Stage.SHADOW and queries.stream(
        engagement.engagement.id, engagement.provider.person_id, KIND
    ).next_n() == 2  # fmt: skip


@pytest.mark.reaches("share_shrinks")
def test_a_share_that_would_shrink_is_refused_at_the_goal(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.owner)
    words = {"first_week": TODAY().isoformat(), "weeks": 8, "start": 60, "goal": 20}
    page = client.post(one(engagement, "plan/"), words)
    assert page.status_code == 422
    assert "The share at the end is smaller than at the start." in page.content.decode()
    assert page.context["form"].errors["goal"] and 'value="60"' in page.content.decode()
    assert not SharePlan.objects.exists()
