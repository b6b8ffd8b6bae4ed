"""What DESIGN asks of every table."""

from django.apps import apps
from django.db import models

from handsel.agreements.models import UnderTerms
from handsel.core import guards
from handsel.core.rooms import RoomConfig
from handsel.people.models import Business, Person, Provider, Row

# A table of `work` or `ledger` that holds seconds or an amount and does not stand under terms, each with its reason.
NOT_UNDER_TERMS = {
    "ledger_transfer": "money moves after the end too: what was approved is invoiced and paid",
    "ledger_account": "the sums of the transfers",
}
# Tables of rooms that belong to no business: a person's own, a provider's own, or who they are.
NOT_OF_A_BUSINESS = {
    "people_person", "people_business", "people_provider", "people_providermember", "people_loginlink",
    "people_preference", "work_timerrun",
}  # fmt: skip


def room_models() -> list[type[models.Model]]:
    rooms = [c for c in apps.get_app_configs() if isinstance(c, RoomConfig)]
    return [m for c in rooms for m in c.get_models()]


def test_what_earns_stands_under_terms() -> None:
    earning = {
        m._meta.db_table
        for m in room_models()
        if m._meta.app_label in {"work", "ledger"}
        and {f.name for f in m._meta.get_fields()} & {"seconds", "amount", "units_paid"}
        and not issubclass(m, UnderTerms)
    }
    assert earning == set(NOT_UNDER_TERMS)


def test_the_gate_stands_on_every_table_under_terms() -> None:
    names = {g.name for g in guards.registered()}
    tables = [m._meta.db_table for m in UnderTerms.tables()]
    assert len(tables) >= 3
    assert {f"{t}_gate" for t in tables} | {f"agreements_inforce_before_{t}" for t in tables} <= names


def test_every_other_table_belongs_to_a_business() -> None:
    strays = {m._meta.db_table for m in room_models() if not issubclass(m, Row)}
    assert strays == NOT_OF_A_BUSINESS


def test_every_key_is_a_key_of_the_house() -> None:
    from handsel.core.keys import Key

    odd = [
        m._meta.db_table
        for m in room_models()
        if not isinstance(m._meta.pk, Key) and not isinstance(m._meta.pk, models.OneToOneField)
    ]
    assert odd == []


def test_foreign_keys_are_declared_without_djangos_own_index() -> None:
    own = [
        f"{m._meta.db_table}.{f.name}"
        for m in room_models()
        for f in m._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and not f.unique and f.db_index
    ]
    assert own == []


def test_nothing_cascades() -> None:
    """Deleting a row never deletes another one."""
    cascading = [
        f"{m._meta.db_table}.{f.name}"
        for m in room_models()
        for f in m._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and f.remote_field.on_delete is not models.PROTECT
    ]
    assert cascading == []


def test_who_reads_a_row_is_declared_by_tables_that_concern_one_provider() -> None:
    """A row that hangs on an engagement says so, so that another provider never reads it."""
    loose = [
        m._meta.db_table
        for m in room_models()
        if issubclass(m, Row)
        and any(f.name == "engagement" for f in m._meta.get_fields() if isinstance(f, models.ForeignKey))
        and not m.to_provider
        and m.side is None
        and m.seen_by.__func__ is Row.seen_by.__func__  # type: ignore[attr-defined]
    ]
    assert loose == []


def test_persons_businesses_and_providers_are_pointed_to_and_never_shared() -> None:
    assert {Person, Business, Provider} <= set(room_models())
