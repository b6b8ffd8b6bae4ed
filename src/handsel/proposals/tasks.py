"""What follows a sending: the paper, printed and kept."""

from uuid import UUID

from handsel.core import files
from handsel.core.followers import follows
from handsel.core.models import Event
from handsel.people.queries import system_actor
from handsel.proposals import actions, events, papers, queries


@follows(events.SENT.name)
def print_paper(event: Event) -> None:
    """Print what was sent, with the place of the sending in the record; a second time finds nothing to print."""
    actor = system_actor(event.chain_id)
    for invitation in queries.without_paper(UUID(str(event.thing_id))):
        printed = papers.printed(invitation, event.number, event.link)
        kept = files.keep(printed, papers.name_of(invitation), "application/pdf", event.chain_id)
        actions.file_paper(actor, invitation.id, kept.id)
