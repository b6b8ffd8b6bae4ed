"""How the log is written: a line for a person, or one JSON object a line (HANDSEL_LOG_FORMAT=json).

Nothing that somebody wrote or that opens a door stands in it: addresses, secrets, query strings and what a database
tells of a row's values are struck from every line, whatever logged them; long quotations are cut.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

_about: ContextVar[dict[str, Any]] = ContextVar("about", default={})  # noqa: B039 - never changed, only replaced

_ADDRESS = re.compile(r"[^\s@<>\"'(),;:=/\[\]]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_SECRET = re.compile(r"(?<![\w-])[\w-]{32,}(?![\w-])", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_QUERY = re.compile(r"(?<=\w|/)\?[^\s\"']+=[^\s\"']*")
_PASSWORD = re.compile(r"(?<=://)[^\s/@]+@")
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|HINT|LINE \d+):.*$", re.MULTILINE)
_QUOTED = re.compile(r"'[^'\n]{40,}'|(?<!File )\"[^\"\n]{40,}\"|“[^”\n]{40,}”")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


@contextmanager
def about(**facts: Any) -> Iterator[dict[str, Any]]:
    """What every line that is logged inside is about: the number of the request, and what becomes known meanwhile."""
    known = {**_about.get(), **facts}
    token = _about.set(known)
    try:
        yield known
    finally:
        _about.reset(token)


def struck(words: str) -> str:
    """The words without addresses, secrets, query strings, values of rows and long quotations."""
    for pattern, stand_in in (
        (_PASSWORD, "[password]@"), (_ADDRESS, "[address]"), (_QUERY, "?[query]"), (_DETAIL, ""), (_QUOTED, "“…”"),
    ):  # fmt: skip
        words = pattern.sub(stand_in, words)
    return _CONTROL.sub(" ", _SECRET.sub(_without_secret, words))


def _without_secret(found: re.Match[str]) -> str:
    """A key of a row stays, and so does a long name of the program: no secret of ours is without a digit."""
    word = found[0]
    is_name = not any(sign.isdigit() for sign in word)
    return word if is_name or _KEY.fullmatch(word) else "[secret]"


class Plain(logging.Formatter):
    """A line for a person, and the traceback below it."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        first, *rest = struck(super().format(record)).split("\n")
        return "\n    ".join([first + _in_words(_facts(record)), *rest])

    def formatException(self, ei: Any) -> str:  # noqa: N802 - named by the library
        return _trace(ei)


class Json(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, then what the line is about, then the trouble."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": struck(record.getMessage()),
            **_facts(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["trouble"] = _trace(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


FACTS = ("request", "task", "route", "status", "business", "person", "seconds")
"""What a line may be about beside its message: a request's number, a task's key, the name of a route, a slug, a key."""


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    given = {**_about.get(), **getattr(record, "about", {})}
    return {name: given[name] for name in FACTS if given.get(name) not in (None, "")}


def _in_words(facts: dict[str, Any]) -> str:
    return f" ({', '.join(f'{name} {value}' for name, value in facts.items())})" if facts else ""


def _trace(found: tuple[type[BaseException], BaseException, TracebackType | None] | Any) -> str:
    """Where it happened and what it was; of values nothing but what `struck` leaves of the last line."""
    return struck("".join(traceback.format_exception(*found)).strip())
