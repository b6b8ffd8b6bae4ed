"""Mail leaves after the commit, once, and nobody is told "sent" who cannot know."""

import email
import email.policy
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from handsel.core import files, outbox
from handsel.core.jobs import run_once
from handsel.core.keys import new_key
from handsel.core.letters import mail_message, notice, plain_words, rendered
from handsel.core.models import OutboxItem, WorkerBeat
from handsel.values.refusals import Refusal
from tests.core.mail_server import MailServer
from tests.core.processes import working

TO = "ines@mare.example"
OTHER = "rosa@mare.example"


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    server = MailServer()
    settings.MAIL_SERVER, settings.MAIL_FROM = server.settings, "nora@larkspur.example"
    yield server
    server.close()


def queued(*to: str, text: str = "Hello Ines", **more: Any) -> OutboxItem:
    payload = mail_message(to or [TO], "The week", text, **more)
    with transaction.atomic():
        key = outbox.queue("mail", business_id=new_key(), about=new_key(), payload=payload)
    return OutboxItem.objects.get(pk=key)


def after_sending(item: OutboxItem) -> OutboxItem:
    run_once()
    item.refresh_from_db()
    return item


@pytest.mark.django_db
def test_a_queued_mail_is_sent_once_with_its_own_message_id(server: MailServer) -> None:
    item = after_sending(queued())
    run_once()
    assert (item.state, item.recipients[TO]["state"], len(server.letters)) == ("sent", "sent", 1)
    letter = server.letters[0]
    message = email.message_from_bytes(letter.body, policy=email.policy.default)
    assert (letter.sender, letter.recipients) == ("nora@larkspur.example", [TO])
    assert message["Message-ID"] == item.payload["message_id"]
    assert message["Message-ID"].endswith("@larkspur.example>")
    assert message.get_content().splitlines() == ["Hello Ines"]


@pytest.mark.django_db(transaction=True)
def test_a_mail_of_a_rolled_back_act_never_exists() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.queue("mail", business_id=None, about=new_key(), payload=mail_message([TO], "a", "b"))
        raise ZeroDivisionError
    assert not OutboxItem.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_queueing_outside_a_transaction_is_a_bug() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        outbox.queue("mail", business_id=None, about=new_key(), payload={})


@pytest.mark.django_db
def test_without_a_mail_server_the_item_stays_and_says_so() -> None:
    item = after_sending(queued())
    assert (item.state, item.tries) == ("queued", 0)
    assert outbox.how_it_stands(item) == "not sent yet: no mail server"


@pytest.mark.django_db
def test_what_has_a_first_moment_is_not_sent_before_it_and_can_be_taken_back(server: MailServer) -> None:
    item = queued()
    OutboxItem.objects.update(not_before=timezone.now() + timedelta(seconds=10))
    assert after_sending(item).state == "queued"
    assert outbox.recall(item)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert after_sending(item).state == "left"
    assert not server.letters
    assert not outbox.recall(item)


@pytest.mark.django_db
def test_a_passing_failure_is_tried_again_after_1_5_15_60_and_240_minutes(server: MailServer) -> None:
    server.replies[f"RCPT {TO}"] = "450 4.2.1 come back later"
    item, now, pauses = queued(), timezone.now(), []
    for _ in range(6):
        with time_machine.travel(now, tick=False):
            after_sending(item)
        pauses.append(round((item.not_before - now).total_seconds() / 60))
        assert item.state == "queued"
        now = item.not_before
    assert pauses == [1, 5, 15, 60, 240, 240]
    assert item.words.startswith("Not delivered after more than an hour.")


@pytest.mark.django_db
def test_after_two_days_it_is_given_up(server: MailServer) -> None:
    server.replies[f"RCPT {TO}"] = "450 4.2.1 come back later"
    item = queued()
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        after_sending(item)
    assert (item.state, item.words[:23]) == ("failed", "Given up after two days")


@pytest.mark.django_db
def test_a_final_refusal_fails_at_once_in_plain_words(server: MailServer) -> None:
    server.replies[f"RCPT {TO}"] = "550 5.1.1 unknown user"
    item = after_sending(queued())
    assert item.state == "failed"
    assert item.words == f"{TO}: This address does not exist."
    assert outbox.how_it_stands(item) == "not delivered"


