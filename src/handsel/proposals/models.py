"""Proposals: their versions, to whom each was sent, and what became of it. The owner's side alone reads the rows;
whoever was asked reads through the link."""

from django.db import models

from handsel.core.models import StoredFile
from handsel.people.models import Person
from handsel.planning.models import Area, Decided


class Proposal(Decided):
    """What somebody is asked to do, for one area of work; it says nothing itself, its versions do."""

    area = models.ForeignKey(Area, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["business", "made_at"], name="proposal_business"),
            models.Index(fields=["area"], name="proposal_area"),
        ]


class ProposalVersion(Decided):
    """Version n. `document` is the text as data; `hash` is what a consent names."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, db_index=False, related_name="versions")
    n = models.PositiveIntegerField()
    document = models.JSONField()
    hash = models.CharField(max_length=64)
    valid_until = models.DateField()
    zone = models.CharField(max_length=60)
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "n"],
                name="proposal_version_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody wrote a version a moment ago.",
            )
        ]
        indexes = [models.Index(fields=["business", "made_at"], name="proposal_version_business")]
        verbose_name = "version of the proposal"


class ScopeItem(Decided):
    """A part of the work, or what is not part of it and what happens instead."""

    version = models.ForeignKey(ProposalVersion, models.PROTECT, db_index=False, related_name="scope_items")
    position = models.PositiveSmallIntegerField()
    is_in = models.BooleanField()
    text = models.CharField(max_length=500)
    instead = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="scope_item_once")]


class Deliverable(Decided):
    """A thing that is delivered: by when, accepted by which test, for which fee in minor units."""

    version = models.ForeignKey(ProposalVersion, models.PROTECT, db_index=False, related_name="deliverables")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    due = models.DateField(null=True)
    accept = models.CharField(max_length=300)
    fee = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "name"], name="deliverable_once")]


class ProposalInvitation(Decided):
    """A version as it was sent to somebody. Of the link only the SHA-256 is kept. reason: why it went out although
    the plan was incomplete. Of several to one address in one proposal the greatest n counts, whichever link is opened.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, db_index=False, related_name="invitations")
    version = models.ForeignKey(ProposalVersion, models.PROTECT, db_index=False, related_name="invitations")
    n = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    mail = models.EmailField()
    reason = models.CharField(max_length=300, blank=True)
    lacking = models.JSONField(default=list)  # what the plan lacked, where it did
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "n"],
                name="proposal_invitation_n_once",
                violation_error_code="changed_meanwhile",
                violation_error_message="Somebody sent it a moment ago.",
            )
        ]
        indexes = [models.Index(fields=["business", "made_at"], name="proposal_invitation_business")]


class Revocation(Decided):
    """The link was taken back: it opens nothing from then on."""

    invitation = models.OneToOneField(ProposalInvitation, models.PROTECT, related_name="revocation")
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")


class ProposalQuestion(Decided):
    """Asked by the holder of the link."""

    invitation = models.ForeignKey(ProposalInvitation, models.PROTECT, db_index=False, related_name="questions")
    text = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["business", "made_at"], name="proposal_question_business"),
            models.Index(fields=["invitation"], name="proposal_question_invitation"),
        ]
        verbose_name = "question"


class ProposalAnswer(Decided):
    """What the owner's side answered; it stands on the page behind the link."""

    question = models.OneToOneField(ProposalQuestion, models.PROTECT, related_name="answer")
    text = models.TextField()
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")


class Consent(Decided):
    """Accepted by the holder of the link: which text, from where."""

    invitation = models.OneToOneField(ProposalInvitation, models.PROTECT, related_name="consent")
    document_hash = models.CharField(max_length=64)
    origin = models.CharField(max_length=300, blank=True)  # network address and program


class Decline(Decided):
    """A no with a word, by the holder of the link (person empty) or by the owner's side."""

    invitation = models.OneToOneField(ProposalInvitation, models.PROTECT, related_name="decline")
    word = models.CharField(max_length=300)
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")


class Award(Decided):
    """Terms were drawn up from what was accepted."""

    invitation = models.OneToOneField(ProposalInvitation, models.PROTECT, related_name="award")
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")


class Closure(Decided):
    """Nothing more is to come of the proposal."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="closure")
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")


class ProposalPaper(Decided):
    """The PDF of a version as it was sent."""

    invitation = models.OneToOneField(ProposalInvitation, models.PROTECT, related_name="paper")
    file = models.ForeignKey(StoredFile, models.PROTECT, db_index=False, related_name="+")
