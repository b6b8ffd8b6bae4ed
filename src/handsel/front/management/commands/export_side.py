"""`handsel export` calls this: the command line and the front are neighbours, and neither imports the other."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from handsel.core.whole import require_free
from handsel.front.export.writing import Progress, Summary, write_export
from handsel.people import actions, queries
from handsel.people.models import Membership, Provider
from handsel.values.actors import Actor, Role, Side, Way
from handsel.values.refusals import Refusal


class Command(BaseCommand):
    """Write the export of one side to a file."""

    help = "Write everything that one side reads into a zip."
    stealth_options = ("progress", "answer")  # what `handsel export` gives besides: a bar, and who takes the summary

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--business", required=True)
        parser.add_argument("--side", required=True, choices=[side.value for side in Side])
        parser.add_argument("--provider", default="")

    def handle(self, *_: Any, **given: Any) -> None:
        made = export_side(given["file"], given["business"], Side(given["side"]), given["provider"],
                           given.get("progress") or (lambda words, done, most: None))  # fmt: skip
        if given.get("answer"):
            given["answer"](made)
            return
        self.stdout.write(f"{made.rows} rows, {made.events} entries of the trail, {made.papers} papers.")
        if made.lost:
            self.stdout.write(
                f"{made.lost} papers or mails were missing in the data folder, or changed there; verify.py names them."
            )
        self.stdout.write(f"The trail ends with entry {made.number}, seal {made.head[:16].upper()}.")


def export_side(file: Path, slug: str, side: Side, provider: str, progress: Progress) -> Summary:
    """Write the side's export, then note it in the trail: so an export that came from this one by an import is equal to
    it. provider: a name, needed where several work for the business."""
    require_free(file)
    business = queries.business_by_slug(slug)
    whose = _provider(business.pk, provider) if side is Side.PROVIDER_SIDE else None
    role = Role.PROVIDER_ADMIN if whose else Role.OWNER
    reader = Actor(None, business.pk, role, frozenset(), Way.COMMAND, provider_id=whose, slug=slug)
    made = write_export(reader, file, progress)
    actions.note_export(queries.system_actor(business.pk, Way.COMMAND))
    return made


def _provider(business_id: UUID, name: str) -> UUID:
    """The provider of this name, or the only one."""
    keys = Membership.objects.filter(business_id=business_id).exclude(provider=None).values("provider_id")
    known: dict[str, UUID] = {p.name: p.pk for p in Provider.objects.filter(pk__in=keys)}
    if not name and len(known) == 1:
        return next(iter(known.values()))
    if name not in known:
        names = ", ".join(f"“{n}”" for n in sorted(known)) or "nobody yet"
        raise Refusal("which_provider", f"Name the provider: {names}.", mend="Say it with --provider NAME.")
    return known[name]
