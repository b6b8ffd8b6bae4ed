"""What must hold before anything starts; each fault is one sentence with its mend."""

import errno
import os
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from handsel.values.refusals import Refusal

OLDEST_SQLITE = (3, 51, 3)  # before it, two connections that checkpoint at once can corrupt the file
LEAST_FREE = 64 * 2**20  # bytes: a full write-ahead log, and room to tidy up
_CLOCK_OFF = timedelta(hours=1)
_PATIENCE = 3.0  # seconds for the mail server's first word


def set_up(address: str = "") -> None:
    """Load the settings and Django's rooms. address: what the log-in links name, unless the operator says otherwise.

    Raises Refusal where a variable or the data folder is at fault.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handsel.config.settings")
    if address:
        os.environ.setdefault("HANDSEL_ADDRESS", address)
    _check_sqlite()
    import django  # only now: its settings read the variables and the data folder
    from django.conf import settings

    try:
        _check_variables(settings.UNKNOWN_VARIABLES)
        _check_folder(settings.DATA)
        django.setup()
        _check_store()
    except OSError as fault:
        raise _no_folder(fault) from fault
    except ValueError as fault:
        if "HANDSEL_" not in str(fault):
            raise
        raise Refusal("variable_wrong", str(fault), mend="Set the variable anew, then start again.") from fault


def _check_sqlite() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        raise Refusal(
            "sqlite_old",
            f"SQLite {sqlite3.sqlite_version} can lose data; Handsel needs {wanted} or newer.",
            mend="Install the bundled one: pip install --force-reinstall pysqlite3. Where pip builds it from source "
            "(Linux on ARM), it needs a compiler and the newer SQLite with its headers.",
        )


def _check_variables(unknown: list[str]) -> None:
    """A name that is misspelt would be silently left out: what it was to change would not be changed."""
    if unknown:
        raise Refusal("variable_unknown", unknown[0], mend="Set that one, or take the variable away, then start again.")


def _check_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise Refusal(
            "disk_full", f"The disk of the data folder {folder} is full: {free // 2**20} MB are free.",
            mend=f"Free at least {LEAST_FREE // 2**20} MB there, or name another folder: HANDSEL_DATA=/path/to/folder.",
        )  # fmt: skip
    with tempfile.TemporaryFile(dir=folder):
        pass
    for name in ("secret-key", "lock", "handsel.sqlite3"):
        if (folder / name).exists():
            with (folder / name).open("r+b"):
                pass


def _no_folder(fault: OSError) -> Refusal:
    return Refusal(
        "folder_not_writable", f"The data folder cannot be written: {fault.filename}: {fault.strerror}.",
        mend="Name a folder that you may write in: HANDSEL_DATA=/path/to/folder.",
    )  # fmt: skip


def _check_store() -> None:
    """Raises Refusal where the store of files that was chosen will not have us. One that gives no answer is a doubt:
    what needs no file goes on meanwhile."""
    try:
        away = _store_away()
    except ModuleNotFoundError as fault:
        raise Refusal(
            "variable_wrong", "HANDSEL_FILES names an S3-compatible store, and boto3 is not installed.",
            mend="Install it: pip install 'handsel[s3]', or take the variable away.",
        ) from fault  # fmt: skip
    if away and away.says_no:
        raise Refusal(
            "variable_wrong", f"HANDSEL_FILES must name a bucket that lets us in; {away.why}.",
            mend="Look at HANDSEL_FILES, HANDSEL_FILES_ENDPOINT, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then start "
            "again.",
        )  # fmt: skip


def _store_away() -> Any:
    """Why the store of files cannot be read, as a `StoreAway`; None where it can."""
    from django.conf import settings

    if not settings.FILES:
        return None
    from handsel.core import stores

    try:
        next(stores.chosen().listed("files/"), None)
    except stores.StoreAway as away:
        return away
    return None


def check_database() -> None:
    """Raises Refusal where the database does not answer, within five seconds."""
    from django.conf import settings
    from django.db import DatabaseError, connection

    wanted: dict[str, Any] = settings.DATABASES["default"]
    try:
        if connection.vendor == "postgresql":
            _knock(wanted)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as fault:
        raise _no_database(connection.vendor, wanted, fault) from fault


def _knock(wanted: dict[str, Any]) -> None:
    """Ask PostgreSQL once; its pool would ask for longer, and then say less."""
    import psycopg
    from django.db import OperationalError

    try:
        psycopg.connect(
            host=wanted["HOST"] or None, port=wanted["PORT"] or None, dbname=wanted["NAME"],
            user=wanted["USER"] or None, password=wanted["PASSWORD"] or None, connect_timeout=5,
        ).close()  # fmt: skip
    except psycopg.Error as fault:
        raise OperationalError(str(fault)) from fault


def _no_database(vendor: str, wanted: dict[str, Any], fault: Exception) -> Refusal:
    said = (str(fault).strip().splitlines() or [""])[-1]
    if vendor == "sqlite":
        return Refusal(
            "database_unreadable", f"The database file {wanted['NAME']} cannot be opened: {said}.",
            mend="Put back the file from your last copy, or name another folder: HANDSEL_DATA=/path/to/folder.",
        )  # fmt: skip
    place = f"{wanted['NAME']} at {wanted['HOST'] or 'this machine'}:{wanted['PORT'] or 5432}"
    return Refusal(
        "database_away", f"The database {place} does not answer: {said}",
        mend="Look whether it runs, and at HANDSEL_DATABASE_URL: postgresql://user:password@host:port/name.",
    )  # fmt: skip


def database_gave_way(fault: Exception) -> Refusal | None:
    """The sentence where a database went away, is locked, full or damaged in the middle of something; None where the
    fault is another one."""
    if "django.db" not in sys.modules:  # then it was none of it, and help need not wait for it
        return None
    from django.db import DatabaseError, InterfaceError, OperationalError

    if not isinstance(fault, (OperationalError, InterfaceError)) and type(fault) is not DatabaseError:
        return None
    said = (str(fault).strip().splitlines() or [type(fault).__name__])[0]
    return Refusal(
        "database_gave_way", f"The database gave way in the middle of it: {said}.",
        mend="What was not finished is undone. Look whether it runs and has space, then at: handsel check.",
    )  # fmt: skip


def check_guards() -> None:
    """Raises Refusal where the database would take what it must refuse, or was never migrated."""
    from django.db import connection

    from handsel.core import guards

    if steps := unmigrated():
        raise Refusal(
            "not_migrated", f"The database is {steps} steps behind this version.", mend="Run: handsel migrate"
        )
    if missing := guards.missing(connection):
        raise Refusal(
            "guard_missing", f"The database has lost {len(missing)} of its guards: {', '.join(missing[:5])}.",
            mend="Put them back: handsel migrate. Nothing is served without them.",
        )  # fmt: skip


def check_begun() -> None:
    """Raises Refusal where nothing was ever put into the database."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    if not MigrationRecorder(connection).applied_migrations():
        raise Refusal("nothing_here", "There is no Handsel in this database yet.", mend="Look at HANDSEL_DATA and "
                      "HANDSEL_DATABASE_URL, or begin: handsel run.")  # fmt: skip


