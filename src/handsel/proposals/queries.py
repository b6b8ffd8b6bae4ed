"""Every read about proposals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from handsel.people.models import Business
from handsel.people.rules import token_hash
from handsel.planning.models import Completion
from handsel.proposals import rules
from handsel.proposals.models import Decline, Proposal, ProposalInvitation, ProposalQuestion, ProposalVersion
from handsel.proposals.rules import Deliverable, Offer, State
from handsel.values.actors import Actor
from handsel.values.days import day_of
from handsel.values.refusals import NotVisible, Refusal, marked

_OUTCOMES = ("version", "consent", "decline", "decline__person", "revocation", "award")


def proposals(actor: Actor) -> QuerySet[Proposal]:
    """Proposals with their versions and to whom they went, newest first; three SQL queries."""
    return (
        Proposal.objects.visible_to(actor)
        .select_related("area", "closure")
        .prefetch_related(Prefetch("versions", ProposalVersion.objects.order_by("-n")))
        .prefetch_related(Prefetch("invitations", ProposalInvitation.objects.select_related(*_OUTCOMES).order_by("-n")))
        .order_by("-made_at", "-id")
    )


def proposal(actor: Actor, key: UUID) -> Proposal:
    found = proposals(actor).filter(pk=key).first()
    if found is None:
        raise NotVisible("proposal")
    return found


def open_proposal_for(actor: Actor, area_id: UUID) -> Proposal | None:
    """The newest proposal for the area that is not closed; one SQL query."""
    rows = Proposal.objects.visible_to(actor).filter(area_id=area_id, closure=None)
    return rows.order_by("-made_at", "-id").first()


def version(actor: Actor, key: UUID) -> ProposalVersion:
    return ProposalVersion.objects.select_related("proposal__area").get_visible(actor, key)


def newest_version(proposal_id: UUID) -> ProposalVersion:
    """Of a proposal that was fetched through `visible_to`; every proposal has one."""
    return ProposalVersion.objects.filter(proposal_id=proposal_id).select_related("proposal__area").order_by("-n")[0]


def invitation(actor: Actor, key: UUID) -> ProposalInvitation:
    return ProposalInvitation.objects.select_related("proposal__area", *_OUTCOMES).get_visible(actor, key)


def state_of(found: ProposalInvitation, now: datetime | None = None) -> State:
    """How an invitation stands, apart from whether a newer one replaced it; no SQL where its outcomes were fetched."""
    if getattr(found, "revocation", None):
        return State.TAKEN_BACK
    if getattr(found, "decline", None):
        return State.DECLINED
    if getattr(found, "award", None):
        return State.DRAWN_UP
    if getattr(found, "consent", None):
        return State.ACCEPTED
    return State.LAPSED if today_of(found.version, now) > found.version.valid_until else State.SENT


def today_of(found: ProposalVersion, now: datetime | None = None) -> date:
    """The day on the wall of the proposal's zone."""
    return day_of(now or timezone.now(), found.zone)


def questions(proposal_id: UUID, mail: str = "") -> QuerySet[ProposalQuestion]:
    """What was asked about a proposal, by one address or by all, oldest first; one SQL query."""
    rows = ProposalQuestion.objects.filter(invitation__proposal_id=proposal_id)
    rows = rows.filter(invitation__mail=mail) if mail else rows
    return rows.select_related("invitation", "answer__person").order_by("made_at", "id")


# ---------------------------------------------------------------- by the link


@dataclass(frozen=True)
class Opened:
    """What a link opens. by: the invitation that it was made for; newest: what counts for that address now."""

    by: ProposalInvitation
    newest: ProposalInvitation

    @property
    def is_over(self) -> bool:
        """Whether the link was taken back or is too old."""
        revoked = getattr(self.by, "revocation", None) or getattr(self.newest, "revocation", None)
        return bool(revoked) or self.newest.expires_at < timezone.now()

    @property
    def offer(self) -> Offer:
        return rules.offer_of(self.newest.version.document)

    @property
    def business(self) -> Business:
        return self.newest.business


def opened(token: str) -> Opened:
    """What the link with this secret opens; it may be over, which the page says. Two SQL queries."""
    rows = ProposalInvitation.objects.select_related("business", "proposal__area", "paper__file", *_OUTCOMES)
    found = rows.filter(token_hash=token_hash(token)).first()
    if found is None:
        raise NotVisible("proposal")
    newest = rows.filter(proposal_id=found.proposal_id, mail=found.mail).order_by("-n")[0]
    return Opened(found, newest)


def newest_for(found: ProposalInvitation) -> ProposalInvitation:
    """The newest invitation to the same address in the same proposal."""
    rows = ProposalInvitation.objects.select_related("proposal", *_OUTCOMES)
    return rows.filter(proposal_id=found.proposal_id, mail=found.mail).order_by("-n")[0]


def changes_since(found: ProposalInvitation, stated_hash: str) -> list[str]:
    """What differs between the text with this hash and the invitation's; empty where no such text was written."""
    read = ProposalVersion.objects.filter(proposal_id=found.proposal_id, hash=stated_hash).order_by("-n").first()
    if read is None:
        return []
    return rules.changes(rules.offer_of(read.document), rules.offer_of(found.version.document))


