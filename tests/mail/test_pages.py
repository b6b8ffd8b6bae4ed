"""The pages of mail: what they show to whom, keep and refuse, and how many queries they take."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from handsel.core.checks import all_checks
from handsel.core.models import OutboxItem
from handsel.handover.rules import Stage
from handsel.mail import actions, originals, queries
from handsel.mail.importing import import_mbox
from handsel.mail.models import Attachment, Message, Reply, Send
from handsel.playbooks.models import Question
from handsel.values.actors import Role
from tests.mail.story import OURS, Desk, candle_letters, desk, letter, mbox, settle
from tests.people.test_members import joined
from tests.stories import log_in, owner_of

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12 + 8  # 12 of the page, and those of session, actor and frame


def base(mail: Desk) -> str:
    return f"/b/{mail.owner.slug}/mail"


def conversation(mail: Desk) -> str:
    return f"{base(mail)}/conversations/{mail.waiting.id}/"


def words(mail: Desk, text: str = "Beeswax, and nothing else.", **more: Any) -> dict[str, Any]:
    seen = queries.newest_message_id(mail.waiting.id)
    return {"text": text, "to": mail.waiting.customer_address, "seen_through": seen, **more}


def test_from_an_empty_house_to_the_third_draft(client: Client, tmp_path: Path) -> None:
    nora = owner_of()
    log_in(client, nora)
    assert "Read a mailbox file" in client.get(f"/b/{nora.slug}/mail/").content.decode()
    file = SimpleUploadedFile("mail.mbox", mbox(tmp_path / "a.mbox", *candle_letters()).read_bytes())
    answer = client.post(f"/b/{nora.slug}/mail/mailboxes/", {"file": file, "once": "k"}, follow=True)
    page = answer.content.decode()
    assert "You may leave this page" in page and 'hx-trigger="every 1s"' in page
    settle()
    page = client.get(answer.redirect_chain[-1][0]).content.decode()
    assert "31 new mails of 31, in 16 conversations." in page and "every 1s" not in page
    page = client.get(f"/b/{nora.slug}/mail/kinds/").content.decode()
    assert page.count("<details open>") == 3 and "order number" in page
    assert not list((tmp_path / "spool").glob("*"))


def test_what_is_no_mailbox_is_refused_at_the_file(client: Client) -> None:
    nora = owner_of()
    log_in(client, nora)
    file = SimpleUploadedFile("x.mbox", b"PK\x03\x04")
    answer = client.post(f"/b/{nora.slug}/mail/mailboxes/", {"file": file})
    assert answer.status_code == 422 and "This is not a mailbox file" in answer.content.decode()


def test_the_owner_finds_what_needs_a_reply(client: Client, mail: Desk) -> None:
    log_in(client, mail.owner)
    page = client.get(f"{base(mail)}/?show=needs-reply").content.decode()
    assert "Petra Novak" in page and "Aoife Brennan" not in page
    assert "Aoife Brennan" in client.get(f"{base(mail)}/?q=aoife&show=all").content.decode()


def test_an_assistant_submits_and_cannot_send_by_any_button(client: Client, mail: Desk) -> None:
    log_in(client, mail.ines)
    page = client.get(conversation(mail)).content.decode()
    assert "Submit for review" in page and 'value="release"' not in page
    answer = client.post(conversation(mail), words(mail, act="release"))
    assert answer.status_code == 422 and "may not release" in answer.content.decode()
    assert client.post(conversation(mail), words(mail, act="submit")).status_code == 302
    reply = Reply.objects.get()
    posted = words(mail, decision="approve")
    assert client.post(f"{base(mail)}/replies/{reply.id}/decision/", posted).status_code in (403, 422)
    assert not Send.objects.exists()


def test_who_submitted_a_reply_sees_where_it_stands_and_no_empty_form(client: Client, mail: Desk) -> None:
    mail.submitted("Beeswax and palm.")
    log_in(client, mail.ines)
    page = client.get(conversation(mail)).content.decode()
    assert "You submitted this reply" in page and "Nora Whitfield reads it before it goes out." in page
    assert "Beeswax and palm." in page
    assert "<textarea" not in page and "button-primary" not in page and "Begin with a draft" not in page
    assert "Close without a reply" not in page


def test_the_owner_is_led_to_the_reply_that_waits_and_may_write_her_own(client: Client, mail: Desk) -> None:
    reply = mail.submitted("Beeswax and palm.")
    joined(mail.owner, Role.REVIEWER)
    log_in(client, mail.owner)
    page = client.get(conversation(mail)).content.decode()
    assert "Ines Duarte submitted this reply" in page and "You read it before it goes out." in page
    assert page.count("button-primary") == 1 and f"/mail/replies/{reply.id}/" in page and "<textarea" not in page
    page = client.get(f"{conversation(mail)}?own=1").content.decode()
    assert "<textarea" in page and page.count("button-primary") == 1 and "Read the reply" in page
    assert client.post(conversation(mail), words(mail, "Mine.", act="release")).status_code == 302
    log_in(client, mail.ines)
    assert "Mine." in client.get(conversation(mail)).content.decode()


def test_practice_that_waits_leaves_the_owner_her_form(client: Client, tmp_path: Path) -> None:
    mail = desk(tmp_path, Stage.SHADOW)
    mail.submitted("Beeswax and palm.")
    log_in(client, mail.owner)
    page = client.get(conversation(mail)).content.decode()
    assert "it is practice and never goes out" in page and "<textarea" in page and page.count("button-primary") == 1
    log_in(client, mail.ines)
    page = client.get(conversation(mail)).content.decode()
    assert "it is practice and never goes out" in page and "<textarea" not in page


def test_who_reads_a_reply_is_named(mail: Desk) -> None:
    assert queries.readers(mail.ines) == ["Nora Whitfield"]
    joined(mail.owner, Role.REVIEWER)
    joined(mail.owner, Role.AUDITOR, "otto@larkspur.example")
    assert queries.readers(mail.ines) == ["Nora Whitfield", "Tom Reed"]


def test_a_returned_reply_is_written_on_beneath_the_reason(client: Client, mail: Desk) -> None:
    reply = mail.submitted("Beeswax and palm.")
    actions.send_back(mail.owner, reply.id, "No palm, ever.")
    log_in(client, mail.ines)
    page = client.get(conversation(mail)).content.decode()
    assert "Nora returned your reply" in page and "“No palm, ever.”" in page
    assert "Beeswax and palm.</textarea>" in page and "Submit for review" in page
    client.post(conversation(mail), words(mail, "Beeswax alone.", act="submit"))
    page = client.get(conversation(mail)).content.decode()
    assert "Beeswax alone." in page and "<textarea" not in page and "No palm" not in page


def test_an_open_place_is_named_and_the_words_are_kept(client: Client, mail: Desk) -> None:
    log_in(client, mail.ines)
    answer = client.post(conversation(mail), words(mail, "It comes on {date}, Petra.", act="submit"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“{date}” is still to be filled in." in page and "It comes on {date}, Petra." in page


def test_the_owner_reads_changes_and_sends(client: Client, mail: Desk) -> None:
    reply = mail.submitted("Beeswax and palm.")
    log_in(client, mail.owner)
    page = client.get(f"{base(mail)}/replies/").content.decode()
    assert "Beeswax and palm." in page and "Which wax do you use?" in page
    url = f"{base(mail)}/replies/{reply.id}/decision/"
    posted = words(mail, decision="approve", verdict="fault", reason="No palm, ever.", once="k")
    for _ in range(2):
        assert client.post(url, posted).status_code == 302
    assert Send.objects.count() == 1
    log_in(client, mail.ines)
    page = client.get(f"{base(mail)}/replies/{reply.id}/").content.decode()
    assert "<del>" in page and "<ins>" in page and "No palm, ever." in page
    assert "not sent yet: no mail server" in page


def test_a_return_without_a_reason_is_asked_for(client: Client, mail: Desk) -> None:
    reply = mail.submitted()
    log_in(client, mail.owner)
    url = f"{base(mail)}/replies/{reply.id}/decision/"
    answer = client.post(url, words(mail, decision="return", reason=" "))
    assert answer.status_code == 422 and "Say why it goes back." in answer.content.decode()
    client.post(url, words(mail, decision="return", reason="We say it in one line."))
    log_in(client, mail.ines)
    assert "We say it in one line." in client.get(f"{base(mail)}/replies/{reply.id}/").content.decode()


def test_a_newer_mail_gives_both_texts_and_a_second_press_sends(client: Client, mail: Desk, tmp_path: Path) -> None:
    posted = words(mail, "Beeswax, Petra.", act="release")
    newer = letter("Petra Novak <petra.novak@mail.example>", OURS, "<new@mail.example>", "Soy would be fine too.",
                   answers="<15@mail.example>", day="Wed, 01 Apr 2026 09:00:00 +0000")  # fmt: skip
    import_mbox(mbox(tmp_path / "n.mbox", newer, letter("x@x.example", OURS, "<y@x.example>", "Hm")), mail.owner.slug)
    log_in(client, mail.owner)
    answer = client.post(conversation(mail), posted)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Soy would be fine too." in page and "Beeswax, Petra." in page
    newest = str(queries.newest_message_id(mail.waiting.id))
    assert f'name="seen_through" value="{newest}"' in page
    assert client.post(conversation(mail), {**posted, "seen_through": newest}).status_code == 302


def test_i_do_not_know_asks_the_owner(client: Client, mail: Desk) -> None:
    log_in(client, mail.ines)
    client.post(f"{conversation(mail)}question/", {"text": "Which wax?"})
    question = Question.objects.get()
    assert question.about_url == conversation(mail)


def test_an_original_downloads_byte_for_byte(client: Client, mail: Desk) -> None:
    log_in(client, mail.owner)
    message = Message.objects.filter(conversation=mail.waiting).get()
    answer = client.get(f"{base(mail)}/messages/{message.id}/original/")
    assert hashlib.sha256(answer.content).hexdigest() == message.raw.digest
    assert answer["Content-Disposition"].startswith("attachment")
    raw = message.raw
    assert answer.content == originals.bytes_of(raw.pack, raw.offset, raw.length, raw.digest)


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        pytest.param(lambda pack: pack.unlink(), "is missing from the files", marks=pytest.mark.reaches("original_missing")),
        pytest.param(lambda pack: os.truncate(pack, 100), "is missing from the files",
                     marks=pytest.mark.reaches("original_missing")),
        pytest.param(lambda pack: pack.write_bytes(pack.read_bytes().replace(b"wax", b"wex")), "was changed in the files",
                     marks=pytest.mark.reaches("original_changed")),
    ],
    ids=["gone", "cut off", "changed"],
)  # fmt: skip
def test_an_original_that_is_not_there_is_said_in_a_sentence(
    client: Client, mail: Desk, tmp_path: Path, harm: Callable[[Path], object], sentence: str
) -> None:
    (pack,) = (tmp_path / "mail").glob("*.pack")
    harm(pack)
    log_in(client, mail.owner)
    message = Message.objects.filter(conversation=mail.waiting).get()
    answer = client.get(f"{base(mail)}/messages/{message.id}/original/")
    page = answer.content.decode()
    assert answer.status_code == 410 and f"The original of this mail {sentence}" in page and "backup" in page
    assert "Which wax do you use?" in client.get(conversation(mail)).content.decode()


def test_the_check_reads_every_original(mail: Desk, tmp_path: Path) -> None:
    check = all_checks()["mail"]
    assert list(check()) == []
    (pack,) = (tmp_path / "mail").glob("*.pack")
    whole = pack.read_bytes()
    pack.write_bytes(whole.replace(b"Which wax do you use", b"Which wax do you sell"[:20]))
    raw = Message.objects.get(conversation=mail.waiting).raw
    (said,) = check()
    assert said == f"Originals of mail in mail/{raw.pack}.pack: 1 changed ({mail.owner.slug} #{mail.waiting.number})."
    pack.write_bytes(b"X" + whole[1:-10])
    (said,) = check()
    assert "1 changed, 1 missing" in said
    pack.unlink()
    (said,) = check()
    assert "31 missing" in said and said.endswith(", …).")


def test_html_is_shown_in_a_frame_that_can_do_nothing(client: Client, mail: Desk, tmp_path: Path) -> None:
    evil = letter("e@x.example", OURS, "<evil@x.example>", "<p onclick=x()>Hi<script>x()</script><img src=http://spy.example/x>",
                  headers="Content-Type: text/html\n")  # fmt: skip
    import_mbox(mbox(tmp_path / "e.mbox", evil, letter("x@x.example", OURS, "<y@x.example>", "Hm")), mail.owner.slug)
    log_in(client, mail.owner)
    message = Message.objects.get(message_id="<evil@x.example>")
    answer = client.get(f"{base(mail)}/messages/{message.id}/shown/")
    page = answer.content.decode()
    assert "script" not in page and "spy.example" not in page and "onclick" not in page
    assert "sandbox" in answer["Content-Security-Policy"] and answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_file_of_a_mail_is_a_download(client: Client, mail: Desk, tmp_path: Path) -> None:
    with_file = letter(
        "e@x.example", OURS, "<f@x.example>",
        '--b\nContent-Type: text/plain\n\nSee file.\n--b\nContent-Type: image/svg+xml\n'
        'Content-Disposition: attachment; filename="x.svg"\n\n<svg onload="x()"/>\n--b--\n',
        headers='MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n',
    )  # fmt: skip
    import_mbox(
        mbox(tmp_path / "f.mbox", with_file, letter("x@x.example", OURS, "<y@x.example>", "Hm")), mail.owner.slug
    )
    log_in(client, mail.owner)
    file = Attachment.objects.get()
    answer = client.get(f"{base(mail)}/attachments/{file.id}/")
    assert b"<svg" in answer.content
    assert (
        answer["Content-Disposition"] == 'attachment; filename="x.svg"'
        and answer["X-Content-Type-Options"] == "nosniff"
    )


def test_what_could_not_be_read_is_said_and_can_be_opened(client: Client, mail: Desk, tmp_path: Path) -> None:
    import_mbox(mbox(tmp_path / "u.mbox", b"", letter("x@x.example", OURS, "<y@x.example>", "Hm")), mail.owner.slug)
    log_in(client, mail.owner)
    found = Message.objects.get(parses__outcome="unreadable")
    page = client.get(f"{base(mail)}/conversations/{found.conversation_id}/").content.decode()
    assert "This mail is empty." in page and "Original" in page


PAGES: list[Callable[[Desk], str]] = [
    lambda m: f"{base(m)}/",
    conversation,
    lambda m: f"{base(m)}/kinds/",
    lambda m: f"{base(m)}/kinds/{queries.kinds(m.owner)[0].kind_id}/",
    lambda m: f"{base(m)}/replies/",
    lambda m: f"{base(m)}/mailboxes/",
    lambda m: f"{base(m)}/mailboxes/{m.mailbox.id}/",
    lambda m: f"{base(m)}/imports/{queries.imports(m.owner)[0].id}/",
]


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_a_page_takes_few_queries(
    client: Client, mail: Desk, number: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    mail.submitted()
    log_in(client, mail.owner)
    url = PAGES[number](mail)
    client.get(url)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("state", ["in review", "returned"])
def test_a_conversation_takes_few_queries_of_its_writer_too(
    client: Client, mail: Desk, state: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    actions.release(mail.owner, mail.waiting.id, mail.draft("Beeswax."))
    reply = mail.submitted()
    if state == "returned":
        actions.send_back(mail.owner, reply.id, "We use beeswax.")
    log_in(client, mail.ines)
    client.get(conversation(mail))
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(conversation(mail)).status_code == 200


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_another_business_gets_a_404_or_its_own_empty_page(client: Client, mail: Desk, number: int) -> None:
    other = owner_of("Twin Candles", "twin@larkspur.example", "Tilda Twin")
    log_in(client, other)
    assert client.get(PAGES[number](mail)).status_code == 404
    own = PAGES[number](mail).replace(f"/b/{mail.owner.slug}/", f"/b/{other.slug}/")
    answer = client.get(own)
    assert answer.status_code in (200, 404) and "Petra" not in answer.content.decode()


def test_the_provider_sees_kinds_and_replies_and_no_mailbox(client: Client, mail: Desk) -> None:
    reply = mail.submitted()
    log_in(client, mail.ines)
    for url, code in ((f"{base(mail)}/kinds/", 200), (f"{base(mail)}/replies/{reply.id}/", 200),
                      (f"{base(mail)}/mailboxes/", 404), (f"{base(mail)}/mailboxes/{mail.mailbox.id}/", 404)):  # fmt: skip
        assert client.get(url).status_code == code
    assert client.get(f"{base(mail)}/kinds/{queries.kinds(mail.owner)[0].kind_id}/").status_code == 200


def test_a_draft_begins_with_what_the_request_tells(client: Client, mail: Desk) -> None:
    log_in(client, mail.owner)
    kind = next(k for k in queries.kinds(mail.owner) if "{order_number}" in (k.draft or ""))
    page = client.get(f"{conversation(mail)}?draft={kind.kind_id}").content.decode()
    assert "Hello Petra," in page and "Still open:" in page


def test_a_uncertain_mail_offers_both_ways(client: Client, mail: Desk) -> None:
    send = actions.release(mail.owner, mail.waiting.id, mail.draft())
    OutboxItem.objects.filter(about_id=send.id).update(state="uncertain", words="It may have been delivered.")
    log_in(client, mail.owner)
    page = client.get(f"{base(mail)}/replies/{send.reply_id}/").content.decode()
    assert "Send again" in page and "Leave it" in page
    url = f"{base(mail)}/replies/{send.reply_id}/settlement/"
    assert client.post(url, {"decision": "leave"}).status_code == 302
    assert OutboxItem.objects.get(about_id=send.id).state == "left"
