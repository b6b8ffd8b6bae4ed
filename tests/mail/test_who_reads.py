"""Who reads the customers' mail: whoever it was handed over to, and nobody else of any provider."""

from __future__ import annotations

import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handsel.agreements.actions import draw_up, name_worker
from handsel.agreements.models import Engagement
from handsel.agreements.rules import Fee
from handsel.front import finding, house, looking
from handsel.front.export.writing import write_export
from handsel.handover.actions import place_stage
from handsel.handover.models import Handled
from handsel.handover.rules import Stage
from handsel.mail import actions, queries
from handsel.mail.models import Desk as DeskRow
from handsel.mail.models import Reply
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible
from tests.mail.story import Desk, desk, settle
from tests.playbooks.test_actions import assistant_of
from tests.stories import log_in, read_and_sign, signed_engagement, usual_terms

pytestmark = pytest.mark.django_db

CUSTOMER = "Petra"
FLAT = usual_terms(work="Autumn leaflets", rates=(), fees=(Fee("Leaflet", Decimal(240), accept="Ready for print"),))


def designer_of_another_firm(mail: Desk) -> Actor:
    """Draws leaflets for flat fees, under terms of her own firm that are in force."""
    return signed_engagement(mail.owner, FLAT, mail="dora@lines.example", name="Dora Lind").provider


def designer_of_the_same_firm(mail: Desk) -> Actor:
    """Draws leaflets for Ines's firm, which answers the mail too, under terms of their own."""
    return named(mail, leaflets_of_ines(mail).id, "Dario Melo", "dario@mare.example")


def designer_under_the_same_terms(mail: Desk) -> Actor:
    """Works under the very terms under which mail is answered, and was given a stage for other work."""
    dina = named(mail, mail.engagement.id, "Dina Reis", "dina@mare.example")
    place_stage(mail.owner, mail.engagement.id, dina.person_id, "Leaflets", Stage.SUPERVISED)
    return dina


def leaflets_of_ines(mail: Desk) -> Engagement:
    """A second agreement with Ines's firm, in force."""
    engagement = draw_up(mail.owner, FLAT, "Ines Duarte", "ines@mare.example")
    for side in (mail.owner, mail.ines):
        read_and_sign(side, engagement.terms.get())
    return engagement


def named(mail: Desk, engagement_id: Any, name: str, address: str) -> Actor:
    somebody = assistant_of(mail.ines, name, address)
    name_worker(mail.ines, engagement_id, somebody.person_id)
    return somebody


DESIGNERS = [designer_of_another_firm, designer_of_the_same_firm, designer_under_the_same_terms]


@pytest.fixture(params=DESIGNERS, ids=lambda made: made.__name__)
def designer(request: pytest.FixtureRequest, mail: Desk) -> Actor:
    found: Actor = request.param(mail)
    return found


def tables() -> list[Any]:
    def below(model: type) -> list[Any]:
        return [m for sub in model.__subclasses__() for m in ([] if sub._meta.abstract else [sub]) + below(sub)]

    return below(DeskRow)


def test_a_designer_reads_no_row_of_the_mail(mail: Desk, designer: Actor) -> None:
    mail.submitted()
    assert len(tables()) > 20
    assert {m.__name__ for m in tables() if m.objects.visible_to(designer).exists()} == set()
    assert not queries.reads_mail(designer) and queries.reads_mail(mail.ines)


def test_a_designer_opens_no_page_of_the_mail(client: Client, mail: Desk, designer: Actor) -> None:
    reply = mail.submitted()
    base = f"/b/{mail.owner.slug}/mail"
    kind = queries.kinds(mail.owner)[0].kind_id
    message = queries.newest_message_id(mail.waiting.id)
    log_in(client, designer)
    for page in (f"conversations/{mail.waiting.id}/", f"replies/{reply.id}/", f"kinds/{kind}/",
                 f"messages/{message}/original/", f"messages/{message}/shown/"):  # fmt: skip
        assert client.get(f"{base}/{page}").status_code == 404
    shown = client.get(f"{base}/?show=all").content.decode()
    assert "No mail yet" in shown and CUSTOMER not in shown
    assert queries.kinds(mail.owner)[0].name not in client.get(f"{base}/kinds/").content.decode()
    with pytest.raises(NotVisible):
        actions.write(designer, mail.waiting.id, mail.draft())


