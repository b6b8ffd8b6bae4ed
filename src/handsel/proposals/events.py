"""The verbs of proposals for the trail. Whoever is asked has no account yet: the owner's side alone sees them."""

from handsel.core.trail import Verb

OWNERS = ("owner",)
VERSION_MADE = Verb("proposals.version_made", "wrote version {n} of a proposal", seen_by=OWNERS)
SENT = Verb("proposals.sent", "sent version {n} of a proposal", seen_by=OWNERS)
SENT_INCOMPLETE = Verb("proposals.sent_incomplete", "gave a reason for sending it before the plan was complete",
                       seen_by=OWNERS)  # fmt: skip
REVOKED = Verb("proposals.revoked", "took a proposal back", seen_by=OWNERS)
ASKED = Verb("proposals.asked", "asked about a proposal, by link", told=OWNERS, seen_by=OWNERS)
ANSWERED = Verb("proposals.answered", "answered a question about a proposal", seen_by=OWNERS)
CONSENTED = Verb("proposals.consented", "accepted version {n} of a proposal, by link", told=OWNERS, seen_by=OWNERS)
DECLINED = Verb("proposals.declined", "said no to a proposal, for the {by}", told=OWNERS, seen_by=OWNERS)
AWARDED = Verb("proposals.awarded", "drew up terms from version {n} of a proposal", seen_by=OWNERS)
CLOSED = Verb("proposals.closed", "closed a proposal", seen_by=OWNERS)
PAPER_FILED = Verb("proposals.paper_filed", "printed version {n} of a proposal", seen_by=OWNERS)

EVENTS = (
    VERSION_MADE, SENT, SENT_INCOMPLETE, REVOKED, ASKED, ANSWERED, CONSENTED, DECLINED, AWARDED, CLOSED, PAPER_FILED,
)  # fmt: skip
