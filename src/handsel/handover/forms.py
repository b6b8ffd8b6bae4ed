"""What is asked about the hand-over."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from handsel.handover.rules import PLACEABLE, Ramp, Stage
from handsel.ui import fields
from handsel.ui.forms import Form
from handsel.values.days import monday_of

WORDS = {
    Stage.LEARN: "Learn: reads and asks, you write",
    Stage.SHADOW: "Shadow: writes for practice, nothing goes out",
    Stage.SUPERVISED: "Supervised: writes, and you read every reply before it goes out",
}


class StageForm(Form):
    """An assistant, a kind of work, and the stage that she is put at."""

    person_id = fields.ChoiceField(label="Who")
    kind = forms.CharField(
        label="Kind of request", required=False, max_length=80,
        help_text="As it is called in Mail; empty for everything without a stage of its own. Both let this person read "
        "customers' mail while the agreement is in force. For other work, write what it is.",
        widget=forms.TextInput(attrs={"class": "field-box", "list": "kinds", "autocomplete": "off"}),
    )  # fmt: skip
    stage = fields.ChoiceField(label="Stage", choices=[(stage.value, WORDS[stage]) for stage in PLACEABLE])
    reason = fields.TextField(
        label="Why", required=False, rows=2, max_length=500,
        help_text="Needed to go back a stage, or to supervise before the pages are acknowledged. Both sides read it.",
    )  # fmt: skip

    def __init__(self, *arguments: Any, people: Sequence[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [(str(key), name) for key, name in people]
        self.fields["person_id"].choices = choices  # type: ignore[attr-defined]  # our ChoiceField
        if len(choices) == 1:
            self.fields["person_id"].initial = choices[0][0]

    def clean_person_id(self) -> UUID:
        return UUID(self.cleaned_data["person_id"])

    def clean_stage(self) -> Stage:
        return Stage(self.cleaned_data["stage"])


class ShareForm(Form):
    """How the provider's share of the work should grow."""

    first_week = fields.DayField(label="First week", help_text="Any day of it.")
    weeks = fields.CountField(label="Over how many weeks", least=1, most=104)
    start = fields.CountField(label="Share in the first week, in %", least=0, most=100)
    goal = fields.CountField(label="Share in the last week, in %", least=0, most=100)

    def clean_first_week(self) -> date:
        return monday_of(self.cleaned_data["first_week"])

    @staticmethod
    def ramp(given: dict[str, Any]) -> Ramp:
        return Ramp(given["first_week"], given["weeks"], given["start"], given["goal"])
