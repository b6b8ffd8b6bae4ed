"""Open places of a draft: `{amount}` waits for a value. A text with an open place never goes out."""

import re
from collections.abc import Mapping

_SLOT = re.compile(r"\{([a-z][a-z0-9_]{0,60})\}")
_OPEN = re.compile(
    r"\{\{[^{}\n]{0,200}\}\}|\{%[^\n]{0,200}?%\}|\{[^{}\n]{0,200}\}|\{\{|\{%|\[\[[^\[\]\n]{0,200}\]\]|\[\["
    r"|\bX{3,}\b|\bTODO\b"
)


def slots_of(text: str) -> list[str]:
    """The names of a draft's slots, each once, in the order of the text."""
    return list(dict.fromkeys(_SLOT.findall(text)))


def open_slots(text: str) -> list[str]:
    """Everything in a text that still waits for words, as it stands there: slots, and what people type as reminders.

    `{…}`, `{{`, `{%`, `[[`, `XXX` and `TODO` count; an empty list means that the text may go out.
    """
    return list(dict.fromkeys(_OPEN.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The draft with the given values in their slots; a blank value leaves its slot open. Values are taken as they
    are: a slot that stands in a value is not filled in turn."""
    return _SLOT.sub(lambda slot: values.get(slot[1], "").strip() or slot[0], text)
