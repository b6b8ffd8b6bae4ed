"""What follows an issue: the paper, kept and mailed to both sides."""

from uuid import UUID

from handsel.core import files
from handsel.core.followers import follows
from handsel.core.models import Event
from handsel.payments import actions, events, papers, queries
from handsel.people.queries import system_actor


@follows(events.ISSUED.name, events.CREDITED.name)
def print_paper(event: Event) -> None:
    """Print the document with the head of the record; a second time changes nothing."""
    actor = system_actor(event.chain_id)
    shown = queries.document(actor, UUID(str(event.thing_id)))
    if queries.paper_of(actor, shown.document.id):
        return
    printed = papers.printed(actor, shown.document, event.number, event.link)
    kept = files.keep(printed, f"{shown.title}.pdf", "application/pdf", event.chain_id)
    actions.file_paper(actor, shown.document.id, kept.id, event.number, event.link)
