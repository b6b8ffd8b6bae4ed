"""Search: by the words of things, on both engines, whoever wrote the entries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from handsel.core import words
from handsel.core.keys import new_key
from handsel.core.models import SearchEntry
from handsel.front import finding
from handsel.values.actors import Actor
from tests.stories import owner_of

on_sqlite = connection.vendor == "sqlite"


@pytest.fixture
def owner(db: None) -> Actor:
    return owner_of()


def entry(actor: Actor, title: str, text: str = "", days: int = 0, **more: Any) -> SearchEntry:
    assert actor.business_id is not None
    key, at = new_key(), timezone.now() - timedelta(days=days)
    return SearchEntry.objects.create(
        business_id=actor.business_id, kind="page", thing_id=key, title=title, url="/", at=at,
        text=words.stored(actor.business_id, f"{title} {text}"), place=words.place_at(at), **more,
    )  # fmt: skip


def titles(actor: Actor, query: str) -> list[str]:
    return [found.title for found in finding.things(actor, query)]


def test_a_word_is_found_by_its_beginning_whatever_its_accents(owner: Actor) -> None:
    entry(owner, "Crème for Zoë’s candles", "nora@larkspur.example")
    for query in ("creme", "CRÈ", "zoe cand", "larkspur.example", "nora@lark"):
        assert titles(owner, query) == ["Crème for Zoë’s candles"], query
    assert titles(owner, "reme") == titles(owner, "creme wax") == titles(owner, "' \" * ( & | :") == []


def test_titles_come_before_texts_and_newer_things_before_older_ones(owner: Actor) -> None:
    for title, text, days in (("One", "wax", 1), ("Wax, older", "", 9), ("Wax, newer", "", 8), ("Two", "wax", 2)):
        entry(owner, title, text, days)
    assert titles(owner, "wax") == ["Wax, newer", "Wax, older", "One", "Two"]


def test_nothing_of_another_business_is_found(owner: Actor) -> None:
    twin = owner_of("Twin", "twin@twin.example", "Tom Twin")
    entry(twin, "Their wax")
    assert titles(owner, "wax") == []
    assert titles(twin, "wax") == ["Their wax"]


def test_things_of_one_instant_have_a_place_each(owner: Actor) -> None:
    at = timezone.now()
    first = words.place_at(at)
    SearchEntry.objects.create(business_id=owner.business_id, kind="page", at=at, place=first,
                               thing_id=new_key(), title="First", url="/", text="")  # fmt: skip
    assert words.place_at(at) == first + 1


@pytest.mark.proves("core_searchentry_indexed", engine="sqlite")
def test_what_is_changed_or_deleted_is_no_longer_found_as_it_was(owner: Actor) -> None:
    kept = entry(owner, "Old wax")
    assert owner.business_id is not None
    SearchEntry.objects.filter(pk=kept.pk).update(title="New paper", text=words.stored(owner.business_id, "New paper"))
    assert (titles(owner, "wax"), titles(owner, "paper")) == ([], ["New paper"])
    SearchEntry.objects.all().delete()
    assert titles(owner, "paper") == []


def test_a_search_reads_the_index_and_not_every_entry(owner: Actor) -> None:
    assert owner.business_id is not None
    sql, params = words.newest(owner.business_id, ["wax"], 400).as_sql(None, connection)
    sql = sql[1:-1]
    with connection.cursor() as cursor:
        if on_sqlite:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
            assert "VIRTUAL TABLE INDEX" in plan and "core_searchentry" not in plan and "TEMP B-TREE" not in plan
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")
            cursor.execute("EXPLAIN " + sql.replace("business_id = %s AND", ""), params[1:])
            assert "search_words" in " ".join(row[0] for row in cursor.fetchall())
