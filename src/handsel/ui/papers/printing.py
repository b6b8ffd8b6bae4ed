"""Facts to PDF. Markup is never built from strings: facts travel as JSON and are shown as text."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_TEMPLATES = frozenset({"proposal", "terms", "invoice", "credit_note", "statement"})
_NOT_COVERED = re.compile(r'the text `"(.+?)"` could not be displayed')
_LETTER_MISSING = "\N{WHITE SQUARE}"


def render(template: str, facts: dict[str, Any]) -> bytes:
    """The paper as PDF/A-3a and PDF/UA-1; the same facts give the same bytes.

    template: `proposal`, `terms`, `invoice`, `credit_note`, `statement`. facts: as `facts.py` documents them.
    Letters that none of our fonts holds are looked for in the machine's fonts; where it has none either, a square stands
    in their place and the foot of each page says so. Raises RuntimeError where Typst is missing or refuses.
    """
    if template not in _TEMPLATES:
        raise RuntimeError(f"There is no paper named {template}.")
    source = _HERE / f"{template}.typ"
    printable = _without_controls(facts) | {"unprintable": ""}
    try:
        return _compiled(source, printable, own_fonts_only=True)
    except _LettersMissingError:
        pass
    try:
        return _compiled(source, printable, own_fonts_only=False)
    except _LettersMissingError as missing:
        return _compiled(source, _with_squares(printable, missing.letters), own_fonts_only=False)


class _LettersMissingError(RuntimeError):
    def __init__(self, letters: frozenset[str]) -> None:
        super().__init__(f"No font holds {' '.join(sorted(letters))}.")
        self.letters = letters


def _compiled(source: Path, facts: dict[str, Any], *, own_fonts_only: bool) -> bytes:
    try:
        import typst
    except ImportError as missing:
        raise RuntimeError(f"Papers need the package typst, which is not installed: {missing}.") from missing
    try:
        pdf = typst.compile(
            source,
            root=_HERE,
            font_paths=_fonts(own_fonts_only),
            sys_inputs={"facts": json.dumps(facts)},
            pdf_standards=["a-3a", "ua-1"],
        )
    except RuntimeError as refused:
        said = getattr(refused, "diagnostic", str(refused))
        if letters := frozenset("".join(_NOT_COVERED.findall(said))):
            raise _LettersMissingError(letters) from refused
        raise RuntimeError(f"The paper {source.stem} could not be printed: {refused}") from refused
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _fonts(own_only: bool) -> Any:
    """Reading the machine's fonts takes a while, so each set is read once in a process."""
    import typst

    return typst.Fonts(include_system_fonts=not own_only, font_paths=[_HERE / "fonts"])


def _without_controls(value: Any) -> Any:
    """The facts without control characters and halves of letters, which no paper can show; lines stay lines."""
    if isinstance(value, str):
        return "".join(c for c in value if c == "\n" or not _is_control(ord(c)))
    if isinstance(value, dict):
        return {key: _without_controls(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_controls(inner) for inner in value]
    return value


def _is_control(code: int) -> bool:
    return code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE


def _with_squares(facts: dict[str, Any], letters: frozenset[str]) -> dict[str, Any]:
    table = {ord(letter): _LETTER_MISSING for letter in letters}
    note = (
        f"{_LETTER_MISSING} stands for a letter that no font here holds; the record keeps the words as they were typed."
    )
    return {name: _translated(fact, table) for name, fact in facts.items()} | {"unprintable": note}


def _translated(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: _translated(inner, table) for key, inner in value.items()}
    if isinstance(value, list):
        return [_translated(inner, table) for inner in value]
    return value
