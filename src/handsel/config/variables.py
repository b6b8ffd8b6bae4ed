"""What whoever runs an installation may set: each variable once, with its meaning, its default and how it is checked.

The tables in README.md and docs/settings.md are made from here: `python -m handsel.config.variables`.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from handsel.config import environment

PREFIX = "HANDSEL_"
# Set by Handsel's own processes for each other, and by its tests and measurements; nobody else sets them.
INNER = ("HANDSEL_PARENT", "HANDSEL_WEB", "HANDSEL_ASKED", "HANDSEL_API_EXAMPLES", "HANDSEL_BENCH_", "HANDSEL_TESTS_")


@dataclass(frozen=True)
class Variable:
    """One setting. without: what holds where it is not set; check: what a value must be, in words; read: gives what the
    program makes of it, or raises ValueError with one sentence that names the variable."""

    name: str
    meaning: str
    without: str
    check: str
    read: Callable[[Mapping[str, str]], Any]


VARIABLES = (
    Variable("HANDSEL_DATA", "folder of the database, the files and the secret key", "`var` below the working folder",
             "can be written, at the start", environment.data_folder),
    Variable("HANDSEL_DATABASE_URL", "`postgresql://user:password@host:port/name`", "SQLite in the data folder",
             "an address of that form, which answers within five seconds", environment.database),
    Variable("HANDSEL_FILES", "where files and mail lie: `s3://bucket/prefix` of an S3-compatible store", "in the data folder",
             "an address of that form; a bucket that may be listed, at the start; if it does not answer, a warning",
             environment.files),
    Variable("HANDSEL_FILES_ENDPOINT", "where that store is reached, `https://host:port`", "Amazon's own",
             "begins with `http://` or `https://`, holds no password", environment.files_endpoint),
    Variable("HANDSEL_ADDRESS", "where people reach this installation, as mailed links name it",
             "`http://127.0.0.1:8000`, or what `--host` and `--port` say",
             "begins with `http://` or `https://`; with `https://` cookies travel by it alone", environment.address),
    Variable("HANDSEL_HOSTS", "further host names that it answers to, with commas", "none",
             "host names without scheme or path", environment.hosts),
    Variable("HANDSEL_PROXIES", "how many reverse proxies stand before it, one behind the other", "`0`: it is reached directly",
             "a whole number from 0 to 9; so many addresses are believed of X-Forwarded-For", environment.proxies),
    Variable("HANDSEL_SMTP", "mail server, `smtp://user:password@host:port` or `smtps://…`", "mail waits, and each page says so",
             "an address of that form; if it does not answer at the start, a warning", environment.mail_server),
    Variable("HANDSEL_MAIL_FROM", "the sender of Handsel's own mail", "`handsel@localhost`",
             "a mail address", environment.mail_from),
    Variable("HANDSEL_SECRET_KEY", "the key that signs sessions and links", "made once, kept in the data folder",
             "at least 32 characters", environment.secret_key),
    Variable("HANDSEL_WEBHOOKS_TO_PRIVATE", "`1`: webhooks may go to addresses of one's own network too", "`0`: they may not",
             "`0` or `1`", environment.webhooks_to_private),
    Variable("HANDSEL_METRICS_TOKEN", "the bearer token with which `/metrics` is read from elsewhere", "from the machine itself only",
             "at least 20 characters", environment.metrics_token),
    Variable("HANDSEL_LOG_LEVEL", "how much is written to standard error", "`WARNING`",
             "`DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`", environment.log_level),
    Variable("HANDSEL_LOG_FORMAT", "`json`: one object a line, for programs", "`plain`: for people",
             "`plain` or `json`", environment.log_format),
)  # fmt: skip
NAMES = frozenset(variable.name for variable in VARIABLES)


def unknown(env: Mapping[str, str] = os.environ) -> list[str]:
    """Sentences that name variables which Handsel does not know, each with the known one that is nearest."""
    strange = sorted(name for name in env if name.startswith(PREFIX) and name not in NAMES)
    return [_strange(name) for name in strange if not name.startswith(INNER)]


def _strange(name: str) -> str:
    near = get_close_matches(name, NAMES, n=1, cutoff=0.0)[0]
    return f"There is no variable {name}; the nearest is {near}."


def table(*, checked: bool) -> str:
    """The variables as Markdown; checked: with how each is checked."""
    heads = ["variable", "meaning", "where it is not set", *(["checked"] if checked else [])]
    rows = [[f"`{v.name}`", v.meaning, v.without, *([v.check] if checked else [])] for v in VARIABLES]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" if cells[0] != "---" else "|---" * len(heads) + "|" for cells in lines)


if __name__ == "__main__":
    print(table(checked=True))  # noqa: T201 - what it is called for
