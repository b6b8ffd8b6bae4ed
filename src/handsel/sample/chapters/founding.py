"""The business opens, and its people come in."""

from collections.abc import Iterator

from handsel.people import queries as people
from handsel.people.actions import invite, sign_up
from handsel.sample.calendar import Scene, on
from handsel.sample.chapters.chapter import Chapter
from handsel.values.actors import Role


class Founding(Chapter):
    """The owner signs up; her bookkeeper joins in the second week, and who helps her in the shop is invited lately."""

    def scenes(self) -> Iterator[Scene]:
        yield self.scene(on(0, "mon"), "8:30", self.sign_up)
        yield self.scene(on(1, "thu"), "19:10", self.bring_the_bookkeeper)
        yield self.scene(on(11, "thu"), "20:10", self.invite_the_helper)

    def sign_up(self) -> None:
        owner = self.cast.owner
        business = sign_up(
            people.system_actor(), owner.name, owner.mail, self.cast.business, zone=self.calendar.zone, currency="EUR"
        )
        self.told.slug = business.slug

    def bring_the_bookkeeper(self) -> None:
        part = self.cast.bookkeeper
        invitation, _ = invite(self.told.owner, part.name, part.mail, Role.BOOKKEEPER)
        self.told.comes_in(invitation)

    def invite_the_helper(self) -> None:
        part = self.cast.helper
        invite(self.told.owner, part.name, part.mail, Role.MANAGER)
