"""Every change about what was said."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from handsel.agreements import queries as agreements
from handsel.core.actions import action, record
from handsel.core.outbox import queue
from handsel.core.trail import head_of
from handsel.people.models import Membership
from handsel.talk import events, queries, rules
from handsel.talk.models import Call, CheckIn, Comment, Subscription, SubscriptionChange
from handsel.talk.webhooks import KIND
from handsel.values.actors import Actor
from handsel.values.days import day_of
from handsel.values.refusals import NotVisible, Refusal, marked


@action
def log_call(
    actor: Actor, engagement_id: UUID, at: datetime, minutes: int, with_whom: str, notes: str = "",
    decisions: str = "", follow_up: date | None = None,
) -> Call:  # fmt: skip
    """Note down a call that was held, for both sides to read."""
    engagement = agreements.engagement(actor, engagement_id)
    now = timezone.now()
    _refuse(rules.why_not_call(at, minutes, now, follow_up, day_of(now, actor.zone)))
    call = Call.objects.create(
        business_id=actor.business_id, engagement=engagement, person_id=actor.person_id, at=at, minutes=minutes,
        with_whom=with_whom, notes=notes, decisions=decisions, follow_up=follow_up,
    )  # fmt: skip
    record(events.CALL_LOGGED, call, minutes=minutes)
    return call


@action
def hold_check_in(
    actor: Actor, engagement_id: UUID, day: date, notes: str = "", owner_asks: str = "", provider_asks: str = ""
) -> CheckIn:
    """Note down a check-in: what was said, and what each side asks the other to change."""
    engagement = agreements.engagement(actor, engagement_id)
    today = day_of(timezone.now(), actor.zone)
    _refuse(rules.why_not_check_in(day, today, (notes, owner_asks, provider_asks)))
    check_in = CheckIn.objects.create(
        business_id=actor.business_id, engagement=engagement, person_id=actor.person_id, day=day, notes=notes,
        owner_asks=owner_asks, provider_asks=provider_asks,
    )  # fmt: skip
    record(events.CHECK_IN_HELD, check_in, day=day.isoformat())
    return check_in


@action
def comment(actor: Actor, engagement_id: UUID, thing_kind: str, thing_id: UUID, text: str) -> Comment:
    """Leave a remark on a thing of an engagement, for both sides to read."""
    engagement = agreements.engagement(actor, engagement_id)
    queries.see_thing(actor, engagement.id, thing_kind, thing_id)
    if not text.strip():
        raise Refusal("nothing_said", marked("This comment has no words yet."), mend="Write a line.", place="text",
                      status=422)  # fmt: skip
    remark = Comment.objects.create(
        business_id=actor.business_id, engagement=engagement, person_id=actor.person_id, thing_kind=thing_kind,
        thing_id=thing_id, text=text.strip(),
    )  # fmt: skip
    record(events.COMMENTED, remark, on=thing_kind)
    return remark


# ---------------------------------------------------------------- who else is told


@action
def subscribe(actor: Actor, url: str, verbs: Sequence[str] = ()) -> Subscription:
    """Let another server be told what happens here from now on, as far as oneself sees it. verbs: of verbs or whole
    rooms; none: everything."""
    rooms = {name.partition(".")[0] for name in queries.verbs()}
    known = rooms | queries.verbs().keys()
    _refuse(rules.why_not_tell(url, verbs, known, private=settings.WEBHOOKS_TO_PRIVATE))
    assert actor.business_id is not None
    member = Membership.objects.visible_to(actor).filter(person_id=actor.person_id, left_at=None).first()
    if member is None:
        raise NotVisible("member")
    subscription = Subscription.objects.create(
        business_id=actor.business_id, provider_id=actor.provider_id, member=member, url=url,
        verbs=sorted(set(verbs)), reached=head_of(actor.business_id)[0],
    )  # fmt: skip
    record(events.SUBSCRIBED, subscription)
    return subscription


@action
def pause_subscription(actor: Actor, subscription_id: UUID) -> None:
    """Tell the other server nothing until it is resumed; what happens meanwhile is not told later."""
    subscription = _changed(actor, subscription_id, SubscriptionChange.PAUSED, {"active"})
    record(events.SUBSCRIPTION_PAUSED, subscription)


@action
def resume_subscription(actor: Actor, subscription_id: UUID) -> None:
    """Tell the other server again, from now on."""
    subscription = _changed(actor, subscription_id, SubscriptionChange.RESUMED, {"paused"})
    assert actor.business_id is not None
    Subscription.objects.visible_to(actor).filter(pk=subscription.pk).update(reached=head_of(actor.business_id)[0])
    record(events.SUBSCRIPTION_RESUMED, subscription)


@action
def remove_subscription(actor: Actor, subscription_id: UUID) -> None:
    """Tell the other server nothing any more."""
    subscription = _changed(actor, subscription_id, SubscriptionChange.REMOVED, {"active", "paused"})
    record(events.SUBSCRIPTION_REMOVED, subscription)


@action
def send_again(actor: Actor, subscription_id: UUID, item_id: UUID) -> None:
    """Send an event again that the other server was told, or could not be; it has the same id."""
    subscription = Subscription.objects.get_visible(actor, subscription_id)
    item = queries.deliveries(actor, subscription.id).filter(pk=item_id).first()
    if item is None or queries.state_of(subscription.id) == SubscriptionChange.REMOVED:
        raise NotVisible("delivery")
    queue(KIND, business_id=actor.business_id, about=subscription.id, payload=item.payload)
    record(events.SENT_AGAIN, subscription)


@action(own_rows=True)
def tell(actor: Actor, subscription_id: UUID, number: int, event_id: str, body: str) -> None:
    """Send the event with this number on its way to a subscription, once; the second time does nothing."""
    rows = Subscription.objects.visible_to(actor).filter(pk=subscription_id, reached__lt=number)
    if rows.update(reached=number):
        url = Subscription.objects.visible_to(actor).values_list("url", flat=True).get(pk=subscription_id)
        payload = {"url": url, "event": event_id, "body": body}
        queue(KIND, business_id=actor.business_id, about=subscription_id, payload=payload)


def _changed(actor: Actor, subscription_id: UUID, kind: str, before: set[str]) -> Subscription:
    subscription = Subscription.objects.get_visible(actor, subscription_id, lock=True)
    state = queries.state_of(subscription.id)
    if state not in before:
        raise Refusal("subscription_stands_so", f"This is {state} already.", mend="Reload the page.")
    last = SubscriptionChange.objects.filter(subscription=subscription).aggregate(n=Max("n"))["n"] or 0
    SubscriptionChange.objects.create(
        business_id=actor.business_id, provider_id=actor.provider_id, subscription=subscription, n=last + 1, kind=kind,
        person_id=actor.person_id,
    )  # fmt: skip
    return subscription


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal
