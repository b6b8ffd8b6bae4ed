"""What is asked about calls, check-ins and comments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from handsel.ui import fields
from handsel.ui.forms import Form
from handsel.values.days import at


class CallForm(Form):
    """A call that was held."""

    day = fields.DayField(label="Day")
    clock = fields.ClockField(label="At")
    minutes = fields.CountField(label="Minutes", most=1440)
    with_whom = forms.CharField(label="With", max_length=120)
    notes = fields.TextField(label="What was said", required=False, rows=3, max_length=5000)
    decisions = fields.TextField(label="What was decided", required=False, rows=2, max_length=5000)
    follow_up = fields.DayField(label="Speak again on", required=False)

    def call(self, given: dict[str, Any], zone: str) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        started: datetime = at(given.pop("day"), given.pop("clock"), zone)
        return {**given, "at": started}


class CheckInForm(Form):
    """A check-in that was held: what was said, and what each side asks of the other."""

    day = fields.DayField(label="Day")
    notes = fields.TextField(label="What was said", required=False, rows=3, max_length=5000)
    owner_asks = fields.TextField(label="What should the provider change?", required=False, rows=2, max_length=5000)
    provider_asks = fields.TextField(label="What should the owner change?", required=False, rows=2, max_length=5000)


class CommentForm(Form):
    """A remark that both sides read."""

    text = fields.TextField(label="Add a comment", rows=2, max_length=5000)


class SubscriptionForm(Form):
    """An address of another server, and what it is told."""

    url = forms.CharField(label="Address", max_length=300, widget=forms.URLInput(attrs={"autocomplete": "off"}),
                          help_text="Like https://example.com/handsel")  # fmt: skip
    verbs = forms.MultipleChoiceField(label="Told of", required=False, widget=forms.CheckboxSelectMultiple,
                                      help_text="Nothing ticked: of everything.")  # fmt: skip

    def __init__(self, *arguments: Any, rooms: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["verbs"].choices = list(rooms)  # type: ignore[attr-defined]  # a field with choices
