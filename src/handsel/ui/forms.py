"""The one form: a one-time key, our own sentences, refusals at their place, and one way to carry out what was typed."""

import secrets
from collections.abc import Callable
from copy import copy
from typing import Any, TypeVar

from django import forms

from handsel.ui.fields import Fault
from handsel.values.refusals import Refusal

Result = TypeVar("Result")

_PLAIN_REQUIRED = forms.Field.default_error_messages["required"]
_SENTENCES = {
    "invalid_choice": "Choose one of the answers.",
    "max_length": "At most %(limit_value)d characters; these are %(show_value)d.",
    "min_length": "At least %(limit_value)d characters; these are %(show_value)d.",
    "min_value": "Write at least %(limit_value)s.",
    "max_value": "Write at most %(limit_value)s.",
    "null_characters_not_allowed": "This holds a character that no text may hold. Type it anew.",
    "empty": "This file is empty. Choose another one.",
    "missing": "No file was chosen.",
}
_KINDS: list[tuple[type[forms.Field], dict[str, str]]] = [
    (forms.EmailField, {"invalid": "Write the address like nora@example.com."}),
    (forms.IntegerField, {"invalid": "Write a whole number, such as 12."}),
    (forms.URLField, {"invalid": "Write the address like https://example.com."}),
]
_AUTOCOMPLETE = {
    "email": "email", "name": "name", "business": "organization", "organization": "organization", "phone": "tel",
    "street": "street-address", "city": "address-level2", "postcode": "postal-code", "country": "country-name",
}  # fmt: skip
_MEANT_TOO = "The first words stand. If you mean these too, send the form once more."


def _new_key() -> str:
    return secrets.token_urlsafe(18)


class Form(forms.Form):
    """A form of the house.

    `key` is the one-time key of this rendering: it stays when the form is shown again with errors, so that a second
    press of the button gives the first result. Only where the key was spent on other words the form gets a new one, so
    that these can be sent too. `result` holds what the action returned.
    """

    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.result: Any = None
        self.fields["once"].initial = _new_key()
        dress(self)

    @property
    def key(self) -> str | None:
        """The one-time key that came with the form; None where none did."""
        return self.data.get(self.add_prefix("once")) or None

    def carry_out(self, act: Callable[[dict[str, Any]], Result]) -> bool:
        """Call the action with the answers if they are sound; a refusal is shown at its place. True if it was done."""
        if not self.is_valid():
            return False
        try:
            self.result = act({name: value for name, value in self.cleaned_data.items() if name != "once"})
        except Refusal as refusal:
            self.refuse(refusal)
            return False
        return True

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal at the field that it is about, or on top."""
        if refusal.code == "key_used":
            typed: Any = copy(self.data)  # what a request brings may not be written on
            typed[self.add_prefix("once")] = _new_key()
            self.data = typed
            refusal = Refusal(refusal.code, refusal.sentence, mend=_MEANT_TOO)
        place = refusal.place if refusal.place in self.fields else None
        self.add_error(place, Fault.of(refusal))


def dress(form: forms.BaseForm) -> None:
    """Give any Django form our sentences and what a browser may fill in by itself."""
    for name, field in form.fields.items():
        _speak(name, field)
        attributes = field.widget.attrs
        if "autocomplete" not in attributes and name in _AUTOCOMPLETE:
            attributes["autocomplete"] = _AUTOCOMPLETE[name]


def _speak(name: str, field: forms.Field) -> None:
    messages = field.error_messages
    if messages.get("required") in (None, _PLAIN_REQUIRED):
        label = field.label or name.replace("_", " ").capitalize()
        messages["required"] = f"Tick “{label}”." if isinstance(field, forms.BooleanField) else f"{label} is missing."
    own = _written_for(field)
    for code, sentence in [*_SENTENCES.items(), *_sentences_of(field)]:
        if code not in own:
            messages[code] = sentence


def _written_for(field: forms.Field) -> set[str]:
    """The codes whose sentence was written for this very field, not for its class."""
    brought: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        brought.update(getattr(kind, "default_error_messages", {}))
    return {code for code, text in field.error_messages.items() if brought.get(code) != text}


def _sentences_of(field: forms.Field) -> list[tuple[str, str]]:
    return [pair for kind, sentences in _KINDS if isinstance(field, kind) for pair in sentences.items()]
