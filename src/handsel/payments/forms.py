"""What is asked about documents and payments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from handsel.payments.queries import Waiting
from handsel.payments.rules import Credit, Open, Outcome
from handsel.ui import fields
from handsel.ui.forms import Form

OUTCOMES = {
    Outcome.PAID: "A lower price; the work stays paid",
    Outcome.BACK: "Goes back to approved, to be invoiced again",
    Outcome.VOID: "Void, never to be charged again",
}


class PressForm(Form):
    """A button and nothing else."""


class IssueForm(Form):
    """Issue what the page showed: `seen` says what that was."""

    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)


class DraftForm(Form):
    """Which days of which work go on the invoice."""

    engagement_id = fields.ChoiceField(label="Work")
    first_day = fields.DayField(label="From")
    last_day = fields.DayField(label="To")

    def __init__(self, *arguments: Any, waiting: Sequence[Waiting], **options: Any) -> None:
        super().__init__(*arguments, **options)
        words = {str(w.engagement.id): f"{w.engagement.title}, {w.amount}" for w in waiting}
        self.fields["engagement_id"].choices = list(words.items())  # type: ignore[attr-defined]  # our ChoiceField
        if len(words) == 1:
            self.fields["engagement_id"].widget = forms.HiddenInput()


class PaymentForm(Form):
    """What is open was paid, in full."""

    day = fields.DayField(label="Paid on")
    method = forms.CharField(label="How", max_length=60)
    reference = forms.CharField(label="Reference", max_length=120, required=False)


@dataclass(frozen=True)
class CreditRow:
    """A line of the invoice with its two boxes."""

    open: Open
    outcome: BoundField
    amount: BoundField


class CreditForm(Form):
    """What is taken back of each line of an invoice, and why."""

    reason = fields.TextField(label="Why", rows=2, max_length=300, help_text="The other side reads this on the note.")

    def __init__(self, *arguments: Any, lines: Sequence[Open], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.lines = [line for line in lines if line.left or line.left_quantity_e2]
        for line in self.lines:
            key = line.line.key
            words = [(o.value, OUTCOMES[o]) for o in Outcome]
            self.fields[f"outcome-{key}"] = forms.ChoiceField(
                label="What is taken back", required=False, choices=[("", "Nothing"), *words],
                widget=forms.Select(attrs={"class": "field-box"}),
                error_messages={"invalid_choice": "Choose one of the answers."},
            )  # fmt: skip
            self.fields[f"amount-{key}"] = fields.MoneyField(line.left.currency, label="Lower by", required=False)

    def rows(self) -> Iterator[CreditRow]:
        """The lines that can still be credited, each with its boxes."""
        for line in self.lines:
            yield CreditRow(line, self[f"outcome-{line.line.key}"], self[f"amount-{line.line.key}"])

    def credits(self, given: dict[str, Any]) -> list[Credit]:
        """What was said of each line; lines of which nothing is taken back are left out."""
        found = []
        for line in self.lines:
            if chosen := given.get(f"outcome-{line.line.key}"):
                found.append(Credit(line.line.key, Outcome(chosen), given.get(f"amount-{line.line.key}")))
        return found
