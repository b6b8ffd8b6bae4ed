"""Stories that tests begin with, told by the same actions that people use, under a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from handsel.agreements.actions import draw_up, invite_to_sign, note_seen, sign
from handsel.agreements.models import Engagement, Terms
from handsel.agreements.rules import Agreed, Fee, Rate
from handsel.core import writes
from handsel.people.actions import accept_invitation, sign_up
from handsel.people.models import Business, Membership, Person
from handsel.people.queries import actor_of, link_actor, system_actor
from handsel.values.actors import Actor
from handsel.values.days import monday_of
from handsel.work.actions import Stint, log, submit
from handsel.work.models import TimeEntry, Timesheet

TODAY: Callable[[], date] = lambda: timezone.now().date()  # noqa: E731 - read at the time of the test


def member(business: Business, person: Person) -> Actor:
    membership = Membership.objects.select_related("person", "business").get(
        business=business, person=person, left_at=None
    )
    return actor_of(membership)


def owner_of(
    name: str = "Larkspur Candles", mail: str = "nora@larkspur.example", person: str = "Nora Whitfield"
) -> Actor:
    """A business that has just signed up, and its owner."""
    business = sign_up(system_actor(), person, mail, name)
    return member(business, Person.objects.get(mail=mail))


def usual_terms(first_day: date | None = None, **changes: Any) -> Agreed:
    """€18.50 an hour for customer mail, and one flat fee, from some weeks ago."""
    agreed = Agreed(
        work="Customer mail",
        valid_from=first_day or monday_of(TODAY()) - timedelta(days=28),
        currency="EUR",
        zone="Europe/Berlin",
        rates=(Rate("Customer mail", Decimal("18.50")), Rate("Training", Decimal("15.00"))),
        fees=(Fee("Autumn leaflet", Decimal("240.00"), accept="Ready for print"),),
        usual_hours=Decimal(40),
    )
    return replace(agreed, **changes)


@dataclass(frozen=True)
class SignedEngagement:
    """Nora's business and Ines, who have signed the same terms."""

    owner: Actor
    provider: Actor
    engagement: Engagement
    terms: Terms


def read_and_sign(actor: Actor, terms: Terms) -> None:
    note_seen(actor, terms.id)
    sign(actor, terms.id, terms.hash)


def drawn_up(
    owner: Actor | None = None, agreed: Agreed | None = None, mail: str = "ines@mare.example", name: str = "Ines Duarte"
) -> SignedEngagement:
    """Terms that nobody has signed yet; the provider has joined."""
    owner = owner or owner_of()
    engagement = draw_up(owner, agreed or usual_terms(), name, mail)
    invitation, _ = invite_to_sign(owner, engagement.id)
    membership = accept_invitation(link_actor(invitation.business_id), invitation.id, name)
    return SignedEngagement(owner, member(membership.business, membership.person), engagement, engagement.terms.get())


def signed_engagement(owner: Actor | None = None, agreed: Agreed | None = None, **who: str) -> SignedEngagement:
    story = drawn_up(owner, agreed, **who)
    read_and_sign(story.owner, story.terms)
    read_and_sign(story.provider, story.terms)
    return story


@dataclass(frozen=True)
class SubmittedWeek:
    """Last week of Ines, two lines, handed in."""

    owner: Actor
    provider: Actor
    engagement: Engagement
    sheet: Timesheet
    monday: TimeEntry
    tuesday: TimeEntry


def submitted_week(story: SignedEngagement | None = None) -> SubmittedWeek:
    story = story or signed_engagement()
    monday = monday_of(TODAY()) - timedelta(days=7)
    (first,) = log(story.provider, story.engagement.id, Stint("Customer mail", "Refunds", monday, 5400))
    (second,) = log(story.provider, story.engagement.id, Stint("Customer mail", "", monday + timedelta(days=1), 7200))
    submit(story.provider, first.timesheet_id)
    for line in (first, second):
        line.refresh_from_db()
    return SubmittedWeek(story.owner, story.provider, story.engagement, first.timesheet, first, second)


def log_in(client: Client, actor: Actor) -> Client:
    """The browser of this person, signed in without the log-in pages."""
    person = Person.objects.get(pk=actor.person_id)
    if person.login_id is None:
        user = get_user_model().objects.create_user(username=str(person.id), email=person.mail)
        with writes.migrating():
            Person.objects.filter(pk=person.pk).update(login=user)
        person.refresh_from_db()
    client.force_login(person.login)
    session = client.session
    session["person"] = str(person.id)
    session.save()
    return client
