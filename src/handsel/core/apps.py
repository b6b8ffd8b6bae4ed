from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.backends.signals import connection_created

from handsel.core import writes


class CoreConfig(AppConfig):
    name = "handsel.core"

    def ready(self) -> None:
        from handsel.core import guards, own_guards, sessions, standing, words

        guards.register([*own_guards.GUARDS, words.INDEXED])
        standing.register()
        # No signals of the house: it is how Django hands out a new connection, and a new session.
        connection_created.connect(writes.watch, dispatch_uid="handsel-writes")
        user_logged_in.connect(sessions.begin, dispatch_uid="handsel-sessions")