def bring_up() -> None:
    """Bring a database in which nothing is yet to this version; one that holds something is left to `migrate`."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    if not MigrationRecorder(connection).applied_migrations():
        call_command("migrate", verbosity=0, interactive=False)


def unmigrated() -> int:
    """How many steps of migration are still to come."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def check_port(host: str, port: int) -> None:
    """Raises Refusal where nobody could listen there."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except (socket.gaierror, UnicodeError) as fault:
        raise Refusal("host_unknown", f"There is no address {host} here.", mend="Use --host 127.0.0.1.") from fault
    except OSError as fault:
        raise _no_port(host, port, fault) from fault


def _no_port(host: str, port: int, fault: OSError) -> Refusal:
    other = f"Choose another, for example: --port {port + 1 if port >= 1024 else 8000}"
    if fault.errno == errno.EADDRINUSE:
        return Refusal("port_in_use", f"Port {port} on {host} is in use already.", mend=other)
    if fault.errno == errno.EACCES:
        return Refusal("port_forbidden", f"You may not listen on port {port} on {host}.", mend=other)
    return Refusal(
        "host_unknown", f"This machine has no address {host}: {fault.strerror}.", mend="Use --host 127.0.0.1."
    )


def is_empty() -> bool:
    """Whether nobody has begun here yet."""
    from handsel.people.models import Business

    return not Business._base_manager.exists()


# ---------------------------------------------------------------- what is worth a word, and stops nothing


def doubts() -> Iterator[str]:
    """Sentences about what will hurt later, though it runs: the clock, the mail server, the address, the store of files."""
    yield from _doubtful_clock()
    yield from _doubtful_address()
    yield from _doubtful_store()
    yield from _doubtful_mail_server()


def _doubtful_clock() -> Iterator[str]:
    """Keys hold the time at which they were made: the greatest one is the newest event."""
    from django.utils import timezone

    from handsel.core.models import Event

    newest = Event.objects.order_by("-id").values_list("at", flat=True).first()
    now = timezone.now()
    if newest is not None and newest > now + _CLOCK_OFF:
        yield (
            f"The clock of this machine says {now:%Y-%m-%d %H:%M} UTC, but the newest event is of {newest:%Y-%m-%d %H:%M}. "
            "Set the clock right."
        )


def _doubtful_address() -> Iterator[str]:
    from django.conf import settings

    if settings.ADDRESS.startswith("https://") and not settings.PROXIES:
        yield (
            "HANDSEL_ADDRESS begins with https://, which a proxy before Handsel must speak. Say how many there are, "
            "HANDSEL_PROXIES=1, or everybody seems to come from the proxy's address."
        )


def _doubtful_store() -> Iterator[str]:
    if away := _store_away():
        yield (
            f"The store of files does not answer ({away.why}). Nothing can be kept or downloaded until it does; look at "
            "HANDSEL_FILES and HANDSEL_FILES_ENDPOINT."
        )


def _doubtful_mail_server() -> Iterator[str]:
    from django.conf import settings

    server: dict[str, Any] = settings.MAIL_SERVER
    if not server:
        return
    try:
        with socket.create_connection((server["host"], server["port"]), timeout=_PATIENCE):
            pass
    except OSError as fault:
        yield (
            f"The mail server {server['host']}:{server['port']} does not answer ({fault.strerror or fault}). Mail waits "
            "and is tried again; look at HANDSEL_SMTP."
        )
