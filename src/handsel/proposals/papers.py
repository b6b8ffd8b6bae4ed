"""Proposals as papers: the facts of one sending, printed."""

from django.http import HttpResponse

from handsel.core import files
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
    return print_facts(facts(invitation.version, business, invitation.name, record))


def print_facts(paper: papers.Proposal) -> bytes:
    return papers.render(paper.template, paper.as_facts())


def answer(invitation: ProposalInvitation) -> HttpResponse:
    """The paper for a browser to save: the kept one, or the same words printed now while the job has not run."""
    kept = getattr(invitation, "paper", None)
    if kept:
        return files.download(kept.file)  # type: ignore[return-value]  # a streaming answer
    name = files.safe_name(name_of(invitation))
    return HttpResponse(
        printed(invitation), content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


def name_of(invitation: ProposalInvitation) -> str:
    return f"proposal-{invitation.business.slug}-version-{invitation.version.n}.pdf"
