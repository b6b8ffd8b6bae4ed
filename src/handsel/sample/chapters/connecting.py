"""Programs: one reads for the bookkeeper, one was let in and shut out, and the back office of the shop is told what
happens."""

import secrets
from collections.abc import Iterator

from handsel.people import rules as people
from handsel.people.actions import create_token, revoke_token
from handsel.sample.calendar import Scene, on
from handsel.sample.chapters.chapter import Chapter
from handsel.talk.actions import pause_subscription, remove_subscription, subscribe

BACK_OFFICE = "https://backoffice.larkspur.example/handsel"


class Connecting(Chapter):
    """Nobody knows the secrets of the tokens, and nothing is told over a network: `post.py`."""

    def scenes(self) -> Iterator[Scene]:
        yield self.scene(on(4, "fri"), "19:40", self.let_a_program_read)
        yield self.scene(on(4, "fri"), "19:55", self.let_one_in_and_out)
        yield self.scene(on(4, "sat"), "10:10", self.tell_the_back_office)

    def let_a_program_read(self) -> None:
        create_token(self.told.bookkeeper, "Accounts", ["read"], 365, people.token_hash(secrets.token_hex()))

    def let_one_in_and_out(self) -> None:
        """A trial that came to nothing."""
        trial = create_token(self.told.owner, "Trial", ["read", "work"], 30, people.token_hash(secrets.token_hex()))
        revoke_token(self.told.owner, trial.id)

    def tell_the_back_office(self) -> None:
        """Invoices and payments are told; what was told in a test is not any more."""
        subscribe(self.told.owner, BACK_OFFICE, ["payments"])
        test = subscribe(self.told.owner, f"{BACK_OFFICE}/test", ["payments"])
        pause_subscription(self.told.owner, test.id)
        remove_subscription(self.told.owner, test.id)