def changes_before(found: ProposalInvitation) -> list[str]:
    """What this version changed against the one sent to the same address before; empty for a first one."""
    rows = ProposalInvitation.objects.select_related("version").filter(proposal_id=found.proposal_id, mail=found.mail)
    before = rows.filter(n__lt=found.n).exclude(version=found.version_id).order_by("-n").first()
    return changes_since(found, before.version.hash) if before else []


# ---------------------------------------------------------------- for the rooms above


@dataclass(frozen=True)
class Accepted:
    """What was accepted, with everything that terms need; nothing is typed again. period: week or month."""

    version_id: UUID
    proposal_id: UUID
    area_id: UUID
    contact_name: str
    contact_mail: str
    work: str
    first_day: date
    last_day: date | None
    scope: tuple[str, ...]
    excluded: tuple[str, ...]  # with what happens instead
    deliverables: tuple[Deliverable, ...]  # name, due, accept, fee
    handling: tuple[str, ...]
    rate: Decimal | None
    currency: str
    zone: str
    period: str
    due_days: int
    method: str
    tracking: str
    usual_hours: Decimal
    notice_days: int
    answer_days: int


def accepted(actor: Actor, version_id: UUID) -> Accepted:
    """What somebody accepted in this version. Raises Refusal where nobody did, or a no followed."""
    found = version(actor, version_id)
    by = _accepted_by(found)
    if by is None:
        raise Refusal("not_accepted", marked("Nobody has accepted this version."),
                      mend="Terms can be drawn up without a proposal too.")  # fmt: skip
    offer = rules.offer_of(found.document)
    return Accepted(
        version_id=found.id, proposal_id=found.proposal_id, area_id=found.proposal.area_id, contact_name=by.name,
        contact_mail=by.mail, work=offer.work, first_day=offer.first_day, last_day=offer.last_day, scope=offer.scope,
        excluded=tuple(map(str, offer.excluded)), deliverables=offer.deliverables, handling=offer.handling,
        rate=offer.rate, currency=offer.currency, zone=offer.zone, period=offer.period.value, due_days=offer.due_days,
        method=offer.method, tracking=offer.tracking, usual_hours=offer.usual_hours, notice_days=offer.notice_days,
        answer_days=offer.answer_days,
    )  # fmt: skip


def _accepted_by(found: ProposalVersion) -> ProposalInvitation | None:
    rows = ProposalInvitation.objects.filter(version=found, decline=None, revocation=None).exclude(consent=None)
    return rows.order_by("-n").first()


def accepted_invitation(actor: Actor, version_id: UUID) -> ProposalInvitation:
    """To whom the version that was accepted had been sent."""
    found = _accepted_by(version(actor, version_id))
    if found is None:
        raise Refusal("not_accepted", marked("Nobody has accepted this version."), mend="Reload the page.")
    return found


# ---------------------------------------------------------------- what needs somebody


def open_questions(actor: Actor) -> QuerySet[ProposalQuestion]:
    """Questions without an answer, oldest first; one SQL query."""
    rows = ProposalQuestion.objects.visible_to(actor).filter(answer=None, invitation__proposal__closure=None)
    return rows.select_related("invitation__proposal__area").order_by("made_at", "id")


def to_draw_up(actor: Actor) -> QuerySet[ProposalInvitation]:
    """Accepted, and no terms drawn up yet; one SQL query."""
    rows = ProposalInvitation.objects.visible_to(actor).exclude(consent=None)
    rows = rows.filter(decline=None, award=None, revocation=None, proposal__closure=None)
    return rows.select_related("consent", "version", "proposal__area").order_by("consent__made_at", "id")


def declined(actor: Actor) -> QuerySet[Decline]:
    """Noes of the other side after which nothing was written, sent or closed; one SQL query."""
    later = ProposalInvitation.objects.filter(
        proposal=OuterRef("invitation__proposal"), n__gt=OuterRef("invitation__n")
    )
    newer = ProposalVersion.objects.filter(
        proposal=OuterRef("invitation__proposal"), n__gt=OuterRef("invitation__version__n")
    )
    rows = Decline.objects.visible_to(actor).filter(person=None, invitation__proposal__closure=None)
    return rows.filter(~Exists(later), ~Exists(newer)).select_related("invitation__proposal__area").order_by("made_at")


def to_send(actor: Actor) -> QuerySet[ProposalVersion]:
    """Newest versions that went to nobody; one SQL query."""
    newer = ProposalVersion.objects.filter(proposal=OuterRef("proposal"), n__gt=OuterRef("n"))
    rows = ProposalVersion.objects.visible_to(actor).filter(invitations=None, proposal__closure=None)
    return rows.filter(~Exists(newer)).select_related("proposal__area").order_by("made_at", "id")


def to_propose(actor: Actor) -> Sequence[Completion]:
    """Completed plans from which no proposal was made; one SQL query."""
    made = Proposal.objects.filter(area=OuterRef("area"))
    newer = Completion.objects.filter(area=OuterRef("area"), n__gt=OuterRef("n"))
    rows = Completion.objects.visible_to(actor).filter(~Exists(made), ~Exists(newer))
    return list(rows.select_related("area").order_by("made_at", "id")[:20])


def without_paper(proposal_id: UUID) -> QuerySet[ProposalInvitation]:
    """What was sent and not printed yet, for Handsel itself."""
    rows = ProposalInvitation.objects.filter(proposal_id=proposal_id, paper=None)
    return rows.select_related("version", "business").order_by("n")
