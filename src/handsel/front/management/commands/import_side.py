"""`handsel import` calls this: the command line and the front are neighbours, and neither imports the other."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from handsel.core import followers
from handsel.front.actions import import_side
from handsel.front.export.bringing import Progress, Rows, in_words
from handsel.front.export.opening import opened
from handsel.front.export.unpacking import unpacked
from handsel.people import actions, queries
from handsel.values.actors import Way


@dataclass(frozen=True)
class Imported:
    """What came in. lost: papers that were missing in the export already. links: a person's name → a way in, once."""

    business: str
    name: str
    side: str
    rows: int
    events: int
    papers: int
    lost: int
    links: dict[str, str]


class Command(BaseCommand):
    """Bring a business in from the export of one of its sides."""

    help = "Bring a business in from the export of one of its sides."
    stealth_options = ("progress", "answer")  # what `handsel import` gives besides: a bar, and who takes the summary

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_: Any, **given: Any) -> None:
        made = import_export(given["file"], given.get("progress") or (lambda done, most: None))
        if given.get("answer"):
            given["answer"](made)
            return
        self.stdout.write(f"{made.name} is here, as its {made.side}’s side reads it: {made.rows} rows, {made.events} entries of "
                          f"the trail, {made.papers} papers. Each link logs in once.")  # fmt: skip
        if made.lost:
            self.stdout.write(f"{made.lost} papers were missing in the export already.")
        self.stdout.write(made.business)
        for name, link in made.links.items():
            self.stdout.write(f"{name}: {link}")


def import_export(file: Path, progress: Progress) -> Imported:
    """Bring the business in this file in, whole or not at all, and let its people in by links."""
    with opened(file) as export:
        with in_words(), unpacked(export):
            brought = import_side(queries.system_actor(way=Way.IMPORT), Rows(export, progress))
        papers = sum(name.startswith("papers/") for name in export.names)
        side, lost = export.manifest["side"], export.lost
    links = {name: _link(person) for person, name in brought.members}
    followers.follow_all()
    return Imported(brought.slug, brought.name, side, brought.rows, brought.events, papers, lost, links)


def _link(person: UUID) -> str:
    """Noted in the person's own trail: that of the business ends where the export ends."""
    token = actions.make_log_in_link(queries.system_actor(way=Way.COMMAND), person, person)
    return f"{settings.ADDRESS}{reverse('people:one_time', args=[token])}"
