"""What the story has come to so far: whom and what later chapters meet again."""

from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from handsel.people import queries as people
from handsel.people.actions import accept_invitation
from handsel.people.models import Invitation
from handsel.sample.calendar import Calendar
from handsel.sample.cast import Cast, Part
from handsel.values.actors import Actor

ORIGIN = "Sample business, told by Handsel itself"  # what stands with a signature in place of an address


@dataclass
class Told:
    """The cast, the calendar, and what has come to be. Nothing is here before its chapter has told it."""

    cast: Cast
    calendar: Calendar
    seed: int = 0
    slug: str = ""
    second: "Told | None" = None
    areas: dict[str, UUID] = field(default_factory=dict)
    engagements: dict[str, UUID] = field(default_factory=dict)
    pages: dict[str, UUID] = field(default_factory=dict)
    _actors: dict[str, Actor] = field(default_factory=dict)

    def random(self, name: str) -> Random:
        """A stream of numbers of its own for each name; the same for the same seed."""
        return Random(f"{self.seed} {name}")  # noqa: S311 - a story, not a secret

    def actor(self, part: Part) -> Actor:
        """The person as she acts in the business of the story; nobody changes her role in it."""
        if part.mail not in self._actors:
            person = people.person_by_mail(part.mail)
            assert person is not None, f"{part.name} has not come in yet"
            self._actors[part.mail] = people.actor_for(person.id, self.slug, origin=ORIGIN)
        return self._actors[part.mail]

    @property
    def owner(self) -> Actor:
        return self.actor(self.cast.owner)

    @property
    def provider(self) -> Actor:
        return self.actor(self.cast.provider)

    @property
    def assistant(self) -> Actor:
        return self.actor(self.cast.assistant)

    @property
    def designer(self) -> Actor:
        return self.actor(self.cast.designer)

    @property
    def bookkeeper(self) -> Actor:
        return self.actor(self.cast.bookkeeper)

    def comes_in(self, invitation: Invitation) -> None:
        """Whoever was invited follows the link."""
        by_link = people.link_actor(invitation.business_id, origin=ORIGIN)
        accept_invitation(by_link, invitation.id, invitation.name)


def person_id(actor: Actor) -> UUID:
    """The key of the person who acts; everybody in the story is one."""
    assert actor.person_id is not None
    return actor.person_id
