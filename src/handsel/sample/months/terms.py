"""Terms as a scene finds them."""

from uuid import UUID

from handsel.agreements import queries as agreements
from handsel.agreements.models import Terms
from handsel.agreements.rules import Agreed, agreed_of
from handsel.values.actors import Actor


def newest(actor: Actor, engagement_id: UUID) -> Terms:
    """The newest version, signed or not."""
    found = agreements.versions(actor, engagement_id).first()
    assert found is not None
    return found


def in_force(actor: Actor, engagement_id: UUID) -> Agreed:
    """What the newest version says that both have signed."""
    signed = [t for t in agreements.versions(actor, engagement_id) if agreements.both_signed(list(t.signatures.all()))]
    return agreed_of(signed[0].document)