@pytest.mark.django_db
def test_one_of_two_recipients_waits_and_the_other_gets_no_second_copy(server: MailServer) -> None:
    server.replies[f"RCPT {OTHER}"] = "450 4.2.1 come back later"
    item = after_sending(queued(TO, OTHER))
    assert item.state == "queued"
    assert {address: known["state"] for address, known in item.recipients.items()} == {TO: "sent", OTHER: "waiting"}
    server.replies.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        after_sending(item)
    assert item.state == "sent"
    assert [letter.recipients for letter in server.letters] == [[TO], [OTHER]]


@pytest.mark.django_db
def test_a_refusal_after_the_dot_is_certain(server: MailServer) -> None:
    server.replies["BODY"] = "451 4.3.0 not now"
    assert after_sending(queued()).state == "queued"
    server.replies["BODY"] = "554 5.7.1 looks like spam"
    item = after_sending(queued())
    assert (item.state, item.words) == ("failed", f"{TO}: The other side refused it as spam.")


@pytest.mark.django_db
def test_a_line_that_breaks_after_the_dot_is_uncertain_and_never_sent_again_by_itself(server: MailServer) -> None:
    server.breaks_at = "BODY"
    item = after_sending(queued())
    assert (item.state, item.recipients[TO]["state"]) == ("uncertain", "handed")
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        after_sending(item)
    assert (item.state, len(server.letters)) == ("uncertain", 1)
    assert outbox.how_it_stands(item) == "may have been delivered"


@pytest.mark.django_db
def test_a_line_that_breaks_before_the_message_is_tried_again(server: MailServer) -> None:
    server.breaks_at = "DATA"
    item = after_sending(queued())
    assert (item.state, item.attempts.get().step) == ("queued", "connect")
    assert "broke off" in item.words


@pytest.mark.django_db
def test_send_again_sends_the_same_bytes(server: MailServer) -> None:
    server.breaks_at = "BODY"
    item = after_sending(queued())
    server.breaks_at = ""
    outbox.send_again(item)
    assert after_sending(item).state == "sent"
    assert server.letters[0].body == server.letters[1].body
    with pytest.raises(Refusal, match="Nothing is to be decided"):
        outbox.send_again(item)


@pytest.mark.django_db
def test_left_as_it_is_an_uncertain_mail_stays_so(server: MailServer) -> None:
    server.breaks_at = "BODY"
    item = after_sending(queued())
    outbox.leave(item)
    assert after_sending(item).state == "left"
    assert item.attempts.get(step="person").words == "leave it"


@pytest.mark.django_db
def test_evidence_settles_an_uncertain_mail(server: MailServer) -> None:
    server.breaks_at = "BODY"
    item = after_sending(queued())
    outbox.settle(item, "A reply refers to it.")
    item.refresh_from_db()
    assert (item.state, item.recipients[TO]["state"]) == ("sent", "sent")


@pytest.mark.django_db
def test_a_server_without_time_rests_for_all_and_the_mail_is_not_at_fault(server: MailServer) -> None:
    server.replies["MAIL"] = "421 4.3.2 too busy"
    items = [queued(), queued()]
    run_once()
    assert server.talks == 1
    assert [OutboxItem.objects.get(pk=item.pk).state for item in items] == ["queued", "queued"]


@pytest.mark.django_db
def test_a_server_that_does_not_answer_is_named(server: MailServer, settings: Any) -> None:
    server.close()
    item = after_sending(queued())
    assert (item.state, item.words[:26]) == ("queued", "The mail server at 127.0.0")


@pytest.mark.django_db
def test_a_message_over_the_servers_limit_is_refused_before_it_is_sent(server: MailServer) -> None:
    server.features = ["SIZE 1000"]
    item = after_sending(queued(text="x" * 2000))
    assert (item.state, "too large" in item.words, server.letters) == ("failed", True, [])


