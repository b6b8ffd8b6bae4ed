"""What is asked about an area of work and its plan."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import EMPTY_VALUES

from handsel.planning.rules import DECISION_WORDS, KIT_WORDS, Basis, Counted, Figures, Guess, Kit
from handsel.ui import fields
from handsel.ui.forms import Form
from handsel.values.money import exponent

RANGES = (("volume", "How many a week"), ("minutes", "Minutes for one"), ("hour", "An hour of yours"),
          ("price", "Their price"))  # fmt: skip


class FiguresForm(Form):
    """Four figures; each as its usual alone, or with its least and its most."""

    volume = fields.AmountField(label="How many a week, usually", places=1,
                                help_text="Mails, pictures, articles: whatever it is counted in.")  # fmt: skip
    minutes = fields.AmountField(label="How many minutes does one take you, usually", places=1)
    hour = fields.AmountField(
        label="What is an hour of yours worth to you", places=2, required=False,
        help_text="In money, or what you would pay for a free evening hour. Left empty, there is no verdict.",
    )  # fmt: skip
    price = fields.AmountField(label="What would somebody else cost", places=2)
    basis = fields.ChoiceField(
        label="That price is for",
        choices=[(Basis.HOUR.value, "an hour"), (Basis.PIECE.value, "a piece"), (Basis.MONTH.value, "a month")],
        initial=Basis.HOUR.value,
    )
    asked = fields.ChoiceField(
        label="And it is", choices=[("guessed", "my guess"), ("asked", "what somebody asked")], initial="guessed"
    )
    volume_low = fields.AmountField(label="How many a week: hardly ever less than", places=1, required=False)
    volume_high = fields.AmountField(label="Hardly ever more than", places=1, required=False)
    minutes_low = fields.AmountField(label="Minutes for one: hardly ever less than", places=1, required=False)
    minutes_high = fields.AmountField(label="Hardly ever more than", places=1, required=False)
    hour_low = fields.AmountField(label="An hour of yours: surely not less than", places=2, required=False)
    hour_high = fields.AmountField(label="Surely not more than", places=2, required=False)
    price_low = fields.AmountField(label="Their price: hardly ever less than", places=2, required=False)
    price_high = fields.AmountField(label="Hardly ever more than", places=2, required=False)

    USUAL = ("volume", "minutes", "hour", "price", "basis", "asked")
    ENDS = tuple(f"{name}_{end}" for name, _ in RANGES for end in ("low", "high"))

    def usual_fields(self) -> list[Any]:
        return [self[name] for name in self.USUAL]

    def end_fields(self) -> list[Any]:
        return [self[name] for name in self.ENDS]

    @property
    def has_ends(self) -> bool:
        """Whether an end was given, or has to be mended, so that the folded part stands open."""
        return any(self[name].value() or self[name].errors for name in self.ENDS)

    def figures(self, given: dict[str, Any]) -> Figures:
        is_asked = given["asked"] == "asked"
        return Figures(
            volume=_guess(given, "volume"),
            minutes=_guess(given, "minutes"),
            hour=_guess(given, "hour") if given["hour"] is not None else None,
            price=Guess(*[given["price"]] * 3, firm=True) if is_asked else _guess(given, "price"),
            basis=Basis(given["basis"]),
        )


class AreaForm(FiguresForm):
    name = forms.CharField(
        label="What is it called", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kit = fields.ChoiceField(label="What kind of work is it", choices=[(k.value, w) for k, w in KIT_WORDS.items()])

    def named_fields(self) -> list[Any]:
        return [self["kit"], self["name"]]


class PlacingForm(Form):
    decision = fields.ChoiceField(label="Your decision", choices=[(d.value, w) for d, w in DECISION_WORDS.items()])
    word = forms.CharField(
        label="A word of why", max_length=300, required=False, help_text="Needed only where you decide otherwise."
    )


class _MayWait:
    """Needed for a plan that is complete, and may stay empty until then."""

    def validate(self, value: Any) -> None:
        if value not in EMPTY_VALUES:
            super().validate(value)


class PlanText(_MayWait, fields.TextField):
    pass


class PlanAmount(_MayWait, fields.AmountField):
    pass


class PlanDay(_MayWait, fields.DayField):
    pass


class PlanForm(Form):
    """One page; every field may stay empty until the plan is to be complete."""

    use_required_attribute = False

    what = PlanText(label="What is to be done", rows=3, max_length=3000)
    why = PlanText(label="Why you hand it over", rows=2, max_length=3000,
                   help_text="What would you do with the hours that you win back?")  # fmt: skip
    how = PlanText(label="How it is handled", rows=4, max_length=5000)
    success = PlanText(label="How you will see that it goes well", rows=2, max_length=1000,
                       help_text="A number and a time: 95 of 100 answered within a working day.")  # fmt: skip
    budget_usual = PlanAmount(label="Budget for a usual month")
    budget_most = PlanAmount(label="The most that a month may cost")
    first_day = PlanDay(label="The first day")
    accesses = PlanText(label="Accesses that they need", rows=3, max_length=3000,
                        help_text="One a line, or “none”. Each is given and taken back by name.")  # fmt: skip

    def __init__(self, *arguments: Any, currency: str = "EUR", pages: list[str] | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in ("budget_usual", "budget_most"):
            amount = self.fields[name]
            assert isinstance(amount, fields.AmountField)
            amount.places, amount.help_text = exponent(currency), f"In {currency}."
        written = f" Written already: {', '.join(pages)}." if pages else ""
        self.fields["how"].help_text = f"Name the pages of your playbook, or who writes which page until when.{written}"

    @staticmethod
    def answers(given: dict[str, Any]) -> dict[str, str]:
        """The answers as plain text."""
        return {name: _plain(value) for name, value in given.items()}


def initial_figures(figures: Figures) -> dict[str, Any]:
    """What the form shows of figures that stand."""
    shown: dict[str, Any] = {"basis": figures.basis.value, "asked": "asked" if figures.price.firm else "guessed"}
    for name, guess in figures.guesses().items():
        say = fields.in_box if name in {"hour", "price"} else "{:f}".format
        shown |= {name: say(guess.usual), f"{name}_low": say(guess.low), f"{name}_high": say(guess.high)}
    return shown


def initial_counted(counted: Counted | None) -> dict[str, Any]:
    """What evidence fills in for her."""
    if counted is None:
        return {}
    return {"volume": f"{counted.a_week:f}", "minutes": f"{counted.minutes_each:f}" if counted.minutes_each else ""}


def first_kit(word: str) -> str:
    return word if word in {k.value for k in Kit} else ""


def _guess(given: dict[str, Any], name: str) -> Guess:
    return Guess.around(given[name], given[f"{name}_low"], given[f"{name}_high"])


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
