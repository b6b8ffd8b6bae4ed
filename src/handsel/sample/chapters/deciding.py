"""What may be handed over, whether it pays, and the plan for what goes."""

from collections.abc import Iterator
from decimal import Decimal

from handsel.planning.actions import answer_plan, complete_plan, estimate, place, record_area
from handsel.planning.rules import Basis, Decision, Figures, Guess, Kit
from handsel.sample.calendar import Scene, on
from handsel.sample.chapters.chapter import Chapter


def _between(low: str, usual: str, high: str, *, firm: bool = False) -> Guess:
    return Guess(Decimal(low), Decimal(usual), Decimal(high), firm)


class Deciding(Chapter):
    """Three areas of work: the mail goes, the leaflets go, the parcels stay. Two more come up at the end."""

    def scenes(self) -> Iterator[Scene]:
        yield self.scene(on(0, "mon"), "9:10", self.write_areas_down)
        yield self.scene(on(0, "tue"), "20:15", self.count_the_mail)
        yield self.scene(on(0, "tue"), "20:40", self.say_where_it_goes)
        yield self.scene(on(0, "tue"), "21:05", self.begin_the_plan)
        yield self.scene(on(0, "wed"), "20:20", self.complete_the_plan)
        yield self.scene(on(10, "sun"), "18:30", self.think_of_more)
        yield self.scene(on(11, "tue"), "21:15", self.plan_the_photos)

    def write_areas_down(self) -> None:
        hour, rate = _between("25", "32", "40"), self.cast.hour
        price = Guess(rate * Decimal("0.9"), rate, rate * Decimal("1.2"))
        areas = (
            ("Customer mail", Kit.MAIL, Figures(_between("60", "90", "140"), _between("5", "9", "14"), hour, price)),
            ("Leaflets and labels", Kit.GRAPHICS,
             Figures(_between("0.3", "0.5", "1"), _between("120", "240", "420"), hour,
                     _between("180", "260", "400"), Basis.PIECE)),
            ("Packing parcels", Kit.OTHER,
             Figures(_between("2", "3", "4"), _between("5", "6", "8"), hour, _between("20", "24", "30"))),
        )  # fmt: skip
        for name, kit, figures in areas:
            self.told.areas[name] = record_area(self.told.owner, name, kit, figures).id

    def count_the_mail(self) -> None:
        """The mailbox says how many letters come; the minutes stay her guess."""
        rate = self.cast.hour
        counted = Figures(
            volume=_between("70", "84", "120", firm=True), minutes=_between("6", "9", "13"),
            hour=_between("28", "32", "36"), price=Guess(rate, rate, rate, firm=True),
        )  # fmt: skip
        estimate(self.told.owner, self.told.areas["Customer mail"], counted)

    def say_where_it_goes(self) -> None:
        words = {
            "Customer mail": (Decision.HAND_OVER, "The evenings are what I want back."),
            "Leaflets and labels": (Decision.HAND_OVER, "I am no designer, and it shows."),
            "Packing parcels": (Decision.KEEP, "It is my quiet hour, and it is quickly done."),
        }
        for name, (decision, word) in words.items():
            place(self.told.owner, self.told.areas[name], decision, word)

    def begin_the_plan(self) -> None:
        answer_plan(self.told.owner, self.told.areas["Customer mail"], {
            "what": "Answer what customers write: parcels, breakages, returns, scents, wholesale.",
            "why": "I answer mail from nine at night until half past ten, five days a week.",
            "how": "From our reply templates and the playbook. What is not in it comes to me as a question.",
        })  # fmt: skip

    def complete_the_plan(self) -> None:
        answer_plan(self.told.owner, self.told.areas["Customer mail"], {
            "success": "Nine of ten letters answered within one working day, at most 1 of 50 answered wrongly.",
            "budget_usual": "750",
            "budget_most": "1100",
            "first_day": self.calendar.day(on(1, "tue")).isoformat(),
            "accesses": "Mailbox of the shop, to read\nShop back office, orders only",
        })  # fmt: skip
        complete_plan(self.told.owner, self.told.areas["Customer mail"])

    def think_of_more(self) -> None:
        """Two areas that are only begun: the accounts go out without a plan, the photos have all but the last word."""
        often = _between("1", "1", "2")
        accounts = Figures(often, _between("90", "150", "240"), None, _between("30", "38", "55"))
        photos = Figures(often, _between("60", "90", "150"), None, _between("35", "45", "60"), Basis.PIECE)
        for name, kit, figures in (("Monthly accounts", Kit.OTHER, accounts), ("Product photos", Kit.GRAPHICS, photos)):
            self.told.areas[name] = record_area(self.told.owner, name, kit, figures).id
            place(
                self.told.owner, self.told.areas[name], Decision.HAND_OVER, "Before the winter, if somebody is found."
            )

    def plan_the_photos(self) -> None:
        """Nothing is missing any more; only that she says so."""
        answer_plan(self.told.owner, self.told.areas["Product photos"], {
            "what": "Four photos of each new candle, lit and unlit.",
            "why": "Mine are yellow, and they take a Sunday.",
            "how": "Candles are sent on the first of the month; photos come back within ten days.",
            "success": "3 of 4 photos can go into the shop without a change.",
            "budget_usual": "180",
            "budget_most": "260",
            "first_day": self.calendar.day(on(14, "mon")).isoformat(),
            "accesses": "none",
        })  # fmt: skip
