"""`handsel export` and `handsel verify`: leaving with everything, without a browser."""

import subprocess
import sys
from pathlib import Path

import click

from handsel.cli import ground

_SIDES = ("owner", "provider")
_VERIFIER = Path(__file__).parents[1] / "front" / "export" / "verify.py"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--business", required=True, help="The short name of the business, as it stands in its addresses.")
@click.option("--side", type=click.Choice(_SIDES), required=True, help="Whose export it is.")
@click.option("--provider", default="", help="The provider's name, where several work for the business.")
def export(file: Path, business: str, side: str, provider: str) -> None:
    """Write everything that one side reads into a zip, with the program that verifies it."""
    ground.set_up()
    ground.check_database()
    ground.check_guards()
    from django.core.management import call_command

    with click.progressbar(length=100, label="Writing", file=sys.stderr) as bar:

        def progress(words: str, done: int, most: int) -> None:
            half = 0 if words.startswith("Reading") else 50
            bar.update(max(0, half + done * 50 // max(most, 1) - bar.pos))

        call_command("export_side", file, business=business, side=side, provider=provider, progress=progress)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("file", type=click.Path())
@click.argument("papers", nargs=-1, type=click.UNPROCESSED)
def verify(file: str, papers: tuple[str, ...]) -> None:
    """Look whether an export is whole, and whether it fits papers that you kept, or --entry N --seal "AB12 CD34".

    Ends with 0 where all fits, 1 where something was changed, 2 where the file cannot be read. It is the program that
    lies in every export, and reads nothing but what you name.
    """
    sys.exit(subprocess.call([sys.executable, "-I", str(_VERIFIER), file, *papers]))  # noqa: S603 - ours, of this package
