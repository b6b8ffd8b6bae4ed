"""Talk over the API: what happened in an engagement, calls, check-ins, comments."""

import json
from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from ninja import Query
from pydantic import Field

from handsel.agreements import queries as agreements
from handsel.core.models import Event, OutboxItem
from handsel.core.paging import Page, Window, page
from handsel.core.wire import Day, Given, Instant, Kind, Line, Name, Shown, Words, example
from handsel.people import queries as people
from handsel.people.api import PersonShown
from handsel.people.callers import Call as ApiCall
from handsel.people.callers import routes
from handsel.people.permissions import TABLE
from handsel.people.queries import Named
from handsel.people.rules import why_not_call
from handsel.talk import actions, queries
from handsel.talk.models import Call, CheckIn, Comment, Subscription
from handsel.talk.queries import Entry
from handsel.talk.reading import seen_events
from handsel.talk.webhooks import secret_of
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible

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


# ---------------------------------------------------------------- events, and who else is told of them


class EventShown(Shown):
    """Something that happened in the business, as this side sees it."""

    number: int = Field(description="Its number in the record of the business, without gaps for whoever reads all.")
    id: UUID
    at: datetime
    verb: str = Field(description="`room.verb`; it does not change.")
    sentence: str = Field(description="What was done, as a sentence without its subject.")
    person: PersonShown | None = Field(description="Who did it; null: Handsel itself, or somebody by a mailed link.")
    side: str = Field(description="Whose doing: owner or provider.")
    way: str = Field(description="page, api, import, job, command or link.")
    thing_kind: str
    thing_id: UUID
    engagement_id: UUID | None
    facts: dict[str, str | int | float | bool | None] = Field(description="Numbers, days, codes; empty once struck.")

    @classmethod
    def of(cls, event: Event, names: dict[UUID, Named]) -> Self:
        named = names.get(event.person_id) if event.person_id else None
        person = PersonShown(id=event.person_id, name=named.name) if named and event.person_id else None
        return cls(
            number=event.number, id=event.id, at=event.at, verb=event.verb, person=person, side=event.side,
            sentence=queries.verbs()[event.verb].said(event.facts), way=event.way, thing_kind=event.thing_kind,
            thing_id=event.thing_id, engagement_id=event.engagement_id, facts=event.facts,
        )  # fmt: skip

    @classmethod
    def of_one(cls, actor: Actor, event: Event) -> Self:
        return cls.of(event, people.names(actor, {event.person_id} if event.person_id else set()))

    def as_message(self) -> str:
        """The body that a webhook brings: type, timestamp, data, as Standard Webhooks recommends."""
        return json.dumps({"type": self.verb, "timestamp": self.model_dump(mode="json")["at"],
                           "data": self.model_dump(mode="json")}, ensure_ascii=False)  # fmt: skip


class EventsShown(Shown):
    """Events in the order in which they happened."""

    items: list[EventShown]
    after: int = Field(description="Ask again with it: what happens later is behind this number.")


class EventsAsked(Given):
    """Which events."""

    after: int = Field(0, ge=0, le=2**62, description="Events after this number.")
    limit: int = Field(50, ge=1, le=100)
    engagement_id: UUID | None = None


@router.get("/events", response=EventsShown, summary="What happened")
def happened(request: ApiCall, asked: Query[EventsAsked]) -> EventsShown:
    """What happened in the business after a number, as this side sees it, the oldest first."""
    actor = request.auth
    rows = seen_events(actor).filter(number__gt=asked.after)
    rows = rows.filter(engagement_id=asked.engagement_id) if asked.engagement_id else rows
    found = list(rows.order_by("number")[: asked.limit])
    names = people.names(actor, {event.person_id for event in found if event.person_id})
    items = [EventShown.of(event, names) for event in found]
    return EventsShown(items=items, after=found[-1].number if found else asked.after)


class SubscriptionGiven(Given):
    """An address that is told what happens."""

    model_config = example(url="https://example.com/handsel", verbs=["work", "payments.issued"])

    url: Annotated[Line, Field(min_length=8, max_length=300)]
    verbs: list[Kind] = Field([], max_length=100, description="Verbs, or whole rooms; none: everything.")


