from django.apps import AppConfig
from django.db.backends.signals import connection_created

from handsel.core import writes


class CoreConfig(AppConfig):
    name = "handsel.core"

    def ready(self) -> None:
        from handsel.core import guards, own_guards, standing

        guards.register(own_guards.GUARDS)
        standing.register()
        # Not a signal of the house: it is how Django hands out a new connection.
        connection_created.connect(writes.watch, dispatch_uid="handsel-writes")
