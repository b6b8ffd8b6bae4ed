"""`handsel reindex` calls this: the command line and the front are neighbours, and neither imports the other."""

from typing import Any

from django.core.management.base import BaseCommand

from handsel.front.tasks import reindex


class Command(BaseCommand):
    """Build the search index anew."""

    help = "Build the search index anew."
    stealth_options = ("progress", "answer")  # a bar, and who takes the count of things that are found

    def handle(self, *_: Any, **given: Any) -> None:
        found = reindex(given.get("progress") or (lambda done, most: None))
        if given.get("answer"):
            given["answer"](found)
            return
        self.stdout.write(f"Search finds {found} things.")
