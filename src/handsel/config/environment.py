"""What the operator sets: each variable, its meaning and its default, read in one place."""

import os
import re
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_SETUP = (
    "PRAGMA journal_mode=WAL; PRAGMA recursive_triggers=ON; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
    "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864"
)

SHORTEST_KEY = 32  # characters; what we make ourselves has 64
SHORTEST_TOKEN = 20
_HOST = re.compile(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:]+\]|\*")
_PIECE = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_BUCKET = re.compile(rf"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9])(/(?P<prefix>{_PIECE}(/{_PIECE})*))?/?")


def data_folder(env: Mapping[str, str] = os.environ) -> Path:
    """HANDSEL_DATA: the folder of database and files; `var` below the working folder where it is not set."""
    return Path(env.get("HANDSEL_DATA") or "var").resolve()


def database(env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """HANDSEL_DATABASE_URL: `postgresql://user:password@host:port/name`; none: SQLite in the data folder.

    Raises ValueError with one sentence where the address names neither.
    """
    url = env.get("HANDSEL_DATABASE_URL", "")
    if not url:
        return _sqlite(data_folder(env) / "handsel.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ValueError("HANDSEL_DATABASE_URL must look like postgresql://user:password@host:port/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,  # the pool keeps the connections
        "DISABLE_SERVER_SIDE_CURSORS": True,  # PgBouncer in transaction mode
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}, **dict(parse_qsl(parts.query))},
    }


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10, "init_command": SQLITE_SETUP},
        # A file, not memory: WAL, locks and transactions are those of the real thing.
        "TEST": {"NAME": str(file.parent / f"test-{os.getpid()}.sqlite3")},
    }


def secret_key(env: Mapping[str, str] = os.environ) -> str:
    """HANDSEL_SECRET_KEY, or a key made once and kept in the data folder, readable by its owner alone."""
    if given := env.get("HANDSEL_SECRET_KEY"):
        if len(given) < SHORTEST_KEY:
            raise ValueError(f"HANDSEL_SECRET_KEY must be at least {SHORTEST_KEY} characters long.")
        return given
    file = data_folder(env) / "secret-key"
    try:
        return file.read_text()
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(48)
        file.touch(mode=0o600)
        file.write_text(made)
        return made


def address(env: Mapping[str, str] = os.environ) -> str:
    """HANDSEL_ADDRESS: where people reach this installation, as it stands in mailed links."""
    given = (env.get("HANDSEL_ADDRESS") or "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("HANDSEL_ADDRESS must look like https://handsel.example.")
    return given


def hosts(env: Mapping[str, str] = os.environ) -> list[str]:
    """HANDSEL_HOSTS: further names that this installation answers to."""
    names = [name.strip() for name in env.get("HANDSEL_HOSTS", "").split(",") if name.strip()]
    if any(not _HOST.fullmatch(name) for name in names):
        raise ValueError("HANDSEL_HOSTS must name hosts with commas between them, like office.example,10.0.0.5.")
    return names


def files(env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """HANDSEL_FILES: `s3://bucket/prefix`, as {"bucket", "prefix"}; none: files lie in the data folder."""
    given = env.get("HANDSEL_FILES", "")
    if not given:
        return {}
    found = _BUCKET.fullmatch(given)
    if not found:
        raise ValueError("HANDSEL_FILES must look like s3://bucket/prefix.")
    return {"bucket": found["bucket"], "prefix": found["prefix"] or ""}


def files_endpoint(env: Mapping[str, str] = os.environ) -> str:
    """HANDSEL_FILES_ENDPOINT: where the S3-compatible store is reached; empty: Amazon's own."""
    given = env.get("HANDSEL_FILES_ENDPOINT", "").rstrip("/")
    parts = urlsplit(given)
    if given and (parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc):
        raise ValueError("HANDSEL_FILES_ENDPOINT must look like https://s3.example:9000.")
    return given


def proxies(env: Mapping[str, str] = os.environ) -> int:
    """HANDSEL_PROXIES: how many reverse proxies stand before us; so many addresses of X-Forwarded-For are theirs."""
    given = env.get("HANDSEL_PROXIES") or "0"
    if not re.fullmatch(r"[0-9]", given):
        raise ValueError("HANDSEL_PROXIES must be a whole number from 0 to 9.")
    return int(given)


def mail_server(env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """HANDSEL_SMTP: `smtp://user:password@host:port` or `smtps://…`; none: mail waits in the outbox and says so."""
    url = env.get("HANDSEL_SMTP", "")
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("HANDSEL_SMTP must look like smtp://user:password@host:port.")
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "tls": parts.scheme == "smtps",
    }


def mail_from(env: Mapping[str, str] = os.environ) -> str:
    """HANDSEL_MAIL_FROM: the sender of Handsel's own mail."""
    given = env.get("HANDSEL_MAIL_FROM") or "handsel@localhost"
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", parseaddr(given)[1]):
        raise ValueError("HANDSEL_MAIL_FROM must be a mail address, like handsel@office.example.")
    return given


def webhooks_to_private(env: Mapping[str, str] = os.environ) -> bool:
    """HANDSEL_WEBHOOKS_TO_PRIVATE: whether webhooks may go to addresses of one's own network."""
    return _one_of("HANDSEL_WEBHOOKS_TO_PRIVATE", ("0", "1"), env) == "1"


def metrics_token(env: Mapping[str, str] = os.environ) -> str:
    """HANDSEL_METRICS_TOKEN: the bearer token that opens `/metrics` to other machines; empty: to none."""
    given = env.get("HANDSEL_METRICS_TOKEN", "")
    if given and len(given) < SHORTEST_TOKEN:
        raise ValueError(f"HANDSEL_METRICS_TOKEN must be at least {SHORTEST_TOKEN} characters long.")
    return given


def log_level(env: Mapping[str, str] = os.environ) -> str:
    """HANDSEL_LOG_LEVEL: from which weight on something is written to the log."""
    return _one_of("HANDSEL_LOG_LEVEL", ("WARNING", "DEBUG", "INFO", "ERROR", "CRITICAL"), env)


def log_format(env: Mapping[str, str] = os.environ) -> str:
    """HANDSEL_LOG_FORMAT: `plain` for people, `json` for programs."""
    return _one_of("HANDSEL_LOG_FORMAT", ("plain", "json"), env)


def _one_of(name: str, words: tuple[str, ...], env: Mapping[str, str]) -> str:
    """The word that is set; the first where none is."""
    given = env.get(name) or words[0]
    if given not in words:
        raise ValueError(f"{name} must be one of: {', '.join(words)}.")
    return given
