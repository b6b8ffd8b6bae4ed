"""What people of the story do in several chapters: read terms and sign them, put what is approved on an invoice."""

from datetime import date
from uuid import UUID

from handsel.agreements import queries as agreements
from handsel.agreements.actions import note_seen, sign
from handsel.agreements.models import Terms
from handsel.agreements.rules import Agreed, agreed_of
from handsel.payments import queries as payments
from handsel.payments.actions import draft, issue
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


def read_and_sign(actor: Actor, engagement_id: UUID) -> None:
    """The newest version, read to its end."""
    terms = newest(actor, engagement_id)
    note_seen(actor, terms.id)
    sign(actor, terms.id, terms.hash)


def invoice(actor: Actor, engagement_id: UUID, first_day: date, last_day: date) -> UUID:
    """What is approved of these days and on no invoice, issued as it stands. Gives the document."""
    document = draft(actor, engagement_id, first_day, last_day)
    standing = [found.line for found in payments.draft_lines(document.id) if found.stands]
    issue(actor, document.id, payments.seen_as(standing))
    key: UUID = document.id
    return key
