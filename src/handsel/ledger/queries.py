"""Every read of what is owed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, Value, When

from handsel.ledger.models import Charge, Posting, Transfer
from handsel.values.actors import Actor
from handsel.values.money import Money


def standing_charges(**which: object) -> QuerySet[Charge]:
    """Charges whose claims stand, that is, which were not voided; oldest first."""
    return Charge.objects.filter(**which).annotate(claimed=Sum("claims__units")).filter(claimed__gt=0).order_by("id")


def unbilled(charge_id: UUID) -> int:
    """What of a charge is on no invoice, in minor units."""
    return _balance(Transfer.objects.filter(charge_id=charge_id), "unbilled")


def _signed(account: str) -> Case:
    return Case(When(debit=account, then=F("amount")), When(credit=account, then=-F("amount")), default=Value(0))


def _balance(transfers: QuerySet[Transfer], account: str) -> int:
    return int(transfers.aggregate(sum=Sum(_signed(account)))["sum"] or 0)


@dataclass(frozen=True)
class Balance:
    """How an engagement stands in money of one currency; both sides read the same figures.

    advance: what was paid, or credited, beyond what is invoiced; it is set off against the next invoice.
    """

    work: Money
    unbilled: Money
    payable: Money
    paid: Money
    advance: Money

    @property
    def owed(self) -> Money:
        return self.unbilled + self.payable - self.advance


def balances(actor: Actor, engagement_id: UUID) -> list[Balance]:
    """The accounts of one engagement, one balance per currency in which anything ever moved; one SQL query."""
    accounts = ("work", "unbilled", "payable", "paid", "advance")
    rows = Transfer.objects.visible_to(actor).filter(engagement_id=engagement_id).values("currency")
    sums = rows.annotate(**{f"on_{account}": Sum(_signed(account)) for account in accounts}).order_by("currency")
    return [_balance_of(row) for row in sums]


def _balance_of(row: Mapping[str, Any]) -> Balance:
    def on(account: str) -> Money:
        return Money.from_minor(row[f"on_{account}"] or 0, row["currency"])

    return Balance(-on("work"), on("unbilled"), on("payable"), on("paid"), -on("advance"))


def balance(actor: Actor, engagement_id: UUID, currency: str) -> Balance:
    """The accounts of one engagement in one currency; one SQL query."""
    nothing = Money(0, currency)
    found = (b for b in balances(actor, engagement_id) if b.work.currency == currency)
    return next(found, Balance(nothing, nothing, nothing, nothing, nothing))


def owed(actor: Actor, engagement_id: UUID | None = None) -> list[Money]:
    """What is owed now, one amount per currency that is not nothing; one SQL query."""
    rows = owed_rows(actor)
    return amounts(rows.filter(engagement_id=engagement_id) if engagement_id else rows)


def owed_rows(actor: Actor) -> QuerySet[Transfer, Any]:
    """The same as rows of `currency` and `sum`, in minor units."""
    rows = Transfer.objects.visible_to(actor).values("currency")
    return rows.annotate(sum=Sum(_signed("unbilled")) + Sum(_signed("payable")) + Sum(_signed("advance"))).order_by(
        "currency"
    )


def amounts(rows: Iterable[dict[str, Any]]) -> list[Money]:
    """Sums in minor units as amounts; what is nothing is left out."""
    return [Money.from_minor(row["sum"], row["currency"]) for row in rows if row["sum"]]


def charges(actor: Actor, engagement_id: UUID) -> QuerySet[Charge]:
    """Every charge of an engagement with what of it is unbilled, newest work day first; one SQL query."""
    return (
        Charge.objects.visible_to(actor)
        .filter(engagement_id=engagement_id)
        .annotate(unbilled=Sum(Case(
            When(transfers__debit="unbilled", then=F("transfers__amount")),
            When(transfers__credit="unbilled", then=-F("transfers__amount")),
            default=Value(0),
        )))
        .select_related("worker")
        .order_by("-work_day", "-id")
    )  # fmt: skip


def charges_of(evidence_ids: Sequence[UUID]) -> dict[UUID, Charge]:
    """The standing charge of each piece of evidence; one SQL query."""
    return {c.evidence_id: c for c in standing_charges(evidence_id__in=list(evidence_ids))}


@dataclass(frozen=True)
class Movement:
    """One line of the ledger as a page shows it: what it adds to what is owed."""

    at: datetime
    kind: str
    person: str
    reason: str
    amount: Money


def movements(actor: Actor, engagement_id: UUID) -> list[Movement]:
    """The acts of one engagement with what each added to what is owed, newest first; one SQL query."""
    changes = Q(transfers__debit__in=("unbilled", "payable", "advance")) | Q(
        transfers__credit__in=("unbilled", "payable", "advance")
    )
    owed_accounts = ("unbilled", "payable", "advance")
    rows = (
        Posting.objects.visible_to(actor)
        .filter(engagement_id=engagement_id)
        .filter(changes)
        .annotate(
            debited=Sum(Case(When(transfers__debit__in=owed_accounts, then=F("transfers__amount")), default=Value(0))),
            credited=Sum(
                Case(When(transfers__credit__in=owed_accounts, then=F("transfers__amount")), default=Value(0))
            ),
            currency=F("transfers__currency"),
        )
        .select_related("person")
        .order_by("-made_at", "-id")
    )
    return [
        Movement(p.made_at, p.kind, p.person.name if p.person else "Handsel", p.reason,
                 Money.from_minor(p.debited - p.credited, p.currency))
        for p in rows
    ]  # fmt: skip


# ---------------------------------------------------------------- charges, and how each stands


def _on_unbilled(column: str) -> Sum:
    return Sum(Case(
        When(transfers__debit="unbilled", then=F(f"transfers__{column}")),
        When(transfers__credit="unbilled", then=-F(f"transfers__{column}")),
        default=Value(0),
    ))  # fmt: skip


@dataclass(frozen=True)
class Unbilled:
    """What of an approved charge is on no invoice: minor units, and hundredths of its unit."""

    charge: Charge
    amount: int
    quantity_e2: int


def unbilled_charges(actor: Actor, **which: object) -> list[Unbilled]:
    """Approved work that is on no invoice, by day; one SQL query. which: filters on the charges."""
    rows = (
        Charge.objects.visible_to(actor)
        .filter(**which)
        .annotate(open_amount=_on_unbilled("amount"), open_quantity=_on_unbilled("quantity_e2"))
        .filter(Q(open_amount__gt=0) | Q(open_quantity__gt=0))
        .select_related("engagement__provider")
        .order_by("work_day", "id")
    )
    return [Unbilled(row, row.open_amount, row.open_quantity) for row in rows]


@dataclass(frozen=True)
class Standing:
    """How a charge stands. state: Approved, Invoiced, Paid, Void. number, document_id: of the invoice that asks for it.
    invoiced_at: when that was issued. voided: by a reopening or a credit note."""

    state: str
    document_id: UUID | None = None
    number: str = ""
    invoiced_at: datetime | None = None


def standings(actor: Actor, **which: object) -> dict[UUID, Standing]:
    """How each charge stands, from its movements alone; two SQL queries. which: filters on the transfers."""
    rows = (
        Transfer.objects.visible_to(actor)
        .filter(charge_id__isnull=False, **which)
        .order_by("id")
        .values_list("charge_id", "debit", "credit", "document_id", "posting__reason", "posting__made_at")
    )
    found: dict[UUID, Standing] = {}
    for charge_id, debit, credit, document_id, reason, at in rows:
        if debit == "unbilled":
            found[charge_id] = Standing("Approved")
        elif (debit, credit) == ("work", "unbilled"):
            found[charge_id] = Standing("Void")
        elif debit == "payable":
            found[charge_id] = Standing("Invoiced", document_id, reason, at)
    settled = _settled({s.document_id for s in found.values() if s.document_id})
    return {
        key: Standing("Paid", s.document_id, s.number, s.invoiced_at) if s.document_id in settled else s
        for key, s in found.items()
    }


def _settled(document_ids: set[UUID | None]) -> set[UUID]:
    """Documents of which nothing is open any more."""
    if not document_ids:
        return set()
    sums = Transfer.objects.filter(document_id__in=document_ids).values("document_id").annotate(
        open=Sum(_signed("payable"))
    )  # fmt: skip
    return {row["document_id"] for row in sums if not row["open"]}


def open_of(document_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What of each document is still to be paid, in minor units; one SQL query."""
    sums = Transfer.objects.filter(document_id__in=list(document_ids)).values("document_id").annotate(
        open=Sum(_signed("payable"))
    )  # fmt: skip
    return {row["document_id"]: int(row["open"] or 0) for row in sums}


