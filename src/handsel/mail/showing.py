"""Mail and replies as pages show them: what is open in a draft, what was changed, what is known already."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from handsel.mail.mining.slots import fill, open_slots, slots_of
from handsel.mail.mining.spans import spans_of


@dataclass(frozen=True)
class Piece:
    """Some words of a text. change: "" as it was, "del" taken out, "ins" put in, "open" a place to fill."""

    words: str
    change: str = ""


def pieces(text: str) -> list[Piece]:
    """The text with its open places by themselves; `{order_number}` is shown as “order number”."""
    waiting = open_slots(text)
    if not waiting:
        return [Piece(text)]
    parts = re.split("(" + "|".join(re.escape(one) for one in waiting) + ")", text)
    return [Piece(_spoken(part), "open") if part in waiting else Piece(part) for part in parts if part]


def changes(before: str, after: str) -> list[Piece]:
    """What was changed, word by word."""
    old, new = _words(before), _words(after)
    return list(_joined(old, new, difflib.SequenceMatcher(None, old, new, autojunk=False)))


def suggestion(draft: str, request: str, customer: str, business: str) -> str:
    """A draft as the writer begins with it: a greeting, the draft with what the request tells for sure, a closing.

    Only an order number is certain enough to be filled in: where the draft has one place for it, and the request names
    just one. Everything else stays open.
    """
    numbers = {request[span.start : span.end] for span in spans_of(request) if span.kind == "order_number"}
    known = {"order_number": numbers.pop()} if len(numbers) == 1 and "order_number" in slots_of(draft) else {}
    first = customer.split()[0] if customer and "@" not in customer else ""
    greeting = f"Hello {first}," if first else "Hello,"
    return f"{greeting}\n\n{fill(draft, known)}\n\nKind regards,\n{business}"


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def _joined(old: list[str], new: list[str], matcher: "difflib.SequenceMatcher[str]") -> Iterator[Piece]:
    for _, i1, i2, j1, j2 in matcher.get_opcodes():
        if old[i1:i2] == new[j1:j2]:
            yield Piece("".join(new[j1:j2]))
            continue
        if i2 > i1:
            yield Piece("".join(old[i1:i2]), "del")
        if j2 > j1:
            yield Piece("".join(new[j1:j2]), "ins")


def _spoken(place: str) -> str:
    return place.strip("{}[]%").replace("_", " ").strip() or place