@pytest.mark.django_db
def test_a_lease_that_is_over_gives_back_what_was_tried_and_shows_what_was_handed() -> None:
    tried, handed, held = queued(), queued(), queued()
    dead, living = new_key(), WorkerBeat.objects.create(name="alive")
    lease = timezone.now() + timedelta(minutes=10)
    OutboxItem.objects.filter(pk=tried.pk).update(state="trying", claimed_by=dead, lease_until=lease)
    OutboxItem.objects.filter(pk=handed.pk).update(state="handed", claimed_by=dead, lease_until=lease)
    OutboxItem.objects.filter(pk=held.pk).update(state="handed", claimed_by=living.id, lease_until=lease)
    outbox.take_back()
    states = [OutboxItem.objects.get(pk=item.pk).state for item in (tried, handed, held)]
    assert states == ["queued", "uncertain", "handed"]


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_sends_nothing(server: MailServer) -> None:
    item = queued()

    def lose(*_: Any) -> None:
        OutboxItem.objects.filter(pk=item.pk).update(claimed_by=new_key())

    with connection.execute_wrapper(_before_handed(lose)):
        run_once()
    assert server.letters == []


def _before_handed(act: Any) -> Any:
    done = threading.Event()

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not done.is_set() and sql.startswith("UPDATE") and params and "handed" in params:
            done.set()
            act()
        return execute(sql, params, many, context)

    return wrapper


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("step", "state_then", "state_after", "copies"),
    [("MAIL", "trying", "sent", 1), ("DATA", "trying", "sent", 1), ("BODY", "handed", "uncertain", 1)],
)
def test_a_worker_killed_at_a_step_never_makes_a_second_copy(
    server: MailServer, step: str, state_then: str, state_after: str, copies: int
) -> None:
    server.hangs_at = step
    item = queued()
    with working(HANDSEL_SMTP=f"smtp://127.0.0.1:{server.port}") as killed:
        assert server.reached.wait(30)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    item.refresh_from_db()
    assert item.state == state_then
    server.hangs_at = ""
    WorkerBeat.objects.update(beat_at=timezone.now() - timedelta(seconds=61))
    assert after_sending(item).state == state_after
    assert len(server.letters) == copies


# ---------------------------------------------------------------- the letter itself


@pytest.mark.django_db
def test_attachments_and_signs_beyond_ascii_arrive_and_bytes_repeat(server: MailServer) -> None:
    paper = files.keep(b"%PDF-1.7 terms", "Terms – Zürich.pdf", "application/pdf", None)
    text = ".\n..a line with dots\nGrüße, 10 €\n"
    payload = mail_message([f"Inês <{TO}>"], "Grüße", text, attachments=[paper.id])
    assert rendered(payload).as_bytes() == rendered(payload).as_bytes()
    assert rendered(payload).as_bytes().isascii()
    with transaction.atomic():
        outbox.queue("mail", business_id=None, about=new_key(), payload=payload)
    run_once()
    message = email.message_from_bytes(server.letters[0].body, policy=email.policy.default)
    body = message.get_body()
    assert body is not None
    assert body.get_content().splitlines() == text.splitlines()
    assert [(part.get_filename(), part.get_content()) for part in message.iter_attachments()] == [
        ("Terms – Zürich.pdf", b"%PDF-1.7 terms")
    ]


def test_only_what_handsel_writes_by_itself_is_marked_as_automatic() -> None:
    assert rendered(notice([TO], "a", "b"))["Auto-Submitted"] == "auto-generated"
    assert rendered(mail_message([TO], "a", "b"))["Auto-Submitted"] is None


@pytest.mark.parametrize(
    "address", ["ines", "ines@mare.example\r\nBcc: x@y.z", "a b@c.d", "", "ines@mare.example, x@y.z"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Refusal, match="no mail address"):
        mail_message([address], "a", "b")


def test_a_subject_cannot_smuggle_a_header() -> None:
    assert rendered(mail_message([TO], "a\r\nBcc: x@y.z", "b"))["Bcc"] is None


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        (550, "5.1.1 unknown", "This address does not exist."),
        (552, "5.2.2 over quota", "The mailbox is full."),
        (552, "size exceeded", "The message is too large for the other side."),
        (554, "rejected", "The other side refused it as spam."),
        (550, "no", "The other side refused it: 550 no"),
        (451, "greylisted", "Not taken yet by the other side: 451 greylisted"),
    ],
)
def test_a_servers_reply_is_said_in_plain_words(code: int, text: str, words: str) -> None:
    assert plain_words(code, text) == words
