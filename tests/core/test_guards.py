"""Promises about guards: they stand on both engines, survive migrations, and cannot be gone round."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor

from handsel.agreements.models import InForce, Signature, Terms
from handsel.core import checks, guards, writes
from handsel.core.keys import new_key
from handsel.core.models import Event
from handsel.work.models import TimeEntry
from tests.stories import SignedEngagement, SubmittedWeek

SQLITE = connection.vendor == "sqlite"


@pytest.fixture(autouse=True)
def _past_the_actions() -> Iterator[None]:
    """These tests write as the program's own database user would, past every action."""
    with writes.migrating():
        yield


def refused(code: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    refusal = guards.refusal_for(error.value)
    assert refusal is not None
    assert refusal.code == code


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.proves("agreements_signature_kept")
def test_a_signature_is_never_changed(engagement: SignedEngagement) -> None:
    refused("kept", lambda: Signature.objects.filter(terms=engagement.terms).update(name="Somebody Else"))


@pytest.mark.proves("agreements_signature_kept")
def test_a_signature_is_never_deleted(engagement: SignedEngagement) -> None:
    refused("kept", lambda: execute("DELETE FROM agreements_signature"))


@pytest.mark.one_engine
@pytest.mark.proves("agreements_signature_kept")
def test_a_kept_table_is_neither_replaced_nor_truncated(engagement: SignedEngagement) -> None:
    """REPLACE on SQLite, on the key and on another unique constraint; TRUNCATE on PostgreSQL."""
    if not SQLITE:
        execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses for a reason of its own
        refused("kept", lambda: execute("TRUNCATE agreements_signature"))
        return
    columns = ", ".join(f'"{f.column}"' for f in Signature._meta.concrete_fields)
    for changed in ("id", "terms_id"):
        values = ", ".join(
            "x'00112233445566778899aabbccddeeff'" if f.column == "id" and changed != "id" else
            "'Somebody Else'" if f.column == "name" else f'"{f.column}"'
            for f in Signature._meta.concrete_fields
        )  # fmt: skip
        refused("kept", lambda v=values: execute(
            f"INSERT OR REPLACE INTO agreements_signature ({columns}) SELECT {v} FROM agreements_signature LIMIT 1"
        ))  # fmt: skip
    refused("kept", lambda: execute("UPDATE OR REPLACE agreements_signature SET signed_side = 'owner'"))


@pytest.mark.proves("work_timeentry_follows")
def test_a_status_is_never_set_by_hand(week: SubmittedWeek) -> None:
    refused("status_follows", lambda: TimeEntry.objects.filter(pk=week.monday.pk).update(status="approved"))


@pytest.mark.proves("work_timeentry_follows")
def test_a_stale_save_cannot_put_a_status_back(week: SubmittedWeek) -> None:
    stale = TimeEntry.objects.get(pk=week.monday.pk)
    stale.status = "draft"
    refused("status_follows", stale.save)


@pytest.mark.proves("work_timeentry_follows")
def test_records_of_a_line_are_numbered_without_a_gap(week: SubmittedWeek) -> None:
    from handsel.work.models import Approval

    refused("changed_meanwhile", lambda: Approval.objects.create(
        business_id=week.owner.business_id, line=week.monday, n=5, person_id=week.owner.person_id
    ))  # fmt: skip


@pytest.mark.proves("work_timeentry_kept")
def test_a_submitted_line_is_never_changed(week: SubmittedWeek) -> None:
    refused("line_kept", lambda: TimeEntry.objects.filter(pk=week.monday.pk).update(seconds=1))


@pytest.mark.proves("core_event_kept")
def test_what_happened_stays_on_record(week: SubmittedWeek) -> None:
    refused("trail_kept", lambda: Event.objects.update(verb="work.nothing"))


def test_facts_can_be_struck_and_the_chain_still_verifies(week: SubmittedWeek) -> None:
    from handsel.core.trail import broken_links

    event = Event.objects.filter(verb="work.time_logged").first()
    assert event is not None
    Event.objects.filter(pk=event.pk).update(facts={}, salt="")
    assert broken_links(event.chain_id) == []


@pytest.mark.proves("core_event_struck_whole")
def test_facts_are_struck_whole_or_not_at_all(week: SubmittedWeek) -> None:
    event = Event.objects.filter(verb="work.time_logged").first()
    assert event is not None
    refused("trail_kept", lambda: Event.objects.filter(pk=event.pk).update(facts={"time": "9:00"}))


@pytest.mark.proves("agreements_inforce_signed")
def test_a_version_comes_into_force_only_with_both_signatures(engagement: SignedEngagement) -> None:
    unsigned = Terms.objects.create(
        business_id=engagement.owner.business_id, engagement=engagement.engagement, n=2,
        valid_from=engagement.terms.valid_from, currency="EUR", zone="UTC", document={}, hash="0", proposed_by="owner",
    )  # fmt: skip
    refused("not_signed", lambda: in_force(engagement, 2, unsigned))


@pytest.mark.proves("agreements_inforce_in_turn")
def test_what_is_in_force_is_numbered_without_a_gap(engagement: SignedEngagement) -> None:
    refused("changed_meanwhile", lambda: in_force(engagement, 7, engagement.terms))


@pytest.mark.proves("agreements_signature_same_text")
def test_a_signature_under_another_text_is_refused(engagement: SignedEngagement) -> None:
    terms = Terms.objects.create(
        business_id=engagement.owner.business_id, engagement=engagement.engagement, n=2,
        valid_from=engagement.terms.valid_from, currency="EUR", zone="UTC", document={}, hash="a" * 64,
        proposed_by="owner",
    )  # fmt: skip
    refused("other_text", lambda: signature(engagement, terms, "b" * 64))


@pytest.mark.proves("agreements_signature_open")
def test_a_declined_version_is_signed_by_nobody(engagement: SignedEngagement) -> None:
    from handsel.agreements.models import TermsClosed

    terms = Terms.objects.create(
        business_id=engagement.owner.business_id, engagement=engagement.engagement, n=2,
        valid_from=engagement.terms.valid_from, currency="EUR", zone="UTC", document={}, hash="a" * 64,
        proposed_by="owner",
    )  # fmt: skip
    TermsClosed.objects.create(
        business_id=engagement.owner.business_id, terms=terms, person_id=engagement.owner.person_id, declined=True
    )
    refused("terms_closed", lambda: signature(engagement, terms, "a" * 64))


def in_force(story: SignedEngagement, n: int, terms: Terms | None, from_day: object = None) -> InForce:
    return InForce.objects.create(  # type: ignore[no-any-return]
        business_id=story.owner.business_id, engagement=story.engagement, n=n, terms=terms, why="signed",
        from_day=from_day or story.terms.valid_from, person_id=story.owner.person_id,
    )  # fmt: skip


def signature(story: SignedEngagement, terms: Terms, document_hash: str) -> Signature:
    return Signature.objects.create(  # type: ignore[no-any-return]
        business_id=story.owner.business_id, terms=terms, signed_side="owner", person_id=story.owner.person_id,
        name="Nora", mail="nora@larkspur.example", consent_hash="c", document_hash=document_hash,
    )  # fmt: skip


# ---------------------------------------------------------------- guards and migrations


def test_every_guard_stands_after_the_migrations(db: None) -> None:
    assert guards.missing(connection) == []
    assert len(guards.expected(connection)) > 40


def test_a_guard_that_was_dropped_is_missed_by_name(db: None) -> None:
    guards.drop(connection, only="agreements_signature_kept")
    assert "agreements_signature_kept_update" in guards.missing(connection)
    guards.install(connection)
    assert guards.missing(connection) == []


def test_a_guard_with_another_body_is_missed_by_name(db: None) -> None:
    if SQLITE:
        execute("DROP TRIGGER work_timeentry_gate_insert")
        execute("CREATE TRIGGER work_timeentry_gate_insert BEFORE INSERT ON work_timeentry BEGIN SELECT 1; END")
    else:
        execute(
            "CREATE OR REPLACE FUNCTION work_timeentry_gate_insert() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN RETURN NEW; END'"
        )
    assert guards.missing(connection) == ["work_timeentry_gate_insert"]
    guards.install(connection)


@pytest.mark.django_db(transaction=True)
def test_a_remade_table_has_its_guards_again() -> None:
    """On SQLite a rebuilt table silently loses its triggers."""
    with guards.aside(connection) if SQLITE else transaction.atomic():
        remade(TimeEntry)
    assert guards.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_failed_migration_leaves_every_guard_standing() -> None:
    class Fails(migrations.Migration):
        operations = [migrations.RunPython(fail)]

    executor = MigrationExecutor(connection)
    original = executor.loader.graph.nodes[("work", "0001_initial")]
    with pytest.raises(ZeroDivisionError):
        run_with(Fails("fails", "work"))
    assert original is not None
    assert guards.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_no_guard_is_missing_after_any_step_to_zero_and_up() -> None:
    """Each migration backward, one at a time, then each forward again."""
    loader = MigrationExecutor(connection).loader
    rooms = [n for n in loader.graph.nodes if n[0] in room_labels()]
    order = [n for n in loader.graph._generate_plan(rooms, at_end=True) if n in rooms]
    try:
        for label, name in reversed(order):
            before = previous(loader, label, name)
            call_command("migrate", label, before, verbosity=0)
            assert guards.missing(connection) == [], (label, name)
    finally:
        call_command("migrate", verbosity=0)
    assert guards.missing(connection) == []


def room_labels() -> set[str]:
    from django.apps import apps

    from handsel.core.rooms import RoomConfig

    return {c.label for c in apps.get_app_configs() if isinstance(c, RoomConfig)} | {"core"}


def previous(loader: object, label: str, name: str) -> str:
    try:
        parents = loader.graph.node_map[(label, name)].parents  # type: ignore[attr-defined]
    except NodeNotFoundError:
        return "zero"
    own = [p.key[1] for p in parents if p.key[0] == label]
    return own[0] if own else "zero"


def remade(model: type[models.Model]) -> None:
    with connection.schema_editor() as editor:
        if SQLITE:
            editor._remake_table(model)  # type: ignore[attr-defined]


def fail(*_: object) -> None:
    raise ZeroDivisionError


def run_with(migration: migrations.Migration) -> None:
    """What `migrate` does around its work, with a migration that fails."""
    try:
        with guards.aside(connection) if SQLITE else transaction.atomic(), connection.schema_editor() as editor:
            migration.apply(MigrationExecutor(connection).loader.project_state(), editor)
    finally:
        guards.install(connection)


def test_the_key_of_a_row_is_sixteen_bytes_or_a_uuid(engagement: SignedEngagement) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM agreements_terms")
        (key,) = cursor.fetchone()
    assert bytes(key) == engagement.terms.id.bytes if SQLITE else key == engagement.terms.id
    assert new_key() > engagement.terms.id


def test_the_checks_of_the_ground_find_nothing_in_a_sound_house(week: SubmittedWeek) -> None:
    assert [fault for check in checks.all_checks().values() for fault in check()] == []


def test_a_status_that_strayed_is_found_by_the_check(week: SubmittedWeek) -> None:
    guards.drop(connection, only="work_timeentry_follows")
    TimeEntry.objects.filter(pk=week.monday.pk).update(status="approved")
    found = list(checks.all_checks()["status"]())
    guards.install(connection)
    assert found == ["1 rows of work_timeentry have a status that does not follow from their records."]
