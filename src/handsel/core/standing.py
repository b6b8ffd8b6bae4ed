"""What `handsel check` asks of the ground: guards stand, trails verify, each status equals its records,
the bytes of each file are there."""

from collections.abc import Iterable

from django.db import connection

from handsel.core import checks, files, guards, stores, trail
from handsel.core.models import Chain, StoredFile


def _guards() -> Iterable[str]:
    return [f"The guard {name} does not stand." for name in guards.missing(connection)]


def _trails() -> Iterable[str]:
    for chain_id in Chain.objects.values_list("id", flat=True):
        yield from (f"Record {chain_id}: {fault}" for fault in trail.broken_links(chain_id))


def _statuses() -> Iterable[str]:
    """The expression of each `Follows`, recomputed over every row."""
    for guard in guards.registered():
        if isinstance(guard, guards.Follows):
            strays = f'SELECT COUNT(*) FROM {guard.table} t WHERE t."{guard.column}" IS DISTINCT FROM {guard.expression("t.id")}'  # noqa: S608
            with connection.cursor() as cursor:
                cursor.execute(strays)
                (count,) = cursor.fetchone()
            if count:
                yield f"{count} rows of {guard.table} have a {guard.column} that does not follow from their records."


def _sums() -> Iterable[str]:
    """Each `Tells`, recomputed over every row."""
    for guard in guards.registered():
        if isinstance(guard, guards.Tells):
            with connection.cursor() as cursor:
                cursor.execute(guard.in_step)
                (count,) = cursor.fetchone()
            if count:
                yield f"{count} rows of {guard.told} are not the sums of {guard.table}."


def _files() -> Iterable[str]:
    """The bytes of each kept file lie in the store, as many as its row says."""
    there = dict(stores.chosen().listed(files.FOLDER))
    for digest, size in StoredFile.objects.order_by("digest").values_list("digest", "size").distinct():
        found = there.get(files.key_of(digest))
        if found != size:
            words = "is missing" if found is None else f"has {found} bytes where {size} were kept"
            yield f"The file {files.key_of(digest)} {words}."


def register() -> None:
    """Called once, when the ground is ready."""
    checks.register("guards", _guards)
    checks.register("trail", _trails)
    checks.register("status", _statuses)
    checks.register("sums", _sums)
    checks.register("files", _files)
