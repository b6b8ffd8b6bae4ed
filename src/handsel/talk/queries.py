"""Every read about what was said, and the timeline, which is made from the trail alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement, InForce, Terms
from handsel.core.models import Event, OutboxItem, SearchEntry
from handsel.core.rooms import RoomConfig
from handsel.core.trail import Verb
from handsel.ledger.models import Charge
from handsel.mail import queries as mail
from handsel.payments.models import Document
from handsel.people import queries as people
from handsel.people.models import Row, RowQuerySet
from handsel.talk import rules
from handsel.talk.models import Call, CheckIn, Comment, Subscription, SubscriptionChange
from handsel.values.actors import Actor, Role
from handsel.values.days import day_of, day_start
from handsel.values.refusals import NotVisible
from handsel.work.models import Task, TimeEntry, Timesheet

PAGE_ENTRIES = 60
# What can be remarked on: the word in the address, and the rows that say who reads it.
_REMARKED: dict[str, type[Row]] = {
    "charge": Charge, "document": Document, "line": TimeEntry, "task": Task, "terms": Terms,
}  # fmt: skip
# What tells that mail of customers came in.
_MAIL_READ = "mail.import_ended"
# An assistant reads her own hours and nobody's money (DESIGN.md, "Whose row").
_OWN_ALONE = ("work.", "ledger.", "payments.")


@cache
def verbs() -> dict[str, Verb]:
    """Every verb that a room of the house records, by its name."""
    modules = (f"{config.name}.events" for config in apps.get_app_configs() if isinstance(config, RoomConfig))
    return {verb.name: verb for module in modules if find_spec(module) for verb in import_module(module).EVENTS}


# ---------------------------------------------------------------- the timeline


@dataclass(frozen=True)
class Entry:
    """One thing that happened: who did what, with the words that were said, and where the thing stands."""

    number: int
    at: datetime
    side: str
    name: str
    mine: bool
    text: str
    sort: str
    quotes: tuple[str, ...] = ()
    url: str = ""
    title: str = ""

    @property
    def parts(self) -> tuple[str, str, str]:
        """The sentence cut around the title of its thing, which is the link; the title behind it where it is not named."""
        before, named, after = self.text.partition(self.title) if self.title else (self.text, "", "")
        return (before, named, after) if named or not self.url else (f"{self.text} · ", self.title, "")


@dataclass(frozen=True)
class Timeline:
    """Entries, newest first; `before` is the number from which the next page goes on, 0 where it was the last."""

    entries: list[Entry]
    before: int


def timeline(actor: Actor, engagement_id: UUID, sort: str = "", before: int = 0) -> Timeline:
    """What happened in an engagement as this side sees it, from the trail; at most nine SQL queries."""
    rows = Event.objects.filter(
        own_work(actor), chain_id=actor.business_id, engagement_id=engagement_id, verb__in=_seen_verbs(actor, sort)
    )
    events = _newest(rows, before)
    if sort in ("", "mail") and mail.answered_under(actor, engagement_id):
        arrived = _newest(_mail_read(actor, engagement_id), before)
        events = sorted([*events, *arrived], key=lambda e: e.number, reverse=True)[: PAGE_ENTRIES + 1]
    shown = events[:PAGE_ENTRIES]
    names = people.names(actor, {e.person_id for e in shown if e.person_id})
    said = _said(actor, [e for e in shown if e.verb.startswith("talk.")])
    known = _known(actor, {e.thing_id for e in shown})
    entries = [_entry(actor, e, names, said.get(e.thing_id, ()), known.get(e.thing_id)) for e in shown]
    return Timeline(entries, shown[-1].number if len(events) > PAGE_ENTRIES else 0)


def _newest(rows: QuerySet[Event], before: int) -> list[Event]:
    """A page of events and one more, which says that there is another page."""
    return list((rows.filter(number__lt=before) if before else rows).order_by("-number")[: PAGE_ENTRIES + 1])


def _mail_read(actor: Actor, engagement_id: UUID) -> QuerySet[Event]:
    """Each time that new mail of customers was read in, until the engagement ended: it belongs to the business, and is
    told where mail is answered, one line for all that came at once."""
    rows = Event.objects.filter(chain_id=actor.business_id, engagement_id=None, verb=_MAIL_READ)
    rows = rows.filter(~Q(facts__new=0) | Q(facts__new__isnull=True))  # where the facts were struck, nobody knows
    ended = agreements.ended_on(engagement_id)
    return rows.filter(at__lt=day_start(ended, agreements.zone_of(engagement_id))) if ended else rows


def _seen_verbs(actor: Actor, sort: str) -> list[str]:
    """The verbs of this sort, or of all, that this person may see. What money moved is not an assistant's."""
    return [
        name
        for name, verb in verbs().items()
        if actor.side.value in verb.seen_by
        and (found := rules.sort_of(name))
        and (not sort or found == sort)
        and not (found == "money" and actor.is_assistant)
    ]


