"""Proposals over the API. The owner's side alone reads them; whoever is asked answers on the page behind the link."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Query
from pydantic import Field

from handsel.core.paging import Page, Window, page
from handsel.core.wire import (
    KEY,
    Currency,
    Day,
    Given,
    Line,
    Mail,
    Name,
    Number,
    Reason,
    Shown,
    SomeWords,
    Version,
    Words,
    example,
    plain,
)
from handsel.people.callers import Call, routes
from handsel.proposals import actions, queries
from handsel.proposals.models import Proposal, ProposalInvitation, ProposalQuestion, ProposalVersion
from handsel.proposals.rules import Deliverable, Excluded, Offer, Period, State, offer_of

router = routes("proposals")
ScopeLine = Annotated[Line, Field(min_length=1)]


# ---------------------------------------------------------------- what is offered


class ExcludedGiven(Given):
    """What is not part of the work, and what happens instead."""

    what: ScopeLine
    instead: ScopeLine


class DeliverableGiven(Given):
    """A thing that is delivered by a day, accepted by a test, and paid by a fee where it has one."""

    name: Name
    accept: ScopeLine
    due: Day | None = None
    fee: Number | None = None


_OFFER = {
    "work": "Customer mail", "what": "Answer the customers of {business}.", "first_day": "2026-12-01",
    "valid_until": "2026-11-30", "currency": "EUR", "zone": "Europe/Berlin", "rate": "13.00", "usual_hours": "40",
    "scope": ["Refunds"], "excluded": [{"what": "Wholesale mail", "instead": "it goes to Nora"}],
}  # fmt: skip


class OfferGiven(Given):
    """All that a version says; what is left out stands as a new form has it."""

    model_config = example(**_OFFER)

    work: Name
    what: Words = Field(description="What is to be done; {business}, {work} and other merge fields are filled in.")
    first_day: Day
    last_day: Day | None = None
    valid_until: Day = Field(description="The last day on which it can be accepted.")
    currency: Currency
    zone: Annotated[str, Field(max_length=60, examples=["Europe/Berlin"])]
    scope: list[ScopeLine] = Field([], max_length=50)
    excluded: list[ExcludedGiven] = Field([], max_length=50)
    deliverables: list[DeliverableGiven] = Field([], max_length=50)
    handling: list[ScopeLine] = Field([], max_length=50, description="Pages of the playbook by name.")
    hours: Line = Field("", description="When in a day or week.")
    rate: Number | None = Field(None, description="For an hour; null where only fees are paid.")
    usual_hours: Number = Field(Decimal(0), description="Of a usual month.")
    period: Literal["week", "month"] = Field("week", description="For how long hours are gathered.")
    due_days: int = Field(14, strict=True, ge=0, le=120)
    method: Name = "Bank transfer"
    tracking: ScopeLine = Offer.tracking
    notice_days: int = Field(14, strict=True, ge=0, le=365)
    answer_days: int = Field(1, strict=True, ge=1, le=30)

    def offer(self) -> Offer:
        given = self.model_dump(exclude={"scope", "excluded", "deliverables", "handling", "period", "area_id"})
        return Offer(
            **given, period=Period(self.period), scope=tuple(self.scope), handling=tuple(self.handling),
            excluded=tuple(Excluded(e.what, e.instead) for e in self.excluded),
            deliverables=tuple(Deliverable(d.name, d.due, d.accept, d.fee) for d in self.deliverables),
        )  # fmt: skip


class ProposalGiven(OfferGiven):
    """The first version of a proposal for an area of work."""

    model_config = example(area_id=KEY, **_OFFER)

    area_id: UUID


# ---------------------------------------------------------------- proposals


class SentShown(Shown):
    """To whom a version went, and what became of it."""

    id: UUID
    n: int = Field(description="The version that was sent, counted over this proposal's letters.")
    name: str
    mail: str
    state: State
    sent_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, invitation: ProposalInvitation) -> Self:
        return cls(
            id=invitation.id, n=invitation.n, name=invitation.name, mail=invitation.mail,
            state=queries.state_of(invitation), sent_at=invitation.made_at, expires_at=invitation.expires_at,
        )  # fmt: skip


class OfferShown(Shown):
    """One version of a proposal."""

    id: UUID
    n: int
    hash: str = Field(description="SHA-256 of the text: what a consent names.")
    work: str
    what: str
    first_day: date
    last_day: date | None
    valid_until: date
    currency: str
    zone: str
    rate: str | None
    usual_hours: str
    period: str = Field(description="week or month.")
    scope: list[str]
    excluded: list[str]
    deliverables: list[str]

    @classmethod
    def of(cls, version: ProposalVersion) -> Self:
        o = offer_of(version.document)
        return cls(
            id=version.id, n=version.n, hash=version.hash, work=o.work, what=o.what, first_day=o.first_day,
            last_day=o.last_day, valid_until=o.valid_until, currency=o.currency, zone=o.zone, period=o.period.value,
            rate=plain(o.rate) if o.rate is not None else None, usual_hours=plain(o.usual_hours), scope=list(o.scope),
            excluded=[str(e) for e in o.excluded], deliverables=[d.name for d in o.deliverables],
        )  # fmt: skip


class ProposalShown(Shown):
    """A proposal with its newest version, and to whom it went."""

    id: UUID
    area_id: UUID
    closed: bool
    newest: OfferShown
    sent: list[SentShown]

    @classmethod
    def of(cls, proposal: Proposal) -> Self:
        return cls(
            id=proposal.id, area_id=proposal.area_id, closed=getattr(proposal, "closure", None) is not None,
            newest=OfferShown.of(proposal.versions.all()[0]),
            sent=[SentShown.of(invitation) for invitation in proposal.invitations.all()],
        )  # fmt: skip


@router.get("/proposals", response=Page[ProposalShown], summary="Proposals")
def proposals(request: Call, window: Query[Window]) -> Page[ProposalShown]:
    """Proposals, the newest first."""
    return page(request, window, queries.proposals(request.auth), ProposalShown.of, ("-made_at", "-id"))


@router.get("/proposals/{key}", response=ProposalShown, summary="A proposal")
def proposal(request: Call, key: UUID) -> ProposalShown:
    """One proposal."""
    return ProposalShown.of(queries.proposal(request.auth, key))


@router.post("/proposals", response={201: ProposalShown}, summary="Make a proposal")
def make_version(request: Call, body: ProposalGiven) -> ProposalShown:
    """Write the first version of a new proposal for an area."""
    made = actions.make_version(request.auth, body.area_id, body.offer())
    return proposal(request, made.proposal_id)


@router.post("/proposals/{key}/versions", response={201: ProposalShown}, summary="Write a new version")
def make_next_version(request: Call, key: UUID, body: OfferGiven) -> ProposalShown:
    """The next version of a proposal that stands."""
    area_id = queries.proposal(request.auth, key).area_id
    actions.make_version(request.auth, area_id, body.offer(), key)
    return proposal(request, key)


class SendGiven(Given):
    """To one provider."""

    n: Version = Field(description="The version that was read; refused if a newer one stands by now.")
    name: Name
    mail: Mail
    reason: Line = Field("", description="Needed where the plan is incomplete.")


@router.post("/proposals/{key}/letters", response={201: SentShown}, summary="Send a proposal")
def send(request: Call, key: UUID, body: SendGiven) -> SentShown:
    """Send the newest version to one provider by a mailed link."""
    invitation, _ = actions.send(request.auth, key, body.n, body.name, body.mail, body.reason)
    return SentShown.of(queries.invitation(request.auth, invitation.id))


@router.post("/letters/{key}/revocation", response=SentShown, summary="Take a proposal back")
def revoke(request: Call, key: UUID) -> SentShown:
    """Each link that went to this address stops working at once."""
    actions.revoke(request.auth, key)
    return SentShown.of(queries.invitation(request.auth, key))


class NoWithAWordGiven(Given):
    """A no, with a word of why."""

    word: Reason


@router.post("/letters/{key}/decline", response=SentShown, summary="Decline")
def decline(request: Call, key: UUID, body: NoWithAWordGiven) -> SentShown:
    """Say no, until terms are drawn up."""
    actions.decline(request.auth, key, body.word)
    return SentShown.of(queries.invitation(request.auth, key))


@router.post("/proposals/{key}/closure", response=ProposalShown, summary="Close a proposal")
def close(request: Call, key: UUID) -> ProposalShown:
    """Say that nothing more is to come of it."""
    actions.close(request.auth, key)
    return proposal(request, key)


# ---------------------------------------------------------------- questions of whoever was asked


class LetterQuestionShown(Shown):
    """What somebody who was asked wants to know."""

    id: UUID
    letter_id: UUID
    name: str
    asked_at: datetime
    text: str
    answer: str | None

    @classmethod
    def of(cls, question: ProposalQuestion) -> Self:
        answer = getattr(question, "answer", None)
        return cls(
            id=question.id, letter_id=question.invitation_id, name=question.invitation.name,
            asked_at=question.made_at, text=question.text, answer=answer.text if answer else None,
        )  # fmt: skip


class LetterAnswerGiven(Given):
    """The owner's answer."""

    text: Annotated[SomeWords, Field(max_length=3000)]


@router.get("/proposals/{key}/questions", response=list[LetterQuestionShown], summary="Questions about a proposal")
def questions(request: Call, key: UUID) -> list[LetterQuestionShown]:
    """What was asked about a proposal, the oldest first; at most 500."""
    found = queries.questions(queries.proposal(request.auth, key).id)
    return [LetterQuestionShown.of(question) for question in found[:500]]


@router.post("/letter-questions/{key}/answer", response={201: LetterQuestionShown}, summary="Answer about a proposal")
def answer(request: Call, key: UUID, body: LetterAnswerGiven) -> LetterQuestionShown:
    """The answer stands on the page behind the link, and a mail says so."""
    actions.answer(request.auth, key, body.text)
    rows = ProposalQuestion.objects.select_related("invitation", "answer")
    return LetterQuestionShown.of(rows.get_visible(request.auth, key))
