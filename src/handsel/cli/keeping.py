"""`handsel backup` and `handsel restore`: the whole installation in one file, and back."""

from pathlib import Path

import click

from handsel.cli import ground
from handsel.cli.saying import answer, bar, json_option, say


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def backup(file: Path) -> None:
    """Write everything of this installation into FILE, while it runs.

    Rows, kept files, mail and the secret key, as of one moment. Whoever has the file can read all of it: keep it as you
    keep your books. It can be restored on SQLite or PostgreSQL, whichever it came from.
    """
    ground.set_up()
    ground.check_database()
    ground.check_begun()
    from handsel.cli.backup.writing import write_backup

    with bar("Backing up") as progress:
        made = write_backup(file, progress)
    say(f"{made.rows} rows of {made.tables} tables and {made.files} files are in {file} ({_size(made.size)}).")
    _name_missing(made.missing)
    answer(file=str(file), rows=made.rows, tables=made.tables, files=made.files, missing=made.missing, size=made.size)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Keep what is here aside, as a backup in the data folder, and go on.")
@json_option
def restore(file: Path, replace: bool) -> None:
    """Put the backup in FILE into an empty installation.

    The file is read through first: one that was cut short, changed, or made by a newer version is refused, and nothing
    is touched. Stop Handsel before, start it after.
    """
    ground.set_up()
    ground.check_database()
    from handsel.cli.backup.restoring import restore as put_back

    with bar("Restoring") as progress:
        done = put_back(file, replace, progress)
    say(
        f"{done.rows} rows and {done.files} files are back, as they stood on {done.made_at[:16].replace('T', ' ')} UTC."
    )
    _name_missing(done.missing)
    for fault in done.broken:
        say(f"The record in the backup does not verify: {fault}")
    if done.waiting:
        say(
            f"{done.waiting} mails wait in it and go out when you start Handsel: look first whether they went out since."
        )
    if done.kept_aside:
        say(f"What was here before is in {done.kept_aside}.")
    answer(
        rows=done.rows, files=done.files, missing=done.missing, broken=done.broken, waiting=done.waiting,
        made_at=done.made_at, handsel=done.handsel, kept_aside=done.kept_aside,
    )  # fmt: skip


def _name_missing(missing: list[str]) -> None:
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        say(f"{len(missing)} files were missing in the data folder: {', '.join(missing[:3])}{more}.")


def _size(size: int) -> str:
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, size // 1024)} kB"
