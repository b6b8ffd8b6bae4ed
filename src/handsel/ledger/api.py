"""What is owed, over the API. An assistant reads none of it: what her firm earns by her work is the firm's."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from ninja import Query
from pydantic import Field

from handsel.agreements import queries as agreements
from handsel.core.paging import Page, Window, behind, page_of
from handsel.core.wire import Amount, Shown, plain
from handsel.ledger import queries
from handsel.ledger.models import Charge
from handsel.ledger.queries import Balance, Movement, Standing
from handsel.people.api import PersonShown
from handsel.people.callers import Call, routes
from handsel.values.actors import Actor
from handsel.values.money import Money
from handsel.values.refusals import NotVisible

router = routes("payments")


class OwedShown(Shown):
    """What is owed now in one engagement, one amount per currency."""

    engagement_id: UUID
    amounts: list[Amount]


class AllOwedShown(Shown):
    """What is owed now: approved work that is not paid."""

    amounts: list[Amount] = Field(description="Of all engagements, one amount per currency that is not nothing.")
    engagements: list[OwedShown] = Field(description="Those in which anything ever moved.")


class BalanceShown(Shown):
    """How an engagement stands in money; both sides read the same figures."""

    owed: Amount = Field(description="unbilled + payable − advance.")
    work: Amount = Field(description="The value of all approved work.")
    unbilled: Amount = Field(description="Approved and on no invoice.")
    payable: Amount = Field(description="Invoiced and open.")
    paid: Amount
    advance: Amount = Field(description="Paid or credited beyond what is open.")

    @classmethod
    def of(cls, balance: Balance) -> Self:
        names = ("owed", "work", "unbilled", "payable", "paid", "advance")
        return cls(**{name: Amount.of(getattr(balance, name)) for name in names})


class ChargeShown(Shown):
    """Approved work with its price: quantity × price = amount, fixed once under one version of the terms."""

    id: UUID
    engagement_id: UUID
    terms_id: UUID
    evidence_id: UUID = Field(description="The line of time, or the task.")
    worker: PersonShown
    work_day: date
    words: str
    quantity: str = Field(description="Hours, or pieces, with two decimals.")
    price: str = Field(description="Of one, in the currency of the amount.")
    amount: Amount
    state: str = Field(description="Approved, Invoiced, Paid or Void.")
    document_id: UUID | None = Field(description="The invoice that asks for it.")

    @classmethod
    def of(cls, charge: Charge, standing: Standing) -> Self:
        return cls(
            id=charge.id, engagement_id=charge.engagement_id, terms_id=charge.terms_id, evidence_id=charge.evidence_id,
            worker=PersonShown.of(charge.worker), work_day=charge.work_day, words=charge.words,
            quantity=plain(Decimal(charge.quantity_e2).scaleb(-2)), price=plain(Decimal(charge.price_e4).scaleb(-4)),
            amount=Amount.of(Money.from_minor(charge.amount, charge.currency)), state=standing.state,
            document_id=standing.document_id,
        )  # fmt: skip


class MovementShown(Shown):
    """An act that changed what is owed."""

    at: datetime
    kind: str
    person: str
    reason: str
    amount: Amount = Field(description="What it added to what is owed; less than nothing where it took away.")

    @classmethod
    def of(cls, movement: Movement) -> Self:
        return cls(at=movement.at, kind=movement.kind, person=movement.person, reason=movement.reason,
                   amount=Amount.of(movement.amount))  # fmt: skip


@router.get("/owed", response=AllOwedShown, summary="What is owed")
def owed(request: Call) -> AllOwedShown:
    """What is owed now, in all and by engagement."""
    actor = _reads_money(request.auth)
    by_engagement = queries.owed_by_engagement(actor)
    return AllOwedShown(
        amounts=[Amount.of(money) for money in queries.owed(actor)],
        engagements=[
            OwedShown(engagement_id=key, amounts=[Amount.of(money) for money in amounts if money])
            for key, amounts in by_engagement.items()
        ],
    )


@router.get("/engagements/{key}/balances", response=list[BalanceShown], summary="How an engagement stands in money")
def balances(request: Call, key: UUID) -> list[BalanceShown]:
    """The accounts of one engagement, one set per currency in which anything ever moved."""
    actor = _reads_money(request.auth)
    return [BalanceShown.of(found) for found in queries.balances(actor, agreements.engagement(actor, key).id)]


@router.get("/engagements/{key}/charges", response=Page[ChargeShown], summary="Charges")
def charges(request: Call, key: UUID, window: Query[Window]) -> Page[ChargeShown]:
    """Every charge of an engagement, the newest work day first."""
    actor = _reads_money(request.auth)
    engagement = agreements.engagement(actor, key)
    order = ("-work_day", "-id")
    found = list(behind(window, queries.charges(actor, engagement.id), order)[: window.limit + 1])
    standings = queries.standings(actor, charge_id__in=[charge.id for charge in found])
    void = Standing("Void")
    return page_of(
        request, window, found, lambda charge: charge,
        lambda charge: ChargeShown.of(charge, standings.get(charge.id, void)), order,
    )  # fmt: skip


@router.get("/engagements/{key}/movements", response=list[MovementShown], summary="What changed what is owed")
def movements(request: Call, key: UUID) -> list[MovementShown]:
    """The acts of one engagement that moved money, the newest first; at most 500."""
    actor = _reads_money(request.auth)
    found = queries.movements(actor, agreements.engagement(actor, key).id, most=500)
    return [MovementShown.of(movement) for movement in found]


def _reads_money(actor: Actor) -> Actor:
    if actor.is_assistant:
        raise NotVisible("address")
    return actor
