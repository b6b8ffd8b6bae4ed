"""Durations: whole seconds inside; `1:30`, `1.5`, `1h30m`, `90m` in a box; `1:30` on a page (WORK.md 3.3)."""

import re
from decimal import Decimal

from handsel.values.refusals import Refusal, marked

_CLOCK = re.compile(r"(\d{0,3}):(\d{1,2})(?::(\d{1,2}))?", re.ASCII)
_DECIMAL = re.compile(r"\d{1,3}[.,]\d{1,2}", re.ASCII)
_WHOLE = re.compile(r"\d{1,2}", re.ASCII)
_UNITS = re.compile(
    r"(?:(\d{1,3}(?:[.,]\d{1,2})?) ?h(?:ours?)?)? ?(?:(\d{1,4}) ?m(?:in(?:utes?)?)?)? ?(?:(\d{1,5}) ?s)?", re.ASCII
)


def parse_duration(text: str) -> int:
    """Seconds that the text means. Whole numbers up to 24 are hours. Refuses what it does not understand."""
    text = " ".join(text.split()).lower()
    if match := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        if minutes > 59:
            raise _refusal(
                marked(f"“{text}” has more than 59 minutes."),
                f"Did you mean {format_duration(hours * 3600 + minutes * 60)} or {hours}:{minutes * 60 // 100:02d}?",
            )
        if seconds > 59:
            raise _refusal(marked(f"“{text}” has more than 59 seconds."), "Write it as 1:30:45.")
        return hours * 3600 + minutes * 60 + seconds
    if _DECIMAL.fullmatch(text):
        return _whole_seconds(Decimal(text.replace(",", ".")) * 3600)
    if _WHOLE.fullmatch(text) and int(text) <= 24:
        return int(text) * 3600
    if text and (match := _UNITS.fullmatch(text)) and any(match.groups()):
        h, m, s = match.groups()
        return _whole_seconds(Decimal((h or "0").replace(",", ".")) * 3600) + int(m or 0) * 60 + int(s or 0)
    raise _refusal(marked(f"“{text}” is not a length of time."), "Write 1:30, 1.5, 1h30m or 90m.")


def format_duration(seconds: int) -> str:
    """H:MM, and H:MM:SS only where seconds are left over."""
    minutes, rest = divmod(abs(seconds), 60)
    text = f"{minutes // 60}:{minutes % 60:02d}" + (f":{rest:02d}" if rest else "")
    return f"−{text}" if seconds < 0 else text


def _whole_seconds(seconds: Decimal) -> int:
    return int(seconds.to_integral_value())


def _refusal(sentence: str, mend: str) -> Refusal:
    return Refusal("not_a_duration", sentence, mend=mend, place="duration", status=422)