class SubscriptionShown(Shown):
    """An address that is told what happens, as its maker sees it."""

    id: UUID
    url: str
    verbs: list[str]
    state: str = Field(description="active or paused.")
    reached: int = Field(description="The number of the last event that was sent.")

    @classmethod
    def of(cls, s: Subscription) -> Self:
        return cls(id=s.id, url=s.url, verbs=s.verbs, state=s.__dict__.get("state", "active"), reached=s.reached)  # fmt: skip


class DeliveryTriedShown(Shown):
    """An event on its way to an address."""

    id: UUID
    event_id: UUID
    state: str = Field(description="queued, trying, sent or failed.")
    tries: int
    words: str = Field(description="How it stands, where not all is well.")
    status: int | None = Field(description="The HTTP status that came back last.")
    queued_at: datetime

    @classmethod
    def of(cls, item: OutboxItem) -> Self:
        codes = [attempt.code for attempt in sorted(item.attempts.all(), key=lambda a: a.n) if attempt.code]
        return cls(id=item.id, event_id=item.payload["event"], state=item.state, tries=item.tries, words=item.words,
                   status=codes[-1] if codes else None, queued_at=item.queued_at)  # fmt: skip


@router.get("/webhooks", response=list[SubscriptionShown], summary="Who else is told")
def subscriptions(request: ApiCall) -> list[SubscriptionShown]:
    """The addresses that this side lets be told; for those who may change them."""
    return [SubscriptionShown.of(found) for found in queries.subscriptions(_telling(request.auth))[:200]]


@router.get("/webhooks/{key}", response=SubscriptionShown, summary="One address that is told")
def subscription(request: ApiCall, key: UUID) -> SubscriptionShown:
    """One of them."""
    return SubscriptionShown.of(queries.subscription(_telling(request.auth), key))


class SigningKeyShown(Shown):
    """With it a receiver checks `webhook-signature`."""

    signing_key: str = Field(description="Keep it to yourself.")


@router.get("/webhooks/{key}/signing-key", response=SigningKeyShown, summary="The signing key of an address")
def signing_key(request: ApiCall, key: UUID) -> SigningKeyShown:
    """For a token of this area; one that only reads does not get it."""
    if refusal := why_not_call(request.token.scopes, "talk", reads=False):
        raise refusal
    return SigningKeyShown(signing_key=secret_of(queries.subscription(_telling(request.auth), key).id))


@router.get("/webhooks/{key}/deliveries", response=Page[DeliveryTriedShown], summary="What an address was told")
def deliveries(request: ApiCall, key: UUID, window: Query[Window]) -> Page[DeliveryTriedShown]:
    """What was sent, the newest first, with the answers."""
    actor = _telling(request.auth)
    rows = queries.deliveries(actor, queries.subscription(actor, key).id)
    return page(request, window, rows, DeliveryTriedShown.of)


@router.post("/webhooks", response={201: SubscriptionShown}, summary="Let another server be told")
def subscribe(request: ApiCall, body: SubscriptionGiven) -> SubscriptionShown:
    """From now on, as far as oneself sees it."""
    return SubscriptionShown.of(actions.subscribe(request.auth, body.url, body.verbs))


@router.post("/webhooks/{key}/pause", response=SubscriptionShown, summary="Pause what an address is told")
def pause_subscription(request: ApiCall, key: UUID) -> SubscriptionShown:
    """What happens meanwhile is not told later."""
    actions.pause_subscription(request.auth, key)
    return subscription(request, key)


@router.post("/webhooks/{key}/resumption", response=SubscriptionShown, summary="Resume it")
def resume_subscription(request: ApiCall, key: UUID) -> SubscriptionShown:
    """From now on."""
    actions.resume_subscription(request.auth, key)
    return subscription(request, key)


@router.post("/webhooks/{key}/removal", response={204: None}, summary="Tell an address nothing any more")
def remove_subscription(request: ApiCall, key: UUID) -> None:
    """For ever; the same address may be added anew, and then has another signing key."""
    actions.remove_subscription(request.auth, key)


class DeliveryNamedGiven(Given):
    """Which delivery."""

    delivery_id: UUID


@router.post("/webhooks/{key}/replays", response={204: None}, summary="Send an event again")
def send_again(request: ApiCall, key: UUID, body: DeliveryNamedGiven) -> None:
    """The event has the same id as before."""
    actions.send_again(request.auth, key, body.delivery_id)


def _telling(actor: Actor) -> Actor:
    """Whoever may change who is told may read it."""
    if actor.role not in TABLE["talk"]["subscribe"]:
        raise NotVisible("address")
    return actor
