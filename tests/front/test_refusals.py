"""What an export refuses that only the worker can say."""

import pytest

from handsel.core.jobs import run_once
from handsel.core.models import StoredFile
from handsel.front.export import making
from handsel.front.export.models import Export
from handsel.people.actions import leave
from handsel.values.actors import Role
from tests.people.test_members import joined
from tests.stories import owner_of


@pytest.mark.django_db
def test_who_left_before_the_export_was_made_gets_none() -> None:
    bookkeeper = joined(owner_of(), Role.BOOKKEEPER)
    making.ask_for_export(bookkeeper)
    leave(bookkeeper)
    run_once()
    export = Export.objects.get()
    assert export.trouble == "You are no longer a member of this business. Ask the owner."
    assert export.file_id is None and not StoredFile.objects.exists()
