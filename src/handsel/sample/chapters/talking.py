"""Calls, check-ins and comments."""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from handsel.agreements import queries as agreements
from handsel.payments import queries as payments
from handsel.sample.calendar import Scene, on
from handsel.sample.chapters.agreeing import DESIGN, MAIL
from handsel.sample.chapters.chapter import Chapter
from handsel.talk.actions import comment, hold_check_in, log_call
from handsel.work import queries as work

# Week → what was said, what the owner asks, what the provider asks.
CHECK_INS = {
    2: (
        "Five pages read, first letters written for practice.",
        "Write shorter.",
        "Answer practice letters on the same day.",
    ),
    3: ("First letters went out. None came back.", "", "A photo of each candle, to know what they mean."),
    4: ("One line of the timesheet was too long, it is corrected.", "Note what an afternoon was for.", ""),
    5: ("The break is agreed: a week without letters.", "", "Tell us two weeks before, next time."),
    7: ("Eighty letters had waited; they are answered.", "Ask before you promise a day.", ""),
    8: ("The price of an hour goes up with the ninth week.", "", "A price list for shops that is not a photo."),
    9: ("The list of questions that come often has twenty-three.", "", ""),
    10: (
        "Wholesale letters are next. The owner reads each.",
        "Begin with the small shops.",
        "Who may give a discount?",
    ),
}


class Talking(Chapter):
    """A check-in on most Fridays; a call now and then; remarks where something is unclear."""

    def scenes(self) -> Iterator[Scene]:
        yield self.scene(on(1, "wed"), "14:40", self.first_call)
        yield self.scene(on(5, "tue"), "14:35", self.call_about_the_break)
        yield self.scene(on(9, "tue"), "10:50", self.call_about_wholesale)
        yield self.scene(on(3, "wed"), "16:10", self.call_about_the_leaflet)
        for week in CHECK_INS:
            yield self.scene(on(week, "fri"), "15:30", partial(self.check_in, week))
        yield self.scene(on(5, "tue"), "18:15", self.remark_on_a_line)
        yield self.scene(on(5, "wed"), "20:18", self.remark_back)
        yield self.scene(on(8, "tue"), "20:07", self.remark_on_the_terms)
        yield self.scene(on(9, "thu"), "16:25", self.remark_on_the_invoice)
        yield self.scene(on(11, "wed"), "16:50", self.remark_on_the_labels)

    def first_call(self) -> None:
        log_call(self.told.owner, self.told.engagements[MAIL], self.calendar.instant(on(1, "wed"), "14:00"), 35,
                 self.cast.provider.name, "Went through the five pages and twenty old letters.",
                 "Start with parcels and breakages; returns follow a week later.", self.calendar.day(on(2, "fri")))  # fmt: skip

    def call_about_the_break(self) -> None:
        log_call(self.told.provider, self.told.engagements[MAIL], self.calendar.instant(on(5, "tue"), "14:10"), 20,
                 self.cast.owner.name, "The workshop closes for a week.", "No letters from Monday on; we begin again after it.")  # fmt: skip

    def call_about_wholesale(self) -> None:
        log_call(self.told.owner, self.told.engagements[MAIL], self.calendar.instant(on(9, "tue"), "10:20"), 25,
                 f"{self.cast.provider.name} and {self.cast.assistant.name}", "Which shops pay which price.",
                 "", self.calendar.day(on(12, "fri")))  # fmt: skip

    def call_about_the_leaflet(self) -> None:
        log_call(self.told.designer, self.told.engagements[DESIGN], self.calendar.instant(on(3, "wed"), "15:45"), 20,
                 self.cast.owner.name, "Two folds, and the scents in the order of the shop window.")  # fmt: skip

    def check_in(self, week: int) -> None:
        notes, owner_asks, provider_asks = CHECK_INS[week]
        actor = self.told.owner if week % 2 else self.told.provider
        hold_check_in(
            actor, self.told.engagements[MAIL], self.calendar.day(on(week, "fri")), notes, owner_asks, provider_asks
        )

    def remark_on_a_line(self) -> None:
        words = "The rest of the afternoon was the list of scents, which I did not know is yours."
        comment(self.told.provider, self.told.engagements[MAIL], "line", self._corrected_line(), words)

    def remark_back(self) -> None:
        words = "It is ours both. Thank you for looking again."
        comment(self.told.owner, self.told.engagements[MAIL], "line", self._corrected_line(), words)

    def remark_on_the_terms(self) -> None:
        newest = agreements.versions(self.told.owner, self.told.engagements[MAIL])[0]
        comment(
            self.told.owner,
            self.told.engagements[MAIL],
            "terms",
            newest.id,
            "As we said on the telephone: one euro more.",
        )

    def remark_on_the_invoice(self) -> None:
        rows = payments.documents(self.told.provider).filter(engagement_id=self.told.engagements[MAIL])
        newest = rows.filter(kind="invoice")[0]
        comment(self.told.provider, self.told.engagements[MAIL], "document", newest.id,
                "The credit note is on its way; please pay what is left.")  # fmt: skip

    def remark_on_the_labels(self) -> None:
        task = work.tasks_awaiting(self.told.owner)[0]
        comment(
            self.told.designer, self.told.engagements[DESIGN], "task", task.id, "The printer needs them by the fifth."
        )

    def _corrected_line(self) -> UUID:
        provider, day = self.told.provider, self.calendar.day(on(4, "tue"))
        sheets = work.sheets_of_days(provider, self.told.engagements[MAIL], [day])
        found: UUID = next(x.id for sheet in sheets for x in work.lines(provider, sheet.id) if x.replaces_id)
        return found
