"""Several questions in one SQL statement: a page that asks each room once would wait for the database once a room.

sheets, tasks = answers([lines.values("timesheet_id", "seconds")[:20], rows.values("id", "name")[:20]])
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import QuerySet

from handsel.core.keys import Key
from handsel.core.rooms import Answer, Need, Question
from handsel.values.actors import Actor


def asked(questions: Callable[[Actor], Iterable[Question]]) -> Callable[[Actor], list[Need]]:
    """The `needs` of a room that gives its questions; one SQL query."""
    return lambda actor: needs_of(questions(actor))


def needs_of(questions: Iterable[Question]) -> list[Need]:
    """What the answers to all these questions say needs a person, in their order; one SQL query."""
    known = list(questions)
    found = answers([question.rows for question in known])
    return [need for question, rows in zip(known, found, strict=True) for need in question.needs(rows)]


def answers(questions: Sequence[QuerySet[Any, Any]]) -> list[list[Answer]]:
    """The rows of each queryset, each asked with `.values(…)`; one SQL query, none where nothing can be found."""
    found: list[list[Answer]] = [[] for _ in questions]
    asked = [(place, *compiled) for place, rows in enumerate(questions) if (compiled := _compiled(rows))]
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT " + ", ".join(sql for _, sql, _, _ in asked), [p for _, _, own, _ in asked for p in own]
            )
            line = cursor.fetchone()
        for (place, _, _, columns), cell in zip(asked, line, strict=True):
            rows = json.loads(cell) if isinstance(cell, str) else cell
            found[place] = [_typed(columns, row) for row in rows]
    return found


def _compiled(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...], dict[str, models.Field[Any, Any]]] | None:
    """The queryset as one value, a list of lists; with its parameters, and the kind of each of its columns."""
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    columns = {str(alias): expression.output_field for expression, _, alias in compiler.select}
    names = [f'answer."{name}"' for name in columns]
    if connection.vendor == "postgresql":
        listed = f"COALESCE(json_agg(json_build_array({', '.join(names)})), '[]'::json)"
    else:  # which has no JSON of bytes, and keeps keys as such
        shown = [f"CASE typeof({name}) WHEN 'blob' THEN hex({name}) ELSE {name} END" for name in names]
        listed = f"json_group_array(json_array({', '.join(shown)}))"
    return f"(SELECT {listed} FROM ({sql}) answer)", tuple(params), columns  # noqa: S608 - Django's own SQL, and names


def _typed(columns: dict[str, "models.Field[Any, Any]"], row: Sequence[Any]) -> Answer:
    return {name: _value(field, cell) for (name, field), cell in zip(columns.items(), row, strict=True)}


def _value(field: "models.Field[Any, Any]", cell: Any) -> Any:
    """What JSON spells as text, as it was."""
    if not isinstance(cell, str):
        return cell
    if isinstance(field, Key):
        return UUID(cell)
    if isinstance(field, models.ForeignKey):
        return _value(field.target_field, cell)
    if isinstance(field, models.DateTimeField):
        at = datetime.fromisoformat(cell)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if isinstance(field, models.DateField):
        return date.fromisoformat(cell)
    return json.loads(cell) if isinstance(field, models.JSONField) else cell
