"""What was written, sent, asked and answered stays; a consent names the newest text, while it is open."""

from handsel.core.guards import AnyGuard, Guard, Says, kept

OTHER_TEXT = Says("other_proposal", "This is not the text that was sent.", "Reload the page and read it again.")
NOT_OPEN = Says("proposal_not_open", "This proposal is not open any more.", "Reload the page to see where it stands.")
SUPERSEDED = Says("proposal_superseded", "A newer version has replaced this one.", "Reload the page and read it.")

_LOCK_PROPOSAL = (
    "PERFORM 1 FROM proposals_proposal p JOIN proposals_proposalinvitation i ON i.proposal_id = p.id "
    "WHERE i.id = NEW.invitation_id FOR NO KEY UPDATE OF p;"
)

GUARDS: list[AnyGuard] = [
    *kept(
        "proposals_proposal", "proposals_proposalversion", "proposals_scopeitem", "proposals_deliverable",
        "proposals_proposalinvitation", "proposals_revocation", "proposals_proposalquestion",
        "proposals_proposalanswer", "proposals_consent", "proposals_decline", "proposals_award", "proposals_closure",
        "proposals_proposalpaper",
    ),
    Guard(
        "proposals_consent_same_text",
        "proposals_consent",
        "NEW.document_hash IS DISTINCT FROM (SELECT v.hash FROM proposals_proposalversion v "
        "JOIN proposals_proposalinvitation i ON i.version_id = v.id WHERE i.id = NEW.invitation_id)",
        OTHER_TEXT,
        events=("INSERT",),
        reads=("proposals_proposalversion", "proposals_proposalinvitation"),
        locks=_LOCK_PROPOSAL,
    ),
    Guard(
        "proposals_consent_open",
        "proposals_consent",
        "EXISTS (SELECT 1 FROM proposals_revocation r WHERE r.invitation_id = NEW.invitation_id) "
        "OR EXISTS (SELECT 1 FROM proposals_decline d WHERE d.invitation_id = NEW.invitation_id)",
        NOT_OPEN,
        events=("INSERT",),
        reads=("proposals_revocation", "proposals_decline"),
        locks=_LOCK_PROPOSAL,
    ),
    Guard(
        "proposals_consent_newest",
        "proposals_consent",
        "EXISTS (SELECT 1 FROM proposals_proposalinvitation i JOIN proposals_proposalinvitation later "
        "ON later.proposal_id = i.proposal_id AND later.mail = i.mail AND later.n > i.n WHERE i.id = NEW.invitation_id)",
        SUPERSEDED,
        events=("INSERT",),
        reads=("proposals_proposalinvitation",),
        locks=_LOCK_PROPOSAL,
    ),
    Guard(
        "proposals_award_accepted",
        "proposals_award",
        "NOT EXISTS (SELECT 1 FROM proposals_consent c WHERE c.invitation_id = NEW.invitation_id) "
        "OR EXISTS (SELECT 1 FROM proposals_decline d WHERE d.invitation_id = NEW.invitation_id)",
        NOT_OPEN,
        events=("INSERT",),
        reads=("proposals_consent", "proposals_decline"),
        locks=_LOCK_PROPOSAL,
    ),
]  # fmt: skip
