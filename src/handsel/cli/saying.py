"""How every command answers: plain words for a person, or one line of JSON for a program; a bar on long work."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from handsel.values.refusals import Refusal

_JSON = "handsel.json"


def json_option(command: Any) -> Any:
    """`--json`: nothing but one line of JSON, also where something is refused."""

    def note(context: click.Context, _: click.Parameter, value: bool) -> None:
        context.meta[_JSON] = value

    return click.option(
        "--json", is_flag=True, is_eager=True, expose_value=False, callback=note,
        help="Print nothing but one line of JSON.",
    )(command)  # fmt: skip


def is_for_a_program() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(_JSON))


def say(sentence: str) -> None:
    """A line for a person; a program does not get it."""
    if not is_for_a_program():
        click.echo(sentence)


def answer(**facts: Any) -> None:
    """The line for a program; a person does not get it."""
    if is_for_a_program():
        click.echo(json.dumps(facts, ensure_ascii=False))


def end_with(findings: Sequence[str], all_well: str, **facts: Any) -> None:
    """Say each finding and end with code 1; where there is none, say that all is well."""
    for sentence in findings:
        say(sentence)
    say(f"{len(findings)} to look at." if findings else all_well)
    answer(findings=list(findings), **facts)
    if findings:
        sys.exit(1)


def refuse(refusal: Refusal) -> None:
    """Say a refusal: a sentence and its mend, or for a program the same with its code."""
    if is_for_a_program():
        click.echo(json.dumps({"refused": refusal.code, "sentence": refusal.sentence, "mend": refusal.mend}))
        return
    click.echo(refusal.sentence, err=True)
    if refusal.mend:
        click.echo(refusal.mend, err=True)


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, where that is a terminal: call it with how much is done, of how much."""
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:

        def progress(done: int, most: int) -> None:
            shown.length = max(most, 1)
            shown.update(min(done, most) - shown.pos)

        yield progress
