"""Agreements over the API: engagements, the versions of their terms, pauses and ends. Signing is a person's own act, on
the page that shows the whole text."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from django.utils import timezone
from ninja import Query
from pydantic import Field

from handsel.agreements import actions, queries
from handsel.agreements.models import Terms, Worker
from handsel.agreements.queries import Standings
from handsel.agreements.rules import Agreed, Fee, Level, Period, Rate, Rounding, agreed_of
from handsel.core.paging import Page, Window, behind, page_of
from handsel.core.wire import Currency, Day, Given, Kind, Line, Mail, Name, Number, Shown, example, plain
from handsel.people.api import PersonShown
from handsel.people.callers import Call, routes
from handsel.values.actors import Actor
from handsel.values.days import day_of

router = routes("agreements")


# ---------------------------------------------------------------- terms


class RateGiven(Given):
    """What an hour of one kind of work costs."""

    kind: Annotated[Kind, Field(min_length=1)]
    price: Number = Field(description="In the currency of the terms, at most four decimals.", examples=["18.50"])


class FeeGiven(Given):
    """A flat fee, owed once its deliverable is accepted."""

    name: Name
    amount: Number
    due: Day | None = None
    accept: Line = Field("", description="What the deliverable is measured by.")


_TERMS = {
    "work": "Customer mail", "valid_from": "2026-12-01", "currency": "EUR", "zone": "Europe/Berlin",
    "rates": [{"kind": "Customer mail", "price": "18.50"}], "usual_hours": "40",
}  # fmt: skip


def _days(least: int, most: int, usual: int, words: str) -> int:
    return Field(usual, strict=True, ge=least, le=most, description=words)


class TermsGiven(Given):
    """All that a version of the terms says; what is left out stands as a new form has it."""

    model_config = example(**_TERMS)

    work: Name
    valid_from: Day
    currency: Currency
    zone: Annotated[str, Field(max_length=60, description="The time zone that cuts the days, such as Europe/Berlin.")]
    rates: list[RateGiven] = Field([], max_length=20)
    fees: list[FeeGiven] = Field([], max_length=50)
    scope: list[Line] = Field([], max_length=50, description="Part of the work.")
    excluded: list[Line] = Field([], max_length=50, description="Not part of it.")
    period: Period = Field(Period.WEEK, description="For how long hours are gathered before they are handed in.")
    rounding: Rounding = Rounding.NONE
    step_minutes: int = _days(1, 60, 1, "The step of rounding.")
    level: Level = Field(Level.ENTRY, description="What is rounded.")
    usual_hours: Number = Field(Decimal(0), description="Of a usual month, for the preview of what it pays.")
    due_days: int = _days(0, 120, 14, "Days from the invoice to its due day.")
    method: Name = "Bank transfer"
    tracking: Annotated[Line, Field(min_length=1)] = Agreed.tracking
    notice_days: int = _days(0, 365, 14, "Days of notice.")
    answer_days: int = _days(1, 30, 1, "Working days to answer.")

    def agreed(self) -> Agreed:
        given = self.model_dump(exclude={"rates", "fees", "scope", "excluded", "contact_name", "contact_mail"})
        return Agreed(
            **given, scope=tuple(self.scope), excluded=tuple(self.excluded),
            rates=tuple(Rate(r.kind, r.price) for r in self.rates),
            fees=tuple(Fee(f.name, f.amount, f.due, f.accept) for f in self.fees),
        )  # fmt: skip


class RateShown(Shown):
    """What an hour of one kind of work costs."""

    kind: str
    price: str = Field(description="A decimal number in the currency of the terms.")


class FeeShown(Shown):
    """A flat fee of the terms."""

    name: str
    amount: str = Field(description="A decimal number in the currency of the terms.")
    due: date | None
    accept: str


class ClosingShown(Shown):
    """Why a version never came into force."""

    declined: bool = Field(description="False: whoever proposed it took it back.")
    word: str


class TermsShown(Shown):
    """A version of the terms."""

    id: UUID
    engagement_id: UUID
    n: int = Field(description="The number of the version.")
    proposed_by: str = Field(description="The side: owner or provider.")
    signed_by: list[str] = Field(description="The sides that have signed it.")
    closed: ClosingShown | None
    hash: str = Field(description="SHA-256 of the text: what a signature names.")
    work: str
    valid_from: date
    currency: str
    zone: str
    rates: list[RateShown] = Field(
        description="Empty for an assistant whose firm keeps the pay to itself, as are the fees."
    )
    fees: list[FeeShown]
    scope: list[str]
    excluded: list[str]
    period: Period
    rounding: Rounding
    step_minutes: int
    level: Level
    usual_hours: str
    due_days: int
    method: str
    tracking: str
    notice_days: int
    answer_days: int

    @classmethod
    def of(cls, terms: Terms, actor: Actor) -> Self:
        agreed, closed = agreed_of(terms.document), getattr(terms, "closed", None)
        rates, fees = (agreed.rates, agreed.fees) if actor.reads_rates else ((), ())
        names = ("work", "valid_from", "currency", "zone", "period", "rounding", "step_minutes", "level", "due_days",
                 "method", "tracking", "notice_days", "answer_days")  # fmt: skip
        return cls(
            id=terms.id, engagement_id=terms.engagement_id, n=terms.n, proposed_by=terms.proposed_by,
            signed_by=sorted(s.signed_side for s in terms.signatures.all()), hash=terms.hash,
            closed=ClosingShown(declined=closed.declined, word=closed.word) if closed else None,
            rates=[RateShown(kind=r.kind, price=plain(r.price)) for r in rates],
            fees=[FeeShown(name=f.name, amount=plain(f.amount), due=f.due, accept=f.accept) for f in fees],
            scope=list(agreed.scope), excluded=list(agreed.excluded), usual_hours=plain(agreed.usual_hours),
            **{name: getattr(agreed, name) for name in names},
        )  # fmt: skip


@router.get("/engagements/{key}/terms", response=list[TermsShown], summary="Versions of the terms")
def terms_of_engagement(request: Call, key: UUID) -> list[TermsShown]:
    """Every version of an engagement, the newest first."""
    found = queries.engagement(request.auth, key)
    return [TermsShown.of(terms, request.auth) for terms in queries.versions(request.auth, found.id)[:200]]


@router.get("/terms/{key}", response=TermsShown, summary="A version of the terms")
def terms(request: Call, key: UUID) -> TermsShown:
    """One version."""
    return TermsShown.of(queries.version(request.auth, key), request.auth)


@router.post("/engagements/{key}/terms", response={201: TermsShown}, summary="Propose an amendment")
def amend(request: Call, key: UUID, body: TermsGiven) -> TermsShown:
    """Propose a new version; the old one stays in force until both have signed the new one on its page."""
    return TermsShown.of(actions.amend(request.auth, key, body.agreed()), request.auth)


class WordGiven(Given):
    """A word of why."""

    word: Line = ""


class NoGiven(Given):
    """A word of why, which the other side reads."""

    word: Annotated[Line, Field(min_length=1)]


@router.post("/terms/{key}/withdrawal", response=TermsShown, summary="Take a version back")
def withdraw_terms(request: Call, key: UUID, body: WordGiven) -> TermsShown:
    """The side that proposed it takes it back, before both have signed."""
    actions.withdraw_terms(request.auth, key, body.word)
    return terms(request, key)


@router.post("/terms/{key}/decline", response=TermsShown, summary="Decline a version")
def decline(request: Call, key: UUID, body: NoGiven) -> TermsShown:
    """Say no to a version."""
    actions.decline(request.auth, key, body.word)
    return terms(request, key)


# ---------------------------------------------------------------- engagements


class EngagementGiven(TermsGiven):
    """A provider's contact, and version 1 of the terms."""

    model_config = example(contact_name="Ines Duarte", contact_mail="ines@mare.example", **_TERMS)

    contact_name: Name
    contact_mail: Mail


