"""The one change of the front: a business comes in from the export of one of its sides."""

from handsel.core.actions import action
from handsel.front.export.bringing import Bringing, Brought, Rows
from handsel.values.actors import Actor


@action(own_rows=True)
def import_side(actor: Actor, rows: Rows) -> Brought:
    """Bring a business in with its keys, row by row past every guard. No event is recorded: the trail that it brings is
    its record, and it ends where the export ends, so that the next export is equal."""
    return Bringing(rows).bring()
