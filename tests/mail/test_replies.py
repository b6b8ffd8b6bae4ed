"""A reply on its way: nothing goes out that the owner's side did not release, in exactly that wording, and once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from handsel.agreements.actions import end, pause
from handsel.core import jobs, outbox
from handsel.core.models import OutboxItem
from handsel.handover import queries as handover
from handsel.handover.actions import place_stage
from handsel.handover.models import Handled
from handsel.handover.rules import Stage, Word
from handsel.mail import actions, queries
from handsel.mail.importing import import_mbox
from handsel.mail.models import Message, Reply, Send
from handsel.mail.room import needs
from handsel.values.refusals import NotVisible, Refusal
from tests.core.mail_server import Letter, MailServer
from tests.mail.story import OURS, Desk, desk, letter, mbox
from tests.stories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    served = MailServer()
    settings.MAIL_SERVER = served.settings
    yield served
    served.close()


def send_as(mail: Desk, reply: Reply, text: str = "Beeswax, and nothing else.", **more: Any) -> Send:
    return actions.release(mail.owner, mail.waiting.id, mail.draft(text), reply.id, **more)


def sent_to_customers(server: MailServer) -> list[Letter]:
    """What the customer got; papers of the agreement go to the two sides."""
    return [one for one in server.letters if one.recipients == ["petra.novak@mail.example"]]


def status(mail: Desk) -> str:
    return str(queries.conversation(mail.owner, mail.waiting.id).status)


def test_what_is_submitted_waits_for_the_owner_and_then_goes_out(mail: Desk, server: MailServer) -> None:
    reply = mail.submitted()
    assert status(mail) == "waiting for review" and server.letters == []
    send = send_as(mail, reply)
    jobs.run_once()
    (sent,) = sent_to_customers(server)
    assert sent.recipients == ["petra.novak@mail.example"]
    words = sent.body.decode()
    assert "Beeswax, and nothing else." in words and f"Message-ID: {send.message_id}" in words
    assert "In-Reply-To: <15@mail.example>" in words and "References: <15@mail.example>" in words
    assert OURS in words.split("\n")[0]
    assert status(mail) == "waiting for customer"
    assert outbox.how_it_stands(OutboxItem.objects.get(about_id=send.id)) == "sent"


def test_an_assistant_may_not_send(mail: Desk) -> None:
    reply = mail.submitted()
    with pytest.raises(Refusal, match="may not release"):
        actions.release(mail.ines, mail.waiting.id, mail.draft(), reply.id)
    assert not OutboxItem.objects.filter(kind="mail", about_id__in=Send.objects.values("id")).exists()


def test_without_a_mail_server_it_says_so(mail: Desk, settings: Any) -> None:
    settings.MAIL_SERVER = None
    send = send_as(mail, mail.submitted())
    assert outbox.how_it_stands(outbox.items_about([send.id])[send.id]) == "not sent yet: no mail server"


@pytest.mark.parametrize("slot", ["{date}", "{order_number_2}", "{{name}}", "[[when]]", "XXX", "TODO"])
def test_an_open_place_is_neither_submitted_nor_sent(mail: Desk, slot: str) -> None:
    text = f"It comes on {slot}."
    with pytest.raises(Refusal) as submitted:
        actions.submit(mail.ines, mail.waiting.id, mail.draft(text))
    with pytest.raises(Refusal) as released:
        actions.release(mail.owner, mail.waiting.id, mail.draft(text))
    assert {submitted.value.code, released.value.code} == {"slot_open"}
    assert slot in released.value.sentence and released.value.place == "text"
    assert not Reply.objects.exists()


def test_a_second_press_sends_once(mail: Desk, server: MailServer) -> None:
    reply = mail.submitted()
    pressed = replace(mail.owner, key="one-key")
    draft = mail.draft()
    first = actions.release(pressed, mail.waiting.id, draft, reply.id)
    assert actions.release(pressed, mail.waiting.id, draft, reply.id).id == first.id
    with pytest.raises(Refusal, match="already gone"):
        send_as(mail, reply)
    jobs.run_once()
    assert len(sent_to_customers(server)) == 1


def test_a_newer_mail_stops_the_reply_until_it_was_read(mail: Desk, tmp_path: Any) -> None:
    reply, draft = mail.submitted(), mail.draft()
    newer = letter("Petra Novak <petra.novak@mail.example>", OURS, "<new@mail.example>", "Never mind.",
                   answers="<15@mail.example>", day="Wed, 01 Apr 2026 09:00:00 +0000")  # fmt: skip
    import_mbox(
        mbox(tmp_path / "newer.mbox", newer, letter("x@x.example", OURS, "<y@x.example>", "Hm")), mail.owner.slug
    )
    with pytest.raises(Refusal) as refused:
        actions.release(mail.owner, mail.waiting.id, draft, reply.id)
    assert (refused.value.code, refused.value.status) == ("newer_message", 409)
    assert send_as(mail, reply).version.n == 1


def test_a_reply_goes_to_nobody_outside_its_conversation(mail: Desk) -> None:
    with pytest.raises(Refusal) as refused:
        actions.release(mail.owner, mail.waiting.id, mail.draft(to=("stranger@else.example",)))
    assert (refused.value.code, refused.value.place) == ("recipient_not_here", "to")


def test_what_the_owner_changed_is_a_version_of_hers(mail: Desk) -> None:
    reply = mail.submitted("Beeswax and palm.")
    send = send_as(mail, reply, "Beeswax, and nothing else.", verdict=Word.FAULT, words="No palm, ever.")
    assert [v.text for v in queries.versions(mail.ines, reply.id)] == [
        "Beeswax and palm.",
        "Beeswax, and nothing else.",
    ]
    assert send.version.person_id == mail.owner.person_id
    output = handover.output_of(mail.owner, reply.id)
    assert output and handover.verdicts_of(mail.owner, output.id).get().verdict == Word.FAULT.value


def test_sent_unchanged_it_was_right_and_counts_for_who_wrote_it(mail: Desk) -> None:
    reply = mail.submitted()
    send_as(mail, reply)
    output = handover.output_of(mail.owner, reply.id)
    assert output and handover.verdicts_of(mail.owner, output.id).get().verdict == Word.OK.value
    handled = Handled.objects.get(evidence_id=reply.id)
    assert (handled.by_side, handled.person_id) == ("provider", mail.ines.person_id)


def test_the_owners_own_reply_counts_for_her(mail: Desk) -> None:
    send = actions.release(mail.owner, mail.waiting.id, mail.draft())
    assert Handled.objects.get(evidence_id=send.reply_id).by_side == "owner"


def test_a_return_needs_a_reason_and_can_be_corrected(mail: Desk) -> None:
    reply = mail.submitted("Paraffin.")
    with pytest.raises(Refusal, match="Say why"):
        actions.send_back(mail.owner, reply.id, "  ")
    actions.send_back(mail.owner, reply.id, "We use beeswax.")
    assert status(mail) == "needs reply"
    assert next(n.act for n in needs(mail.ines)) == "Correct it"
    actions.submit(mail.ines, mail.waiting.id, mail.draft(), reply.id)
    assert send_as(mail, reply).version.n == 2


def test_needs_vanish_when_the_reply_is_read(mail: Desk) -> None:
    reply = mail.submitted()
    assert [n.act for n in needs(mail.owner)] == ["Read it"]
    assert [n.act for n in needs(mail.ines)] == []
    send_as(mail, reply)
    assert list(needs(mail.owner)) == [] and list(needs(mail.ines)) == []


def test_mail_to_answer_is_a_need_until_it_is_answered(mail: Desk) -> None:
    assert [n.act for n in needs(mail.ines)] == ["Answer"]
    actions.close(mail.ines, mail.waiting.id)
    assert status(mail) == "closed" and list(needs(mail.ines)) == []


def test_a_person_who_writes_again_opens_what_was_closed(mail: Desk, tmp_path: Any) -> None:
    actions.close(mail.owner, mail.waiting.id)
    more = letter("Petra Novak <petra.novak@mail.example>", OURS, "<more@mail.example>", "And soy?",
                  answers="<15@mail.example>", day="Wed, 01 Apr 2026 09:00:00 +0000")  # fmt: skip
    import_mbox(mbox(tmp_path / "m.mbox", more, letter("x@x.example", OURS, "<y@x.example>", "Hm")), mail.owner.slug)
    assert status(mail) == "needs reply"


def test_a_reply_that_goes_out_retires_the_other_drafts(mail: Desk) -> None:
    draft = actions.write(mail.ines, mail.waiting.id, mail.draft("Maybe"))
    actions.release(mail.owner, mail.waiting.id, mail.draft())
    draft.refresh_from_db()
    assert draft.status == "discarded"
    assert [v.text for v in queries.versions(mail.ines, draft.id)] == ["Maybe"]


def test_practice_never_goes_out(db: None, tmp_path: Any) -> None:
    mail = desk(tmp_path, Stage.SHADOW)
    reply = mail.submitted()
    with pytest.raises(Refusal, match="practice"):
        send_as(mail, reply)
    actions.judge_practice(mail.owner, reply.id, Word.OK)
    reply.refresh_from_db()
    assert reply.status == "discarded" and not Send.objects.exists()


def test_who_is_placed_for_another_kind_writes_but_does_not_submit(db: None, tmp_path: Any) -> None:
    mail = desk(tmp_path, stage=None)
    other = next(k.name for k in queries.kinds(mail.owner) if k.name != queries.kind_name_of(mail.waiting.id))
    place_stage(mail.owner, mail.engagement.id, mail.ines.person_id, other[:80], Stage.SUPERVISED)
    actions.write(mail.ines, mail.waiting.id, mail.draft())
    with pytest.raises(Refusal) as refused:
        mail.submitted()
    assert refused.value.code == "not_placed"


@pytest.mark.parametrize(("stop", "days_ago"), [(pause, 0), (end, 1)])
def test_in_a_pause_and_after_the_end_the_mail_is_closed_to_the_provider(mail: Desk, stop: Any, days_ago: int) -> None:
    assert queries.conversations(mail.ines).exists()
    stop(mail.owner, mail.engagement.id, TODAY() - timedelta(days=days_ago), "Until later")
    assert not queries.conversations(mail.ines).exists()
    assert not Message.objects.visible_to(mail.ines).exists()
    with pytest.raises(NotVisible):
        actions.write(mail.ines, mail.waiting.id, mail.draft())


def test_a_mail_whose_fate_is_unknown_is_shown_and_decided_by_a_person(mail: Desk, server: MailServer) -> None:
    server.breaks_at = "BODY"
    send = send_as(mail, mail.submitted())
    jobs.run_once()
    assert OutboxItem.objects.get(about_id=send.id).state == "uncertain" and len(sent_to_customers(server)) == 1
    assert [n.act for n in needs(mail.owner)] == ["Decide"]
    server.breaks_at = ""
    actions.settle_send(mail.owner, send.id, "again")
    jobs.run_once()
    assert list(needs(mail.owner)) == []
    first, second = sent_to_customers(server)
    assert first.body == second.body


def test_what_is_left_stays_as_it_is(mail: Desk, server: MailServer) -> None:
    server.breaks_at = "BODY"
    send = send_as(mail, mail.submitted())
    jobs.run_once()
    actions.settle_send(mail.owner, send.id, "leave")
    jobs.run_once()
    assert len(sent_to_customers(server)) == 1 and list(needs(mail.owner)) == []


def test_nobody_writes_on_a_reply_of_somebody_else(mail: Desk) -> None:
    draft = actions.write(mail.owner, mail.waiting.id, mail.draft("Mine"))
    with pytest.raises(NotVisible):
        actions.write(mail.ines, mail.waiting.id, mail.draft("Hers"), draft.id)


def test_an_unknown_message_is_not_taken_for_seen(mail: Desk) -> None:
    with pytest.raises((Refusal, NotVisible)):
        actions.write(mail.ines, mail.waiting.id, mail.draft(seen_through=UUID(int=1)))
