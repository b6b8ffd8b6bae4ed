"""What is asked about terms."""

from decimal import Decimal
from typing import Any

from django import forms

from handsel.agreements.rules import Agreed, Fee, Level, Period, Rate, Rounding
from handsel.ui import fields
from handsel.ui.forms import Form


class TermsForm(Form):
    """The text that both sign, on one page. An hour's price, a flat fee, or both."""

    work = forms.CharField(label="The work", max_length=120, help_text="A few words: Customer mail.")
    valid_from = fields.DayField(label="From which day", help_text="Work counts from this day, once both have signed.")
    rate = fields.AmountField(label="Price of an hour", places=4, required=False)
    usual_hours = fields.AmountField(label="Hours in a usual month", places=1, required=False,
                                     help_text="For the preview of what a usual month pays.")  # fmt: skip
    fee_name = forms.CharField(label="A deliverable with a flat fee", max_length=120, required=False)
    fee = fields.AmountField(label="Its fee", places=3, required=False)
    fee_due = fields.DayField(label="Due", required=False)
    accept = forms.CharField(label="It is accepted when", max_length=300, required=False)
    currency = fields.CurrencyField()
    zone = fields.ZoneField(label="Time zone that cuts the days")
    scope = fields.TextField(
        label="Part of it", required=False, rows=3, help_text="One line for each.", max_length=3000
    )
    excluded = fields.TextField(
        label="Not part of it", required=False, rows=2, help_text="One line for each.", max_length=3000
    )
    period = fields.ChoiceField(
        label="Hours are handed in for each", choices=[(p.value, p.value.capitalize()) for p in Period]
    )
    rounding = fields.ChoiceField(
        label="Rounding of time",
        choices=[
            ("none", "None, to the second"),
            ("nearest", "To the nearest step"),
            ("up", "Up to the step"),
            ("down", "Down to the step"),
        ],
    )
    step_minutes = fields.CountField(label="Step in minutes", least=1, most=60)
    level = fields.ChoiceField(label="What is rounded", choices=[(x.value, f"Each {x.value}") for x in Level])
    due_days = fields.CountField(label="Paid within days of the invoice", least=0, most=120)
    method = forms.CharField(label="How it is paid", max_length=120)
    tracking = forms.CharField(label="How work is tracked", max_length=300)
    notice_days = fields.CountField(label="Days of notice", least=0, most=365)
    answer_days = fields.CountField(label="Working days to answer", least=1, most=30)

    PARTS = {
        "work": ("work", "valid_from"), "rate": ("rate", "usual_hours"), "fee_name": ("fee_name",),
        "fee": ("fee", "fee_due"), "accept": ("accept",), "frame": ("currency", "zone"),
    }  # fmt: skip
    REST = ("scope", "excluded", "period", "rounding", "step_minutes", "level", "due_days", "method", "tracking",
            "notice_days", "answer_days")  # fmt: skip

    def parts(self) -> dict[str, list[Any]]:
        """What the page asks first, by what belongs together."""
        return {part: [self[name] for name in names] for part, names in self.PARTS.items()}

    def more_fields(self) -> list[Any]:
        return [self[name] for name in self.REST]

    def contact_fields(self) -> list[Any]:
        return []

    @property
    def more_are_wrong(self) -> bool:
        """Whether a field of the folded part has to be mended, so that it stands open."""
        return any(self[name].errors for name in self.REST)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("fee_name")) != (given.get("fee") is not None) and not self.errors:
            self.add_error("fee" if given.get("fee_name") else "fee_name", "A deliverable needs a name and a fee.")
        return given

    def agreed(self, given: dict[str, Any], before: Agreed | None = None) -> Agreed:
        """The terms that were typed. Rates and fees of the version before that this page does not ask about stay."""
        rates: tuple[Rate, ...] = (
            (Rate(_first_kind(given, before), given["rate"]),) if given["rate"] is not None else ()
        )
        fees: tuple[Fee, ...] = (
            (Fee(given["fee_name"], given["fee"], given["fee_due"], given["accept"]),)
            if given["fee"] is not None
            else ()
        )
        if before:
            rates += tuple(r for r in before.rates[1:])
            fees += tuple(f for f in before.fees[1:])
        return Agreed(
            work=given["work"], valid_from=given["valid_from"], currency=given["currency"], zone=given["zone"],
            rates=rates, fees=fees, scope=_lines(given["scope"]), excluded=_lines(given["excluded"]),
            period=Period(given["period"]), rounding=Rounding(given["rounding"]), step_minutes=given["step_minutes"],
            level=Level(given["level"]), usual_hours=given["usual_hours"] or Decimal(0), due_days=given["due_days"],
            method=given["method"], tracking=given["tracking"], notice_days=given["notice_days"],
            answer_days=given["answer_days"],
        )  # fmt: skip


class NewTermsForm(TermsForm):
    """Terms with somebody whom the business already works with."""

    contact_name = forms.CharField(
        label="Who works for you", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    contact_mail = forms.EmailField(label="Their mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))

    def contact_fields(self) -> list[Any]:
        return [self["contact_name"], self["contact_mail"]]


class WordForm(Form):
    word = forms.CharField(label="A word of why", max_length=300)


class PauseForm(Form):
    day = fields.DayField(label="From which day")
    word = forms.CharField(label="A word of why", max_length=300, required=False)


class CallOffForm(Form):
    """Names the pause by its first day, so that a pause begun or taken back meanwhile is not taken for another."""

    day = forms.DateField(widget=forms.HiddenInput)
    word = forms.CharField(label="A word of why", max_length=300, required=False)


class EndForm(Form):
    day = fields.DayField(label="The last day on which work counts")
    word = forms.CharField(label="A word of why", max_length=300, required=False)


class SignForm(Form):
    """The signature names the text: its hash."""

    hash = forms.CharField(max_length=64, widget=forms.HiddenInput)


class WorkerForm(Form):
    person = fields.ChoiceField(label="Who works on it")


def initial_of(agreed: Agreed) -> dict[str, Any]:
    """What the form shows of terms that stand, or that a proposal brings."""
    rate, fee = next(iter(agreed.rates), None), next(iter(agreed.fees), None)
    return {
        "work": agreed.work, "valid_from": agreed.valid_from, "rate": fields.in_box(rate.price) if rate else "",
        "usual_hours": f"{agreed.usual_hours.normalize():f}" if agreed.usual_hours else "",
        "fee_name": fee.name if fee else "", "fee": f"{fee.amount:f}" if fee else "", "fee_due": fee.due if fee else None,
        "accept": fee.accept if fee else "", "currency": agreed.currency, "zone": agreed.zone,
        "scope": "\n".join(agreed.scope), "excluded": "\n".join(agreed.excluded), "period": agreed.period.value,
        "rounding": agreed.rounding.value, "step_minutes": agreed.step_minutes, "level": agreed.level.value,
        "due_days": agreed.due_days, "method": agreed.method, "tracking": agreed.tracking,
        "notice_days": agreed.notice_days, "answer_days": agreed.answer_days,
    }  # fmt: skip


def _first_kind(given: dict[str, Any], before: Agreed | None) -> str:
    """A rate is named after the work; a renamed work keeps the kind under which hours were logged."""
    return before.rates[0].kind if before and before.rates else str(given["work"])[:80]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
