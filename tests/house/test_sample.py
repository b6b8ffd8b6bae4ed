"""What the sample business must hold, since it goes through every room; and that no kept row can be touched."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Sum

from handsel.core import checks, guards, trail, writes
from handsel.core.guards import Follows, Guard, Kept
from handsel.core.models import Chain, Event, OutboxItem
from handsel.core.rooms import RoomConfig
from handsel.front import house
from handsel.ledger.models import Transfer
from handsel.sample.calendar import Calendar
from handsel.sample.cast import LARKSPUR, THISTLE
from handsel.sample.letters import letters_of
from tests.house.conftest import Stories

# Tables that the story does not touch, each with its reason.
UNTOUCHED: dict[str, str] = {
    "people_ratesword": "the firm of the story keeps its rates to itself",
    "people_loginlink": "a link is made by whoever runs the server",
    "people_preference": "nobody in the story changes a theme",
}
TESTS = Path(__file__).resolve().parents[1]


def kept_names() -> list[str]:
    return sorted(g.name for g in guards.registered() if isinstance(g, Kept))


def room_models() -> dict[str, type[models.Model]]:
    rooms = [c for c in apps.get_app_configs() if isinstance(c, RoomConfig)]
    return {m._meta.db_table: m for c in rooms for m in c.get_models()}


# ---------------------------------------------------------------- the story


def test_it_touches_every_table_or_says_why_not(told: Stories) -> None:
    empty = {name for name, model in room_models().items() if not model._base_manager.exists()}
    assert empty == set(UNTOUCHED)


def test_every_check_of_the_house_is_content(told: Stories) -> None:
    assert {name: list(find()) for name, find in checks.all_checks().items() if list(find())} == {}
    assert guards.missing(connection) == []


def test_every_chain_verifies_and_every_row_that_is_referred_to_stands(told: Stories) -> None:
    broken = [words for chain in Chain.objects.all() for words in trail.broken_links(chain.id)]
    assert broken == []
    connection.check_constraints()


def test_what_moved_into_an_account_less_what_moved_out_adds_up_to_nothing(told: Stories) -> None:
    for business in (told.story, told.twin):
        moved = Transfer.objects.filter(business_id=business.owner.business_id)
        accounts = {a for pair in moved.values_list("debit", "credit") for a in pair}
        sums = {
            a: (moved.filter(debit=a).aggregate(s=Sum("amount"))["s"] or 0)
            - (moved.filter(credit=a).aggregate(s=Sum("amount"))["s"] or 0)
            for a in accounts
        }
        assert sum(sums.values()) == 0
        assert sums["paid"] == -(sums["work"] + sums["unbilled"] + sums["payable"] + sums.get("advance", 0))


def test_nothing_of_it_happens_after_the_evening_before(told: Stories) -> None:
    newest = Event.objects.order_by("-at").values_list("at", flat=True)[0]
    calendar = told.story.told.calendar
    assert calendar.curtain - timedelta(days=7) < newest < calendar.curtain


def test_no_mail_of_it_left_the_machine_and_none_waits(told: Stories) -> None:
    assert set(OutboxItem.objects.values_list("state", flat=True)) == {"sent"}


def test_both_sides_have_something_that_waits_for_them(told: Stories) -> None:
    for actor in (told.story.owner, told.story.provider, told.story.assistant):
        assert [need for room in house.rooms() for need in room.needs(actor)], actor.name


@pytest.mark.parametrize("today", [date(2026, 1, 5) + timedelta(days=n) for n in range(7)])
def test_its_days_are_three_months_on_whatever_day_it_is_told(today: date) -> None:
    calendar = Calendar(today)
    assert calendar.day(calendar.last_day) == today - timedelta(days=1)
    assert calendar.monday.weekday() == 0
    assert timedelta(days=84) <= today - calendar.monday < timedelta(days=91)


def test_its_letters_are_its_own_and_read_in_the_order_of_their_days() -> None:
    letters, others = letters_of(LARKSPUR), letters_of(THISTLE)
    assert len(letters) >= 60
    assert [letter.day for letter in letters] == sorted(letter.day for letter in letters)
    assert all(letter.answer for letter in letters if letter.day < 0)
    assert not {letter.mail for letter in letters} & {letter.mail for letter in others}


# ---------------------------------------------------------------- what is kept


@pytest.mark.parametrize("name", kept_names())
@pytest.mark.parametrize("statement", ["UPDATE", "DELETE"])
def test_a_kept_row_is_refused_any_change_until_its_guard_is_gone(told: Stories, name: str, statement: str) -> None:
    guard = next(g for g in guards.registered() if g.name == name)
    assert isinstance(guard, Kept)
    model = next(m for m in apps.get_models() if m._meta.db_table == guard.table)
    row = kept_row(model, guard)
    with writes.migrating():
        with pytest.raises(IntegrityError, match=guard.says.code), transaction.atomic():
            touch(model, guard, row, statement)
        with transaction.atomic():
            guards.drop(connection, only=name)
            assert says_of_touching(model, guard, row, statement) in said_by_others(guard)
            transaction.set_rollback(True)


def kept_row(model: type[models.Model], guard: Kept) -> models.Model:
    """A row that the guard keeps: of those that are kept only once something happened, one to which it has."""
    rows = model._base_manager.order_by("pk")
    if guard.once:
        where = re.sub(r"\bOLD\.", f"{guard.table}.", guard.once)
        rows = rows.extra(where=[where])
    row = rows.first()
    assert row is not None, f"the sample business has no row of {guard.table}"
    return row


def said_by_others(guard: Kept) -> set[str]:
    """Codes of the other guards of its table, one of which may refuse the same; empty: it passes."""
    others = [g for g in guards.registered() if g.table == guard.table and g is not guard]
    return {"", *(says.code for g in others for says in g.sayings)}


def says_of_touching(model: type[models.Model], guard: Kept, row: models.Model, statement: str) -> str:
    """The code with which another guard refuses it; empty where it passes."""
    try:
        with transaction.atomic():
            touch(model, guard, row, statement)
    except IntegrityError as error:
        refusal = guards.refusal_for(error)
        assert refusal is not None, error
        return refusal.code
    return ""


def touch(model: type[models.Model], guard: Kept, row: models.Model, statement: str) -> None:
    """Change a column of a row, or delete the row, past every action; foreign keys are looked at only at a commit."""
    rows = model._base_manager.filter(pk=row.pk)
    if statement == "UPDATE":
        field = next(f for f in model._meta.concrete_fields if changeable(f, guard))
        rows.update(**{field.name: getattr(row, field.name) + timedelta(seconds=1)})
    else:
        rows._raw_delete(rows.db)


def changeable(field: "models.Field[object, object]", guard: Kept) -> bool:
    return isinstance(field, models.DateTimeField) and field.column not in (*guard.except_for, *guard.strike)


def test_each_guard_has_a_test_that_proves_it() -> None:
    """`Kept` is proved above, table by table."""
    marked = set()
    for file in TESTS.rglob("test_*.py"):
        marked |= set(re.findall(r"proves\(\s*f?\"([^\"]+)\"", file.read_text()))
    named = {g.name for g in guards.registered() if isinstance(g, (Guard, Follows))}
    patterns = [re.compile(re.sub(r"\\\{[^}]*\\\}", ".+", re.escape(m))) for m in marked]
    assert {n for n in named if not any(p.fullmatch(n) for p in patterns)} == set()
