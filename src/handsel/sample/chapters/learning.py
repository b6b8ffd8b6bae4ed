"""What the provider must know, and the stages at which she works."""

from collections.abc import Iterator
from functools import partial

from handsel.handover.actions import place_stage, plan_share
from handsel.handover.rules import Ramp, Stage
from handsel.playbooks import queries as playbooks
from handsel.playbooks.actions import acknowledge, answer, ask, assign, publish
from handsel.sample.calendar import Scene, on
from handsel.sample.chapters.agreeing import MAIL
from handsel.sample.chapters.chapter import Chapter
from handsel.sample.letters import letters_of
from handsel.sample.told import person_id
from handsel.values.actors import Actor

PAGES = {
    "Broken in the post": """Every broken candle is replaced, free of charge, on the day the letter comes.

## What to do
1. Ask for a photo only where the letter does not say what is broken.
2. Write that nobody need send glass back.
3. Put the order on the list *Send again* in the back office.

## What never to do
- Promise a day of delivery.
- Offer money back before they ask for it.
""",
    "Returns and money back": """Thirty days, lit or not. The postage back is theirs, unless we were late or wrong.

- The scent is not for them: money back once it is here.
- We sent the wrong one: money back at once, and they keep it.
- It came too late: money back, and we pay the postage.

Above 80 euros, ask first.
""",
    "Late parcels": """Look at the tracking before you write.

- Up to five working days: ask for patience, and name the day on which they should write again.
- More than five: say that we send the same again if nothing has come by that day.
- To the continent it takes seven to ten working days.
""",
    "Tone": """We write like a shop where you know the people. *Hello* and the first name, short sentences, no phrases
from a call centre.

One "I am sorry" is enough. We never blame the courier, and we never joke about something that broke.
""",
    "Wholesale": """Shops pay sixty per cent, the smallest first order is twenty-four candles, two weeks.

Send the list. Everything after the first order goes to the owner.
""",
}


class Learning(Chapter):
    """Five pages, who has read which, questions, and two people who climb from learning to supervised."""

    def scenes(self) -> Iterator[Scene]:
        for minute, title in enumerate(PAGES):
            yield self.scene(on(0, "sat"), f"15:{10 * minute:02}", partial(self.publish, title))
        yield self.scene(on(1, "tue"), "19:30", self.ask_to_read)
        for minute, title in enumerate(PAGES):
            yield self.scene(on(1, "wed"), f"10:{5 + 10 * minute:02}", partial(self.provider_reads, title))
            yield self.scene(on(3, "mon"), f"9:{10 + 10 * minute}", partial(self.assistant_reads, title))
        yield self.scene(on(1, "wed"), "10:58", self.provider_asks)
        yield self.scene(on(1, "wed"), "20:10", self.owner_answers)
        yield self.scene(on(1, "thu"), "9:05", partial(self.provider_reads, "Returns and money back"))
        yield self.scene(on(1, "tue"), "19:40", partial(self.place, "provider", Stage.LEARN))
        yield self.scene(on(1, "tue"), "19:45", self.plan_the_share)
        yield self.scene(on(2, "mon"), "8:20", partial(self.place, "provider", Stage.SHADOW))
        yield self.scene(on(3, "mon"), "8:15", partial(self.place, "provider", Stage.SUPERVISED))
        yield self.scene(on(3, "mon"), "8:20", partial(self.place, "assistant", Stage.LEARN))
        kinds = [letter.kind for letter in letters_of(self.cast) if letter.kind]
        yield self.scene(on(4, "mon"), "8:10", partial(self.place, "provider", Stage.SUPERVISED, kind=kinds[0]))
        yield self.scene(on(4, "mon"), "8:12", partial(self.place, "provider", Stage.SUPERVISED, kind=kinds[1]))
        yield self.scene(on(10, "sun"), "17:30", partial(self.place, "assistant", Stage.LEARN, kind=kinds[-1]))
        yield self.scene(on(4, "mon"), "8:20", partial(self.place, "assistant", Stage.SHADOW))
        yield self.scene(on(5, "mon"), "8:20", partial(self.place, "assistant", Stage.SUPERVISED))
        yield self.scene(on(8, "sun"), "16:30", self.publish_late_parcels_anew)
        yield self.scene(
            on(8, "sun"), "16:40", partial(self.place, "assistant", Stage.SHADOW, "Two letters promised a day.")
        )
        yield self.scene(on(9, "mon"), "9:15", partial(self.provider_reads, "Late parcels"))
        yield self.scene(on(9, "mon"), "9:40", partial(self.assistant_reads, "Late parcels"))
        yield self.scene(on(9, "fri"), "19:20", partial(self.place, "assistant", Stage.SUPERVISED))
        yield self.scene(on(11, "wed"), "20:20", self.publish_wholesale_anew)
        yield self.scene(on(11, "thu"), "11:35", self.assistant_asks)

    def publish(self, title: str) -> None:
        self.told.pages[title] = publish(self.told.owner, title, PAGES[title]).playbook_id

    def ask_to_read(self) -> None:
        """Everybody is asked to know every page; the wholesale letters have time."""
        for title, key in self.told.pages.items():
            due = self.calendar.day(on(2, "fri") if title == "Wholesale" else on(1, "fri"))
            assign(self.told.owner, key, due=due)
        assign(self.told.owner, self.told.pages["Tone"], person_id(self.told.provider))

    def provider_reads(self, title: str) -> None:
        self._read(self.told.provider, title)

    def assistant_reads(self, title: str) -> None:
        self._read(self.told.assistant, title)

    def provider_asks(self) -> None:
        ask(self.told.provider, "What if the candle was a present, and they never paid for it themselves?",
            about_kind="page", about_id=self.told.pages["Returns and money back"])  # fmt: skip

    def owner_answers(self) -> None:
        (question,) = playbooks.open_questions(self.told.owner)
        answer(self.told.owner, question.id, "Then they get a voucher over the price, valid for a year.",
               add_to=self.told.pages["Returns and money back"], asks=True)  # fmt: skip

    def assistant_asks(self) -> None:
        """It waits for an answer to this day."""
        ask(self.told.assistant, "A hotel asks for a price for 200 candles. Is that wholesale, or is it yours?",
            about_kind="page", about_id=self.told.pages["Wholesale"])  # fmt: skip

    def publish_late_parcels_anew(self) -> None:
        self._publish_anew("Late parcels", "\nNever name a day of delivery, only a day on which to write again.\n")

    def publish_wholesale_anew(self) -> None:
        """Nobody has read it yet."""
        self._publish_anew("Wholesale", "\nFrom sixty candles it takes three weeks.\n")

    def place(self, who: str, stage: Stage, reason: str = "", kind: str = "") -> None:
        """kind: by the owner's word for what is asked; empty for everything without a stage of its own."""
        person = person_id(self.told.provider if who == "provider" else self.told.assistant)
        place_stage(self.told.owner, self.told.engagements[MAIL], person, kind, stage, reason)

    def plan_the_share(self) -> None:
        ramp = Ramp(first_week=self.calendar.day(on(2, "mon")), weeks=10, start=10, goal=80)
        plan_share(self.told.owner, self.told.engagements[MAIL], ramp)

    def _read(self, actor: Actor, title: str) -> None:
        key = self.told.pages[title]
        acknowledge(actor, key, playbooks.page(actor, key).n)

    def _publish_anew(self, title: str, more: str) -> None:
        newest = playbooks.page(self.told.owner, self.told.pages[title])
        publish(self.told.owner, title, newest.text.rstrip() + "\n" + more, True, newest.playbook_id, newest.n)
