"""A proposal on its way, told by the actions that people use."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from handsel.people.queries import link_actor
from handsel.planning.models import Area
from handsel.proposals.actions import make_version, send
from handsel.proposals.models import Proposal, ProposalInvitation, ProposalVersion
from handsel.proposals.rules import Deliverable, Excluded, Offer
from handsel.values.actors import Actor
from tests.planning.story import planned_area
from tests.stories import TODAY, owner_of


def customer_mail_offer(**changes: Any) -> Offer:
    """€13.00 an hour for customer mail, 40 hours a month, and a leaflet for a fee."""
    said: dict[str, Any] = {
        "work": "Customer mail",
        "what": "Answer the customers of {business} from {first day}.",
        "first_day": TODAY() + timedelta(days=21),
        "valid_until": TODAY() + timedelta(days=14),
        "currency": "EUR",
        "zone": "Europe/Dublin",
        "scope": ("Refunds", "Where is my order"),
        "excluded": (Excluded("Wholesale mail", "it goes to Nora"),),
        "deliverables": (
            Deliverable("Autumn leaflet", TODAY() + timedelta(days=40), "ready for print", Decimal("240.00")),
        ),
        "hours": "Weekdays, before noon",
        "handling": ("Page “Refunds”",),
        "rate": Decimal("13.00"),
        "usual_hours": Decimal("40"),
    }
    return Offer(**{**said, **changes})


@dataclass(frozen=True)
class SentProposal:
    """Nora has asked Ines, who holds the link with this token."""

    owner: Actor
    holder: Actor
    area: Area
    proposal: Proposal
    version: ProposalVersion
    invitation: ProposalInvitation
    token: str


def sent_proposal(owner: Actor | None = None, **changes: Any) -> SentProposal:
    owner = owner or owner_of()
    area = planned_area(owner)
    version = make_version(owner, area.id, customer_mail_offer(**changes))
    invitation, token = send(owner, version.proposal_id, version.n, "Ines Duarte", "ines@mare.example")
    assert owner.business_id is not None
    return SentProposal(owner, link_actor(owner.business_id), area, version.proposal, version, invitation, token)
