"""`handsel`: what whoever runs an installation can say to it. Refusals are one sentence and its mend, and code 1."""

import json
import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

import click

from handsel import __version__
from handsel.cli import doors, exporting, ground, keeping, looking, sampling, serving
from handsel.cli.saying import answer, bar, end_with, json_option, refuse, say
from handsel.cli.supervisor import Supervisor
from handsel.values.refusals import Refusal

# Whatever touches the rooms is imported inside the commands: Django must be set up first.

_CTRL_C = 130  # as shells write an end by SIGINT


class Commands(click.Group):
    """Prints a refusal as a sentence and ends with code 1, and so where the database gives way in the middle; Ctrl-C as a
    word with 130. A fault of the program stays a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            refuse(refusal)
            ctx.exit(1)
        except KeyboardInterrupt:  # Ctrl-C is how one ends it, and no fault
            if not serving.has_parent():
                click.echo("\nEnded.", err=True)
            ctx.exit(_CTRL_C)
        except Exception as fault:
            if (given_way := ground.database_gave_way(fault)) is None:
                raise
            refuse(given_way)
            ctx.exit(1)


def _with_place(command: Any) -> Any:
    command = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True,
                           help="The port to listen on.")(command)  # fmt: skip
    return click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")(command)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="Handsel %(version)s")
def main() -> None:
    """Handsel: outsourced work from the first thought to the last payment."""


@main.command()
@_with_place
def run(host: str, port: int) -> None:
    """Serve Handsel: migrate the database, then run the web server and the worker until Ctrl-C."""
    address = _address(host, port)
    ground.set_up(address)
    ground.check_port(host, port)
    ground.check_database()
    _migrate_unless_running(address)
    sampling.offer()
    with _serving() as lock:
        ground.check_guards()
        _become_supervisor(lock, host, port)


@main.command(hidden=True)
@_with_place
@click.option("--named", required=True, help="The address that people use.")
@click.option("--empty", is_flag=True, help="Nobody has begun yet.")
def supervise(host: str, port: int, named: str, empty: bool) -> None:
    """What `run` becomes once all is ready: the parent of the web server and the worker, which needs no room."""
    threading.Thread(target=_say_when_open, args=(host, port, named, empty), daemon=True).start()
    Supervisor({"web server": _self("web", "--host", host, "--port", str(port)), "worker": _self("worker")}).run()


@main.command()
@_with_place
def web(host: str, port: int) -> None:
    """Serve the pages alone; a worker must run beside it."""
    if serving.has_parent():  # `handsel run` has looked at the ground: without Django this process is small and quick
        serving.serve_web(host, port)
        return
    ground.set_up(_address(host, port))
    ground.check_port(host, port)
    _ready()
    _say_doubts()
    with _serving():
        serving.serve_web(host, port)


@main.command()
def worker() -> None:
    """Do the background work alone: mail, jobs, what comes round."""
    ground.set_up()
    _ready()
    if serving.has_parent():  # it speaks for the group, and nobody waits for it
        threading.Thread(target=_say_doubts, daemon=True).start()
    else:
        _say_doubts()
    with _serving():
        serving.serve_jobs()


@main.command()
def migrate() -> None:
    """Bring the database to this version, and put its guards in place."""
    ground.set_up()
    ground.check_database()
    from django.core.management import call_command

    call_command("migrate", verbosity=1, interactive=False)


@main.command()
@json_option
def check() -> None:
    """Look whether everything is as it must be; each finding is a line, and any finding ends with code 1."""
    ground.set_up()
    ground.check_database()
    end_with([f"{name}: {sentence}" for name, sentence in _findings()], "All is as it must be.")


main.add_command(exporting.export)
main.add_command(exporting.bring_in)
main.add_command(sampling.demo)
main.add_command(exporting.verify)
main.add_command(keeping.backup)
main.add_command(keeping.restore)
main.add_command(looking.trail)
main.add_command(looking.ledger)
main.add_command(looking.reindex)
main.add_command(looking.mine)
main.add_command(doors.sign_out)


@main.command("create-owner")
@click.argument("mail")
@click.option("--business", required=True, help="The name of the business that this person owns.")
@json_option
def create_owner(mail: str, business: str) -> None:
    """Make a business and its owner. The last two lines are its short name and a link that logs in once."""
    ground.set_up()
    _ready()
    from handsel.core.letters import require_address
    from handsel.people import entrance

    require_address(mail)
    if not business.strip():
        raise Refusal("business_unnamed", "A business needs a name.", mend="Say it with --business NAME.")
    slug, link = entrance.create_owner(mail, business)
    for line in (f"{business} is ready. The link logs in once.", slug, link):
        say(line)
    answer(business=slug, link=link)


@main.command("import-mail")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--business", required=True, help="The short name of the business, as it stands in its addresses.")
@json_option
def import_mail(file: Path, business: str) -> None:
    """Read an mbox file into the mailbox of a business; what is there already is not read twice.

    The last line is {"messages":…, "new":…, "conversations":…, "refused":[…]}.
    """
    _check_readable(file)
    ground.set_up()
    _ready()
    from handsel.mail.importing import import_mbox

    with bar("Reading mail") as progress:
        figures = import_mbox(file, business, progress)
    say(f"{figures['new']} new of {figures['messages']} messages, {figures['conversations']} conversations.")
    click.echo(json.dumps(figures, ensure_ascii=False))


# ---------------------------------------------------------------- what the commands share


def _self(*arguments: str) -> list[str]:
    """This program once more, by the same Python."""
    return [sys.executable, "-m", "handsel", *arguments]


def _become_supervisor(lock: int, host: str, port: int) -> NoReturn:
    """Go on as `supervise`, under the same number, with the lock and without what was loaded: some 80 MB less."""
    from django.conf import settings
    from django.db import connections

    words = ["--host", host, "--port", str(port), "--named", settings.ADDRESS]
    if ground.is_empty():
        words.append("--empty")
    connections.close_all()
    os.set_inheritable(lock, True)
    sys.stdout.flush()
    os.execv(sys.executable, _self("supervise", *words))  # noqa: S606 - our own program


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{shown}:{port}"


def _ready() -> None:
    ground.check_database()
    ground.check_guards()


def _serving() -> Any:
    from handsel.core.locks import serving_lock

    return serving_lock()


def _migrate_unless_running(address: str) -> None:
    """Bring the database to this version where it is not: a start with nothing to do is quick."""
    from django.core.management import call_command
    from django.db import connection, connections

    from handsel.core import guards, locks

    try:
        with locks.migration_lock():
            steps = ground.unmigrated()
            due = bool(steps or guards.missing(connection))
        if due:
            click.echo(f"Preparing the database, {steps} steps …")
            call_command("migrate", verbosity=0, interactive=False)
    except Refusal as refusal:
        mend = f"Open {address}, or stop the one that runs, then start again."
        raise Refusal(refusal.code, refusal.sentence, mend=mend) from refusal
    finally:
        connections.close_all()


def _say_doubts() -> None:
    """What is worth a word and stops nothing."""
    from django.db import connection

    try:
        for sentence in ground.doubts():
            click.echo(sentence, err=True)
    finally:
        connection.close()


def _say_when_open(host: str, port: int, named: str, empty: bool) -> None:
    """Name the address once the web server answers; on an empty installation also how to begin."""
    place = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    while not _answers(place, port):
        time.sleep(0.05)
    click.echo(f"Handsel is open at {named} (Ctrl-C ends it).")
    if empty:
        click.echo("Nothing is here yet: sign up there, or end it and load the sample business: handsel demo")


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _check_readable(file: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as fault:
        raise Refusal(
            "file_unreadable", f"The file {file} cannot be read: {fault.strerror}.", mend="Look at its name and rights."
        ) from fault


def _findings() -> list[tuple[str, str]]:
    """What every registered check says, under its name; first of all whether the database is whole."""
    from handsel.core import jobs
    from handsel.core.checks import all_checks

    jobs.find_jobs()
    try:
        ground.check_guards()
    except Refusal as refusal:
        return [("database", str(refusal))]
    checks = all_checks()
    with bar("Checking") as progress:
        found = []
        for done, (name, find) in enumerate(sorted(checks.items())):
            progress(done, len(checks))
            found += [(name, sentence) for sentence in find()]
        progress(len(checks), len(checks))
    return found
