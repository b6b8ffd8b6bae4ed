"""Bytes to text: the declared charset, then UTF-8, then cp1252, then latin-1, which takes anything."""

import codecs
import re
from functools import lru_cache

_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "big5": "big5hkscs",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
}
"""What mail programs write, and the superset that they mean."""

_NEVER = {
    "idna",
    "punycode",
    "unicode-escape",
    "unicode_escape",
    "raw-unicode-escape",
    "raw_unicode_escape",
    "undefined",
}
"""Python calls these text encodings; none is a charset of mail, and two take quadratic time."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_NOT_IN_A_LINE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")


def text_of(raw: bytes, declared: str) -> tuple[str, bool]:
    """The text of bytes, and whether the declared charset (may be empty) was right. Never raises."""
    name = _codec(declared)
    if name:
        try:
            return _whole(raw.decode(name)), True
        except (UnicodeError, ValueError):
            pass
    for fallback in ("utf-8", "cp1252"):
        try:
            return raw.decode(fallback), not declared and raw.isascii()
        except UnicodeError:
            continue
    return raw.decode("latin-1"), False


@lru_cache(maxsize=256)
def _codec(declared: str) -> str | None:
    name = declared.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not name or len(name) > 40:
        return None
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # The check that bytes.decode itself makes; base64 and zlib are codecs too.
    return codec.name if codec._is_text_encoding and codec.name not in _NEVER else None


def _whole(text: str) -> str:
    """UTF-7 can decode to half a pair, which no database takes."""
    return _SURROGATE.sub("\ufffd", text)


def clean_text(text: str) -> str:
    """A body's text with line feeds for line ends and without control characters."""
    return _NOT_IN_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_line(text: str) -> str:
    """A header's text as one line: no control characters, nothing that turns the direction of writing."""
    return _SPACES.sub(" ", _NOT_IN_A_LINE.sub("", text)).strip()
