"""What talk gives to the house."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from handsel.core.rooms import Dated, Need, Room
from handsel.talk import queries, rules
from handsel.talk.events import EVENTS
from handsel.talk.queries import Line
from handsel.values.actors import Actor
from handsel.values.days import day_in_words, day_of, day_start


def needs(actor: Actor) -> Sequence[Need]:
    """Check-ins that are overdue, and days on which to speak again."""
    if not actor.may("talk.hold_check_in"):
        return []
    today = day_of(timezone.now(), actor.zone)
    lines = queries.lines(actor)
    again = [_again(actor, x) for x in lines if x.follow_up and x.follow_up <= today]
    return [*again, *(_overdue(actor, x) for x in lines if x.overdue)][:20]


def _again(actor: Actor, line: Line) -> Need:
    assert line.follow_up is not None
    return Need(
        f"Speak again: {line.engagement.title}", f"You agreed on {day_in_words(line.follow_up)}.", "Note the call",
        reverse("talk:call", args=[actor.slug, line.engagement.id]), day_start(line.follow_up, actor.zone), minutes=10,
        due=line.follow_up, side="other",
    )  # fmt: skip


def _overdue(actor: Actor, line: Line) -> Need:
    last = line.last_check_in
    said = f"The last one was on {day_in_words(last)}." if last else "None was held yet."
    due = (last or line.begun or day_of(timezone.now(), actor.zone)) + rules.RHYTHM
    return Need(
        f"Check-in: {line.engagement.title}", f"{said} One a week keeps small things small.", "Hold it",
        reverse("talk:check_in", args=[actor.slug, line.engagement.id]), day_start(due + timedelta(days=1), actor.zone),
        minutes=10, due=due, side="other",
    )  # fmt: skip


def dates(actor: Actor, first: date, last: date) -> Sequence[Dated]:
    """The next check-in of each engagement in force, and when to speak again; one SQL query."""
    found: list[Dated] = []
    for line in queries.lines(actor):
        url, title = reverse("talk:timeline", args=[actor.slug, line.engagement.id]), line.engagement.title
        if line.follow_up:
            found.append(Dated(line.follow_up, f"Speak again: {title}", url, f"{line.engagement.id}-follow-up"))
        if line.next_check_in:
            found.append(Dated(line.next_check_in, f"Check-in: {title}", url, f"{line.engagement.id}-check-in"))
    return [dated for dated in found if first <= dated.day <= last]


ROOM = Room(
    name="talk",
    nav={
        "owner": ("Talk", "messages-square", "talk:list"),
        "provider": ("Talk", "messages-square", "talk:list"),
    },
    needs=needs,
    events=EVENTS,
    dates=dates,
)
