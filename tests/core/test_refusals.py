"""What the ground refuses, through the pages that stand on it."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from handsel.core.models import StoredFile
from handsel.playbooks.queries import pages
from handsel.work.models import Delivery
from tests.stories import SignedEngagement, log_in


@pytest.mark.reaches("file_not_kept")
def test_a_delivery_whose_file_finds_no_room_is_not_half_delivered(
    client: Client, engagement: SignedEngagement, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    (tmp_path / "files").write_text("Where the folder of files should be, there is a file.")
    log_in(client, engagement.provider)
    url = f"/b/{engagement.owner.slug}/work/{engagement.engagement.id}/deliverables/0/delivery/"
    drawing = SimpleUploadedFile("leaflet.svg", b"<svg/>", "image/svg+xml")
    page = client.post(url, {"note": "The first draft", "file": drawing})
    assert page.status_code == 422 and "The file could not be kept" in page.content.decode()
    assert "The first draft" in page.content.decode()
    assert not Delivery.objects.exists() and not StoredFile.objects.filter(name="leaflet.svg").exists()


@pytest.mark.reaches("key_used")
def test_a_form_that_was_sent_with_other_words_is_not_sent_again(client: Client, engagement: SignedEngagement) -> None:
    log_in(client, engagement.owner)
    url = f"/b/{engagement.owner.slug}/playbooks/new/"
    client.post(url, {"title": "Refunds", "text": "Say sorry first.", "once": "one"})
    page = client.post(url, {"title": "Refunds", "text": "Pay at once.", "once": "one"})
    assert page.status_code == 422 and "already sent with other words" in page.content.decode()
    assert "Pay at once." in page.content.decode()


def test_the_changed_words_go_out_by_one_more_press(client: Client, engagement: SignedEngagement) -> None:
    """The form that is shown again has a key of its own: the old one is spent for ever."""
    log_in(client, engagement.owner)
    url = f"/b/{engagement.owner.slug}/playbooks/new/"
    client.post(url, {"title": "Refunds", "text": "Say sorry first.", "once": "one"})
    page = client.post(url, {"title": "Refunds abroad", "text": "Pay at once.", "once": "one"})
    key = page.context["form"].key
    assert key != "one" and f'name="once" value="{key}"' in page.content.decode()
    sent = client.post(url, {"title": "Refunds abroad", "text": "Pay at once.", "once": key})
    assert sent.status_code == 302
    titles = [page.title for page in pages(engagement.owner)]
    assert sorted(titles) == ["Refunds", "Refunds abroad"]