class EngagementShown(Shown):
    """One business and one provider, for one kind of work."""

    id: UUID
    title: str
    provider_id: UUID
    provider: str
    standing: str = Field(description="How it stands today: in force, begins, not signed, paused or ended.")
    standing_since: date | None = Field(description="Since when, or from when.")
    currency: str
    zone: str = Field(description="The time zone that cuts its days.")
    period: Period
    kinds: list[str] = Field(description="The kinds of work that the newest terms pay by the hour.")
    made_at: datetime

    @classmethod
    def of(cls, found: Standings) -> Self:
        e, agreed = found.engagement, found.agreed
        return cls(
            id=e.id, title=e.title, provider_id=e.provider_id, provider=e.provider.name, standing=found.standing.word,
            standing_since=found.standing.day, currency=agreed.currency, zone=agreed.zone, period=agreed.period,
            kinds=[rate.kind for rate in agreed.rates], made_at=e.made_at,
        )  # fmt: skip


@router.get("/engagements", response=Page[EngagementShown], summary="Engagements")
def engagements(request: Call, window: Query[Window]) -> Page[EngagementShown]:
    """The engagements that this person sees, the newest first."""
    order, actor = ("-made_at", "-id"), request.auth
    rows = behind(window, queries.engagements(actor), order)
    found = queries.standings(actor, day_of(timezone.now(), actor.zone), rows)
    return page_of(request, window, found, lambda standing: standing.engagement, EngagementShown.of, order)


