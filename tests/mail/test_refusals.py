"""Every no of mail, as its page says it: one clear sentence at its place, and nothing half done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from handsel.agreements.models import Worker
from handsel.core import writes
from handsel.core.models import OutboxItem
from handsel.handover.actions import place_stage
from handsel.handover.models import Verdict
from handsel.handover.rules import Stage
from handsel.mail import actions, queries
from handsel.mail.importing import import_mbox
from handsel.mail.models import MailImport, OwnAddress, Reply, ReplyReturn, ReplySubmission, ReplyVersion, Send
from handsel.values.actors import Role
from tests.mail.story import OURS, Desk, desk, letter, mbox
from tests.people.test_members import joined
from tests.playbooks.test_actions import assistant_of
from tests.stories import SignedEngagement, log_in, owner_of

WORDS = "Beeswax, and nothing else."


def base(mail: Desk) -> str:
    return f"/b/{mail.owner.slug}/mail"


def write(client: Client, mail: Desk, act: str, **more: Any) -> Any:
    """Press a button under the reply form of the conversation that waits."""
    seen = queries.newest_message_id(mail.waiting.id)
    words = {"text": WORDS, "to": mail.waiting.customer_address, "seen_through": seen, "act": act, **more}
    return client.post(f"{base(mail)}/conversations/{mail.waiting.id}/", words)


def decide(client: Client, mail: Desk, reply: Reply, decision: str, **more: Any) -> Any:
    seen = queries.newest_message_id(mail.waiting.id)
    words = {"text": WORDS, "to": mail.waiting.customer_address, "seen_through": seen, "decision": decision, **more}
    return client.post(f"{base(mail)}/replies/{reply.id}/decision/", words)


def says(page: Any, sentence: str, code: int = 422) -> None:
    """The sentence stands on the page, and the words of the reply do too."""
    shown = page.content.decode()
    assert page.status_code == code and sentence in shown and f"{WORDS}</textarea>" in shown


# ---------------------------------------------------------------- a file, and whose mail it is


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"\n\n", "This file is empty.", marks=pytest.mark.reaches("mailbox_empty"), id="empty"),
        pytest.param(b"PK\x03\x04", "This is not a mailbox file", marks=pytest.mark.reaches("not_a_mailbox"), id="zip"),
        pytest.param(b"From x@x.example Mon Mar  2 09:00:00 2026\rTo: y@y.example\r\rHm\r", "end as on old Macs",
                     marks=pytest.mark.reaches("mac_line_ends"), id="old Mac"),
    ],
)  # fmt: skip
def test_what_is_no_mailbox_is_refused_at_the_file_and_nothing_is_kept(
    client: Client, db: None, tmp_path: Path, content: bytes, sentence: str
) -> None:
    nora = owner_of()
    log_in(client, nora)
    page = client.post(f"/b/{nora.slug}/mail/mailboxes/", {"file": SimpleUploadedFile("x.mbox", content)})
    assert page.status_code == 422 and sentence in page.content.decode() and page.context["form"].errors["file"]
    assert not MailImport.objects.exists() and not list((tmp_path / "spool").glob("*"))


@pytest.mark.reaches("file_not_kept")
def test_a_file_that_finds_no_room_is_said_and_nothing_is_begun(client: Client, db: None, tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("Where the folder should be, there is a file.")
    nora = owner_of()
    log_in(client, nora)
    file = SimpleUploadedFile("x.mbox", b"From x@x.example Mon Mar  2 09:00:00 2026\n\nHm\n")
    page = client.post(f"/b/{nora.slug}/mail/mailboxes/", {"file": file})
    assert page.status_code == 422 and "The file could not be kept" in page.content.decode()
    assert not MailImport.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        pytest.param(",", "A mailbox needs an address that is yours.", marks=pytest.mark.reaches("no_own_address")),
        pytest.param("hello", "“hello” is no mail address.", marks=pytest.mark.reaches("mail_address")),
    ],
    ids=["none", "no address"],
)
def test_a_mailbox_keeps_the_addresses_that_it_has(client: Client, mail: Desk, typed: str, sentence: str) -> None:
    log_in(client, mail.owner)
    page = client.post(f"{base(mail)}/mailboxes/{mail.mailbox.id}/", {"addresses": typed})
    assert page.status_code == 422 and sentence in page.content.decode()
    assert page.context["form"].errors["addresses"] and f"{typed}</textarea>" in page.content.decode()
    assert OwnAddress.objects.count() == 1 and queries.own_addresses(mail.mailbox.id) == [OURS]


# ---------------------------------------------------------------- a reply is written and handed in


@pytest.mark.parametrize(
    ("changes", "place", "sentence"),
    [
        pytest.param({"to": "petra"}, "to", "“petra” is no mail address.", marks=pytest.mark.reaches("mail_address")),
        pytest.param({"to": ","}, "to", "We have no address to answer to.", marks=pytest.mark.reaches("no_recipient")),
        pytest.param({"to": "x@x.example"}, "to", "x@x.example is not part of this conversation.",
                     marks=pytest.mark.reaches("recipient_not_here")),
        pytest.param({"text": f"{{date}}: {WORDS}"}, "text", "“{date}” is still to be filled in.",
                     marks=pytest.mark.reaches("slot_open")),
    ],
    ids=["no address", "nobody", "a stranger", "an open place"],
)  # fmt: skip
def test_what_cannot_go_out_is_refused_at_its_place(
    client: Client, mail: Desk, changes: dict[str, str], place: str, sentence: str
) -> None:
    log_in(client, mail.ines)
    page = write(client, mail, "submit", **changes)
    says(page, sentence)
    assert page.context["form"].errors[place] and not Reply.objects.exists()


@pytest.mark.parametrize(
    ("of_a_kind", "stage", "sentence"),
    [
        pytest.param(True, Stage.SUPERVISED, "has not set your stage", marks=pytest.mark.reaches("not_placed")),
        pytest.param(False, Stage.LEARN, "You are learning this", marks=pytest.mark.reaches("still_learning")),
    ],
    ids=["placed for another kind", "learns"],
)
def test_who_may_not_write_yet_hands_nothing_in(
    client: Client, db: None, tmp_path: Path, of_a_kind: bool, stage: Stage, sentence: str
) -> None:
    mail = desk(tmp_path, None)
    kind = another_kind(mail) if of_a_kind else ""
    place_stage(mail.owner, mail.engagement.id, mail.ines.person_id, kind, stage)
    log_in(client, mail.ines)
    says(write(client, mail, "submit"), sentence)
    assert not ReplySubmission.objects.exists()


def another_kind(mail: Desk) -> str:
    """A kind of request that the conversation that waits does not ask for."""
    asked = queries.kind_name_of(mail.waiting.id)
    return next(name for k in queries.kinds(mail.owner) if (name := str(k.name)) != asked)[:80]


@pytest.mark.reaches("not_your_reply")
def test_nobody_puts_the_draft_of_somebody_else_away(client: Client, mail: Desk) -> None:
    reply = actions.write(mail.ines, mail.waiting.id, mail.draft())
    ana = assistant_of(mail.ines)
    with writes.migrating():
        Worker.objects.create(business_id=ana.business_id, engagement=mail.engagement, person_id=ana.person_id)
    place_stage(mail.owner, mail.engagement.id, ana.person_id, "", Stage.LEARN)
    log_in(client, ana)
    page = client.post(f"{base(mail)}/replies/{reply.id}/discard/")
    assert page.status_code == 409 and "Somebody else is writing this reply." in page.content.decode()
    reply.refresh_from_db()
    assert reply.status == "draft"


@pytest.mark.reaches("not_permitted")
def test_a_reviewer_reads_the_mail_and_writes_none(client: Client, mail: Desk) -> None:
    log_in(client, joined(mail.owner, Role.REVIEWER))
    page = write(client, mail, "draft")
    assert page.status_code == 422 and "As reviewer you may not write here." in page.content.decode()
    assert not Reply.objects.exists()


# ---------------------------------------------------------------- a reply is read


@pytest.mark.reaches("no_reason")
def test_a_reply_goes_back_with_a_reason_only(client: Client, mail: Desk) -> None:
    reply = mail.submitted()
    log_in(client, mail.owner)
    page = decide(client, mail, reply, "return", reason=" ")
    says(page, "Say why it goes back.")
    assert page.context["form"].errors["reason"] and not ReplyReturn.objects.exists()


@pytest.mark.reaches("reply_not_in_review")
def test_a_reply_that_was_returned_in_another_tab_is_not_returned_again(client: Client, mail: Desk) -> None:
    reply = mail.submitted()
    actions.send_back(mail.owner, reply.id, "Shorter, please.")
    log_in(client, mail.owner)
    page = decide(client, mail, reply, "return", reason="In one line, please.")
    says(page, "This reply is not waiting for review.")
    assert "In one line, please." in page.content.decode()
    assert ReplyReturn.objects.count() == Verdict.objects.count() == 1


@pytest.mark.reaches("reply_not_open")
def test_a_reply_is_sent_once_though_it_is_open_in_two_tabs(client: Client, mail: Desk) -> None:
    reply = mail.submitted()
    log_in(client, mail.owner)
    assert decide(client, mail, reply, "approve", once="a").status_code == 302
    says(decide(client, mail, reply, "approve", once="b"), "This reply has already gone on its way.")
    assert Send.objects.count() == 1


@pytest.mark.reaches("newer_message")
def test_a_reply_waits_until_what_came_in_meanwhile_was_read(client: Client, mail: Desk, tmp_path: Path) -> None:
    reply, seen = mail.submitted(), queries.newest_message_id(mail.waiting.id)
    newer = letter("Petra Novak <petra.novak@mail.example>", OURS, "<new@mail.example>", "Soy would be fine too.",
                   answers="<15@mail.example>", day="Wed, 01 Apr 2026 09:00:00 +0000")  # fmt: skip
    import_mbox(mbox(tmp_path / "n.mbox", newer, letter("x@x.example", OURS, "<y@x.example>", "Hm")), mail.owner.slug)
    log_in(client, mail.owner)
    page = decide(client, mail, reply, "approve", seen_through=seen)
    says(page, "Something new has come in since you opened this page.", 409)
    assert "Soy would be fine too." in page.content.decode() and not Send.objects.exists()


@pytest.mark.reaches("own_output")
def test_nobody_sends_their_own_reply_under_another_hat(
    client: Client, engagement: SignedEngagement, tmp_path: Path
) -> None:
    """Nora also works for her own business, as somebody of Ines's firm: the person counts, not the hat."""
    mail = desk(tmp_path, story=engagement)
    nora = replace(mail.ines, person_id=mail.owner.person_id)
    with writes.migrating():
        Worker.objects.create(business_id=nora.business_id, engagement=mail.engagement, person_id=nora.person_id)
    assert nora.person_id
    place_stage(mail.owner, mail.engagement.id, nora.person_id, "", Stage.SUPERVISED)
    reply = actions.submit(nora, mail.waiting.id, mail.draft())
    log_in(client, mail.owner)
    says(decide(client, mail, reply, "approve"), "Nobody reads their own work for approval.")
    assert not Send.objects.exists() and not Verdict.objects.exists()


