"""What follows a signature: the sealed paper, kept and mailed to both sides."""

from uuid import UUID

from handsel.agreements import actions, events, papers, queries
from handsel.core import files
from handsel.core.followers import follows
from handsel.core.models import Event
from handsel.people.queries import system_actor


@follows(events.CAME_INTO_FORCE.name)
def seal_paper(event: Event) -> None:
    """Print the terms with both signatures and the head of the record; a second time changes nothing."""
    actor = system_actor(event.chain_id)
    terms = queries.version(actor, UUID(str(event.thing_id)))
    if getattr(terms, "paper", None):
        return
    number, head = event.number, event.link
    printed = papers.sealed(terms, queries.business_name(actor), number, head)
    name = f"terms-{terms.engagement.provider.name}-version-{terms.n}.pdf"
    kept = files.keep(printed, name, "application/pdf", event.chain_id)
    actions.file_paper(actor, terms.id, kept.id, number, head)