@router.get("/engagements/{key}", response=EngagementShown, summary="An engagement")
def engagement(request: Call, key: UUID) -> EngagementShown:
    """One engagement, and how it stands today."""
    actor = request.auth
    rows = queries.engagements(actor).filter(pk=queries.engagement(actor, key).id)
    (found,) = queries.standings(actor, day_of(timezone.now(), actor.zone), rows)
    return EngagementShown.of(found)


@router.post("/engagements", response={201: EngagementShown}, summary="Draw terms up")
def draw_up(request: Call, body: EngagementGiven) -> EngagementShown:
    """A new engagement with version 1 of its terms. Nothing counts before both sides have signed."""
    found = actions.draw_up(request.auth, body.agreed(), body.contact_name, body.contact_mail)
    return engagement(request, found.id)


class InvitedShown(Shown):
    """Who was asked to sign. The link went by mail."""

    invitation_id: UUID
    mail: str
    expires_at: datetime


@router.post("/engagements/{key}/invitation", response={201: InvitedShown}, summary="Invite the provider to sign")
def invite_to_sign(request: Call, key: UUID) -> InvitedShown:
    """Mail the provider's contact a link that opens the terms."""
    invitation, _ = actions.invite_to_sign(request.auth, key)
    return InvitedShown(invitation_id=invitation.id, mail=invitation.mail, expires_at=invitation.expires_at)


class FromDayGiven(WordGiven):
    """From which day, and a word of why."""

    from_day: Day


class LastDayGiven(WordGiven):
    """The last day on which work counts, and a word of why."""

    last_day: Day


class StretchShown(Shown):
    """From this day this version is in force, or none."""

    from_day: date
    terms_id: UUID | None = Field(description="Null: no work counts.")
    version: int | None
    why: str = Field(description="signed, paused, resumed, called off or ended.")
    word: str


@router.get("/engagements/{key}/in-force", response=list[StretchShown], summary="What is in force from which day")
def in_force(request: Call, key: UUID) -> list[StretchShown]:
    """What came into force, was paused, resumed and ended, in the order in which it was written."""
    found = queries.engagement(request.auth, key)
    return [
        StretchShown(from_day=row.from_day, terms_id=row.terms_id, version=row.terms.n if row.terms else None,
                     why=row.why, word=row.word)
        for row in queries.in_force_rows(request.auth, found.id)[:500]
    ]  # fmt: skip


@router.post("/engagements/{key}/pause", response=list[StretchShown], summary="Pause")
def pause(request: Call, key: UUID, body: FromDayGiven) -> list[StretchShown]:
    """From this day no work counts, until the engagement is resumed."""
    actions.pause(request.auth, key, body.from_day, body.word)
    return in_force(request, key)


@router.post("/engagements/{key}/resumption", response=list[StretchShown], summary="Resume")
def resume(request: Call, key: UUID, body: FromDayGiven) -> list[StretchShown]:
    """From this day the newest version that both have signed is in force again."""
    actions.resume(request.auth, key, body.from_day, body.word)
    return in_force(request, key)


@router.post("/engagements/{key}/pause/withdrawal", response=list[StretchShown], summary="Call a pause off")
def call_off_pause(request: Call, key: UUID, body: FromDayGiven) -> list[StretchShown]:
    """Take back a pause that was to begin on this day and has not begun."""
    actions.call_off_pause(request.auth, key, body.from_day, body.word)
    return in_force(request, key)


@router.post("/engagements/{key}/end", response=list[StretchShown], summary="End")
def end(request: Call, key: UUID, body: LastDayGiven) -> list[StretchShown]:
    """Name the last day on which work counts; earlier work is still decided and paid."""
    actions.end(request.auth, key, body.last_day, body.word)
    return in_force(request, key)


class WorkerGiven(Given):
    """Somebody of one's own firm."""

    person_id: UUID


class WorkerShown(Shown):
    """Who works on an engagement."""

    person: PersonShown
    since: datetime

    @classmethod
    def of(cls, worker: Worker) -> Self:
        return cls(person=PersonShown.of(worker.person), since=worker.made_at)


@router.get("/engagements/{key}/workers", response=list[WorkerShown], summary="Who works on it")
def workers(request: Call, key: UUID) -> list[WorkerShown]:
    """The people who are named for an engagement: only their time counts."""
    rows = queries.workers(queries.engagement(request.auth, key).id)
    return [WorkerShown.of(worker) for worker in rows[:500]]


@router.post("/engagements/{key}/workers", response={201: WorkerShown}, summary="Name who works on it")
def name_worker(request: Call, key: UUID, body: WorkerGiven) -> WorkerShown:
    """Name a person of one's own firm who works on this engagement."""
    return WorkerShown.of(actions.name_worker(request.auth, key, body.person_id))