@pytest.mark.reaches("practice_reply")
def test_practice_goes_out_by_no_button(client: Client, db: None, tmp_path: Path) -> None:
    mail = desk(tmp_path, Stage.SHADOW)
    reply = mail.submitted()
    log_in(client, mail.owner)
    says(decide(client, mail, reply, "approve"), "This reply is practice: it never goes out.")
    assert not Send.objects.exists()


@pytest.mark.reaches("not_practice")
def test_a_reply_that_is_meant_to_go_out_is_not_judged_as_practice(client: Client, mail: Desk) -> None:
    reply = mail.submitted()
    log_in(client, mail.owner)
    page = client.post(f"{base(mail)}/replies/{reply.id}/practice/", {"verdict": "ok", "words": "Well said"})
    assert page.status_code == 422 and "This reply is meant to go out." in page.content.decode()
    assert "Well said" in page.content.decode() and not Verdict.objects.exists()


# ---------------------------------------------------------------- after it was sent


@pytest.mark.reaches("not_uncertain")
def test_what_becomes_of_an_uncertain_mail_is_decided_once(client: Client, mail: Desk) -> None:
    send = actions.release(mail.owner, mail.waiting.id, mail.draft())
    OutboxItem.objects.filter(about_id=send.id).update(state="uncertain", words="It may have been delivered.")
    actions.settle_send(mail.owner, send.id, "leave")
    log_in(client, mail.owner)
    page = client.post(f"{base(mail)}/replies/{send.reply_id}/settlement/", {"decision": "again"})
    assert page.status_code == 422 and "Nothing is to be decided about this mail any more." in page.content.decode()
    assert OutboxItem.objects.get(about_id=send.id).state == "left" and ReplyVersion.objects.count() == 1
