"""How things are done here: pages with versions, who is asked to know them, who has said so, questions and answers."""

from django.db import models
from django.db.models import Q

from handsel.core.keys import Key
from handsel.people.models import Person, Provider, Row
from handsel.values.actors import Actor, Side


class Playbook(Row):
    """A page of how things are done. Its title and its words are those of its newest version."""

    class Meta:
        indexes = [models.Index(fields=["business", "made_at"], name="playbook_business")]
        verbose_name = "page"


class PlaybookVersion(Row):
    """Version n of a page, in Markdown. Where it `asks`, who knew an earlier version is asked to read it again."""

    playbook = models.ForeignKey(Playbook, models.PROTECT, db_index=False, related_name="versions")
    n = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    asks = models.BooleanField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["playbook", "n"],
                name="playbook_version_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody changed this page a moment ago.",
            )
        ]
        indexes = [models.Index(fields=["business", "playbook", "n"], name="playbook_version_business")]


class Assignment(Row):
    """A page that somebody is asked to know: one person, or everybody who works for the business (person empty).

    Of several for one person the newest counts. `provider` is that of the person.
    """

    playbook = models.ForeignKey(Playbook, models.PROTECT, db_index=False, related_name="assignments")
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, null=True, db_index=False, related_name="+")
    due = models.DateField(null=True)
    assigned_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["business", "playbook"], name="assignment_business")]

    @classmethod
    def seen_by(cls, actor: Actor) -> Q:
        """A provider sees what its own people are asked to know, an assistant what she herself is."""
        mine = super().seen_by(actor)
        if actor.side is Side.PROVIDER_SIDE:
            mine &= Q(person=None) | Q(provider=actor.provider_id)
        if actor.is_assistant:
            mine &= Q(person=None) | Q(person=actor.person_id)
        return mine


class Acknowledgement(Row):
    """A person has read this version and says that she knows it."""

    to_provider = "provider"
    to_worker = "person"

    version = models.ForeignKey(PlaybookVersion, models.PROTECT, db_index=False, related_name="acknowledgements")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "person"],
                name="acknowledgement_once",
                violation_error_code="already_acknowledged",
                violation_error_message="You have acknowledged this version already.",
            )
        ]
        indexes = [models.Index(fields=["business", "person"], name="acknowledgement_person")]


class Question(Row):
    """“I don't know”: asked about a page, or about something of another room by its kind, key, word and address."""

    to_provider = "provider"

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    provider = models.ForeignKey(Provider, models.PROTECT, db_index=False, related_name="+")
    text = models.TextField()
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = Key(null=True)
    about_word = models.CharField(max_length=200, blank=True)
    about_url = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["business", "made_at"], name="question_business"),
            models.Index(fields=["about_id"], name="question_about"),
        ]


class Answer(Row):
    """What the owner's side says to a question; where it became a line of a page, the version that has it."""

    to_provider = "question__provider"

    question = models.OneToOneField(Question, models.PROTECT, related_name="answer")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    text = models.TextField()
    version = models.ForeignKey(PlaybookVersion, models.PROTECT, null=True, db_index=False, related_name="+")
