"""Values that draw themselves in a cell of a table, and are plain words in a CSV file."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Status:
    """A state's word, with the pair before it where two sides are concerned.

    owner, provider: open, given or refused; both empty where only one side is concerned. tone: alert, good, quiet.
    label: the pair in words, as "Submitted by Ines".
    """

    word: str
    owner: str = ""
    provider: str = ""
    label: str = ""
    tone: str = ""

    def __str__(self) -> str:
        return self.word

    def __html__(self) -> SafeString:
        return _drawn("ui/status.html", status=self)


@dataclass(frozen=True)
class Stage:
    """One of the five rungs of trust, with its word."""

    rung: int
    word: str

    def __str__(self) -> str:
        return self.word

    def __html__(self) -> SafeString:
        return _drawn("ui/stage.html", stage=self)


def _drawn(template: str, **values: object) -> SafeString:
    return SafeString(render_to_string(template, values).strip())
