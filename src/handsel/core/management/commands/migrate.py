"""`migrate`, with the guards: on SQLite a rebuilt table silently loses its triggers, and one that a trigger reads
cannot be rebuilt. So they go before and come back after, whatever happens, under the lock that `handsel run` holds."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from handsel.core import guards, writes
from handsel.core.locks import migration_lock


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        around: AbstractContextManager[None] = nullcontext()
        with migration_lock(), writes.migrating():
            if connection.vendor == "sqlite":
                around = guards.aside(connection)
            try:
                with around:
                    super().handle(*args, **options)
            finally:
                guards.install(connection)