def test_a_designer_finds_no_mail_and_is_told_of_none(client: Client, mail: Desk, designer: Actor) -> None:
    reply = mail.submitted()
    actions.send_back(mail.owner, reply.id, "We use beeswax.")
    settle()
    log_in(client, designer)
    assert finding.things(designer, CUSTOMER) == [] and finding.things(mail.owner, CUSTOMER)
    assert "Novak" not in client.get(f"/b/{mail.owner.slug}/search/?q={CUSTOMER}").content.decode()
    assert not looking.seen_events(designer).filter(verb__startswith="mail.").exists()
    assert "mail" not in {room.name for room in house.open_rooms(designer)}
    assert not house.needs_by_room(designer).get("mail")
    assert looking.told_events(mail.ines).filter(verb="mail.reply_returned").exists()


def test_the_export_of_a_designers_side_holds_no_mail(mail: Desk, tmp_path: Path) -> None:
    designer = designer_of_another_firm(mail)
    mail.submitted()
    write_export(designer, tmp_path / "side.zip", lambda *_: None)
    with zipfile.ZipFile(tmp_path / "side.zip") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert not [name for name in held if name.startswith("papers/mail/")]
    assert {name for name, content in held.items() if name.startswith("tables/mail_") and content} == set()
    assert not [name for name, content in held.items() if b"petra.novak" in content]
    verbs = [json.loads(line).get("verb", "") for line in held["trail.jsonl"].splitlines()]
    assert not [verb for verb in verbs if verb.startswith("mail.")]


def test_who_is_named_and_has_no_stage_reads_no_mail_yet(client: Client, tmp_path: Path) -> None:
    mail = desk(tmp_path, stage=None)
    log_in(client, mail.ines)
    url = f"/b/{mail.owner.slug}/mail/conversations/{mail.waiting.id}/"
    assert client.get(url).status_code == 404
    place_stage(mail.owner, mail.engagement.id, mail.ines.person_id, "", Stage.LEARN)
    assert CUSTOMER in client.get(url).content.decode()


def test_the_form_of_a_stage_offers_the_words_for_kinds_of_request(client: Client, mail: Desk) -> None:
    log_in(client, mail.owner)
    words = f"/b/{mail.owner.slug}/mail/kinds/words/"
    page = client.get(f"/b/{mail.owner.slug}/hand-over/{mail.engagement.id}/stages/").content.decode()
    assert f'hx-get="{words}"' in page and "Both let this person read customers" in page
    offered = client.get(words, headers={"HX-Request": "true"}).content.decode()
    assert offered.count("<option") == queries.kinds(mail.owner).count() > 2
    assert client.get(words)["Location"] == f"/b/{mail.owner.slug}/mail/kinds/"
    log_in(client, designer_of_another_firm(mail))
    assert "<option" not in client.get(words, headers={"HX-Request": "true"}).content.decode()


def test_a_stage_for_one_kind_of_request_opens_the_mail_by_any_name_that_it_had(tmp_path: Path) -> None:
    mail = desk(tmp_path, stage=None)
    kind = queries.kinds(mail.owner)[0]
    place_stage(mail.owner, mail.engagement.id, mail.ines.person_id, str(kind.name)[:80], Stage.LEARN)
    assert queries.conversations(mail.ines).exists()
    actions.rename_kind(mail.owner, kind.kind_id, "Broken in the post")
    assert queries.conversations(mail.ines).exists()


def test_of_two_agreements_a_reply_stands_under_the_one_that_answers_its_kind(tmp_path: Path) -> None:
    mail = desk(tmp_path, stage=None)
    kind = queries.kinds(mail.owner)[0]
    more = leaflets_of_ines(mail)
    place_stage(mail.owner, mail.engagement.id, mail.ines.person_id, str(kind.name)[:80], Stage.SUPERVISED)
    assert queries.engagement_for(mail.ines, str(kind.name)) == mail.engagement.id
    place_stage(mail.owner, more.id, mail.ines.person_id, "", Stage.SUPERVISED)
    assert queries.engagement_for(mail.ines, str(kind.name)) == mail.engagement.id
    assert queries.engagement_for(mail.ines, "Something else") == more.id


def test_the_owners_own_replies_count_for_no_designer(tmp_path: Path) -> None:
    mail = desk(tmp_path, stage=None)
    designer_of_another_firm(mail)
    send = actions.release(mail.owner, mail.waiting.id, mail.draft())
    assert not Handled.objects.exists() and Reply.objects.get(pk=send.reply_id).status == "sent"


def test_who_reads_is_asked_in_one_statement(mail: Desk) -> None:
    with CaptureQueriesContext(connection) as asked:
        list(queries.conversations(mail.ines)[:20])
    assert len(asked.captured_queries) == 1
