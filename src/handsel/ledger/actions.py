"""Every movement of what is owed. Only other rooms' actions call these."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from handsel.agreements import queries as agreements
from handsel.agreements.models import FeeLine
from handsel.agreements.queries import InForceTerms
from handsel.core.actions import action, record
from handsel.ledger import events, queries, rules
from handsel.ledger.models import Charge, Posting, Transfer, WorkClaim
from handsel.ledger.rules import Work
from handsel.values.actors import Actor
from handsel.values.money import Money, exponent
from handsel.values.refusals import Refusal, marked


@dataclass(frozen=True)
class Movement:
    """One transfer to be: from the credit account to the debit account."""

    debit: str
    credit: str
    amount: Money
    charge_id: UUID | None = None
    document_id: UUID | None = None
    payment_id: UUID | None = None
    quantity_e2: int = 0


@action(only_inner=True)
def owe(actor: Actor, work: Sequence[Work]) -> Posting:
    """What this approved work earns is owed from now on, under the terms of each work day. All of one engagement."""
    return _owe(actor, work, {})


@action(only_inner=True)
def unowe(actor: Actor, evidence_id: UUID, reason: str) -> Posting | None:
    """Work is opened again: its charge is void. Others of its bucket are charged anew, under the version that they had.

    None where nothing was owed for it. Refused where it stands on an invoice.
    """
    charge = queries.standing_charges(evidence_id=evidence_id).first()
    if charge is None:
        return None
    bucket = list(queries.standing_charges(bucket=charge.bucket, engagement_id=charge.engagement_id))
    if any(queries.unbilled(c.id) != c.amount for c in bucket):
        raise Refusal("invoiced", marked("This work is on an invoice."),
                      mend="Issue a credit note for it and choose “goes back to approved”.")  # fmt: skip
    movements = [
        Movement("work", "unbilled", Money.from_minor(c.amount, c.currency), c.id, quantity_e2=c.quantity_e2)
        for c in bucket
    ]
    posting = post(actor, charge.engagement_id, "reopened", movements, reason)
    for voided in bucket:
        _release(actor, voided)
    others = [_as_work(c) for c in bucket if c.evidence_id != evidence_id]
    if others:
        _owe(actor, others, {w.evidence_id: charge.terms_id for w in others})
    total = Money.total((m.amount for m in movements), charge.currency)
    record(events.UNOWED, posting, amount=str(total))
    return posting


@action(only_inner=True)
def post(actor: Actor, engagement_id: UUID, kind: str, movements: Sequence[Movement], reason: str = "") -> Posting:
    """Write one act and its transfers."""
    posting = Posting.objects.create(
        business_id=actor.business_id, engagement_id=engagement_id, kind=kind, person_id=actor.person_id, reason=reason
    )
    for m in movements:
        Transfer.objects.create(
            business_id=actor.business_id, posting=posting, engagement_id=engagement_id, debit=m.debit,
            credit=m.credit, amount=m.amount.minor, currency=m.amount.currency, charge_id=m.charge_id,
            document_id=m.document_id, payment_id=m.payment_id, quantity_e2=m.quantity_e2,
        )  # fmt: skip
    return posting


def _owe(actor: Actor, work: Sequence[Work], versions: dict[UUID, UUID]) -> Posting:
    charges = [_charge(actor, w, _terms(w, versions.get(w.evidence_id))) for w in work]
    movements = [
        Movement("unbilled", "work", Money.from_minor(c.amount, c.currency), c.id, quantity_e2=c.quantity_e2)
        for c in charges
    ]
    posting = post(actor, work[0].engagement_id, "approved", movements)
    total = Money.total((m.amount for m in movements), charges[0].currency)
    record(events.OWED, posting, amount=str(total), lines=len(charges))
    return posting


def _terms(work: Work, version: UUID | None) -> InForceTerms:
    if version:
        return agreements.terms_of([version])[version]
    return agreements.terms_or_refusal(work.engagement_id, work.work_day)


def _charge(actor: Actor, work: Work, terms: InForceTerms) -> Charge:
    return _fee_charge(actor, work, terms) if work.fee else _time_charge(actor, work, terms)


def _time_charge(actor: Actor, work: Work, terms: InForceTerms) -> Charge:
    line = agreements.rate_line(terms.terms_id, work.kind)
    if line is None:
        raise Refusal("no_rate", marked("The terms of this day name no price for an hour."),
                      mend="Return the line, or agree on a rate.")  # fmt: skip
    bucket = rules.bucket_of(terms.agreed, work, line.id)
    before = _claimed_in(work.engagement_id, bucket)
    earned = rules.earned(terms.agreed, before, work.seconds, line.price_e4)
    charge = _write(actor, work, terms, kind=Charge.TIME, rate_line=line, bucket=bucket,
                    quantity_e2=earned.quantity_e2, price_e4=line.price_e4, amount=earned.amount.minor,
                    explanation={"seconds": work.seconds, "before": before, "rate": line.kind,
                                 "rounding": terms.agreed.rounding.value, "step": terms.agreed.step_minutes,
                                 "level": terms.agreed.level.value, "version": terms.n})  # fmt: skip
    _claim(actor, charge, "time", work.evidence_id, work.seconds)
    return charge


def _fee_charge(actor: Actor, work: Work, terms: InForceTerms) -> Charge:
    line = FeeLine.objects.filter(terms_id=terms.terms_id, name=work.fee).first()
    if line is None:
        raise Refusal("no_fee", f"The terms of this day have no fee for “{work.fee}”.", mend="Agree on the fee first.")
    price = int(Money.from_minor(line.amount, terms.agreed.currency).amount * 10000)
    charge = _write(actor, work, terms, kind=Charge.FEE, fee_line=line, bucket=f"{line.id}:{work.evidence_id}",
                    quantity_e2=100, price_e4=price, amount=line.amount,
                    explanation={"fee": line.name, "version": terms.n})  # fmt: skip
    _claim(actor, charge, "task", work.evidence_id, 1)
    return charge


def _write(actor: Actor, work: Work, terms: InForceTerms, **facts: object) -> Charge:
    return Charge.objects.create(
        business_id=actor.business_id, engagement_id=work.engagement_id, worker_id=work.worker_id,
        work_day=work.work_day, terms_id=terms.terms_id, evidence_id=work.evidence_id, words=work.words,
        currency=terms.agreed.currency, exponent=exponent(terms.agreed.currency), **facts,
    )  # fmt: skip


def _claim(actor: Actor, charge: Charge, kind: str, evidence_id: UUID, units: int) -> None:
    WorkClaim.objects.create(
        business_id=actor.business_id, charge=charge, evidence_kind=kind, evidence_id=evidence_id, units=units
    )


def _release(actor: Actor, charge: Charge) -> None:
    for claim in charge.claims.values("evidence_kind", "evidence_id").annotate(units=Sum("units")):
        if claim["units"]:
            _claim(actor, charge, claim["evidence_kind"], claim["evidence_id"], -claim["units"])


def _claimed_in(engagement_id: UUID, bucket: str) -> int:
    claims = WorkClaim.objects.filter(charge__engagement_id=engagement_id, charge__bucket=bucket)
    return int(claims.aggregate(units=Sum("units"))["units"] or 0)


def _as_work(charge: Charge) -> Work:
    return Work(charge.engagement_id, charge.worker_id, charge.work_day, charge.evidence_id, charge.words,
                kind=charge.explanation.get("rate", ""), seconds=charge.explanation.get("seconds", 0))  # fmt: skip
