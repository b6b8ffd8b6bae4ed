"""The sample business and its twin, told once for all tests of a file and rolled back after them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from handsel.sample.story import Story, tell_story


@dataclass(frozen=True)
class Stories:
    """Two businesses with the same story: nothing of the second may show in the first."""

    story: Story
    twin: Story


@pytest.fixture(scope="module")
def stories(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stories]:
    with django_db_blocker.unblock(), transaction.atomic():
        today = timezone.now().date()
        told = Stories(tell_story(today), tell_story(today, twin=True))
        connection.check_constraints()  # once, and not after every test again
        yield told
        transaction.set_rollback(True)


@pytest.fixture
def told(stories: Stories, db: None) -> Stories:
    """The stories, as every test of the file finds them."""
    return stories
