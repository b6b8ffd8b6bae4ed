"""The gate: no row that earns, for a day on which no terms signed by both are in force. Nothing gets round it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from handsel.agreements.actions import end, pause, resume
from handsel.agreements.models import InForce, UnderTerms
from handsel.core import guards, writes
from handsel.core.keys import new_key
from handsel.values.refusals import Refusal
from handsel.work.actions import Stint, decide, log, submit
from handsel.work.rules import Decision
from tests.stories import TODAY, SignedEngagement, SubmittedWeek

SQLITE = connection.vendor == "sqlite"
TABLES = [m._meta.db_table for m in UnderTerms.tables()]


@pytest.fixture
def rows(week: SubmittedWeek) -> Iterator[SubmittedWeek]:
    """A story with a row in every table under terms, and the door open for writes past the actions."""
    from handsel.work.actions import accept, deliver

    decide(week.owner, week.sheet.id, [Decision(week.monday.id, 1, approves=True)])
    delivery = deliver(week.provider, week.engagement.id, "Autumn leaflet", "Here it is.")
    accept(week.owner, delivery.task_id)
    with writes.migrating():
        yield week


def columns_of(table: str) -> list[str]:
    model = next(m for m in UnderTerms.tables() if m._meta.db_table == table)
    return [f.column for f in model._meta.concrete_fields]


def copy(table: str, day: date, verb: str = "INSERT INTO") -> None:
    """A second row of the table, equal to the first but for key and work day, written with plain SQL."""
    cells, values = [], []
    for column in columns_of(table):
        if column == "id":
            cells.append("%s")
            values.append(new_key().bytes if SQLITE else new_key())
        elif column == "work_day":
            cells.append("%s")
            values.append(day.isoformat() if SQLITE else day)
        elif column == "n":
            cells.append(
                "(SELECT MAX(m.n) + 1 FROM (SELECT n FROM work_delivery UNION ALL SELECT n FROM work_acceptance) m)"
            )
        elif column == "status":
            cells.append("'draft'")
        elif column == "replaces_id":
            cells.append("NULL")
        else:
            cells.append(f'"{column}"')
    names = ", ".join(f'"{c}"' for c in columns_of(table))
    execute(f"{verb} {table} ({names}) SELECT {', '.join(cells)} FROM {table} LIMIT 1", *values)


def execute(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(write: Callable[[], object], *codes: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    refusal = guards.refusal_for(error.value)
    assert refusal is not None
    assert refusal.code in (codes or ("no_terms_in_force",))


def test_the_register_knows_every_table_that_earns() -> None:
    assert {"work_timeentry", "work_delivery", "ledger_charge"} <= set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_an_insert_for_a_day_without_terms_is_refused(rows: SubmittedWeek, table: str) -> None:
    refused(lambda: copy(table, date(2020, 1, 1)), "no_terms_in_force", "wrong_terms")


@pytest.mark.proves("work_timeentry_gate")
def test_time_on_a_day_without_terms_is_refused_by_the_database(rows: SubmittedWeek) -> None:
    refused(lambda: copy("work_timeentry", date(2020, 1, 1)))


@pytest.mark.proves("work_delivery_gate")
def test_a_delivery_on_a_day_without_terms_is_refused_by_the_database(rows: SubmittedWeek) -> None:
    refused(lambda: copy("work_delivery", date(2020, 1, 1)))


@pytest.mark.proves("work_timeentry_gate")
def test_a_line_moved_to_a_day_without_terms_is_refused(engagement: SignedEngagement) -> None:
    (line,) = log(engagement.provider, engagement.engagement.id, Stint("Customer mail", "", TODAY(), 600))
    early = (engagement.terms.valid_from - timedelta(days=3)).isoformat()
    with writes.migrating():
        refused(lambda: type(line).objects.filter(pk=line.pk).update(work_day=early))


@pytest.mark.one_engine
@pytest.mark.parametrize("table", TABLES)
def test_replace_and_truncate_do_not_get_round_the_gate(rows: SubmittedWeek, table: str) -> None:
    """REPLACE is SQLite's, TRUNCATE PostgreSQL's."""
    if SQLITE:
        refused(lambda: copy(table, date(2020, 1, 1), "INSERT OR REPLACE INTO"), "no_terms_in_force", "wrong_terms")
        return
    execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses for a reason of its own
    refused(lambda: execute(f"TRUNCATE {table} CASCADE"), "kept", "line_kept")


def test_a_pause_refuses_what_comes_after_and_takes_what_was_before(week: SubmittedWeek) -> None:
    story = SignedEngagement(week.owner, week.provider, week.engagement, week.engagement.terms.get())
    pause(week.owner, week.engagement.id, TODAY(), "Holidays")
    with pytest.raises(Refusal, match="no terms were in force"):
        log(story.provider, story.engagement.id, Stint("Customer mail", "", TODAY(), 600))
    yesterday = TODAY() - timedelta(days=1)
    (line,) = log(story.provider, story.engagement.id, Stint("Customer mail", "", yesterday, 600))
    submit(story.provider, line.timesheet_id)
    assert decide(story.owner, line.timesheet_id, [Decision(line.id, 1, approves=True)])


def test_work_of_a_day_in_force_is_decided_and_owed_after_the_end(week: SubmittedWeek) -> None:
    end(week.owner, week.engagement.id, TODAY() - timedelta(days=1))
    posting = decide(week.owner, week.sheet.id, [Decision(week.monday.id, 1, approves=True)])
    assert posting is not None


def test_an_end_before_work_that_was_logged_is_refused(week: SubmittedWeek) -> None:
    with pytest.raises(Refusal, match="There is work after this day"):
        end(week.owner, week.engagement.id, week.monday.work_day - timedelta(days=1))


@pytest.mark.proves("agreements_inforce_before_work_timeentry")
def test_a_pause_over_logged_work_is_refused_by_the_database(week: SubmittedWeek) -> None:
    with writes.migrating():
        refused(lambda: InForce.objects.create(
            business_id=week.owner.business_id, engagement=week.engagement, n=2, terms=None, why="paused",
            from_day=week.monday.work_day, person_id=week.owner.person_id,
        ), "work_after")  # fmt: skip


def test_resuming_brings_the_terms_back(engagement: SignedEngagement) -> None:
    today = TODAY()
    pause(engagement.owner, engagement.engagement.id, today - timedelta(days=4))
    resume(engagement.owner, engagement.engagement.id, today)
    with pytest.raises(Refusal):
        log(engagement.provider, engagement.engagement.id, Stint("Customer mail", "", today - timedelta(days=2), 600))
    assert log(engagement.provider, engagement.engagement.id, Stint("Customer mail", "", today, 600))
