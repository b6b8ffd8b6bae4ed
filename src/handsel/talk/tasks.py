"""Other servers are told what happens, a second later: from the trail, by the outbox."""

from collections.abc import Sequence

from handsel.core.followers import follows_all
from handsel.core.models import Event
from handsel.core.outbox import register_sender
from handsel.people.queries import actor_of, system_actor
from handsel.talk import actions, queries, rules, webhooks
from handsel.talk.api import EventShown
from handsel.talk.models import Subscription
from handsel.talk.reading import seen_events

register_sender(webhooks.KIND, webhooks.deliver)


@follows_all("talk.webhooks")
def tell(events: Sequence[Event]) -> None:
    """Every subscription that is to hear of an event, once; what its maker does not read, it does not hear."""
    if events and queries.listening(events[0].chain_id, events[-1].number):
        for event in events:
            _tell(event)


def _tell(event: Event) -> None:
    for subscription in queries.listening(event.chain_id, event.number):
        if rules.is_told(subscription.verbs, event.verb) and _may_hear(subscription, event):
            body = EventShown.of_one(actor_of(subscription.member), event).as_message()
            actions.tell(system_actor(event.chain_id), subscription.id, event.number, str(event.id), body)


def _may_hear(subscription: Subscription, event: Event) -> bool:
    return seen_events(actor_of(subscription.member)).filter(pk=event.pk).exists()
