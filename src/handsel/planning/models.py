"""Areas of work: what is known about them, where they go, and the plan for what is handed over. The owner's side alone
reads any of it."""

from django.db import models
from django.db.models import Q

from handsel.core.keys import Key
from handsel.people.models import Person, Row
from handsel.values.actors import Actor, Role, Side


class Decided(Row):
    """A row about what to hand over and what it may cost: for who decides, who manages, and who audits."""

    side = Side.OWNER_SIDE

    class Meta:
        abstract = True

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        mine = super().seen_by(actor)
        return mine & Q(pk__in=[]) if actor.role in {Role.REVIEWER, Role.BOOKKEEPER} else mine


class Area(Decided):
    """An area of work: customer mail, graphics. Where it goes says its newest `Placing`."""

    name = models.CharField(max_length=120)
    kit = models.CharField(max_length=30)
    currency = models.CharField(max_length=3)

    class Meta:
        indexes = [models.Index(fields=["business", "made_at"], name="area_business")]
        verbose_name = "area of work"


class Estimate(Decided):
    """One input of an area in three points, in 1/10,000; the rows of the newest n are what is reckoned with.

    A guess, never money that anybody owes. firm: counted, or asked of somebody, so it is not drawn wider.
    """

    area = models.ForeignKey(Area, models.PROTECT, db_index=False, related_name="estimates")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=20)
    low_e4 = models.BigIntegerField()
    usual_e4 = models.BigIntegerField()
    high_e4 = models.BigIntegerField()
    firm = models.BooleanField()
    basis = models.CharField(max_length=10, blank=True)  # of a price: for an hour, a piece or a month

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "n", "name"],
                name="estimate_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody was a moment faster.",
            )
        ]
        indexes = [models.Index(fields=["business", "area", "n"], name="estimate_business")]


class Evidence(Decided):
    """What was counted somewhere: so many items and seconds from day to day. Never owed, never a time entry.

    area: empty while nobody has written down an area of this kit. key: names what was counted, so that a second
    import adds none.
    """

    area = models.ForeignKey(Area, models.PROTECT, null=True, db_index=False, related_name="evidence")
    kit = models.CharField(max_length=30)
    source = models.CharField(max_length=80)
    first_day = models.DateField()
    last_day = models.DateField()
    items = models.PositiveIntegerField()
    seconds = models.BigIntegerField(default=0)
    key = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["business", "key"], name="evidence_key_once")]
        indexes = [models.Index(fields=["business", "kit"], name="evidence_kit")]


class Placing(Decided):
    """Kept, handed over, or later: what the figures spoke for and why, and her own word."""

    area = models.ForeignKey(Area, models.PROTECT, db_index=False, related_name="placings")
    n = models.PositiveIntegerField()
    decision = models.CharField(max_length=10)
    proposed = models.CharField(max_length=10)
    why = models.CharField(max_length=300)
    word = models.CharField(max_length=300, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "n"],
                name="placing_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody decided a moment ago.",
            )
        ]
        indexes = [models.Index(fields=["business", "area", "n"], name="placing_business")]


class PlanAnswer(Decided):
    """What the plan of an area says in one of its fields; of several the greatest n counts."""

    area = models.ForeignKey(Area, models.PROTECT, db_index=False, related_name="answers")
    n = models.PositiveIntegerField()
    field = models.CharField(max_length=20)
    text = models.TextField(blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "n", "field"],
                name="plan_answer_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody wrote on this plan a moment ago.",
            )
        ]
        indexes = [models.Index(fields=["business", "area", "n"], name="plan_answer_business")]


class Completion(Decided):
    """The plan was complete: who said so, and every answer as it stood then."""

    area = models.ForeignKey(Area, models.PROTECT, db_index=False, related_name="completions")
    n = models.PositiveIntegerField()
    document = models.JSONField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "n"], name="completion_n_once")]
        indexes = [models.Index(fields=["business", "area", "n"], name="completion_business")]


class AccessNeeded(Decided):
    """Something that whoever does the work must be let into; whether it was given, the hand-over says."""

    area = models.ForeignKey(Area, models.PROTECT, db_index=False, related_name="accesses")
    what = models.CharField(max_length=300)
    answer_id = Key()  # the answer of the plan that named it first

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "what"], name="access_needed_once")]
        indexes = [models.Index(fields=["business", "area"], name="access_needed_business")]
