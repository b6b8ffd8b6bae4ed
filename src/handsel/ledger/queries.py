"""Every read of what is owed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from handsel.ledger.models import Account, Charge, Posting, Transfer
from handsel.people.models import RowQuerySet
from handsel.values.actors import Actor
from handsel.values.money import Money

_OWED = ("unbilled", "payable", "advance")  # what adds up to what is owed


def standing_charges(**which: object) -> QuerySet[Charge]:
    """Charges whose claims stand, that is, which were not voided; oldest first."""
    return Charge.objects.filter(**which).annotate(claimed=Sum("claims__units")).filter(claimed__gt=0).order_by("id")


def unbilled(charge_id: UUID) -> int:
    """What of a charge is on no invoice, in minor units."""
    return _balance(Transfer.objects.filter(charge_id=charge_id), "unbilled")


def signed(account: str) -> Case:
    """What a transfer adds to an account, in minor units: below nothing where it takes from it."""
    return Case(When(debit=account, then=F("amount")), When(credit=account, then=-F("amount")), default=Value(0))


def _balance(transfers: QuerySet[Transfer], account: str) -> int:
    return int(transfers.aggregate(sum=Sum(signed(account)))["sum"] or 0)


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
    rows = _whole_accounts(actor).filter(engagement_id=engagement_id).order_by("currency")
    sums: dict[str, dict[str, int]] = {}
    for currency, account, amount in rows.values_list("currency", "account", "amount"):
        sums.setdefault(currency, {})[account] = amount
    return [_balance_of(currency, on) for currency, on in sums.items()]


def _whole_accounts(actor: Actor) -> QuerySet[Account]:
    """The accounts of engagements, without those of single charges and documents."""
    return Account.objects.visible_to(actor).filter(about_id=F("engagement_id"))


def _balance_of(currency: str, sums: Mapping[str, int]) -> Balance:
    def on(account: str) -> Money:
        return Money.from_minor(sums.get(account, 0), currency)

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


def owed_rows(actor: Actor) -> QuerySet[Account, Any]:
    """The same as rows of `currency` and `sum`, in minor units."""
    rows = _whole_accounts(actor).filter(account__in=_OWED).values("currency")
    return rows.annotate(sum=Sum("amount")).order_by("currency")


def amounts(rows: Iterable[dict[str, Any]]) -> list[Money]:
    """Sums in minor units as amounts; what is nothing is left out."""
    return [Money.from_minor(row["sum"], row["currency"]) for row in rows if row["sum"]]


def charges(actor: Actor, engagement_id: UUID) -> QuerySet[Charge]:
    """Every charge of an engagement, newest work day first; one SQL query."""
    rows = Charge.objects.visible_to(actor).filter(engagement_id=engagement_id)
    return rows.select_related("worker").order_by("-work_day", "-id")


def stands_as(actor: Actor, engagement_id: UUID, state: str) -> Q:
    """The filter over an engagement's charges that stand as Approved, Invoiced or Paid."""
    approved = Q(pk__in=open_accounts(actor, "unbilled").filter(engagement_id=engagement_id).values("about_id"))
    if state == "Approved":
        return approved
    to_pay = open_accounts(actor, "payable").filter(engagement_id=engagement_id).values("about_id")
    asked_for = Transfer.objects.visible_to(actor).filter(debit="payable", charge_id__isnull=False)
    if state == "Invoiced":
        return Q(pk__in=asked_for.filter(document_id__in=to_pay).values("charge_id")) & ~approved & ~_taken_back()
    settled = asked_for.filter(charge_id=OuterRef("pk")).exclude(document_id__in=to_pay)
    return Q(Exists(settled)) & ~approved & ~_taken_back()


def _taken_back() -> Q:
    """The filter over charges whose newest movement took them back."""
    newest = Transfer.objects.filter(charge_id=OuterRef("pk"), debit__in=("unbilled", "payable", "work"))
    return Q(
        Exists(newest.filter(debit="work", credit="unbilled").exclude(Exists(newest.filter(pk__gt=OuterRef("pk")))))
    )


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


def postings(actor: Actor, engagement_id: UUID) -> QuerySet[Posting]:
    """The acts of one engagement that changed what is owed, newest first."""
    changing = Transfer.objects.filter(posting=OuterRef("pk")).filter(Q(debit__in=_OWED) | Q(credit__in=_OWED))
    rows = Posting.objects.visible_to(actor).filter(engagement_id=engagement_id)
    return rows.filter(Exists(changing)).select_related("person").order_by("-made_at", "-id")


