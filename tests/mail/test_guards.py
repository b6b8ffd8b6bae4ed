"""What the database itself refuses of mail, whoever asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from handsel.core import writes
from handsel.core.keys import as_stored
from handsel.mail import actions, queries
from handsel.mail.models import Conversation, Message, RawMail, Reply, ReplyVersion, Send
from tests.mail.story import Desk

pytestmark = pytest.mark.django_db

KEPT = [
    "mail_rawmail", "mail_sighting", "mail_parse", "mail_message", "mail_messagereference", "mail_party",
    "mail_placement",
]  # fmt: skip


def refused(statement: str, *parameters: Any) -> None:
    with pytest.raises(IntegrityError), writes.migrating(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def written(mail: Desk, text: str = "Beeswax.") -> tuple[Reply, ReplyVersion]:
    reply = actions.write(mail.ines, mail.waiting.id, mail.draft(text))
    return reply, queries.versions(mail.owner, reply.id)[-1]


def send_row(mail: Desk, reply: Reply, version: ReplyVersion, person: Any) -> Send:
    message = Message.objects.filter(conversation=mail.waiting).first()
    return Send(business_id=mail.owner.business_id, reply=reply, n=1, person_id=person, version=version,
                message_id="<x@x.example>", sent_as=message)  # fmt: skip


@pytest.mark.proves("mail_rawmail_kept")
def test_an_original_is_never_changed(mail: Desk) -> None:
    refused("UPDATE mail_rawmail SET size = 1")


@pytest.mark.proves("mail_message_kept")
def test_a_message_is_never_changed(mail: Desk) -> None:
    refused("UPDATE mail_message SET subject = 'other'")


@pytest.mark.proves("mail_conversation_follows")
def test_the_state_of_a_conversation_is_never_set_by_hand(mail: Desk) -> None:
    refused("UPDATE mail_conversation SET status = 'closed' WHERE id = %s",
            as_stored(mail.waiting.id, connection.vendor))  # fmt: skip


@pytest.mark.proves("mail_reply_follows")
def test_the_state_of_a_reply_is_never_set_by_hand(mail: Desk) -> None:
    written(mail)
    refused("UPDATE mail_reply SET status = 'sent'")


@pytest.mark.proves("mail_replyversion_kept")
def test_the_words_of_a_reply_are_never_changed(mail: Desk) -> None:
    written(mail)
    refused("UPDATE mail_replyversion SET text = 'other'")


@pytest.mark.proves("mail_send_by_owner_side")
def test_no_send_stands_in_the_name_of_an_assistant(mail: Desk) -> None:
    reply, version = written(mail)
    with pytest.raises(IntegrityError, match="not_released"), writes.migrating(), transaction.atomic():
        send_row(mail, reply, version, mail.ines.person_id).save(force_insert=True)


@pytest.mark.proves("mail_send_whole")
def test_no_send_stands_for_words_with_an_open_place(mail: Desk) -> None:
    reply, version = written(mail, "It comes on {date}.")
    with pytest.raises(IntegrityError, match="slot_open"), writes.migrating(), transaction.atomic():
        send_row(mail, reply, version, mail.owner.person_id).save(force_insert=True)


@pytest.mark.parametrize("table", KEPT)
def test_what_was_received_is_never_deleted(mail: Desk, table: str) -> None:
    refused(f"DELETE FROM {table}")


def test_the_state_follows_whatever_was_written(mail: Desk) -> None:
    """`handsel check` would find none that differs."""
    from handsel.core import guards

    (follows,) = (g for g in guards.registered() if g.name == "mail_conversation_follows")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM mail_conversation t WHERE t.status <> {follows.expression('t.id')}")  # type: ignore[union-attr]  # it is one that follows
        assert cursor.fetchone()[0] == 0
    assert Conversation.objects.count() == 16 and RawMail.objects.count() == 31
