"""Lists in pages: whoever has the address of the next page goes on behind the last row that it saw.

The place is kept by values, not by a count: what is written meanwhile neither repeats a row nor hides one.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from pydantic import Field

from handsel.core.wire import FIRST_YEAR, LAST_YEAR, Given, Shown
from handsel.values.refusals import Refusal

M = TypeVar("M", bound=Model)
R = TypeVar("R")
S = TypeVar("S", bound=Shown)
MOST = 100


class Window(Given):
    """Which part of a list is asked for."""

    after: str = Field(
        "",
        max_length=400,
        description="Where to go on: as “next” of the last answer has it. Empty: from the beginning.",
    )
    limit: int = Field(50, ge=1, le=MOST, description="How many rows at most.")


class Page(Shown, Generic[S]):
    """A part of a list, and the address of the next one."""

    items: list[S]
    next: str | None = Field(description="The address of the next page; null on the last one.")


def page(request: HttpRequest, window: Window, rows: QuerySet[M], show: Callable[[M], S],
         order: Sequence[str] = ("-id",)) -> Page[S]:  # fmt: skip
    """One page of the rows in this order, which ends with a key; one SQL query.

    order: names of columns without NULL, `-` for descending, as an index has them.
    """
    found = list(behind(window, rows, order)[: window.limit + 1])
    return page_of(request, window, found, lambda row: row, show, order)


def behind(window: Window, rows: QuerySet[M], order: Sequence[str]) -> QuerySet[M]:
    """The rows behind the place where the last page ended, in order."""
    rows = rows.order_by(*order)
    return rows.filter(_beyond(order, _place(rows.model, order, window.after))) if window.after else rows


def page_of(request: HttpRequest, window: Window, found: Sequence[R], row_of: Callable[[R], Model],
            show: Callable[[R], S], order: Sequence[str] = ("-id",)) -> Page[S]:  # fmt: skip
    """The page that begins with these things, of which one more than the limit may be there."""
    shown = found[: window.limit]
    url = None
    if len(found) > window.limit:
        url = _next_url(request, _cursor(row_of(shown[-1]), order))
        request.next_page = url  # type: ignore[attr-defined]  # told in the Link header too
    return Page(items=[show(thing) for thing in shown], next=url)


def _beyond(order: Sequence[str], place: Sequence[Any]) -> Q:
    """Whatever comes after these values: greater or smaller in the first column in which it differs."""
    beyond, same = Q(), Q()
    for column, value in zip(order, place, strict=True):
        name = column.removeprefix("-")
        beyond |= same & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        same &= Q(**{name: value})
    return beyond


def _cursor(row: Model, order: Sequence[str]) -> str:
    values = [str(getattr(row, column.removeprefix("-"))) for column in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _place(model: type[Model], order: Sequence[str], cursor: str) -> list[Any]:
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise ValueError
        fields = [model._meta.get_field(column.removeprefix("-")) for column in order]
        values = [field.to_python(text) for field, text in zip(fields, texts, strict=True)]  # type: ignore[union-attr]
        if not all(map(_possible, values)):
            raise ValueError
        return values
    except (ValueError, binascii.Error, ValidationError, UnicodeError) as trouble:
        raise Refusal("after_unreadable", "This is no place of this list.", mend="Take “next” of the last answer as it is.",
                      place="after", status=422) from trouble  # fmt: skip


def _possible(value: Any) -> bool:
    """Whether a column could hold it: no text of its own making, no year that an engine cannot reckon with."""
    return isinstance(value, UUID) or (isinstance(value, date) and FIRST_YEAR <= value.year <= LAST_YEAR)


def _next_url(request: HttpRequest, cursor: str) -> str:
    asked = {**request.GET.dict(), "after": cursor}
    return request.build_absolute_uri(f"{request.path}?{urlencode(asked)}")
