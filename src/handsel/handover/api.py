"""The hand-over, over the API: stages and the provider's share of the work."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from handsel.agreements import queries as agreements
from handsel.core.wire import Day, Given, Kind, Line, Shown
from handsel.handover import actions, queries
from handsel.handover.queries import Rung
from handsel.handover.rules import Ramp, Stage
from handsel.people.api import PersonShown
from handsel.people.callers import Call, routes

router = routes("handover")


class RungShown(Shown):
    """At which stage somebody is for a kind of work, and what came of it so far."""

    person: PersonShown
    kind: str = Field(description="Empty: everything without a stage of its own.")
    stage: Stage
    reason: str = Field(description="Why they were placed there, where one was given.")
    read: int = Field(description="Outputs that were read.")
    right: int = Field(description="Those of them that were let through at the first reading.")
    practice: int
    items: int = Field(description="What was done of this kind, by both sides.")
    share: float | None = Field(description="The provider's part of it, from 0 to 1.")

    @classmethod
    def of(cls, rung: Rung) -> Self:
        stream = rung.stream
        return cls(
            person=PersonShown.of(stream.worker), kind=stream.kind, stage=rung.stage, reason=rung.reason,
            read=rung.read, right=rung.right, practice=rung.practice, items=rung.items, share=rung.share,
        )  # fmt: skip


class PlacementGiven(Given):
    """Where somebody is put."""

    person_id: UUID
    kind: Kind = Field("", description="A kind of work; empty: everything without a stage of its own.")
    stage: Stage = Field(description="learn, shadow or supervised; the others are earned.")
    reason: Line = Field("", description="Needed to go back, and to supervise before the pages are acknowledged.")


@router.get("/engagements/{key}/stages", response=list[RungShown], summary="Stages")
def stages(request: Call, key: UUID) -> list[RungShown]:
    """Who is at which stage for which kind of work, by name and kind."""
    actor = request.auth
    engagement = agreements.engagement(actor, key)
    return [RungShown.of(rung) for rung in queries.rungs(actor, engagement.id)]


@router.post("/engagements/{key}/stages", response=list[RungShown], summary="Set a stage")
def place_stage(request: Call, key: UUID, body: PlacementGiven) -> list[RungShown]:
    """Put an assistant at a stage for a kind of work."""
    actions.place_stage(request.auth, key, body.person_id, body.kind, body.stage, body.reason)
    return stages(request, key)


class WeekShareShown(Shown):
    """The provider's share of the work in one week."""

    monday: date
    planned: int | None = Field(description="In whole per cent; null where no plan covers the week.")
    items: int
    by_provider: int


class SharesShown(Shown):
    """The share by week: planned against actual."""

    weeks: list[WeekShareShown]


class RampGiven(Given):
    """How the provider's share grows, evenly from the first week to the last."""

    first_week: Day = Field(description="A day of the first week.")
    weeks: Annotated[int, Field(strict=True, ge=1, le=104)]
    start: Annotated[int, Field(strict=True, ge=0, le=100, description="Whole per cent in the first week.")]
    goal: Annotated[int, Field(strict=True, ge=0, le=100, description="Whole per cent in the last week.")]


@router.get("/engagements/{key}/share", response=SharesShown, summary="The provider's share by week")
def share(request: Call, key: UUID) -> SharesShown:
    """Planned against actual, week by week, from the items that were done."""
    actor = request.auth
    engagement = agreements.engagement(actor, key)
    return SharesShown(weeks=[
        WeekShareShown(monday=week.monday, planned=week.planned, items=week.items, by_provider=week.by_provider)
        for week in queries.share_by_week(actor, engagement.id)
    ])  # fmt: skip


@router.post("/engagements/{key}/share-plan", response={201: SharesShown}, summary="Plan the share")
def plan_share(request: Call, key: UUID, body: RampGiven) -> SharesShown:
    """Plan how the provider's share grows; the newest plan counts."""
    actions.plan_share(request.auth, key, Ramp(body.first_week, body.weeks, body.start, body.goal))
    return share(request, key)