def advance_of(engagement_id: UUID, currency: str) -> int:
    """What the owner paid or was credited beyond what is open, in minor units; one SQL query."""
    return -_balance(Transfer.objects.filter(engagement_id=engagement_id, currency=currency), "advance")


@dataclass(frozen=True)
class Act:
    """Who did something that moved a charge, and when; reason holds the number of the document, where there is one."""

    kind: str
    person: str
    reason: str
    at: datetime


def acts_of(actor: Actor, charge_id: UUID) -> list[Act]:
    """What moved a charge, oldest first; one SQL query."""
    rows = Posting.objects.visible_to(actor).filter(transfers__charge_id=charge_id).distinct().select_related("person")
    return [Act(p.kind, p.person.name if p.person else "Handsel", p.reason, p.made_at) for p in rows.order_by("id")]


def owed_by_engagement(actor: Actor) -> dict[UUID, list[Money]]:
    """What is owed now in each engagement, one amount per currency that is not nothing; one SQL query."""
    sums = Transfer.objects.visible_to(actor).values("engagement_id", "currency").annotate(
        sum=Sum(_signed("unbilled")) + Sum(_signed("payable")) + Sum(_signed("advance"))
    )  # fmt: skip
    found: dict[UUID, list[Money]] = {}
    for row in sums.order_by("currency"):
        found.setdefault(row["engagement_id"], []).append(Money.from_minor(row["sum"], row["currency"]))
    return found


@dataclass(frozen=True)
class Worth:
    """What a charge is worth after what was voided or lowered, and how it stands. quantity: hundredths of its unit."""

    charge: Charge
    amount: Money
    quantity_e2: int
    state: str


def worths(actor: Actor, first_day: date) -> list[Worth]:
    """Charges of work since a day that still count; three SQL queries."""
    since = Charge.objects.visible_to(actor).filter(work_day__gte=first_day)
    standing = standings(actor, charge__work_day__gte=first_day)
    rows = since.annotate(worth=Sum(Case(
        When(transfers__credit="work", then=F("transfers__amount")),
        When(transfers__debit="work", then=-F("transfers__amount")),
        default=Value(0),
    ))).select_related("engagement").order_by("work_day", "id")  # fmt: skip
    return [
        Worth(row, Money.from_minor(row.worth, row.currency), row.quantity_e2, standing[row.id].state)
        for row in rows
        if row.id in standing and standing[row.id].state != "Void"
    ]
