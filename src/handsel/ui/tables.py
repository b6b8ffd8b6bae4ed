"""Lists: declared once, they can be searched, filtered, sorted, paged and taken away as CSV."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.html import conditional_escape
from django.utils.text import slugify

from handsel.ui.marks import Status
from handsel.ui.templatetags.say import MOST_COUNTED, short_day, when
from handsel.values.money import Money

PAGE_ROWS = 50
MOST_PAGES = 10_000
_CSV_ROWS = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """value: what stands in the cell, taken from a row: text, Money, a day, an instant, a `Status`.

    link: the address behind it. number: right-aligned figures. sort: the model's field, or the row's attribute in a
    list, that orders by this column; empty where it cannot.
    """

    word: str
    value: Callable[[Any], object]
    link: Callable[[Any], str] | None = None
    number: bool = False
    sort: str = ""

    @property
    def key(self) -> str:
        return slugify(self.word)


@dataclass(frozen=True)
class Chip:
    """A state to filter by. of: a `Q` for a queryset, a function of the row for a list. is_default: shown at first."""

    key: str
    word: str
    of: Q | Callable[[Any], bool]
    is_default: bool = False


@dataclass(frozen=True)
class Empty:
    """What will stand here, why it does not yet, and one act."""

    title: str
    sentence: str
    act: str = ""
    url: str = ""
    example: str = ""
    example_url: str = ""


@dataclass(frozen=True)
class Cell:
    """word: the column's, said beside a figure or a day where a phone shows no heads. leads: beside the row's name."""

    value: object
    url: str = ""
    number: bool = False
    word: str = ""
    leads: bool = False

    @property
    def html(self) -> str:
        return conditional_escape(cast(Any, _shown(self.value)))

    @property
    def is_none(self) -> bool:
        return self.value in (None, "", "–")


@dataclass(frozen=True)
class Head:
    word: str
    number: bool
    url: str
    sorted: str


@dataclass(frozen=True)
class ShownChip:
    word: str
    url: str
    count: int
    current: bool


@dataclass
class Table:
    """A list for a page: `table_response` reads its state from the address, the component `list` draws it.

    source: a queryset, or a list that is at hand already. search: the fields that a search looks into. order: as it
    stands before the reader sorts. dressed: makes of the rows of one page what the columns read, so that what is dear is
    asked for fifty rows and not for all. SQL queries: one for the rows, one more for those far behind, one a chip, and
    one that asks whether all is empty where nothing is shown.
    """

    name: str
    caption: str
    source: QuerySet[Any] | Sequence[Any]
    columns: Sequence[Column]
    empty: Empty
    search: Sequence[str] = ()
    chips: Sequence[Chip] = ()
    order: Sequence[str] = ()
    dressed: Callable[[list[Any]], Sequence[Any]] = list
    params: QueryDict = field(default_factory=QueryDict)

    @property
    def query(self) -> str:
        return self.params.get("q", "").replace("\0", "").strip()[:200]

    @property
    def chip(self) -> str:
        """The key of the chip that is on; empty where none is. `all` switches a default chip off."""
        known = {chip.key for chip in self.chips}
        asked = self.params.get("show", next((chip.key for chip in self.chips if chip.is_default), ""))
        return asked if asked in known else ""

    @property
    def page(self) -> int:
        asked = self.params.get("page", "1")
        return (
            min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdigit() and len(asked) < 7 and int(asked) else 1
        )

    @cached_property
    def rows(self) -> list[list[Cell]]:
        return [self._cells(row) for row in self.dressed(self._page_rows[:PAGE_ROWS])]

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    @cached_property
    def shown_chips(self) -> list[ShownChip]:
        found = self._searched()
        return [
            ShownChip(
                chip.word,
                self._url(show="all" if chip.key == self.chip else chip.key, page=None),
                _capped_count(_filtered(found, chip)),
                chip.key == self.chip,
            )
            for chip in self.chips
        ]

    @property
    def is_empty_place(self) -> bool:
        """Nothing is here at all, whatever the search."""
        return not self._page_rows and not bool(self.source[:1])

    @property
    def kept_with_search(self) -> list[tuple[str, str]]:
        return [(name, self.params[name]) for name in ("show", "sort") if name in self.params]

    @property
    def csv_url(self) -> str:
        return self._url(format="csv", page=None)

    @property
    def clear_url(self) -> str:
        return "?show=all" if self.chips else "?"

    @property
    def before_url(self) -> str:
        return self._url(page=self.page - 1) if self.page > 1 else ""

    @property
    def after_url(self) -> str:
        return self._url(page=self.page + 1) if len(self._page_rows) > PAGE_ROWS else ""

    def csv_rows(self) -> Iterator[list[str]]:
        """All rows that the search and the chip leave, not only those of the page."""
        yield [_harmless(column.word) for column in self.columns]
        rows = self._ordered(self._chosen())
        each = rows.iterator(chunk_size=_CSV_ROWS) if isinstance(rows, QuerySet) else iter(rows)
        while some := list(islice(each, _CSV_ROWS)):
            for row in self.dressed(some):
                yield [_plain(column.value(row)) for column in self.columns]

    @cached_property
    def _page_rows(self) -> list[Any]:
        """The page's rows and one more, which tells whether there is another page."""
        start = (self.page - 1) * PAGE_ROWS
        rows, part = self._ordered(self._chosen()), slice(start, start + PAGE_ROWS + 1)
        if start and isinstance(rows, QuerySet) and not rows.query.combinator:
            # What a row carries is not read for all those that are passed over.
            keys = list(rows.values_list("pk", flat=True)[part])
            return list(rows.filter(pk__in=keys)) if keys else []
        return list(rows[part])

    def _cells(self, row: Any) -> list[Cell]:
        values = [column.value(row) for column in self.columns]
        leads = self._leads(values)
        return [
            Cell(
                value,
                column.link(row) if column.link else "",
                column.number,
                column.word if column.number or isinstance(value, date) else "",
                n == leads,
            )
            for n, (column, value) in enumerate(zip(self.columns, values, strict=True))
        ]

    def _leads(self, values: Sequence[object]) -> int:
        """Which cell stands beside the row's name on a phone: the first figure, else its state, else the next cell."""
        figures = [n for n, column in enumerate(self.columns) if column.number and n]
        states = [n for n, value in enumerate(values) if isinstance(value, Status) and n]
        return next(iter(figures or states), 1)

    def _head(self, column: Column) -> Head:
        if not column.sort:
            return Head(column.word, column.number, "", "")
        asked = self.params.get("sort", "")
        up, down = asked == column.key, asked == f"-{column.key}"
        url = self._url(sort=f"-{column.key}" if up else column.key, page=None)
        return Head(column.word, column.number, url, "ascending" if up else "descending" if down else "")

    def _searched(self) -> QuerySet[Any] | Sequence[Any]:
        if not self.query:
            return self.source
        if isinstance(self.source, QuerySet):
            wanted = Q()
            for name in self.search:
                wanted |= Q(**{f"{name}__icontains": self.query})
            return self.source.filter(wanted)
        words = self.query.casefold()
        return [row for row in self.source if any(words in _plain(c.value(row)).casefold() for c in self.columns)]

    def _chosen(self) -> QuerySet[Any] | Sequence[Any]:
        found = self._searched()
        chip = next((chip for chip in self.chips if chip.key == self.chip), None)
        return _filtered(found, chip) if chip else found

    def _ordered(self, rows: QuerySet[Any] | Sequence[Any]) -> QuerySet[Any] | Sequence[Any]:
        asked = self.params.get("sort", "")
        by = next((column.sort for column in self.columns if column.sort and column.key == asked.lstrip("-")), "")
        down = asked.startswith("-")
        if isinstance(rows, QuerySet):
            first = [f"-{by}" if down else by] if by else []
            return rows.order_by(*first, *self.order) if first or self.order else rows
        return sorted(rows, key=attrgetter(by), reverse=down) if by else rows

    def _url(self, **changed: str | int | None) -> str:
        params = self.params.copy()
        params.pop("format", None)
        for name, value in changed.items():
            if value is None:
                params.pop(name, None)
            else:
                params[name] = str(value)
        return f"?{params.urlencode()}"


