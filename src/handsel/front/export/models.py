"""The exports that people asked for."""

from django.db import models
from django.db.models import Q

from handsel.core.models import StoredFile
from handsel.people.models import Person, Provider, Row
from handsel.values.actors import Actor


class Export(Row):
    """One export of one side, from the wish to the file. It is read by whoever asked for it, and nobody else.

    words, done, most: how far the job is. trouble: why it failed, for a person; empty while it did not.
    """

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, db_index=False, related_name="+")
    words = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField(default=1)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, db_index=False, related_name="+")
    number = models.BigIntegerField(default=0)  # the end of the trail that is in it
    head = models.CharField(max_length=64, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["business", "person", "made_at"], name="export_person")]

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        return Q(business_id=actor.business_id, person_id=actor.person_id, provider_id=actor.provider_id)

    @property
    def is_under_way(self) -> bool:
        return self.file_id is None and not self.trouble

    @property
    def seal(self) -> str:
        """The end of its trail, as papers print a seal."""
        letters = self.head[:16].upper()
        return " ".join(letters[n : n + 4] for n in range(0, len(letters), 4))
