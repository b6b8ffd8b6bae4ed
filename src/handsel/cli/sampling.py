"""`handsel demo`: the sample business, to look round in before anything of one's own is here."""

import subprocess
import sys
from typing import TYPE_CHECKING

import click

from handsel.cli import ground
from handsel.values.refusals import Refusal

if TYPE_CHECKING:
    from handsel.sample.story import Story

OFFER = "Nothing is here yet. Load a sample business, Larkspur Candles, to look round in?"


@click.command()
def demo() -> None:
    """Load the sample business, Larkspur Candles: a year of a candle shop that hands its mail over.

    The last lines are its short name, and for the owner and for her provider a link that logs in once.
    """
    ground.set_up()
    ground.check_database()
    _prepare()
    ground.check_guards()
    if not ground.is_empty():
        raise Refusal(
            "not_empty", "There is a business in this folder already, and the sample is kept apart from it.",
            mend="Load it into a folder of its own: HANDSEL_DATA=/path/to/folder handsel demo.",
        )  # fmt: skip
    story, links = _told_alone()
    click.echo(f"{story.told.cast.business} is ready. Each link logs in once.")
    click.echo(story.slug)
    for name, link in links.items():
        click.echo(f"{name}: {link}")


def offer() -> None:
    """Ask whoever starts Handsel on an empty installation, where somebody sits at the terminal."""
    if ground.is_empty() and sys.stdin.isatty() and sys.stdout.isatty() and click.confirm(OFFER, default=False):
        # In a process of its own: the story moves the clock of the whole process.
        subprocess.run([sys.executable, "-m", "handsel", "demo"], check=False)


def _prepare() -> None:
    from django.core.management import call_command

    if steps := ground.unmigrated():
        click.echo(f"Preparing the database, {steps} steps …", err=True)
        call_command("migrate", verbosity=0, interactive=False)


def _told_alone() -> tuple["Story", dict[str, str]]:
    """Tell the story all or none, while nothing else runs in this folder: its clock is not ours."""
    from django.db import transaction
    from django.utils import timezone

    from handsel.core.locks import migration_lock
    from handsel.people import entrance
    from handsel.sample.calendar import YEAR
    from handsel.sample.story import tell_story

    try:
        with (
            migration_lock(),
            click.progressbar(length=100, label="Telling a year", file=sys.stderr) as bar,
            transaction.atomic(),
        ):
            story = tell_story(
                timezone.now().date(), lambda done, total: bar.update(done * 100 // total - bar.pos), between=YEAR
            )
            links = {actor.name: entrance.log_in_link(actor) for actor in (story.owner, story.provider)}
    except Refusal as refusal:
        if refusal.code != "in_use":
            raise
        raise Refusal(
            refusal.code, refusal.sentence, mend="Stop it, load the sample business, then start it again."
        ) from refusal
    return story, links
