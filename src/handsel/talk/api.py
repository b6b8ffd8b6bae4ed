"""Talk over the API: what happened in an engagement, calls, check-ins, comments."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Query
from pydantic import Field

from handsel.agreements import queries as agreements
from handsel.core.paging import Page, Window, page
from handsel.core.wire import Day, Given, Instant, Name, Shown, Words, example
from handsel.people.api import PersonShown
from handsel.people.callers import Call as ApiCall
from handsel.people.callers import routes
from handsel.talk import actions, queries
from handsel.talk.models import Call, CheckIn, Comment
from handsel.talk.queries import Entry

router = routes("talk")
Said = Annotated[Words, Field(max_length=5000)]
Thing = Literal["charge", "document", "line", "task", "terms"]
Sort = Literal["mail", "calls", "check-ins", "work", "approvals", "money", "agreements", "hand-over", "comments"]


# ---------------------------------------------------------------- the timeline


class EntryShown(Shown):
    """One thing that happened."""

    number: int = Field(description="Its number in the record of the business; later is greater.")
    at: datetime
    side: str = Field(description="Whose doing: owner, provider or other.")
    name: str
    text: str = Field(description="What was done, as a sentence without its subject.")
    sort: str
    quotes: list[str] = Field(description="The words that were said.")

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(number=entry.number, at=entry.at, side=entry.side, name=entry.name, text=entry.text, sort=entry.sort,
                   quotes=list(entry.quotes))  # fmt: skip


class TimelineShown(Shown):
    """Entries, the newest first."""

    items: list[EntryShown]
    before: int | None = Field(description="The number from which the next page goes on; null on the last one.")


class TimelineAsked(Given):
    """Which part of a timeline."""

    sort: Sort | None = None
    before: int = Field(0, ge=0, le=2**62, description="Entries before this number; 0: from the newest.")


@router.get("/engagements/{key}/timeline", response=TimelineShown, summary="What happened in an engagement")
def timeline(request: ApiCall, key: UUID, asked: Query[TimelineAsked]) -> TimelineShown:
    """Everything that happened in an engagement as this side sees it, 60 entries at a time."""
    engagement = agreements.engagement(request.auth, key)
    found = queries.timeline(request.auth, engagement.id, asked.sort or "", asked.before)
    return TimelineShown(items=[EntryShown.of(entry) for entry in found.entries], before=found.before or None)


# ---------------------------------------------------------------- calls and check-ins


class CallGiven(Given):
    """A call that was held."""

    model_config = example(at="2026-11-16T15:00:00Z", minutes=20, with_whom="Nora", decisions="Refunds up to 50 euros")

    at: Instant
    minutes: int = Field(strict=True, ge=1, le=1440)
    with_whom: Name
    notes: Said = ""
    decisions: Said = ""
    follow_up: Day | None = Field(None, description="When to speak again.")


class CallShown(Shown):
    """A call that somebody noted down."""

    id: UUID
    engagement_id: UUID
    noted_by: PersonShown
    at: datetime
    minutes: int
    with_whom: str
    notes: str
    decisions: str
    follow_up: date | None

    @classmethod
    def of(cls, call: Call) -> Self:
        return cls(
            id=call.id, engagement_id=call.engagement_id, noted_by=PersonShown.of(call.person), at=call.at,
            minutes=call.minutes, with_whom=call.with_whom, notes=call.notes, decisions=call.decisions,
            follow_up=call.follow_up,
        )  # fmt: skip


class CheckInGiven(Given):
    """A check-in that was held; at least one of the three texts."""

    model_config = example(day="2026-11-16", notes="All well", owner_asks="Shorter answers, please")

    day: Day
    notes: Said = ""
    owner_asks: Said = Field("", description="What the owner asks the provider to change.")
    provider_asks: Said = Field("", description="What the provider asks the owner to change.")


class CheckInShown(Shown):
    """A check-in that was held."""

    id: UUID
    engagement_id: UUID
    noted_by: PersonShown
    day: date
    notes: str
    owner_asks: str
    provider_asks: str

    @classmethod
    def of(cls, held: CheckIn) -> Self:
        return cls(
            id=held.id, engagement_id=held.engagement_id, noted_by=PersonShown.of(held.person), day=held.day,
            notes=held.notes, owner_asks=held.owner_asks, provider_asks=held.provider_asks,
        )  # fmt: skip


@router.get("/engagements/{key}/calls", response=Page[CallShown], summary="Calls")
def calls(request: ApiCall, key: UUID, window: Query[Window]) -> Page[CallShown]:
    """The calls of an engagement, the last noted first."""
    engagement = agreements.engagement(request.auth, key)
    rows = Call.objects.visible_to(request.auth).filter(engagement=engagement).select_related("person")
    return page(request, window, rows, CallShown.of, ("-made_at", "-id"))


@router.post("/engagements/{key}/calls", response={201: CallShown}, summary="Note a call")
def log_call(request: ApiCall, key: UUID, body: CallGiven) -> CallShown:
    """Note down a call that was held, for both sides to read."""
    return CallShown.of(actions.log_call(request.auth, key, **dict(body)))


@router.get("/engagements/{key}/check-ins", response=Page[CheckInShown], summary="Check-ins")
def check_ins(request: ApiCall, key: UUID, window: Query[Window]) -> Page[CheckInShown]:
    """The check-ins of an engagement, the last day first."""
    engagement = agreements.engagement(request.auth, key)
    rows = CheckIn.objects.visible_to(request.auth).filter(engagement=engagement).select_related("person")
    return page(request, window, rows, CheckInShown.of, ("-day", "-id"))


@router.post("/engagements/{key}/check-ins", response={201: CheckInShown}, summary="Note a check-in")
def hold_check_in(request: ApiCall, key: UUID, body: CheckInGiven) -> CheckInShown:
    """Note down a check-in: what was said, and what each side asks the other to change."""
    return CheckInShown.of(actions.hold_check_in(request.auth, key, **dict(body)))


# ---------------------------------------------------------------- comments


class CommentGiven(Given):
    """A remark on a thing of an engagement."""

    thing_kind: Thing
    thing_id: UUID
    text: Annotated[Said, Field(min_length=1)]


class CommentShown(Shown):
    """A remark that both sides read."""

    id: UUID
    thing_kind: str
    thing_id: UUID
    person: PersonShown
    text: str
    at: datetime

    @classmethod
    def of(cls, comment: Comment) -> Self:
        return cls(
            id=comment.id, thing_kind=comment.thing_kind, thing_id=comment.thing_id,
            person=PersonShown.of(comment.person), text=comment.text, at=comment.made_at,
        )  # fmt: skip


class CommentsAsked(Given):
    """On which thing."""

    thing_kind: Thing
    thing_id: UUID


@router.get("/engagements/{key}/comments", response=list[CommentShown], summary="Comments on a thing")
def comments(request: ApiCall, key: UUID, asked: Query[CommentsAsked]) -> list[CommentShown]:
    """The remarks on one thing of an engagement, the oldest first."""
    engagement = agreements.engagement(request.auth, key)
    found = queries.comments(request.auth, engagement.id, asked.thing_kind, asked.thing_id)
    return [CommentShown.of(remark.comment) for remark in found]


@router.post("/engagements/{key}/comments", response={201: CommentShown}, summary="Comment on a thing")
def comment(request: ApiCall, key: UUID, body: CommentGiven) -> CommentShown:
    """Leave a remark, for both sides to read."""
    return CommentShown.of(actions.comment(request.auth, key, body.thing_kind, body.thing_id, body.text))
