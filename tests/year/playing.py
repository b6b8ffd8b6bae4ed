"""A year under faults, and what must hold after it."""

from collections import Counter
from datetime import date

from handsel.agreements.models import Engagement
from handsel.core import checks
from handsel.core.models import Event, OutboxItem
from handsel.ledger import queries as ledger
from handsel.sample.story import Story, tell_story
from handsel.values.actors import Actor
from handsel.work.models import TimeEntry
from tests.year.faults import FaultyStage, Findings

TODAY = date(2026, 11, 24)


def play(seed: int, between: int) -> tuple[Findings, list[str]]:
    """Play the story of this seed under the faults of this seed; gives what was met, and what does not hold."""
    stage = FaultyStage(seed)
    with stage.set_up() as found:
        story = tell_story(TODAY, between=between, seed=seed, stage=stage)
    return found, [*found.broken, *faults_of(story, found)]


def faults_of(story: Story, found: Findings) -> list[str]:
    """Sentences that name what does not hold after the story; none where all is well."""
    return [*_checks(), *_trail(found), *_post(found), *_figures(story)]


def _checks() -> list[str]:
    """What `handsel check` says. That a mail may have been delivered or not it must say: that is no fault."""
    uncertain = OutboxItem.objects.filter(state="uncertain").count()
    said = [f"{name}: {words}" for name, find in checks.all_checks().items() if name != "outbox" for words in find()]
    outbox = list(checks.all_checks()["outbox"]())
    if bool(outbox) != bool(uncertain) or (uncertain and str(uncertain) not in outbox[0]):
        said.append(f"outbox: {uncertain} mails are uncertain, and the check says {outbox}")
    return said


def _trail(found: Findings) -> list[str]:
    """Each act that was done stands in the trail, once, and nothing else does."""
    kept = Counter(Event.objects.values_list("verb", flat=True))
    return [
        f"{verb} was done {found.recorded[verb]} times, and the trail has {kept[verb]}"
        for verb in sorted(kept | found.recorded)
        if kept[verb] != found.recorded[verb]
    ]


def _post(found: Findings) -> list[str]:
    """No recipient has a mail twice; what was delivered is known as sent, or shown as uncertain."""
    states = dict(OutboxItem.objects.values_list("id", "state"))
    twice = [f"{address} has {n} copies of {key}" for (key, address), n in found.delivered.items() if n > 1]
    unknown = [f"{key} was delivered and is {states[key]}" for key, _ in found.delivered
               if states[key] not in ("sent", "uncertain")]  # fmt: skip
    unsent = [f"{key} is {state}" for key, state in states.items() if state not in ("sent", "uncertain")]
    return [*twice, *unknown, *unsent]


def _figures(story: Story) -> list[str]:
    """Owner and provider see the same money and the same hours of each engagement."""
    told, sides = story.told, [(story.owner, story.provider), (story.owner, story.designer)]
    if told.second:
        sides.append((told.second.actor(told.cast.second_owner), told.second.actor(told.cast.provider)))
    unlike = []
    for owner, provider in sides:
        for engagement in Engagement.objects.visible_to(provider):
            seen = _seen(owner, engagement), _seen(provider, engagement)
            if seen[0] != seen[1] or not seen[0]:
                unlike.append(f"“{engagement}”: {owner.name} sees {seen[0]}, {provider.name} sees {seen[1]}")
    return unlike


def _seen(actor: Actor, engagement: Engagement) -> list[object]:
    lines = TimeEntry.objects.visible_to(actor).filter(engagement=engagement).exclude(status="draft")
    return [*ledger.balances(actor, engagement.id), sorted(lines.values_list("id", "seconds", "status"))]
