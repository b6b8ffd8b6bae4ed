"""What proposals give to the house."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.urls import reverse

from handsel.core.rooms import Found, Need, Room
from handsel.planning.room import ROOM as PLANNING
from handsel.proposals import queries
from handsel.proposals.events import EVENTS
from handsel.proposals.models import Proposal, ProposalVersion
from handsel.values.actors import Actor
from handsel.values.days import day_in_words

_MOST = 20  # of one kind; home shows seven


def needs(actor: Actor) -> Sequence[Need]:
    """Accepted, asked, declined, written and not sent, planned and not proposed."""
    if not actor.may("proposals.send"):
        return []
    return [*_accepted(actor), *_asked(actor), *_declined(actor), *_to_send(actor), *_to_propose(actor)]


def _accepted(actor: Actor) -> Iterator[Need]:
    for found in queries.to_draw_up(actor)[:_MOST]:
        yield Need(
            f"{found.name} has accepted: {found.version.document['work']}",
            "The terms are drawn from it, nothing is typed again. Then both of you sign.",
            "Draw up the terms", f"/b/{actor.slug}/agreements/from-proposal/{found.version_id}/",
            found.consent.made_at, minutes=4, person=found.name, side="provider", given=("open", "given"),
        )  # fmt: skip


def _asked(actor: Actor) -> Iterator[Need]:
    for question in queries.open_questions(actor)[:_MOST]:
        invitation = question.invitation
        yield Need(
            f"{invitation.name} asks about {invitation.proposal.area.name}", "Your answer stands on the page of the link.",
            "Answer", reverse("proposals:proposal", args=[actor.slug, invitation.proposal_id]), question.made_at,
            minutes=2, person=invitation.name, side="provider",
        )  # fmt: skip


def _declined(actor: Actor) -> Iterator[Need]:
    for decline in queries.declined(actor)[:_MOST]:
        invitation = decline.invitation
        yield Need(
            f"{invitation.name} has declined: {invitation.proposal.area.name}", f"“{decline.word}”",
            "Ask somebody else, or close it", reverse("proposals:proposal", args=[actor.slug, invitation.proposal_id]),
            decline.made_at, minutes=3, person=invitation.name, side="provider", given=("given", "returned"),
        )  # fmt: skip


def _to_send(actor: Actor) -> Iterator[Need]:
    for version in queries.to_send(actor)[:_MOST]:
        yield Need(
            f"Proposal, version {version.n}: {version.document['work']}",
            f"It is written and went to nobody yet. It can be accepted until {day_in_words(version.valid_until)}.",
            "Read and send", reverse("proposals:proposal", args=[actor.slug, version.proposal_id]), version.made_at,
            minutes=3,
        )  # fmt: skip


def _to_propose(actor: Actor) -> Iterator[Need]:
    for completion in queries.to_propose(actor)[:_MOST]:
        yield Need(
            f"The proposal for {completion.area.name}", "The plan is complete; most of the proposal is filled in from it.",
            "Make the proposal", reverse("proposals:new", args=[actor.slug, completion.area_id]), completion.made_at,
            minutes=5,
        )  # fmt: skip


def _found(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Proposal.objects.filter(business_id=business_id, pk__in=keys).select_related("business", "area")
    texts = {v.proposal_id: v.document for v in ProposalVersion.objects.filter(proposal__in=list(keys)).order_by("n")}
    return [
        Found("proposal", "Proposal", p.id, str(texts[p.id]["work"]),
              reverse("proposals:proposal", args=[p.business.slug, p.id]), str(texts[p.id]["what"]), side="owner",
              at=p.made_at)
        for p in rows
    ]  # fmt: skip


def count(actor: Actor) -> int:
    if not actor.may("proposals.send"):
        return 0
    return queries.to_draw_up(actor).count() + queries.open_questions(actor).count()


ROOM = Room(
    name="proposals",
    nav={"owner": ("Proposals", "file-text", "proposals:list")},
    needs=needs,
    events=EVENTS,
    things={"proposal": _found},
    visible_when=PLANNING.visible_when,  # whoever may see plans and budgets, and nobody else
    extra={"count": count},
)