def table_response(request: HttpRequest, table: Table, template: str, context: dict[str, Any]) -> HttpResponseBase:
    """The page with the list in `table`, or the list alone as a CSV file where the address asks for it."""
    table.params = request.GET
    if request.GET.get("format") != "csv":
        return render(request, template, {**context, "table": table})
    response = StreamingHttpResponse(_lines(table.csv_rows()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slugify(table.name)}.csv"'
    return response


class _Echo:
    """A file that hands back what is written, so that rows stream."""

    def write(self, text: str) -> str:
        return text


def _lines(rows: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(cast(Any, _Echo()))
    return (writer.writerow(row) for row in rows)


def _filtered(rows: QuerySet[Any] | Sequence[Any], chip: Chip) -> QuerySet[Any] | Sequence[Any]:
    if isinstance(rows, QuerySet):
        return rows.filter(cast(Q, chip.of))
    of = cast(Callable[[Any], bool], chip.of)
    return [row for row in rows if of(row)]


def _capped_count(rows: QuerySet[Any] | Sequence[Any]) -> int:
    """How many, counted no further than what the page says exactly."""
    if isinstance(rows, QuerySet):
        return rows.order_by()[: MOST_COUNTED + 1].count()
    return len(list(islice(rows, MOST_COUNTED + 1)))


def _shown(value: object) -> object:
    """As a page says it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return when(value)
    return short_day(value) if isinstance(value, date) else value


def _plain(value: object) -> str:
    """As a spreadsheet wants it: figures plain, days as 2026-11-16, text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{value.amount:f} {value.currency}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, int) else _harmless(str(value))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
