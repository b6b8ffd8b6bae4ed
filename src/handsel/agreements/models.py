"""Engagements, the versions of their terms, who signed what, and which version is in force from which day."""

from typing import ClassVar

from django.db import models

from handsel.core.keys import Key
from handsel.core.models import StoredFile
from handsel.people.models import Person, Provider, Row


class Engagement(Row):
    """One business and one provider, for one kind of work, from the first draft of terms to the end."""

    to_provider = "provider"
    to_worker = "workers__person"
    names_person = ("contact_name", "contact_mail")

    provider = models.ForeignKey(Provider, models.PROTECT, db_index=False, related_name="+")
    title = models.CharField(max_length=120)
    contact_name = models.CharField(max_length=120)
    contact_mail = models.EmailField()
    area_id = Key(null=True)  # the area of work that it came from (planning), where it came from one
    proposal_version_id = Key(null=True)  # the proposal that was accepted, where there was one

    class Meta:
        indexes = [
            models.Index(fields=["business", "made_at"], name="engagement_business"),
            models.Index(fields=["provider", "business"], name="engagement_provider"),
        ]


class Terms(Row):
    """Version n of what both sides sign. `document` is the text as data; `hash` is what a signature names."""

    to_provider = "engagement__provider"
    to_worker = "engagement__workers__person"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="terms")
    n = models.PositiveIntegerField()
    valid_from = models.DateField()
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=60)
    document = models.JSONField()
    hash = models.CharField(max_length=64)
    proposed_by = models.CharField(max_length=10)  # the side

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "n"],
                name="terms_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody proposed a version a moment ago.",
            )
        ]
        indexes = [models.Index(fields=["business", "made_at"], name="terms_business")]
        verbose_name = "version of the terms"


class RateLine(Row):
    """The price of an hour of one kind of work, in 1/10,000 of the currency."""

    to_provider = "terms__engagement__provider"
    to_worker = "terms__engagement__workers__person"

    terms = models.ForeignKey(Terms, models.PROTECT, db_index=False, related_name="rate_lines")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=80)
    price_e4 = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["terms", "kind"], name="rate_line_once")]


class FeeLine(Row):
    """A flat fee for one deliverable, in minor units."""

    to_provider = "terms__engagement__provider"
    to_worker = "terms__engagement__workers__person"

    terms = models.ForeignKey(Terms, models.PROTECT, db_index=False, related_name="fee_lines")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    due = models.DateField(null=True)
    accept = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["terms", "name"], name="fee_line_once")]


class Seen(Row):
    """A side has had the whole text before it: written by a deliberate act, needed before signing."""

    to_provider = "terms__engagement__provider"
    to_worker = "terms__engagement__workers__person"

    terms = models.ForeignKey(Terms, models.PROTECT, db_index=False, related_name="seen")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["terms", "person"], name="seen_once")]


class Signature(Row):
    """Who signed which text, when, from where (FEATURES E2)."""

    to_provider = "terms__engagement__provider"
    to_worker = "terms__engagement__workers__person"

    terms = models.ForeignKey(Terms, models.PROTECT, db_index=False, related_name="signatures")
    signed_side = models.CharField(max_length=10)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    name = models.CharField(max_length=120)
    mail = models.EmailField()
    origin = models.CharField(max_length=300, blank=True)  # network address and program
    consent_hash = models.CharField(max_length=64)
    document_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["terms", "signed_side"],
                name="signature_once",
                violation_error_code="already_signed",
                violation_error_message="Your side has signed this version already.",
            )
        ]


class TermsClosed(Row):
    """A version that will not be signed: declined by the other side, or withdrawn by its own, with a word."""

    to_provider = "terms__engagement__provider"
    to_worker = "terms__engagement__workers__person"

    terms = models.OneToOneField(Terms, models.PROTECT, related_name="closed")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    declined = models.BooleanField()
    word = models.CharField(max_length=300, blank=True)


class InForce(Row):
    """From this day this version is in force, or none: the one thing that the gate asks. Of rows with one from_day
    the greatest n counts."""

    SIGNED, PAUSED, RESUMED, ENDED, CALLED_OFF = "signed", "paused", "resumed", "ended", "called off"

    to_provider = "engagement__provider"
    to_worker = "engagement__workers__person"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="in_force")
    n = models.PositiveIntegerField()
    from_day = models.DateField()
    terms = models.ForeignKey(Terms, models.PROTECT, null=True, db_index=False, related_name="+")
    why = models.CharField(max_length=10)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    word = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "n"], name="in_force_n_once")]
        indexes = [models.Index(fields=["engagement", "from_day", "n"], name="in_force_day")]


class Worker(Row):
    """A person of the provider who is named for the engagement: only then does her time count."""

    to_provider = "engagement__provider"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="workers")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "person"],
                name="worker_once",
                violation_error_code="already_named",
                violation_error_message="This person is named already.",
            )
        ]
        indexes = [models.Index(fields=["person", "business"], name="worker_person")]


class Paper(Row):
    """A sealed paper of a version that both signed: the file, and the head of the trail that is printed on it."""

    to_provider = "terms__engagement__provider"
    to_worker = "terms__engagement__workers__person"

    terms = models.OneToOneField(Terms, models.PROTECT, related_name="paper")
    file = models.ForeignKey(StoredFile, models.PROTECT, db_index=False, related_name="+")
    head_number = models.BigIntegerField()
    head = models.CharField(max_length=64)


class UnderTerms(Row):
    """A row that earns: it exists only for a work day on which terms of its engagement are in force. The gate stands
    on every subclass. A work day is a date in the zone of the terms."""

    to_provider = "engagement__provider"
    no_longer_counts: ClassVar[str] = ""  # SQL over the row `e`: such rows do not stand in the way of an end

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    work_day = models.DateField()

    class Meta:
        abstract = True

    @classmethod
    def tables(cls) -> list[type["UnderTerms"]]:
        """Every table that the gate stands on."""
        from django.apps import apps

        return [m for m in apps.get_models() if issubclass(m, cls) and not m._meta.abstract]
