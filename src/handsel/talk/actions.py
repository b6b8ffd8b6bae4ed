"""Every change about what was said."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from handsel.agreements import queries as agreements
from handsel.core.actions import action, record
from handsel.talk import events, queries, rules
from handsel.talk.models import Call, CheckIn, Comment
from handsel.values.actors import Actor
from handsel.values.days import day_of
from handsel.values.refusals import Refusal, marked


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


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal
