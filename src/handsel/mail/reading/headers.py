"""Header values: unfolding, encoded words (RFC 2047), parameters (RFC 2231), dates, message ids.

Values come as the compat32 parser keeps them: text in which bytes above 127 stand as surrogates. Nothing here raises.
"""

import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_tz
from urllib.parse import unquote_to_bytes

from handsel.mail.reading.charsets import clean_line, text_of

LONGEST_LINE = 2_000
"""Characters of a subject or a name that are kept."""
MOST_REFERENCES = 1_000
LONGEST_ID = 998

_WORD = re.compile(rb"=\?([^?\s]*)\?([bBqQ])\?([^?]*)\?=")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_ID = re.compile(r"<[^<>\s]{1,998}>")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SECTION = re.compile(r"^([^*]+)(?:\*(\d{1,3}))?(\*)?$")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")

Headers = dict[str, list[str]]
"""Values by lower-case name, in order, unfolded."""


def headers_of(message: Message) -> Headers:
    found: Headers = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower().strip(), []).append(_unfolded(str(value)))
    return found


def first(headers: Headers, name: str) -> str:
    """The first value of that name, or nothing."""
    return headers.get(name, [""])[0].strip()


def _unfolded(value: str) -> str:
    return _FOLD.sub("", value) if "\n" in value or "\r" in value else value


def decoded(value: str) -> str:
    """The words of a value as one clean line. Neighbouring words of one charset are joined before they are decoded."""
    raw = value.encode("utf-8", "surrogateescape")
    if b"=?" not in raw:
        return clean_line(text_of(raw, "")[0])[:LONGEST_LINE]
    return clean_line("".join(text_of(bytes(part), charset)[0] for charset, part in _parts(raw)))[:LONGEST_LINE]


def _parts(raw: bytes) -> list[tuple[str, bytearray]]:
    """Stretches of one charset (empty: not encoded). White space between two encoded words is no text."""
    parts: list[tuple[str, bytearray]] = []
    end, after_word = 0, False
    for word in _WORD.finditer(raw):
        gap = raw[end : word.start()]
        if gap and not (after_word and gap.isspace()):
            parts.append(("", bytearray(gap)))
        charset = word[1].split(b"*")[0].decode("ascii", "replace").lower() or "utf-8"
        payload = _unbase64(word[3]) if word[2] in b"bB" else _unquoted_printable(word[3])
        if parts and parts[-1][0] == charset:
            parts[-1][1].extend(payload)
        else:
            parts.append((charset, bytearray(payload)))
        end, after_word = word.end(), True
    if raw[end:]:
        parts.append(("", bytearray(raw[end:])))
    return parts


def _unbase64(text: bytes) -> bytes:
    letters = _NOT_BASE64.sub(b"", text)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _unquoted_printable(text: bytes) -> bytes:
    return binascii.a2b_qp(text.replace(b" ", b"_"), header=True)


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """The first word of a Content-Type or Content-Disposition, lower case, and its parameters, decoded."""
    word = value.partition(";")[0].strip().lower()
    plain: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, raw in _PARAMETER.findall(value):
        shape = _SECTION.match(name.lower())
        if shape is None:
            continue
        content = _ESCAPE.sub(r"\1", raw[1:].removesuffix('"')) if raw.startswith('"') else raw.strip()
        if shape[2] is None and shape[3] is None:
            plain.setdefault(shape[1], decoded(content))
        else:
            sections.setdefault(shape[1], []).append((int(shape[2] or 0), bool(shape[3]), content))
    return word, plain | {name: _joined(parts) for name, parts in sections.items()}


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    """The sections of one parameter (RFC 2231, 3 and 4): the first names the charset for all."""
    charset, raw = "", b""
    for n, (_, encoded, content) in enumerate(sorted(parts, key=lambda part: part[0])):
        if encoded and n == 0 and content.count("'") >= 2:
            charset, _, content = content.split("'", 2)
        piece = content.encode("utf-8", "surrogateescape")
        raw += unquote_to_bytes(piece) if encoded else piece
    return clean_line(text_of(raw, charset)[0])[:LONGEST_LINE]


def date_of(value: str) -> datetime | None:
    """The instant that a Date header names, in UTC; a zone that is missing counts as UTC. None where it names none."""
    try:
        parsed = parsedate_tz(value.encode("ascii", "ignore").decode("ascii")[:200])
        if parsed is None:
            return None
        year, month, day, hour, minute, second = parsed[:6]
        wall = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        return wall - timedelta(seconds=parsed[9] or 0)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def received_at(headers: Headers) -> datetime | None:
    """When the last server took the mail: the date after the semicolon of the topmost Received line."""
    return date_of(first(headers, "received").rpartition(";")[2]) if "received" in headers else None


def ids_in(values: Iterable[str]) -> tuple[str, ...]:
    """The message ids of these values, with their angle brackets, each once, in order: at most 1,000."""
    found = list(dict.fromkeys(one for value in values for one in _ID.findall(_ascii(value))))
    return tuple(found[:1] + found[1:][-(MOST_REFERENCES - 1) :])


def message_id(value: str) -> str | None:
    """The id of a Message-ID line with angle brackets; None where there is none."""
    if found := ids_in([value]):
        return found[0]
    bare = _ascii(value).strip().strip("<>")
    return f"<{bare}>" if bare and len(bare) <= LONGEST_ID and not re.search(r"\s", bare) else None


def _ascii(value: str) -> str:
    """Ids are compared, not shown: bytes above 127 become a question mark, control characters go."""
    return re.sub(r"[\x00-\x08\x0e-\x1f\x7f]", "", value.encode("utf-8", "surrogateescape").decode("ascii", "replace"))
