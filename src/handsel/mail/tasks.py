"""What mail does in the background: read a mailbox file that came through the page, look for kinds of request."""

from contextlib import suppress
from uuid import UUID

from handsel.core.followers import follows
from handsel.core.jobs import task
from handsel.core.models import Event
from handsel.mail import actions, events, importing, mining, originals, queries
from handsel.people.queries import system_actor
from handsel.values.refusals import Refusal


@follows(events.IMPORT_BEGUN.name)
def read_what_was_given(event: Event) -> None:
    """A file that came through the page is read by a task of its own."""
    begun = queries.mail_import(system_actor(event.chain_id), event.thing_id)
    if begun.spool and begun.finished_at is None:
        read_file.enqueue(str(event.chain_id), str(begun.id))


@follows(events.IMPORT_ENDED.name)
def mine_what_is_new(event: Event) -> None:
    """Kinds of request are looked for once a file is read."""
    begun = queries.mail_import(system_actor(event.chain_id), event.thing_id)
    if begun.mailbox_id and begun.new:
        mine_mailbox.enqueue(str(event.chain_id), str(begun.mailbox_id), str(begun.id))


@task
def read_file(business_id: str, import_id: str) -> None:
    """Read a file that was given through the page; broken off, it goes on, and a second time finds nothing new."""
    actor = system_actor(UUID(business_id))
    begun = queries.mail_import(actor, UUID(import_id))
    file = originals.spooled(begun.spool) if begun.finished_at is None else None
    if file is not None:
        try:
            with file, suppress(Refusal):  # its words stand on the page of the import
                importing.read_import(actor, begun, file)
        finally:
            originals.unspool(begun.spool)


@task
def mine_mailbox(business_id: str, mailbox_id: str, because: str = "") -> None:
    """Look for the kinds of request in a mailbox, and draft a reply for each."""
    actor = system_actor(UUID(business_id))
    begun = actions.begin_mining(actor, UUID(mailbox_id))
    pairs = mining.paired(queries.letters(UUID(mailbox_id)))
    actions.note_kinds(actor, begun.id, mining.mine(pairs), len(pairs))
