"""Proposals as papers: the facts of one sending, printed."""

from handsel.proposals import rules, wording
from handsel.proposals.models import ProposalInvitation, ProposalVersion
from handsel.ui import papers
from handsel.values.days import day_of


def facts(version: ProposalVersion, business: str, provider: str, record: str = "") -> papers.Proposal:
    """What the page and the paper say of a version."""
    day = day_of(version.made_at, version.zone)
    return wording.paper(rules.offer_of(version.document), version.n, day, business, provider, record)


def printed(invitation: ProposalInvitation, number: int = 0, head: str = "") -> bytes:
    """The PDF; the head of the record stands on it once the sending is in the record."""
    business = invitation.business.name
    groups = " ".join(head[n : n + 4] for n in range(0, 16, 4)).upper()
    print_of = invitation.version.hash[:16]
    record = f"Record of {business}, entry {number}, seal {groups}" if head else f"Fingerprint of this text: {print_of}"
    paper = facts(invitation.version, business, invitation.name, record)
    return papers.render(paper.template, paper.as_facts())


def name_of(invitation: ProposalInvitation) -> str:
    return f"proposal-{invitation.business.slug}-version-{invitation.version.n}.pdf"
