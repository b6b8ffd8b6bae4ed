"""What is owed and why: charges, the work that they use up, and every movement of money in double entry.

Accounts, one set per engagement in the currency of its terms; both sides read the same rows: `work` (credit) the value
of approved work, `unbilled` approved and on no invoice, `payable` invoiced and open, `paid` money that arrived,
`advance` (credit) more than is open. Owed = unbilled + payable − advance.
"""

from django.db import models
from django.db.models import F, Q

from handsel.agreements.models import Engagement, FeeLine, RateLine, Terms, UnderTerms
from handsel.core.keys import Key
from handsel.people.models import Person, Row

ACCOUNTS = ("work", "unbilled", "payable", "paid", "advance", "waived")


class Charge(UnderTerms):
    """quantity × price = amount, fixed once under one version of the terms. It never changes.

    quantity: hundredths of an hour (time) or of a piece (fee). price: 1/10,000 of the currency. amount: minor units.
    """

    TIME, FEE = "time", "fee"

    to_worker = "worker"
    no_longer_counts = "NOT EXISTS (SELECT 1 FROM ledger_workclaim w WHERE w.charge_id = e.id GROUP BY w.charge_id HAVING SUM(w.units) > 0)"

    kind = models.CharField(max_length=10)
    worker = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    terms = models.ForeignKey(Terms, models.PROTECT, db_index=False, related_name="+")
    rate_line = models.ForeignKey(RateLine, models.PROTECT, null=True, db_index=False, related_name="+")
    fee_line = models.ForeignKey(FeeLine, models.PROTECT, null=True, db_index=False, related_name="+")
    evidence_id = Key()
    bucket = models.CharField(max_length=200)
    words = models.CharField(max_length=200)
    quantity_e2 = models.BigIntegerField()
    price_e4 = models.BigIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    exponent = models.PositiveSmallIntegerField()
    explanation = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["business", "engagement", "work_day"], name="charge_day"),
            models.Index(fields=["engagement", "bucket"], name="charge_bucket"),
            models.Index(fields=["evidence_id"], name="charge_evidence"),
        ]
        constraints = [
            models.CheckConstraint(name="charge_not_negative", condition=Q(amount__gte=0, quantity_e2__gte=0)),
        ]


class WorkClaim(Row):
    """Units of one piece of evidence that a charge uses up (+), or gives back (−): seconds of an entry, 1 of a task."""

    to_provider = "charge__engagement__provider"

    charge = models.ForeignKey(Charge, models.PROTECT, db_index=False, related_name="claims")
    evidence_kind = models.CharField(max_length=10)
    evidence_id = Key()
    units = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["evidence_id"], name="claim_evidence"),
            models.Index(fields=["charge"], name="claim_charge"),
        ]


class Posting(Row):
    """One act that moved money: who, when, why."""

    to_provider = "engagement__provider"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=20)
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["business", "engagement", "made_at"], name="posting_engagement")]


class Transfer(Row):
    """Debit account, credit account, amount: so every posting balances by construction."""

    to_provider = "engagement__provider"

    posting = models.ForeignKey(Posting, models.PROTECT, db_index=False, related_name="transfers")
    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    debit = models.CharField(max_length=10)
    credit = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    quantity_e2 = models.BigIntegerField(default=0)
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, db_index=False, related_name="transfers")
    document_id = Key(null=True)  # of `payments`, a floor above
    payment_id = Key(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="transfer_between_two", condition=~Q(debit=F("credit"))),
            models.CheckConstraint(name="transfer_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(name="transfer_accounts", condition=Q(debit__in=ACCOUNTS, credit__in=ACCOUNTS)),
            models.CheckConstraint(
                name="unbilled_names_a_charge",
                condition=~(Q(debit="unbilled") | Q(credit="unbilled")) | Q(charge__isnull=False),
            ),
            models.CheckConstraint(
                name="payable_names_a_document",
                condition=~(Q(debit="payable") | Q(credit="payable")) | Q(document_id__isnull=False),
            ),
            models.CheckConstraint(
                name="paid_names_a_payment",
                condition=~(Q(debit="paid") | Q(credit="paid")) | Q(payment_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["engagement", "debit", "credit"], name="transfer_engagement"),
            models.Index(fields=["charge"], name="transfer_charge"),
            models.Index(fields=["document_id"], name="transfer_document"),
            models.Index(fields=["posting"], name="transfer_posting"),
        ]


class Account(Row):
    """What stands on one account: debit minus credit of its transfers. It follows them (guards.py), so that a page need
    not add up the past.

    about_id: the engagement, for the account as a whole; a charge, for what of it is `unbilled`; a document, for what of
    it is `payable`. Of a charge or a document of which nothing is left there is no row. quantity_e2: of charges alone.
    """

    to_provider = "engagement__provider"
    travels = False

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    currency = models.CharField(max_length=3)
    account = models.CharField(max_length=10)
    about_id = Key()
    amount = models.BigIntegerField()
    quantity_e2 = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "account", "about_id", "currency"], name="account_once")
        ]
        indexes = [
            models.Index(fields=["business", "account", "engagement"], name="account_business"),
            models.Index(fields=["about_id"], name="account_about"),
        ]
