"""What is asked about a proposal, by the owner and by whoever holds its link."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms

from handsel.planning.queries import Standing
from handsel.planning.rules import HANDABLE, Basis
from handsel.proposals.rules import MERGE_FIELDS, Deliverable, Excluded, Offer, Period
from handsel.ui import fields
from handsel.ui.fields import Fault
from handsel.ui.forms import Form

ROWS = (1, 2, 3, 4)


class OfferForm(Form):
    """A version on one page: the work, what is delivered, the time, the pay; the rest filled in as is usual."""

    work = forms.CharField(label="The work", max_length=120, help_text="A few words: Customer mail.")
    what = fields.TextField(label="What it is about", rows=3, max_length=3000)
    scope = fields.TextField(label="Part of it", rows=4, max_length=4000, help_text="One line for each.")
    excluded = fields.TextField(
        label="Not part of it, and what happens instead", rows=3, max_length=3000, required=False,
        help_text="One line for each, like “Wholesale mail: it goes to Nora”.",
    )  # fmt: skip
    first_day = fields.DayField(label="The first day")
    last_day = fields.DayField(
        label="The last day", required=False, help_text="Left empty, it goes on until one side ends it."
    )
    hours = forms.CharField(label="When in the day or week", max_length=200, required=False,
                            help_text="Like “weekdays, before noon”.")  # fmt: skip
    handling = fields.TextField(label="How it is handled", rows=3, max_length=5000, required=False,
                                help_text="One page of your playbook on each line, by its name.")  # fmt: skip
    rate = fields.AmountField(label="Price of an hour", places=4, required=False)
    usual_hours = fields.AmountField(label="Hours in a usual month", places=1, required=False,
                                     help_text="For what a usual month pays.")  # fmt: skip
    currency = fields.CurrencyField()
    valid_until = fields.DayField(label="The last day on which it can be accepted")
    period = fields.ChoiceField(label="Hours are handed in each",
                                choices=[(p.value, p.value.capitalize()) for p in Period])  # fmt: skip
    due_days = fields.CountField(label="Paid within days of the invoice", least=0, most=120)
    method = forms.CharField(label="How it is paid", max_length=120)
    tracking = forms.CharField(label="How work is tracked", max_length=300)
    notice_days = fields.CountField(label="Days of notice", least=0, most=365)
    answer_days = fields.CountField(label="Working days to answer", least=1, most=30)
    zone = fields.ZoneField(label="Time zone that cuts the days")

    WORK = ("work", "what", "scope", "excluded", "handling")
    TIME = ("first_day", "last_day", "hours", "valid_until")
    PAY = ("rate", "usual_hours", "currency")
    REST = ("period", "due_days", "method", "tracking", "notice_days", "answer_days", "zone")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for n in ROWS:
            self.fields[f"name_{n}"] = forms.CharField(label=f"Deliverable {n}", max_length=120, required=False)
            self.fields[f"due_{n}"] = fields.DayField(label="Due", required=False)
            self.fields[f"accept_{n}"] = forms.CharField(label="It is accepted when", max_length=300, required=False)
            self.fields[f"fee_{n}"] = fields.AmountField(label="Its flat fee", places=3, required=False)
        named = ", ".join(f"{{{name}}}" for name in MERGE_FIELDS)
        self.fields["what"].help_text = f"These are filled in for you wherever they stand: {named}."

    def work_fields(self) -> list[Any]:
        return [self[name] for name in self.WORK]

    def time_fields(self) -> list[Any]:
        return [self[name] for name in self.TIME]

    def pay_fields(self) -> list[Any]:
        return [self[name] for name in self.PAY]

    def more_fields(self) -> list[Any]:
        return [self[name] for name in self.REST]

    def deliverable_rows(self) -> list[list[Any]]:
        return [[self[f"{part}_{n}"] for part in ("name", "due", "accept", "fee")] for n in ROWS]

    @property
    def has_deliverables(self) -> bool:
        return any(field.value() or field.errors for row in self.deliverable_rows() for field in row)

    @property
    def more_are_wrong(self) -> bool:
        return any(self[name].errors for name in self.REST)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for n in ROWS:
            if not given.get(f"name_{n}") and any(given.get(f"{part}_{n}") for part in ("due", "accept", "fee")):
                self.add_error(f"name_{n}", Fault("This deliverable has no name.", "Write what is delivered."))
        return given

    def offer(self, given: dict[str, Any]) -> Offer:
        plain = {name: given[name] for name in ("work", "what", "first_day", "last_day", "hours", "rate", "currency",
                                                "zone", "valid_until", "due_days", "method", "tracking", "notice_days",
                                                "answer_days")}  # fmt: skip
        return Offer(
            **plain,
            scope=_lines(given["scope"]),
            excluded=tuple(map(_excluded, _lines(given["excluded"]))),
            deliverables=tuple(_deliverable(given, n) for n in ROWS if given[f"name_{n}"]),
            handling=_lines(given["handling"]),
            usual_hours=given["usual_hours"] or Decimal(0),
            period=Period(given["period"]),
        )


class SendForm(Form):
    """To one provider. The reason is asked only where the plan is incomplete."""

    n = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="Who is asked", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    mail = forms.EmailField(
        label="Their mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    reason = forms.CharField(label="Why you send it before the plan is complete", max_length=300, required=False)

    def __init__(self, *arguments: Any, asks_reason: bool = False, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not asks_reason:
            self.fields["reason"].widget = forms.HiddenInput()


class WordForm(Form):
    word = forms.CharField(label="A word of why", max_length=300)


class QuestionForm(Form):
    text = fields.TextField(label="What do you want to know?", rows=3, max_length=3000)


class AnswerForm(Form):
    text = fields.TextField(label="Your answer", rows=3, max_length=3000)


class ConsentForm(Form):
    """A consent names the text: its hash."""

    hash = forms.CharField(max_length=64, widget=forms.HiddenInput)


# ---------------------------------------------------------------- what a form begins with


def offer_from_plan(standing: Standing, currency: str, zone: str, today: date) -> Offer:
    """A proposal as far as the plan and its figures say it."""
    plan, figures = standing.plan, standing.figures
    hours = figures.hours_a_week * Decimal(str(HANDABLE.likely)) * 52 / 12
    return Offer(
        work=standing.area.name,
        what=plan.answers.get("what", ""),
        first_day=max(plan.first_day or today, today),
        valid_until=today + timedelta(days=14),
        currency=currency,
        zone=zone,
        handling=_lines(plan.answers.get("how", "")),
        rate=figures.price.usual if figures.basis is Basis.HOUR and figures.price.usual else None,
        usual_hours=max(hours.quantize(Decimal(1)), Decimal(1)) if figures.basis is Basis.HOUR else Decimal(0),
    )


def initial_of(offer: Offer) -> dict[str, Any]:
    """What the form shows of an offer."""
    shown = {name: getattr(offer, name) for name in ("work", "what", "first_day", "last_day", "hours", "currency", "zone",
                                                     "valid_until", "due_days", "method", "tracking", "notice_days",
                                                     "answer_days")}  # fmt: skip
    shown |= {
        "scope": "\n".join(offer.scope), "excluded": "\n".join(map(str, offer.excluded)),
        "handling": "\n".join(offer.handling), "period": offer.period.value,
        "rate": fields.in_box(offer.rate) if offer.rate is not None else "",
        "usual_hours": f"{offer.usual_hours.normalize():f}" if offer.usual_hours else "",
    }  # fmt: skip
    for n, d in enumerate(offer.deliverables[: len(ROWS)], 1):
        fee = f"{d.fee:f}" if d.fee is not None else ""
        shown |= {f"name_{n}": d.name, f"due_{n}": d.due, f"accept_{n}": d.accept, f"fee_{n}": fee}
    return shown


def still_valid(offer: Offer, today: date) -> Offer:
    """The offer for a next version: a last day that is past is set anew."""
    if offer.valid_until >= today:
        return offer
    return replace(offer, valid_until=today + timedelta(days=14))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _excluded(line: str) -> Excluded:
    what, _, instead = line.partition(":")
    return Excluded(what.strip(), instead.strip())


def _deliverable(given: dict[str, Any], n: int) -> Deliverable:
    return Deliverable(given[f"name_{n}"], given[f"due_{n}"], given[f"accept_{n}"], given[f"fee_{n}"])