# What a role reads of in the timeline and may not open.
_CLOSED: dict[Role, tuple[str, ...]] = {Role.BOOKKEEPER: ("mail.",)}


def own_work(actor: Actor) -> Q:
    """The filter over events by which an assistant reads of hours and money only what is her own, and of mail only what
    was handed over to her; for others, none."""
    if not actor.is_assistant:
        return Q()
    others = Q()
    for room in _OWN_ALONE:
        others |= Q(verb__startswith=room)
    sheets = Timesheet.objects.visible_to(actor).values("id")
    lines = TimeEntry.objects.visible_to(actor).values("id")
    hours = ~others | Q(person_id=actor.person_id) | Q(thing_id__in=sheets) | Q(thing_id__in=lines)
    letters = ~Q(verb__startswith="mail.") | Q(person_id=actor.person_id)
    return hours & (letters | Q(engagement_id__in=mail.handed_over(actor)))


def _entry(actor: Actor, event: Event, names: dict[UUID, people.Named], quotes: tuple[str, ...],
           known: SearchEntry | None) -> Entry:  # fmt: skip
    named = names.get(event.person_id) if event.person_id else None
    opens = known if known and not event.verb.startswith(_CLOSED.get(actor.role, ("-",))) else None
    return Entry(
        event.number, event.at, named.side if named else "other", named.name if named else people.SYSTEM_NAME,
        event.person_id == actor.person_id, _sentence(event), rules.sort_of(event.verb), quotes, *_place(actor, event, opens),
    )  # fmt: skip


def _place(actor: Actor, event: Event, known: SearchEntry | None) -> tuple[str, str]:
    """Where the thing of an event stands, and its title; empty where it has no page that this person may open."""
    if event.verb == _MAIL_READ:
        return reverse("mail:inbox", args=[actor.slug]), "Mail"
    return (known.url, known.title) if known else ("", "")


def _sentence(event: Event) -> str:
    """The verb's sentence with its facts; facts that were struck leave a gap that says so."""
    return verbs()[event.verb].said(event.facts)


def _said(actor: Actor, events: Iterable[Event]) -> dict[UUID, tuple[str, ...]]:
    """The words behind events of this room, which the trail does not hold; at most three SQL queries."""
    keys: dict[str, list[UUID]] = {}
    for event in events:
        keys.setdefault(event.thing_kind, []).append(event.thing_id)
    found: dict[UUID, tuple[str, ...]] = {}
    if of_calls := keys.get("call"):
        for call in Call.objects.visible_to(actor).filter(pk__in=of_calls):
            found[call.pk] = _quotes(("With {}", call.with_whom), ("{}", call.notes), ("Decided: {}", call.decisions))
    if of_check_ins := keys.get("checkin"):
        for c in CheckIn.objects.visible_to(actor).filter(pk__in=of_check_ins):
            found[c.pk] = _quotes(("{}", c.notes), ("The owner asks: {}", c.owner_asks),
                                  ("The provider asks: {}", c.provider_asks))  # fmt: skip
    if of_comments := keys.get("comment"):
        for remark in Comment.objects.visible_to(actor).filter(pk__in=of_comments):
            found[remark.pk] = _quotes(("{}", remark.text))
    return found


def _quotes(*parts: tuple[str, str]) -> tuple[str, ...]:
    return tuple(form.format(words) for form, words in parts if words)


def _known(actor: Actor, keys: set[UUID]) -> dict[UUID, SearchEntry]:
    """Where the things stand, as the search index knows it."""
    rows = SearchEntry.objects.filter(business_id=actor.business_id, thing_id__in=keys, side__in=("", actor.side.value))
    return {row.thing_id: row for row in rows}


# ---------------------------------------------------------------- the list of engagements


@dataclass(frozen=True)
class Line:
    """How two sides are in touch: the last check-in, and when to speak again."""

    engagement: Engagement
    last_check_in: date | None
    begun: date | None
    follow_up: date | None
    overdue: bool
    next_check_in: date | None = None  # while terms are in force


def lines(actor: Actor) -> list[Line]:
    """How each engagement stands in talk; one SQL query."""
    return _lines(actor, agreements.engagements(actor)[:200])


def lines_of(actor: Actor, engagements: Sequence[Engagement]) -> list[Line]:
    """The same for engagements that this person was shown, in their order; one SQL query."""
    found = _lines(actor, agreements.engagements(actor).filter(pk__in=[e.id for e in engagements]))
    by_key = {line.engagement.id: line for line in found}
    return [by_key[e.id] for e in engagements]


