"""Every read about mail."""

from collections.abc import Iterable
from datetime import UTC, date, timedelta
from uuid import UUID

from django.db.models import OuterRef, Subquery

from handsel.mail.models import Conversation, Mailbox, MailImport, Message, OwnAddress, Parse, RawMail
from handsel.values.actors import Actor
from handsel.values.days import monday_of

ASKING = ("person", "machine")
"""Kinds of mail that ask for a look; lists, automatic replies and bounces are filed."""


def mailboxes(actor: Actor) -> list[Mailbox]:
    """The mailboxes of the business, oldest first; one SQL query."""
    return list(Mailbox.objects.visible_to(actor).order_by("made_at", "id"))


def own_addresses(mailbox_id: UUID) -> list[str]:
    """The addresses that are ours in a mailbox that was fetched through `visible_to`; one SQL query."""
    newest: dict[str, bool] = {}
    rows = OwnAddress.objects.filter(mailbox_id=mailbox_id).order_by("n").values_list("address", "ours")
    for address, ours in rows:
        newest[address] = ours
    return [address for address, ours in newest.items() if ours]


def addresses_of_all(actor: Actor) -> dict[UUID, list[str]]:
    """The own addresses of each mailbox; one SQL query."""
    newest: dict[tuple[UUID, str], bool] = {}
    rows = OwnAddress.objects.visible_to(actor).order_by("mailbox_id", "n")
    for mailbox_id, address, ours in rows.values_list("mailbox_id", "address", "ours"):
        newest[mailbox_id, address] = ours
    found: dict[UUID, list[str]] = {}
    for (mailbox_id, address), ours in newest.items():
        if ours:
            found.setdefault(mailbox_id, []).append(address)
    return found


def known_digests(actor: Actor, mailbox_id: UUID, digests: Iterable[str]) -> set[str]:
    """Which of these originals the mailbox has; one SQL query."""
    rows = RawMail.objects.visible_to(actor).filter(mailbox_id=mailbox_id, digest__in=set(digests))
    return set(rows.values_list("digest", flat=True))


def conversations_of(actor: Actor, mailbox_id: UUID, digests: Iterable[str]) -> set[UUID]:
    """The conversations in which these originals stand; one SQL query."""
    rows = Parse.objects.visible_to(actor).filter(raw__mailbox_id=mailbox_id, raw__digest__in=set(digests))
    return set(rows.values_list("message__conversation_id", flat=True))


def folder_of_import(import_id: UUID) -> str:
    """The name of the file, for an import that was fetched through `visible_to`."""
    return str(MailImport.objects.values_list("name", flat=True).get(pk=import_id))


def requests_by_week(import_id: UUID) -> list[tuple[date, date, int]]:
    """Monday, Sunday and how many conversations customers began, of those that an import brought; one SQL query."""
    first = Message.objects.filter(conversation=OuterRef("pk"), kind__in=ASKING).order_by("at", "id")
    rows = (
        Conversation.objects.filter(mail_import_id=import_id)
        .annotate(first=Subquery(first.values("at")[:1]), ours=Subquery(first.values("outgoing")[:1]))
        .filter(ours=False)
    )
    weeks: dict[date, int] = {}
    for at in rows.values_list("first", flat=True):
        monday = monday_of(at.astimezone(UTC).date())
        weeks[monday] = weeks.get(monday, 0) + 1
    return [(monday, monday + timedelta(days=6), count) for monday, count in sorted(weeks.items())]


def mail_import(actor: Actor, key: UUID) -> MailImport:
    return MailImport.objects.select_related("mailbox").get_visible(actor, key)
