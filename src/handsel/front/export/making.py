"""Ask for an export, make it in the worker, say how far it is."""

import tempfile
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from handsel.core import files
from handsel.core.jobs import task
from handsel.core.writes import transaction_in_turn
from handsel.front.export.models import Export
from handsel.front.export.writing import COPYING, READING, write_export
from handsel.people import actions
from handsel.people.queries import actor_of, memberships_of
from handsel.values.actors import Actor
from handsel.values.refusals import Refusal

_SAY_EVERY = 0.5  # seconds between two words on how far it is
_LEFT = "You are no longer a member of this business."


def exports(actor: Actor) -> QuerySet[Export]:
    """The exports that this person asked for, newest first; one SQL query."""
    return Export.objects.visible_to(actor).select_related("file").order_by("-made_at", "-id")


def ask_for_export(actor: Actor) -> Export:
    """Note the wish in the trail and let the worker make it. While one is being made, that one is given."""
    if under_way := next((e for e in exports(actor)[:1] if e.is_under_way), None):
        return under_way
    with transaction_in_turn():
        key = actions.note_export(actor)
        export, fresh = Export.objects.get_or_create(
            pk=key,
            defaults={
                "business_id": actor.business_id, "person_id": actor.person_id, "provider_id": actor.provider_id,
                "words": READING,
            },
        )  # fmt: skip
        if fresh:
            make_export.enqueue(str(key))
    return export


@task
def make_export(key: str) -> None:
    """Write the zip and keep it; done once, it stays as it is. A refusal is kept as its sentence."""
    export = Export.objects.filter(pk=UUID(key)).select_related("business").first()
    if export is None or not export.is_under_way:
        return
    try:
        _make(export, _actor_of(export))
    except Refusal as refusal:
        _note(export, trouble=str(refusal)[:300])


def _actor_of(export: Export) -> Actor:
    """Whoever asked, with the part in the business that she has now."""
    for membership in memberships_of(export.person_id).filter(business_id=export.business_id):
        if membership.provider_id == export.provider_id:
            return actor_of(membership)
    raise Refusal("not_a_member", _LEFT, mend="Ask the owner.")


def _make(export: Export, actor: Actor) -> None:
    last = 0.0

    def progress(words: str, done: int, most: int) -> None:
        nonlocal last
        if words == COPYING and time.monotonic() - last > _SAY_EVERY:
            last = time.monotonic()
            _note(export, words=words, done=done, most=max(most, 1))

    with tempfile.TemporaryDirectory(dir=settings.DATA, prefix="export-") as folder:
        target = Path(folder) / "export.zip"
        summary = write_export(actor, target, progress)
        kept = files.keep(target.read_bytes(), _name_of(export), "application/zip", export.business_id)
    _note(export, file_id=kept.pk, number=summary.number, head=summary.head)


def _name_of(export: Export) -> str:
    side = "provider" if export.provider_id else "owner"
    return f"handsel-{export.business.slug}-{side}-{timezone.now():%Y-%m-%d}.zip"


def _note(export: Export, **how: object) -> None:
    with transaction_in_turn():
        Export.objects.filter(pk=export.pk).update(**how)
