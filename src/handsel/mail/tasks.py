"""What mail does in the background: read a mailbox file that came through the page, look for kinds of request."""

from uuid import UUID

from handsel.core.jobs import task
from handsel.values.actors import Actor


def look_for_kinds(actor: Actor, mailbox_id: UUID) -> None:
    pass