def _lines(actor: Actor, engagements: QuerySet[Engagement]) -> list[Line]:
    today = day_of(timezone.now(), actor.zone)
    check_ins = CheckIn.objects.visible_to(actor).filter(engagement=OuterRef("pk")).order_by("-day")
    calls = Call.objects.visible_to(actor).filter(engagement=OuterRef("pk")).order_by("-made_at", "-id")
    in_force = InForce.objects.filter(engagement=OuterRef("pk"), from_day__lte=today)
    rows = engagements.annotate(
        check_in=Subquery(check_ins.values("day")[:1]),
        called_at=Subquery(calls.values("at")[:1]),
        follow_up=Subquery(calls.values("follow_up")[:1]),
        begun=Subquery(in_force.order_by("from_day", "n").values("from_day")[:1]),
        terms_now=Subquery(in_force.order_by("-from_day", "-n").values("terms")[:1]),
    )
    return [
        Line(e, e.check_in, e.begun, None if _spoken_since(actor, e) else e.follow_up,
             bool(e.terms_now and e.begun and rules.is_overdue(e.check_in, e.begun, today)),
             (e.check_in or e.begun) + rules.RHYTHM if e.terms_now and e.begun else None)
        for e in rows
    ]  # fmt: skip


def _spoken_since(actor: Actor, engagement: Any) -> bool:
    """Whether a check-in came after the newest call; the row is annotated by `_lines`."""
    called_at, check_in = engagement.called_at, engagement.check_in
    return bool(called_at and check_in and check_in > day_of(called_at, actor.zone))


def last_words(actor: Actor, engagement_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When the two sides of each engagement were last in touch, from the trail: of each its newest such event alone; one
    SQL query."""
    contact = [name for name, verb in verbs().items() if verb.contact]
    events = Event.objects.filter(chain_id=actor.business_id, engagement_id=OuterRef("pk"), verb__in=contact)
    rows = agreements.engagements(actor).order_by().filter(pk__in=list(engagement_ids))
    newest = rows.annotate(last=Subquery(events.order_by("-number").values("at")[:1])).values_list("id", "last")
    return {key: last for key, last in newest if last is not None}


@dataclass(frozen=True)
class Remark:
    """A comment with who made it."""

    comment: Comment
    side: str


def see_thing(actor: Actor, engagement_id: UUID, thing_kind: str, thing_id: UUID) -> None:
    """`NotVisible` unless this person reads the thing that a remark is about; one SQL query."""
    model = _REMARKED.get(thing_kind)
    if model is None or not model.objects.visible_to(actor).filter(pk=thing_id, engagement_id=engagement_id).exists():
        raise NotVisible("thing")


def comments(actor: Actor, engagement_id: UUID, thing_kind: str, thing_id: UUID) -> list[Remark]:
    """The remarks on a thing of an engagement, oldest first; three SQL queries."""
    see_thing(actor, engagement_id, thing_kind, thing_id)
    rows = list(
        Comment.objects.visible_to(actor)
        .filter(engagement_id=engagement_id, thing_kind=thing_kind, thing_id=thing_id)
        .select_related("person")
        .order_by("id")
    )
    names = people.names(actor, {row.person_id for row in rows})
    return [Remark(row, names[row.person_id].side if row.person_id in names else "other") for row in rows]


# ---------------------------------------------------------------- who else is told


def subscriptions(actor: Actor) -> QuerySet[Subscription]:
    """The addresses that this side lets be told and did not remove, each with its state; newest first, one SQL query."""
    return _standing().visible_to(actor).exclude(state="removed").order_by("-made_at", "-id")


def subscription(actor: Actor, key: UUID) -> Subscription:
    found = subscriptions(actor).filter(pk=key).first()
    if found is None:
        raise NotVisible("subscription")
    return found


def listening(business_id: UUID, number: int) -> list[Subscription]:
    """For Handsel itself: the subscriptions of a business that have not reached this number and are active, of people
    who are still here; one SQL query."""
    rows = _standing().filter(business_id=business_id, reached__lt=number, state="active", member__left_at=None)
    return list(rows.select_related("member__person", "member__business"))


def state_of(subscription_id: UUID) -> str:
    """active, paused or removed, of a subscription that was fetched through `visible_to`; one SQL query."""
    return str(_standing().values_list("state", flat=True).get(pk=subscription_id))


def _standing() -> RowQuerySet[Subscription]:
    newest = SubscriptionChange.objects.filter(subscription=OuterRef("pk")).order_by("-n").values("kind")[:1]
    state = Case(
        When(newest=SubscriptionChange.PAUSED, then=Value("paused")),
        When(newest=SubscriptionChange.REMOVED, then=Value("removed")),
        default=Value("active"),
    )
    rows = Subscription.objects.annotate(newest=Subquery(newest)).annotate(state=state)
    return cast("RowQuerySet[Subscription]", rows)


def deliveries(actor: Actor, subscription_id: UUID) -> QuerySet[OutboxItem]:
    """What was sent to an address, newest first, with each try and its answer; two SQL queries."""
    rows = OutboxItem.objects.filter(business_id=actor.business_id, kind="webhook", about_id=subscription_id)
    return rows.prefetch_related("attempts").order_by("-id")
