"""Who reads which events of the trail: the one rule for history, notices, the API and webhooks."""

from django.db.models import Q, QuerySet

from handsel.agreements.queries import engagements
from handsel.core.models import Event
from handsel.people.models import Membership
from handsel.people.permissions import NOT_READ
from handsel.playbooks.models import Question
from handsel.talk.queries import own_work, verbs
from handsel.values.actors import Actor, Side

# What a provider may read although it belongs to no engagement: what the business wrote for all who work for it.
_FOR_ALL_PROVIDERS = ("playbooks.published", "playbooks.assigned")


def seen_events(actor: Actor) -> QuerySet[Event]:
    """The events of the business that this person may read; nothing of another provider's engagement."""
    unread = NOT_READ.get(actor.role, ())
    read = [
        name
        for name, verb in verbs().items()
        if actor.side.value in verb.seen_by and name.partition(".")[0] not in unread
    ]
    rows = Event.objects.filter(chain_id=actor.business_id, verb__in=read)
    if actor.side is Side.OWNER_SIDE:
        return rows
    own = Membership.objects.visible_to(actor).filter(provider_id=actor.provider_id).values("person_id")
    mine = Q(engagement_id__in=engagements(actor).order_by().values("id"))
    mine |= Q(engagement_id=None, person_id__in=own)
    mine |= Q(engagement_id=None, verb__in=_FOR_ALL_PROVIDERS)
    mine |= Q(engagement_id=None, thing_id__in=Question.objects.visible_to(actor).values("id"))
    return rows.filter(mine & own_work(actor))
