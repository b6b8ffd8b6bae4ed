"""Documents: an invoice asks for approved work, a credit note takes it back; payments meet them.

A document is a draft until its `Issue` exists, which gives it a number for ever. What is open of it, paid or credited is
asked of the ledger's transfers and of the lines: no flag says so.
"""

from django.db import models
from django.db.models import Q

from handsel.agreements.models import Engagement, Terms
from handsel.core.models import StoredFile
from handsel.ledger.models import Charge
from handsel.people.models import Person, Provider, Row
from handsel.values.actors import Actor, Role


class AboutMoney(Row):
    """A row about money, which assistants do not read: what their firm asks for is the firm's."""

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        return super().seen_by(actor) & (Q(pk__in=[]) if actor.is_assistant else Q())


class Series(AboutMoney):
    """The numbers of one provider for one business: `MS-LC-2026-0001`, from 1 in each year, without a gap."""

    to_provider = "provider"

    provider = models.ForeignKey(Provider, models.PROTECT, db_index=False, related_name="+")
    prefix = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "provider"], name="series_once"),
            models.UniqueConstraint(fields=["business", "prefix"], name="series_prefix_of_business"),
            models.UniqueConstraint(fields=["provider", "prefix"], name="series_prefix_of_provider"),
        ]


class Document(AboutMoney):
    """An invoice, or a credit note that corrects one. `first_day`, `last_day`: the work days that it covers."""

    INVOICE, CREDIT_NOTE = "invoice", "credit_note"

    to_provider = "engagement__provider"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    first_day = models.DateField()
    last_day = models.DateField()
    corrects = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="credit_notes")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["business", "made_at"], name="document_business"),
            models.Index(fields=["engagement", "kind"], name="document_engagement"),
            models.Index(fields=["corrects"], name="document_corrects"),
        ]
        constraints = [
            models.CheckConstraint(name="document_days", condition=Q(last_day__gte=models.F("first_day"))),
            models.CheckConstraint(
                name="only_a_credit_note_corrects",
                condition=Q(kind="invoice", corrects=None) | Q(kind="credit_note", corrects__isnull=False),
            ),
        ]

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        """A draft is the provider's alone."""
        drafts_too = not actor.is_owner_side or actor.role is Role.SYSTEM
        return super().seen_by(actor) & (Q() if drafts_too else Q(issue__isnull=False))


class DocumentLine(AboutMoney):
    """One charge on a document: quantity in hundredths, price in 1/10,000, amount in minor units.

    On a credit note all three are what is taken back, `corrects` is the line of the invoice and `outcome` says what
    becomes of the work (`rules.Outcome`); where only the price is lowered, the quantity is 0.
    """

    to_provider = "document__engagement__provider"

    document = models.ForeignKey(Document, models.PROTECT, db_index=False, related_name="lines")
    position = models.PositiveSmallIntegerField()
    charge = models.ForeignKey(Charge, models.PROTECT, db_index=False, related_name="+")
    words = models.CharField(max_length=200)
    quantity_e2 = models.BigIntegerField()
    price_e4 = models.BigIntegerField()
    amount = models.BigIntegerField()
    corrects = models.ForeignKey("self", models.PROTECT, null=True, db_index=False, related_name="credited_by")
    outcome = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "charge"], name="line_charge_once"),
            models.CheckConstraint(name="document_line_not_negative", condition=Q(amount__gte=0, quantity_e2__gte=0)),
        ]
        indexes = [models.Index(fields=["corrects"], name="document_line_corrects")]

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        drafts_too = not actor.is_owner_side or actor.role is Role.SYSTEM
        return super().seen_by(actor) & (Q() if drafts_too else Q(document__issue__isnull=False))


class Issue(AboutMoney):
    """The document is real: its number, the day, the sum, and the day by which it is due."""

    to_provider = "document__engagement__provider"

    document = models.OneToOneField(Document, models.PROTECT, related_name="issue")
    series = models.ForeignKey(Series, models.PROTECT, db_index=False, related_name="+")
    year = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    day = models.DateField()
    due_day = models.DateField()
    amount = models.BigIntegerField()
    terms = models.ForeignKey(Terms, models.PROTECT, db_index=False, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "n"], name="issue_n_once"),
            models.UniqueConstraint(fields=["business", "number"], name="issue_number_once"),
        ]
        indexes = [models.Index(fields=["business", "due_day"], name="issue_due")]


class Payment(AboutMoney):
    """Money that the owner says has left for a document."""

    to_provider = "document__engagement__provider"

    document = models.ForeignKey(Document, models.PROTECT, db_index=False, related_name="payments")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    day = models.DateField()
    method = models.CharField(max_length=60)
    reference = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="payment_of_something", condition=Q(amount__gt=0))]
        indexes = [models.Index(fields=["document"], name="payment_document")]


class DocumentPaper(AboutMoney):
    """The printed document that both sides keep, and the head of the trail that stands on it."""

    to_provider = "document__engagement__provider"

    document = models.OneToOneField(Document, models.PROTECT, related_name="paper")
    file = models.ForeignKey(StoredFile, models.PROTECT, db_index=False, related_name="+")
    head_number = models.BigIntegerField()
    head = models.CharField(max_length=64)
