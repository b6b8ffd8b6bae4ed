"""What talk refuses in its fragment of comments; calls and check-ins are in test_talk."""

import pytest
from django.test import Client

from handsel.talk.models import Comment
from handsel.values.actors import Role
from tests.people.test_members import joined
from tests.stories import SignedEngagement, log_in


def comments_of(story: SignedEngagement) -> str:
    return f"/b/{story.owner.slug}/comments/terms/{story.terms.id}/?engagement={story.engagement.id}"


@pytest.mark.reaches("key_used")
def test_a_comment_that_was_changed_after_it_was_sent_is_not_sent_again(
    client: Client, engagement: SignedEngagement
) -> None:
    """Back in the browser, other words, and the same form once more."""
    log_in(client, engagement.owner)
    client.post(comments_of(engagement), {"text": "Agreed.", "once": "one"})
    page = client.post(comments_of(engagement), {"text": "Agreed, from May.", "once": "one"})
    assert page.status_code == 422 and "already sent with other words" in page.content.decode()
    assert "Agreed, from May." in page.content.decode() and Comment.objects.get().text == "Agreed."


@pytest.mark.reaches("not_permitted")
def test_an_auditor_says_nothing(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, joined(engagement.owner, Role.AUDITOR))
    page = client.post(comments_of(engagement), {"text": "Hm."}, headers={"HX-Request": "true"})
    assert "As auditor you may not comment here." in page.content.decode() and not Comment.objects.exists()
