"""The ledger's own invariants, held by the database whoever writes (MONEY.md 2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from handsel.agreements.actions import amend
from handsel.agreements.models import InForce
from handsel.core import guards, writes
from handsel.ledger.models import Charge, Posting, Transfer, WorkClaim
from handsel.ledger.queries import advance_of
from handsel.work.actions import accept, decide, deliver
from handsel.work.rules import Decision
from tests.stories import SubmittedWeek, read_and_sign, usual_terms


@dataclass
class Owed:
    week: SubmittedWeek
    charge: Charge
    posting: Posting


@pytest.fixture
def owed(week: SubmittedWeek) -> Iterator[Owed]:
    """Monday is approved; from here on rows are written past the actions."""
    posting = decide(week.owner, week.sheet.id, [Decision(week.monday.id, 1, approves=True)])
    assert posting is not None
    with writes.migrating():
        yield Owed(week, Charge.objects.get(), posting)


def refused(code: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    refusal = guards.refusal_for(error.value)
    assert refusal is not None and refusal.code == code


def charge(owed: Owed, **changes: Any) -> Charge:
    """A second charge like the first, for Tuesday."""
    facts = {
        f.attname: getattr(owed.charge, f.attname)
        for f in Charge._meta.concrete_fields
        if f.name not in {"id", "made_at"}
    }
    return Charge.objects.create(**{**facts, "evidence_id": owed.week.tuesday.id, **changes})  # type: ignore[no-any-return]


def transfer(owed: Owed, debit: str, credit: str, amount: int, currency: str = "EUR", **more: Any) -> Transfer:
    return Transfer.objects.create(  # type: ignore[no-any-return]
        business_id=owed.week.owner.business_id, posting=owed.posting, engagement_id=owed.charge.engagement_id,
        debit=debit, credit=credit, amount=amount, currency=currency, **more,
    )  # fmt: skip


@pytest.mark.proves("ledger_charge_terms")
def test_a_charge_names_the_terms_of_its_day(owed: Owed) -> None:
    """From Tuesday on version 2 is in force; a charge of Tuesday under version 1 is refused."""
    terms = amend(owed.week.owner, owed.week.engagement.id, usual_terms(owed.week.tuesday.work_day, due_days=30))
    read_and_sign(owed.week.owner, terms)
    read_and_sign(owed.week.provider, terms)
    refused("wrong_terms", lambda: charge(owed, work_day=owed.week.tuesday.work_day))


@pytest.mark.proves("ledger_charge_price")
def test_a_charge_has_the_price_of_its_terms(owed: Owed) -> None:
    refused("wrong_price", lambda: charge(owed, price_e4=200000, amount=3000))


@pytest.mark.proves("ledger_charge_multiplies")
def test_quantity_times_price_is_the_amount(owed: Owed) -> None:
    refused("not_multiplied", lambda: charge(owed, amount=2776))


@pytest.mark.proves("work_claim_within")
def test_no_second_of_work_is_claimed_twice(owed: Owed) -> None:
    refused("claimed_twice", lambda: WorkClaim.objects.create(
        business_id=owed.week.owner.business_id, charge=owed.charge, evidence_kind="time",
        evidence_id=owed.week.monday.id, units=1,
    ))  # fmt: skip


@pytest.mark.proves("work_claim_within")
def test_work_that_is_not_approved_is_never_claimed(owed: Owed) -> None:
    refused("claimed_twice", lambda: WorkClaim.objects.create(
        business_id=owed.week.owner.business_id, charge=owed.charge, evidence_kind="time",
        evidence_id=owed.week.tuesday.id, units=60,
    ))  # fmt: skip


@pytest.mark.proves("ledger_transfer_unbilled")
def test_a_charge_is_billed_at_most_once(owed: Owed) -> None:
    transfer(owed, "work", "unbilled", owed.charge.amount, charge=owed.charge, quantity_e2=owed.charge.quantity_e2)
    refused("billed_twice", lambda: transfer(owed, "work", "unbilled", 1, charge=owed.charge))


@pytest.mark.proves("ledger_transfer_advance")
def test_no_more_advance_is_used_than_there_is(owed: Owed) -> None:
    refused("advance_used", lambda: transfer(owed, "advance", "work", 1))


@pytest.mark.proves("ledger_transfer_advance")
def test_an_advance_in_one_currency_is_not_used_in_another(owed: Owed) -> None:
    paid = transfer(owed, "work", "advance", 500, charge=owed.charge)
    refused("advance_used", lambda: transfer(owed, "advance", "work", 1, currency="USD"))
    assert advance_of(paid.engagement_id, "USD") == 0 and advance_of(paid.engagement_id, "EUR") == 500
    transfer(owed, "advance", "work", 500)


@pytest.mark.proves("work_task_follows")
def test_a_task_is_accepted_once_and_its_status_follows(week: SubmittedWeek) -> None:
    delivery = deliver(week.provider, week.engagement.id, "Autumn leaflet", "Here it is.")
    accept(week.owner, delivery.task_id)
    with writes.migrating():
        refused("status_follows", lambda: type(delivery.task).objects.filter(pk=delivery.task_id).update(status="open"))


@pytest.mark.proves("agreements_inforce_before_work_delivery")
def test_a_pause_over_a_delivery_is_refused_by_the_database(week: SubmittedWeek) -> None:
    delivery = deliver(week.provider, week.engagement.id, "Autumn leaflet", "Here it is.")
    with writes.migrating():
        refused("work_after", lambda: InForce.objects.create(
            business_id=week.owner.business_id, engagement=week.engagement, n=2, terms=None, why="paused",
            from_day=delivery.work_day, person_id=week.owner.person_id,
        ))  # fmt: skip


@pytest.mark.proves("ledger_charge_gate")
def test_a_charge_for_a_day_without_terms_is_refused_even_for_work_that_was_voided(owed: Owed) -> None:
    with guards_dropped("ledger_charge_terms"):
        refused("no_terms_in_force", lambda: charge(owed, work_day=owed.week.tuesday.work_day.replace(year=2001)))


def guards_dropped(name: str) -> Any:
    from contextlib import contextmanager

    from django.db import connection

    @contextmanager
    def without() -> Iterator[None]:
        guards.drop(connection, only=name)
        yield

    return without()


@pytest.mark.proves("agreements_inforce_before_ledger_charge")
def test_a_pause_over_what_is_owed_is_refused_by_the_database(owed: Owed) -> None:
    with guards_dropped("agreements_inforce_before_work_timeentry"):
        refused("work_after", lambda: InForce.objects.create(
            business_id=owed.week.owner.business_id, engagement=owed.week.engagement, n=2, terms=None, why="paused",
            from_day=owed.week.monday.work_day, person_id=owed.week.owner.person_id,
        ))  # fmt: skip
