"""What is asked of whom: offers, questions, a no, a yes, and terms drawn from it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from handsel.agreements.actions import draw_up
from handsel.agreements.rules import Agreed, Fee, Rate
from handsel.people.queries import link_actor
from handsel.proposals import queries as proposals
from handsel.proposals.actions import answer, ask, close, consent, decline, make_version, revoke, send
from handsel.proposals.rules import Deliverable, Excluded, Offer
from handsel.sample.calendar import Scene, on
from handsel.sample.cast import Part
from handsel.sample.chapters.agreeing import DESIGN, MAIL
from handsel.sample.chapters.chapter import Chapter
from handsel.sample.told import ORIGIN
from handsel.values.actors import Actor


class Proposing(Chapter):
    """The mail is offered to two, of whom one says no; the designer is asked twice and needs no proposal after all."""

    proposal: UUID
    version: UUID
    sent: dict[str, UUID]
    offer: Offer

    def scenes(self) -> Iterator[Scene]:
        owner, provider, other = self.cast.owner, self.cast.provider, self.cast.asked_too
        self.sent = {}
        yield self.scene(on(0, "thu"), "20:00", self.write_the_offer)
        yield self.scene(on(0, "thu"), "20:20", lambda: self.send_to(provider))
        yield self.scene(on(0, "thu"), "20:22", lambda: self.send_to(other))
        yield self.scene(on(0, "fri"), "9:50", self.provider_asks)
        yield self.scene(on(0, "fri"), "11:30", self.other_declines)
        yield self.scene(on(0, "fri"), "20:10", self.owner_answers)
        yield self.scene(on(0, "fri"), "20:25", self.write_it_anew)
        yield self.scene(on(0, "fri"), "20:30", lambda: self.send_to(provider))
        yield self.scene(on(0, "sun"), "17:15", self.provider_accepts)
        yield self.scene(on(1, "sun"), "18:00", lambda: self.offer_design(owner))
        yield self.scene(on(1, "sun"), "21:00", self.take_the_design_back)
        yield self.scene(on(1, "mon"), "20:30", self.draw_up_terms)
        yield self.scene(on(11, "tue"), "20:45", self.offer_the_accounts)
        yield self.scene(on(11, "wed"), "10:30", self.accountant_asks)

    def write_the_offer(self) -> None:
        day = self.calendar.day
        self.offer = Offer(
            work=MAIL, what="Answer the customers of {business} on weekdays, from {first day}.",
            first_day=day(on(1, "tue")), valid_until=day(on(2, "sun")), currency="EUR", zone=self.calendar.zone,
            scope=("Parcels that are late, and broken candles", "Returns, addresses, invoices",
                   "Questions about scents and wicks", "Wholesale letters, up to the price list"),
            excluded=(Excluded("Complaints that speak of a lawyer", "they go to the owner the same day"),
                      Excluded("Telephone calls", "customers are asked to write")),
            deliverables=(Deliverable("List of questions that come often", day(on(8, "fri")), "twenty questions or more"),),
            hours="Weekdays, answers within one working day", handling=("Page “Broken in the post”", "Page “Tone”"),
            rate=self.cast.hour, usual_hours=Decimal(40), notice_days=14, answer_days=1,
        )  # fmt: skip
        version = make_version(self.told.owner, self.told.areas[MAIL], self.offer)
        self.proposal, self.version = version.proposal_id, version.id

    def send_to(self, part: Part) -> None:
        n = proposals.newest_version(self.proposal).n
        invitation, _ = send(self.told.owner, self.proposal, n, part.name, part.mail)
        self.sent[part.mail] = invitation.id

    def provider_asks(self) -> None:
        ask(self._by_link(), self.sent[self.cast.provider.mail],
            "Are weekends part of it? And who answers when I am ill?")  # fmt: skip

    def other_declines(self) -> None:
        decline(self._by_link(), self.sent[self.cast.asked_too.mail], "We are full until the new year, I am sorry.")

    def owner_answers(self) -> None:
        (question,) = proposals.questions(self.proposal, self.cast.provider.mail)
        answer(self.told.owner, question.id,
               "No weekends. If you are ill somebody of yours may answer, once she knows the playbook.")  # fmt: skip

    def write_it_anew(self) -> None:
        self.offer = replace(self.offer, hours="Weekdays, no weekends; a second person of yours may stand in")
        version = make_version(self.told.owner, self.told.areas[MAIL], self.offer, self.proposal)
        self.version = version.id

    def provider_accepts(self) -> None:
        newest = proposals.newest_version(self.proposal)
        consent(self._by_link(), self.sent[self.cast.provider.mail], newest.hash)

    def draw_up_terms(self) -> None:
        """Nothing is typed again, but for the price of an hour of training."""
        found = proposals.accepted(self.told.owner, self.version)
        assert found.rate is not None
        agreed = Agreed(
            work=found.work, valid_from=found.first_day, currency=found.currency, zone=found.zone,
            rates=(Rate("Customer mail", found.rate), Rate("Training", found.rate - Decimal("3.50"))),
            fees=tuple(Fee(d.name, d.fee, d.due, d.accept) for d in found.deliverables if d.fee),
            scope=found.scope, excluded=found.excluded, usual_hours=found.usual_hours, due_days=found.due_days,
            method=found.method, tracking=found.tracking, notice_days=found.notice_days, answer_days=found.answer_days,
        )  # fmt: skip
        engagement = draw_up(
            self.told.owner, agreed, found.contact_name, found.contact_mail, found.area_id, found.version_id
        )
        self.told.engagements[MAIL] = engagement.id

    def offer_design(self, owner: Part) -> None:
        """The plan is not complete, so she says why she asks all the same."""
        day = self.calendar.day
        offer = Offer(
            work=DESIGN, what=f"A leaflet and six labels for {{business}}. {owner.first_name} sends the texts.",
            first_day=day(on(2, "tue")), valid_until=day(on(3, "sun")), currency="EUR", zone=self.calendar.zone,
            deliverables=(Deliverable("Autumn leaflet", day(on(5, "fri")), "ready for print", self.cast.leaflet),),
        )  # fmt: skip
        version = make_version(self.told.owner, self.told.areas[DESIGN], offer)
        part = self.cast.designer
        invitation, _ = send(
            self.told.owner, version.proposal_id, version.n, part.name, part.mail, "We know each other."
        )
        self.sent[part.mail] = invitation.id

    def take_the_design_back(self) -> None:
        """They have spoken: terms will do."""
        invitation = proposals.invitation(self.told.owner, self.sent[self.cast.designer.mail])
        revoke(self.told.owner, invitation.id)
        close(self.told.owner, invitation.proposal_id)

    def offer_the_accounts(self) -> None:
        """Not planned through, and she says so; what is asked about it waits for an answer to this day."""
        day = self.calendar.day
        offer = Offer(
            work="Monthly accounts", what="Book the receipts of {business} once a month.", first_day=day(on(14, "mon")),
            valid_until=day(on(15, "sun")), currency="EUR", zone=self.calendar.zone,
            scope=("Receipts and bank, once a month",), excluded=(Excluded("The yearly tax return", "it stays with us"),),
            rate=self.cast.later_hour + 20, usual_hours=Decimal(3),
        )  # fmt: skip
        version = make_version(self.told.owner, self.told.areas["Monthly accounts"], offer)
        part = self.cast.accountant
        invitation, _ = send(
            self.told.owner,
            version.proposal_id,
            version.n,
            part.name,
            part.mail,
            "I want to hear first whether it can be.",
        )
        self.sent[part.mail] = invitation.id

    def accountant_asks(self) -> None:
        ask(self._by_link(), self.sent[self.cast.accountant.mail], "How many receipts are there in a month?")

    def _by_link(self) -> Actor:
        business_id = self.told.owner.business_id
        assert business_id is not None
        return link_actor(business_id, origin=ORIGIN)