def movements(actor: Actor, engagement_id: UUID, most: int) -> list[Movement]:
    """The newest of them with what each added to what is owed; two SQL queries."""
    return [m for _, m in moved(list(postings(actor, engagement_id)[:most]))]


def moved(found: Sequence[Posting]) -> list[tuple[Posting, Movement]]:
    """What acts that were fetched through `visible_to` added to what is owed, per currency; one SQL query."""
    added: dict[UUID, dict[str, int]] = {}
    for key, currency, debited, credited in _changes("posting_id", "currency", posting__in=[p.id for p in found]):
        added.setdefault(key, {})[currency] = debited - credited
    return [
        (p, Movement(p.made_at, p.kind, p.person.name if p.person else "Handsel", p.reason, Money.from_minor(minor, currency)))
        for p in found
        for currency, minor in sorted(added.get(p.id, {}).items())
    ]  # fmt: skip


def _changes(*by: str, **which: object) -> QuerySet[Transfer, Any]:
    """Transfers, as far as they touch what is owed, summed up by these columns."""
    either = Transfer.objects.filter(Q(debit__in=_OWED) | Q(credit__in=_OWED), **which).order_by()
    return either.values_list(*by).annotate(
        debited=Sum(Case(When(debit__in=_OWED, then=F("amount")), default=Value(0))),
        credited=Sum(Case(When(credit__in=_OWED, then=F("amount")), default=Value(0))),
    )


@dataclass(frozen=True)
class Moved:
    """A movement with what was owed after it."""

    movement: Movement
    balance: Money


def with_balance(actor: Actor, engagement_id: UUID, found: Sequence[Posting]) -> list[Moved]:
    """Acts that follow one another, with what was owed after each: reckoned back from what is owed now; three SQL
    queries, of which the last adds up what came after the newest of these acts."""
    rows = sorted(moved(found), key=lambda row: (row[0].made_at, row[0].id), reverse=True)
    if not rows:
        return []
    newest = rows[0][0]
    owed_now = {b.work.currency: b.owed for b in balances(actor, engagement_id)}
    for currency, minor in _since(newest).items():
        owed_now[currency] -= Money.from_minor(minor, currency)
    known: dict[UUID, list[Moved]] = {}
    for posting, movement in rows:
        currency = movement.amount.currency
        known.setdefault(posting.id, []).append(Moved(movement, owed_now[currency]))
        owed_now[currency] -= movement.amount
    return [row for posting in found for row in known.get(posting.id, ())]


def _since(newest: Posting) -> dict[str, int]:
    """What acts after this one of the same engagement added to what is owed, per currency; one SQL query."""
    later = Q(made_at__gt=newest.made_at) | Q(made_at=newest.made_at, pk__gt=newest.id)
    acts = Posting.objects.filter(later, business_id=newest.business_id, engagement_id=newest.engagement_id)
    rows = _changes("currency", posting__in=acts.order_by().values("id"))
    return {currency: debited - credited for currency, debited, credited in rows}


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
    rows = _open_charges(actor).filter(**which).select_related("engagement__provider").order_by("work_day", "id")
    return [Unbilled(row, row.open_amount, row.open_quantity) for row in rows]  # type: ignore[attr-defined]  # annotated


def _open_charges(actor: Actor) -> QuerySet[Charge]:
    """Charges of which something is on no invoice, each with how much; looked up by what is open, not by all."""
    left = open_accounts(actor, "unbilled")
    of_charge = left.filter(about_id=OuterRef("pk"))
    return (
        Charge.objects.visible_to(actor)
        .filter(pk__in=left.values("about_id"))
        .annotate(
            open_amount=Subquery(of_charge.values("amount")[:1]),
            open_quantity=Subquery(of_charge.values("quantity_e2")[:1]),
        )
    )


def open_accounts(actor: Actor, account: str) -> RowQuerySet[Account]:
    """What of single charges is `unbilled`, or of single documents `payable`; `about_id` names them."""
    return Account.objects.visible_to(actor).filter(account=account).exclude(about_id=F("engagement_id"))


@dataclass(frozen=True)
class Backlog:
    """Approved work of one engagement under one version of the terms that is on no invoice, summed up."""

    engagement_id: UUID
    currency: str
    terms_id: UUID
    amount: int
    lines: int
    first_day: date
    last_day: date
    since: datetime


