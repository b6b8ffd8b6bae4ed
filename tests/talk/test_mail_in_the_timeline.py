"""The one timeline tells when mail of customers came in, to whoever may read it and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from handsel.agreements.actions import end, pause
from handsel.agreements.rules import Fee
from handsel.core.models import Event
from handsel.mail.importing import import_mbox
from handsel.talk import queries
from handsel.values.actors import Actor, Role
from tests.mail.story import OURS, Desk, desk, letter, mbox
from tests.people.test_members import joined
from tests.playbooks.test_actions import assistant_of
from tests.stories import TODAY, log_in, signed_engagement, usual_terms

pytestmark = pytest.mark.django_db

FIRST = "read 31 new mails in 16 conversations"
PETRA = "Petra Novak <petra.novak@mail.example>"


@pytest.fixture
def mail(db: None, tmp_path: Path, settings: Any) -> Desk:
    settings.DATA = tmp_path
    return desk(tmp_path)


def more_mail(mail: Desk, folder: Path) -> None:
    """Petra writes twice in her conversation, somebody new writes once, and one mail comes again."""
    news = [
        letter(PETRA, OURS, f"<n{n}@mail.example>", f"And {n}?", answers="<15@mail.example>",
               day=f"Wed, 0{n} Apr 2026 09:00:00 +0000") for n in (1, 2)
    ]  # fmt: skip
    news += [letter("Una <una@mail.example>", OURS, "<una@mail.example>", "Do you ship to Malta?")] * 2
    import_mbox(mbox(folder / "more.mbox", *news), mail.owner.slug)


def told(actor: Actor, mail: Desk, sort: str = "") -> list[str]:
    entries = queries.timeline(actor, mail.engagement.id, sort).entries
    return [e.text for e in entries if e.text.startswith("read ") and " in " in e.text]


def test_each_reading_of_new_mail_is_one_line_with_what_was_new(mail: Desk, tmp_path: Path) -> None:
    more_mail(mail, tmp_path)
    assert told(mail.owner, mail) == ["read 3 new mails in 2 conversations", FIRST]
    assert told(mail.ines, mail, "mail") == told(mail.owner, mail)
    assert told(mail.owner, mail, "calls") == []


def test_a_reading_that_brought_nothing_new_is_no_line(mail: Desk, tmp_path: Path) -> None:
    import_mbox(tmp_path / "shop.mbox", mail.owner.slug)
    assert Event.objects.filter(verb="mail.import_ended").count() == 2
    assert told(mail.owner, mail) == [FIRST]


def test_the_line_leads_to_the_mail(client: Client, mail: Desk) -> None:
    log_in(client, mail.owner)
    page = client.get(f"/b/{mail.owner.slug}/talk/{mail.engagement.id}/?show=mail").content.decode()
    assert FIRST in page and f'<a href="/b/{mail.owner.slug}/mail/">Mail</a>' in page


def test_who_reads_no_mail_is_not_told_that_some_came(mail: Desk) -> None:
    assert told(joined(mail.owner, Role.REVIEWER), mail) == [FIRST]
    assert told(joined(mail.owner, Role.BOOKKEEPER, "bea@larkspur.example"), mail) == []
    assert told(assistant_of(mail.ines), mail) == []


def test_an_agreement_under_which_no_mail_is_answered_tells_of_none(mail: Desk) -> None:
    flat = usual_terms(work="Leaflets", rates=(), fees=(Fee("Leaflet", Decimal(240), accept="Ready for print"),))
    leaflets = signed_engagement(mail.owner, flat, mail="dora@lines.example", name="Dora Lind")
    for actor in (leaflets.owner, leaflets.provider):
        entries = queries.timeline(actor, leaflets.engagement.id).entries
        assert entries and not [e for e in entries if e.sort == "mail"]


def test_no_mail_is_told_that_came_after_the_end(mail: Desk, tmp_path: Path, time_machine: Any) -> None:
    end(mail.owner, mail.engagement.id, TODAY(), "Done")
    time_machine.move_to(timezone.now() + timedelta(days=3))
    more_mail(mail, tmp_path)
    assert told(mail.owner, mail) == [FIRST]
    assert told(mail.ines, mail) == []


def test_in_a_pause_the_owner_is_told_and_the_provider_is_not(mail: Desk) -> None:
    pause(mail.owner, mail.engagement.id, TODAY(), "Until later")
    assert told(mail.owner, mail) == [FIRST] and told(mail.ines, mail) == []


def test_pages_of_the_timeline_hold_each_line_once(mail: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more_mail(mail, tmp_path)
    whole = [e.number for e in queries.timeline(mail.owner, mail.engagement.id).entries]
    monkeypatch.setattr(queries, "PAGE_ENTRIES", 2)
    paged, before = [], 0
    while True:
        page = queries.timeline(mail.owner, mail.engagement.id, before=before)
        paged += [e.number for e in page.entries]
        if not (before := page.before):
            break
    assert paged == whole == sorted(whole, reverse=True)


def test_facts_that_were_struck_leave_a_gap(mail: Desk) -> None:
    Event.objects.filter(verb="mail.import_ended").update(facts={}, salt="")
    assert told(mail.owner, mail) == ["read – in –"]


def test_the_page_takes_as_few_queries_as_before(
    client: Client, mail: Desk, tmp_path: Path, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    more_mail(mail, tmp_path)
    for actor in (mail.owner, mail.ines):
        log_in(client, actor)
        url = f"/b/{mail.owner.slug}/talk/{mail.engagement.id}/"
        client.get(url)
        with django_assert_max_num_queries(18):
            assert client.get(url).status_code == 200
