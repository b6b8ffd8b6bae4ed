"""Lists: search, filter, sort, page, take away."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import QueryDict
from django.test import RequestFactory

from handsel.ui.marks import Status
from handsel.ui.tables import PAGE_ROWS, Chip, Column, Empty, Table, table_response
from handsel.values.money import Money
from tests.ui.urls import invoice_table


def listed(address: str = "") -> Table:
    table = invoice_table()
    table.params = QueryDict(address)
    return table


def names(table: Table) -> list[object]:
    return [row[0].value for row in table.rows]


def test_a_page_holds_fifty_rows_and_leads_on() -> None:
    table = listed()
    assert len(table.rows) == PAGE_ROWS
    assert (table.before_url, table.after_url) == ("", "?page=2")
    last = listed("page=3")
    assert len(last.rows) == 30
    assert (last.before_url, last.after_url) == ("?page=2", "")


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30, ""])
def test_a_page_number_that_means_nothing_is_the_first_page(page: str) -> None:
    assert listed(f"page={page}").page == 1


def test_a_search_keeps_the_chip_and_leaves_the_page() -> None:
    table = listed("q=ms-2026-13&show=open&page=2")
    assert table.kept_with_search == [("show", "open")]
    assert names(listed("q=ms-2026-13&show=open")) == ["MS-2026-130"]


def test_chips_count_what_the_search_left_and_switch_off_again() -> None:
    table = listed("show=paid")
    assert [(chip.word, chip.count, chip.current) for chip in table.shown_chips] == [
        ("Open", 87, False),
        ("Paid", 43, True),
    ]
    assert [chip.url for chip in table.shown_chips] == ["?show=open", "?show=all"]
    assert len(table.rows) == 43


def test_a_list_is_sorted_both_ways_and_says_so() -> None:
    assert names(listed("sort=-amount"))[0] == "MS-2026-130"
    heads = listed("sort=-amount").heads
    assert [head.sorted for head in heads] == ["", "descending", "", ""]
    assert heads[1].url == "?sort=amount"
    assert names(listed("sort=secret"))[0] == "MS-2026-001"


def test_a_search_without_hits_is_not_an_empty_place() -> None:
    assert not listed("q=zzz").is_empty_place
    assert Table("x", "X", [], (), Empty("None yet", "It comes.")).is_empty_place


def response(table: Table, address: str = "?format=csv") -> list[list[str]]:
    answer = table_response(RequestFactory().get(f"/{address}"), table, "unused.html", {})
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(b"".join(answer).decode())))  # type: ignore[arg-type]  # it streams bytes


def test_the_file_holds_all_rows_that_the_filters_leave() -> None:
    rows = response(invoice_table(), "?format=csv&show=open")
    assert rows[0] == ["Invoice", "Amount", "Due", "State"]
    assert rows[1] == ["MS-2026-001", "10.00 EUR", "2026-01-02", "Issued"]
    assert len(rows) == 88


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_file_is_taken_for_a_formula(start: str) -> None:
    table = Table("x", "X", [f"{start}cmd"], (Column("Word", str),), Empty("", ""))
    assert response(table)[1] == [f"'{start}cmd"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [(None, ""), (-3, "-3"), (Money("-3", "EUR"), "-3.00 EUR"), (date(2026, 11, 16), "2026-11-16"),
     (datetime(2026, 11, 16, 9, tzinfo=UTC), "2026-11-16T09:00:00+00:00"), (Status("Paid", "given", "given"), "Paid")],
)  # fmt: skip
def test_figures_and_days_stay_plain_in_the_file(value: object, cell: str) -> None:
    column: Callable[[object], object] = lambda row: row  # noqa: E731 - the row is the value
    assert response(Table("x", "X", [value], (Column("Word", column),), Empty("", "")))[1:] in ([[cell]], [[]])


def test_a_cell_is_escaped_and_a_status_draws_itself() -> None:
    table = Table(
        "x", "X", ["<b>", Status("Paid", "given", "given", "Both")], (Column("W", lambda row: row),), Empty("", "")
    )
    assert table.rows[0][0].html == "&lt;b&gt;"
    assert 'class="owner is-given"' in table.rows[1][0].html


@pytest.mark.django_db
def test_a_list_of_a_queryset_takes_one_query_for_its_rows_and_one_a_chip(django_assert_num_queries: object) -> None:
    table = Table(
        "kinds",
        "Kinds",
        ContentType.objects.all(),
        (Column("Model", lambda row: row.model, sort="model"),),
        Empty("None", "None."),
        search=("model", "app_label"),
        chips=(Chip("u", "With u", Q(model__contains="u")), Chip("z", "With z", Q(model__contains="zz"))),
        order=("id",),
        params=QueryDict("q=us&sort=-model"),
    )
    with django_assert_num_queries(3):  # type: ignore[operator]  # a fixture of pytest-django
        assert names(table) == sorted((str(name) for name in names(table)), reverse=True)
        assert [chip.count for chip in table.shown_chips] == [len(table.rows), 0]
        assert not table.is_empty_place
    assert response(table, "?format=csv&q=us")[0] == ["Model"]
