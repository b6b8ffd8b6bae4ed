"""Who reads a plan and does not write it is told so, whatever was sent."""

import pytest
from django.test import Client

from handsel.planning.models import Area
from handsel.values.actors import Role
from tests.people.test_members import joined
from tests.planning.story import customer_mail, plan_answers
from tests.stories import log_in, owner_of


@pytest.mark.django_db
@pytest.mark.reaches("not_permitted")
@pytest.mark.parametrize(
    ("act", "words"),
    [("placing", {"decision": "keep", "word": "No"}), ("answers", plan_answers()), ("completion", {"once": "x"})],
)
def test_an_auditor_reads_the_plan_and_changes_nothing(client: Client, act: str, words: dict[str, str]) -> None:
    owner = owner_of()
    area: Area = customer_mail(owner)
    log_in(client, joined(owner, Role.AUDITOR))
    answer = client.post(f"/b/{owner.slug}/plan/{area.id}/{act}/", words)
    assert answer.status_code == 422 and "As auditor you may not" in answer.content.decode()
