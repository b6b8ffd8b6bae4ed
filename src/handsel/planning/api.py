"""Plans over the API. They are the owner's side's alone: for whoever else calls there is nothing here."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from ninja import Query
from pydantic import Field

from handsel.core.paging import Page, Window, behind, page_of
from handsel.core.wire import Count, Day, Given, Kind, Line, Name, Number, Shown, Words, Yes, plain
from handsel.people.callers import Call, routes
from handsel.planning import actions, queries
from handsel.planning.queries import Standing
from handsel.planning.rules import Basis, Decision, Figures, Guess, Kit

router = routes("planning")


# ---------------------------------------------------------------- figures


class GuessGiven(Given):
    """One number in three points. Where only the usual is known, the others are assumed."""

    usual: Number
    low: Number | None = Field(None, description="Hardly ever less.")
    high: Number | None = Field(None, description="Hardly ever more.")
    firm: Yes = Field(False, description="Whether it was counted, or asked of somebody.")

    def guess(self) -> Guess:
        return Guess.around(self.usual, self.low, self.high, self.firm)


class FiguresGiven(Given):
    """What is known about an area of work."""

    volume: GuessGiven = Field(description="Items a week.")
    minutes: GuessGiven = Field(description="Minutes of the owner for one item.")
    hour: GuessGiven | None = Field(None, description="What an hour of the owner is worth, in the area's currency.")
    price: GuessGiven = Field(description="The provider's price, in the area's currency.")
    basis: Basis = Field(Basis.HOUR, description="What the price is for.")

    def figures(self) -> Figures:
        hour = self.hour.guess() if self.hour else None
        return Figures(self.volume.guess(), self.minutes.guess(), hour, self.price.guess(), self.basis)


class GuessShown(Shown):
    """One number in three points."""

    low: str
    usual: str
    high: str
    firm: bool

    @classmethod
    def of(cls, guess: Guess) -> Self:
        return cls(low=plain(guess.low), usual=plain(guess.usual), high=plain(guess.high), firm=guess.firm)


class FiguresShown(Shown):
    """What is known about an area of work."""

    volume: GuessShown
    minutes: GuessShown
    hour: GuessShown | None
    price: GuessShown
    basis: Basis

    @classmethod
    def of(cls, figures: Figures) -> Self:
        return cls(
            volume=GuessShown.of(figures.volume), minutes=GuessShown.of(figures.minutes),
            hour=GuessShown.of(figures.hour) if figures.hour else None, price=GuessShown.of(figures.price),
            basis=figures.basis,
        )  # fmt: skip


# ---------------------------------------------------------------- areas


class AreaGiven(Given):
    """An area of work."""

    name: Name
    kit: Kit = Field(description="The kind of work.")
    figures: FiguresGiven


class PlanShown(Shown):
    """The plan of an area as it stands."""

    answers: dict[str, str]
    lacking: list[str] = Field(description="The fields that it still lacks.")
    completed_at: datetime | None


class AreaShown(Shown):
    """An area of work with its figures, where it goes, and its plan."""

    id: UUID
    name: str
    kit: Kit
    currency: str
    figures: FiguresShown
    hours_a_week: str
    decision: Decision | None = Field(description="Where it goes; null before somebody said.")
    plan: PlanShown

    @classmethod
    def of(cls, found: Standing) -> Self:
        area, plan = found.area, found.plan
        return cls(
            id=area.id, name=area.name, kit=Kit(area.kit), currency=area.currency, decision=found.decision,
            figures=FiguresShown.of(found.figures), hours_a_week=plain(found.hours_a_week.quantize(Decimal("0.01"))),
            plan=PlanShown(answers=plan.answers, lacking=[field for field, _ in plan.lacking],
                           completed_at=plan.completed_at),
        )  # fmt: skip


@router.get("/areas", response=Page[AreaShown], summary="Areas of work")
def areas(request: Call, window: Query[Window]) -> Page[AreaShown]:
    """The areas of work, the newest first."""
    order = ("-made_at", "-id")
    rows = list(behind(window, queries.areas(request.auth), order)[: window.limit + 1])
    return page_of(request, window, queries.standings_of(rows), lambda s: s.area, AreaShown.of, order)


@router.get("/areas/{key}", response=AreaShown, summary="An area of work")
def area(request: Call, key: UUID) -> AreaShown:
    """One area."""
    return AreaShown.of(queries.standing(request.auth, key))


@router.post("/areas", response={201: AreaShown}, summary="Write an area of work down")
def record_area(request: Call, body: AreaGiven) -> AreaShown:
    """Write an area down with what is said about it."""
    made = actions.record_area(request.auth, body.name, body.kit, body.figures.figures())
    return area(request, made.id)


@router.post("/areas/{key}/estimates", response=AreaShown, summary="Give new figures")
def estimate(request: Call, key: UUID, body: FiguresGiven) -> AreaShown:
    """The old figures stay readable."""
    actions.estimate(request.auth, key, body.figures())
    return area(request, key)


class PlacingGiven(Given):
    """Where an area goes."""

    decision: Decision
    word: Line = Field("", description="Needed where it is decided otherwise than the figures speak.")


@router.post("/areas/{key}/placing", response=AreaShown, summary="Decide where an area goes")
def place(request: Call, key: UUID, body: PlacingGiven) -> AreaShown:
    """Keep an area, hand it over, or decide later."""
    actions.place(request.auth, key, body.decision, body.word)
    return area(request, key)


PlanText = Annotated[Words, Field(max_length=5000)]


class AnswersGiven(Given):
    """What is written on the plan; what is left out stays as it is."""

    what: PlanText | None = Field(None, description="What is to be done.")
    why: PlanText | None = Field(None, description="Why it is handed over.")
    how: PlanText | None = Field(None, description="How it is handled.")
    success: PlanText | None = Field(None, description="How success is measured, with a number.")
    budget_usual: Number | None = Field(None, description="A budget for a usual month.")
    budget_most: Number | None = Field(None, description="What a month may cost at most.")
    first_day: Day | None = None
    accesses: PlanText | None = Field(None, description="The accesses that are needed, one a line, or “none”.")

    def answers(self) -> dict[str, str]:
        said = {name: value for name, value in dict(self).items() if value is not None}
        return {name: plain(v) if isinstance(v, Decimal) else str(v) for name, v in said.items()}


@router.post("/areas/{key}/plan", response=AreaShown, summary="Write on the plan")
def answer_plan(request: Call, key: UUID, body: AnswersGiven) -> AreaShown:
    """What is not answered yet may stay so; `lacking` names it."""
    actions.answer_plan(request.auth, key, body.answers())
    return area(request, key)


@router.post("/areas/{key}/completion", response=AreaShown, summary="Say that the plan is complete")
def complete_plan(request: Call, key: UUID) -> AreaShown:
    """Refused while anything is missing, which is named."""
    actions.complete_plan(request.auth, key)
    return area(request, key)


class EvidenceGiven(Given):
    """What was counted in a mailbox, a calendar or a time log."""

    kit: Kit
    area_id: UUID | None = Field(None, description="Null: it counts for the kind of work.")
    source: Annotated[Kind, Field(min_length=1)]
    first_day: Day
    last_day: Day
    items: Count
    seconds: Annotated[int, Field(strict=True, ge=0, le=10**12)] = Field(
        0, description="For all items together; 0 where unknown."
    )
    key: Annotated[Line, Field(min_length=1, max_length=200)] = Field(
        description="A name of the caller for this count: the same again gives the first row."
    )


class EvidenceShown(Shown):
    """What was counted."""

    id: UUID
    kit: Kit
    source: str
    first_day: date
    last_day: date
    items: int
    seconds: int


@router.post("/evidence", response={201: EvidenceShown}, summary="Note what was counted")
def note_evidence(request: Call, body: EvidenceGiven) -> EvidenceShown:
    """Keep a count as evidence for the plans."""
    kept = actions.note_evidence(request.auth, **dict(body))
    return EvidenceShown(id=kept.id, kit=Kit(kept.kit), source=kept.source, first_day=kept.first_day,
                         last_day=kept.last_day, items=kept.items, seconds=kept.seconds)  # fmt: skip
