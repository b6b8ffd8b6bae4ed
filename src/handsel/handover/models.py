"""How work moves to an assistant: her stage for each kind, what she hands in, what its reader says, and who did how much."""

from typing import Any

from django.db import models
from django.db.models import F, Max, Q

from handsel.agreements.models import Engagement
from handsel.core.keys import Key
from handsel.people.models import Person, Row


class Stream(Row):
    """One assistant and one kind of work in one engagement. An empty kind is everything without a stream of its own.

    `stage` follows its records (PlacedToLearn, PlacedInShadow, PlacedUnderSupervision).
    """

    to_provider = "engagement__provider"
    to_worker = "worker"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    worker = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=80, blank=True)
    stage = models.CharField(max_length=20, default="unplaced")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "worker", "kind"], name="stream_once")]
        indexes = [models.Index(fields=["business", "engagement"], name="stream_business")]

    def next_n(self) -> int:
        """The number of the stream's next placement; its lock is held."""
        newest = [m.objects.filter(stream=self).aggregate(n=Max("n"))["n"] or 0 for m in PLACEMENTS]
        return max(newest) + 1


class Placement(Row):
    """The owner's side puts an assistant at a stage. The newest of a stream says where she is."""

    to_provider = "stream__engagement__provider"
    to_worker = "stream__worker"

    stream = models.ForeignKey(Stream, models.PROTECT, db_index=False, related_name="+")
    n = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["stream", "n"], name="%(class)s_n_once")]


class PlacedToLearn(Placement):
    """She reads and asks; the owner writes."""


class PlacedInShadow(Placement):
    """She writes for practice beside the owner; nothing of it goes out."""


class PlacedUnderSupervision(Placement):
    """She writes; every reply is read before it goes out."""


PLACEMENTS: tuple[type[Any], ...] = (PlacedToLearn, PlacedInShadow, PlacedUnderSupervision)


class Output(Row):
    """What an assistant handed in, the number-th of its stream. It belongs to the evidence, not to its words: handed in
    again with other words it keeps its number and whether it is read.

    evidence_id: the key of the reply or the piece in its own room. one_in: one in so many is read at her rung. practice:
    written in shadow; it never goes out.
    """

    to_provider = "stream__engagement__provider"
    to_worker = "stream__worker"

    stream = models.ForeignKey(Stream, models.PROTECT, db_index=False, related_name="outputs")
    number = models.PositiveIntegerField()
    evidence_id = Key()
    one_in = models.PositiveSmallIntegerField(default=1)
    is_read = models.BooleanField(default=True)
    practice = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="output_number_once"),
            models.UniqueConstraint(fields=["evidence_id", "practice"], name="output_evidence_once"),
        ]


class Wording(Row):
    """The words of an output as they were handed in the n-th time, frozen by their SHA-256."""

    to_provider = "output__stream__engagement__provider"
    to_worker = "output__stream__worker"

    output = models.ForeignKey(Output, models.PROTECT, db_index=False, related_name="wordings")
    n = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["output", "n"], name="wording_n_once")]


class Verdict(Row):
    """What the reader says of a wording: ok, remark, fault or critical, with words. It is never edited."""

    to_provider = "wording__output__stream__engagement__provider"
    to_worker = "wording__output__stream__worker"

    wording = models.OneToOneField(Wording, models.PROTECT, related_name="verdict")
    verdict = models.CharField(max_length=10)
    words = models.CharField(max_length=2000, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")


class Handled(Row):
    """One item of the work was done, by this side: what the share by week counts. `day` is a date in the terms' zone."""

    to_provider = "engagement__provider"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=80, blank=True)
    day = models.DateField()
    by_side = models.CharField(max_length=10)
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    evidence_id = Key()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence_id"], name="handled_once")]
        indexes = [models.Index(fields=["business", "engagement", "day"], name="handled_day")]


class SharePlan(Row):
    """Version n of what both sides expect: the provider's share of the work grows evenly, in whole per cent, from the
    week of the Monday `first_week` over `weeks` weeks."""

    to_provider = "engagement__provider"

    engagement = models.ForeignKey(Engagement, models.PROTECT, db_index=False, related_name="+")
    n = models.PositiveSmallIntegerField()
    first_week = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    start = models.PositiveSmallIntegerField()
    goal = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "n"],
                name="share_plan_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody changed the plan a moment ago.",
            ),
            models.CheckConstraint(
                name="share_plan_grows", condition=Q(goal__gte=F("start"), goal__lte=100, weeks__gte=1)
            ),
        ]