def backlogs(actor: Actor, **which: object) -> list[Backlog]:
    """What waits for an invoice, the oldest work day first; one SQL query. which: filters on the charges."""
    rows = _open_charges(actor).filter(**which).order_by().values_list("engagement_id", "currency", "terms_id")
    sums = rows.annotate(amount=Sum("open_amount"), lines=Count("id"), first_day=Min("work_day"),
                         last_day=Max("work_day"), since=Min("made_at")).order_by("first_day", "engagement_id")  # fmt: skip
    return [Backlog(*row) for row in sums]


@dataclass(frozen=True)
class Standing:
    """How a charge stands. state: Approved, Invoiced, Paid, Void. number, document_id: of the invoice that asks for it.
    invoiced_at: when that was issued. voided: by a reopening or a credit note."""

    state: str
    document_id: UUID | None = None
    number: str = ""
    invoiced_at: datetime | None = None


def standings(actor: Actor, **which: object) -> dict[UUID, Standing]:
    """How each charge stands, from its movements alone; one SQL query. which: filters on the transfers."""
    to_pay = Account.objects.visible_to(actor).filter(account="payable", about_id=OuterRef("document_id"))
    rows = (
        Transfer.objects.visible_to(actor)
        .filter(charge_id__isnull=False, **which)
        .annotate(to_pay=Exists(to_pay))
        .order_by("id")
        .values_list("charge_id", "debit", "credit", "document_id", "posting__reason", "posting__made_at", "to_pay")
    )
    found: dict[UUID, Standing] = {}
    for charge_id, debit, credit, document_id, reason, at, is_open in rows:
        if debit == "unbilled":
            found[charge_id] = Standing("Approved")
        elif (debit, credit) == ("work", "unbilled"):
            found[charge_id] = Standing("Void")
        elif debit == "payable":
            found[charge_id] = Standing("Invoiced" if is_open else "Paid", document_id, reason, at)
    return found


def open_of(document_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What of each document is still to be paid, in minor units; one SQL query."""
    sums = Transfer.objects.filter(document_id__in=list(document_ids)).values("document_id").annotate(
        open=Sum(signed("payable"))
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
    sums = _whole_accounts(actor).filter(account__in=_OWED).values("engagement_id", "currency")
    found: dict[UUID, list[Money]] = {}
    for row in sums.annotate(sum=Sum("amount")).order_by("currency"):
        found.setdefault(row["engagement_id"], []).append(Money.from_minor(row["sum"], row["currency"]))
    return found


@dataclass(frozen=True)
class Worth:
    """What the charges of one work day came to, after what was voided or lowered, of one area of work and kind: minor
    units, and hundredths of the unit of time work. is_open: what of it waits for payment."""

    work_day: date
    area_id: UUID | None
    currency: str
    is_open: bool
    amount: int
    hours_e2: int


def worths(actor: Actor, first_day: date) -> list[Worth]:
    """What was approved for the work since a day, added up by day; one SQL query, however many charges it is."""
    of_work = Transfer.objects.visible_to(actor).filter(
        Q(debit="work") | Q(credit="work"), charge__work_day__gte=first_day
    )
    rows = of_work.annotate(is_open=Case(When(_waits_for_payment(actor), then=Value(1)), default=Value(0))).order_by()
    hours = Case(When(charge__kind=Charge.TIME, then=_from_work("quantity_e2")), default=Value(0))
    sums = rows.values_list("charge__work_day", "charge__engagement__area_id", "currency", "is_open").annotate(
        worth=Sum(_from_work("amount")), hours=Sum(hours)
    )
    return [
        Worth(day, area, currency, bool(is_open), worth, hours) for day, area, currency, is_open, worth, hours in sums
    ]


def _from_work(column: str) -> Case:
    """What a transfer that touches `work` adds to the worth of its charge, or takes from it."""
    return Case(When(credit="work", then=F(column)), default=-F(column))


def _waits_for_payment(actor: Actor) -> Q:
    """The filter over transfers of charges that are on no invoice, or on one of which something is still open."""
    to_pay = open_accounts(actor, "payable").values("about_id")
    asked = Transfer.objects.filter(debit="payable", charge_id=OuterRef("charge_id"), pk__gt=OuterRef("pk"))
    invoiced = Transfer.objects.visible_to(actor).filter(
        debit="payable", charge_id__isnull=False, document_id__in=to_pay
    )
    newest = invoiced.exclude(Exists(asked)).values("charge_id")
    return Q(charge_id__in=open_accounts(actor, "unbilled").values("about_id")) | Q(charge_id__in=newest)
