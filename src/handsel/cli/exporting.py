"""`handsel export` and `handsel verify`: leaving with everything, without a browser."""

import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from handsel.cli import ground
from handsel.cli.saying import answer, bar, is_for_a_program, json_option, say

_SIDES = ("owner", "provider")
_VERIFIER = Path(__file__).parents[1] / "front" / "export" / "verify.py"
_UTF8 = {**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8:replace"}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--business", required=True, help="The short name of the business, as it stands in its addresses.")
@click.option("--side", type=click.Choice(_SIDES), required=True, help="Whose export it is.")
@click.option("--provider", default="", help="The provider's name, where several work for the business.")
@json_option
def export(file: Path, business: str, side: str, provider: str) -> None:
    """Write everything that one side reads into a zip, with the program that verifies it."""
    ground.set_up()
    ground.check_database()
    ground.check_guards()
    from django.core.management import call_command

    with bar("Writing") as shown:

        def progress(words: str, done: int, most: int) -> None:
            half = 0 if words.startswith("Reading") else 50
            shown(half + done * 50 // max(most, 1), 100)

        taking = {"answer": answered} if is_for_a_program() else {}
        call_command("export_side", file, business=business, side=side, provider=provider, progress=progress, **taking)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def bring_in(file: Path) -> None:
    """Bring a business in from FILE, the export of one of its sides, with keys, trail, papers and files.

    The export is verified first; one that was changed is refused, naming what. The database's guards stand all the
    while. The last lines are the short name of the business, and links that let its people in, each once.
    """
    ground.set_up()
    ground.check_database()
    ground.bring_up()
    ground.check_guards()
    from django.core.management import call_command

    with bar("Bringing in") as progress:
        taking = {"answer": answered} if is_for_a_program() else {}
        call_command("import_side", file, progress=progress, **taking)


def answered(made: Any) -> None:
    """What was written, for a program. made: the summary of an export, or of an import."""
    answer(**asdict(made))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("file", type=click.Path())
@click.argument("papers", nargs=-1, type=click.UNPROCESSED)
@json_option
def verify(file: str, papers: tuple[str, ...]) -> None:
    """Look whether an export is whole, and whether it fits papers that you kept, or --entry N --seal "AB12 CD34".

    Ends with 0 where all fits, 1 where something was changed, 2 where the file cannot be read. It is the program that
    lies in every export, and reads nothing but what you name.
    """
    command = [sys.executable, "-I", str(_VERIFIER), "--", file, *papers] if file.startswith("-") else [
        sys.executable, "-I", str(_VERIFIER), file, *papers
    ]  # fmt: skip
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, env=_UTF8)  # noqa: S603 - ours, of this package
    said = done.stdout.splitlines()
    for line in said:
        say(line)
    findings = [line.removeprefix("- ") for line in said if line.startswith("- ")]
    answer(fits=done.returncode == 0, readable=done.returncode != 2, findings=findings, said=said)
    sys.exit(done.returncode)
