"""Every read about agreements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from handsel.agreements import rules
from handsel.agreements.models import Engagement, InForce, RateLine, Signature, Terms, Worker
from handsel.agreements.rules import Agreed, Stretch
from handsel.people.models import Business, Invitation, Membership, Person
from handsel.values.actors import Actor, Side
from handsel.values.days import day_of
from handsel.values.refusals import NotVisible, Refusal


def engagements(actor: Actor) -> QuerySet[Engagement]:
    """The engagements that this person sees, newest first; one SQL query. An assistant sees those that name her."""
    return Engagement.objects.visible_to(actor).select_related("provider").order_by("-made_at", "-id")


def engagement(actor: Actor, key: UUID) -> Engagement:
    found = engagements(actor).filter(pk=key).first()
    if found is None:
        raise NotVisible("engagement")
    return found


def versions(actor: Actor, engagement_id: UUID) -> QuerySet[Terms]:
    """The versions of the terms, newest first, with signatures and what closed them."""
    return (
        Terms.objects.visible_to(actor)
        .filter(engagement_id=engagement_id)
        .select_related("closed", "paper", "engagement__provider")
        .prefetch_related("signatures")
        .order_by("-n")
    )


def version(actor: Actor, terms_id: UUID) -> Terms:
    return Terms.objects.select_related("engagement__provider", "closed", "paper").get_visible(actor, terms_id)


def stretches(engagement_id: UUID) -> list[Stretch]:
    """What was and will be in force, as far as it is written; one SQL query."""
    rows = InForce.objects.filter(engagement_id=engagement_id).values_list(
        "from_day", "n", "terms_id", "terms__n", "why"
    )
    return [Stretch(day, n, terms_id, version or 0, why) for day, n, terms_id, version, why in rows.order_by("n")]


def planned_pauses(engagement_id: UUID) -> list[Stretch]:
    """Pauses that have not begun, the next one first; two SQL queries."""
    return rules.planned_pauses(stretches(engagement_id), day_of(timezone.now(), zone_of(engagement_id)))


def ended_on(engagement_id: UUID) -> date | None:
    """The first day on which an engagement is over; None while no end is written. One SQL query."""
    rows = InForce.objects.filter(engagement_id=engagement_id, why=InForce.ENDED)
    return rows.order_by("from_day").values_list("from_day", flat=True).first()


@dataclass(frozen=True)
class InForceTerms:
    """A version in force on a day, with what the arithmetic needs of it."""

    terms_id: UUID
    n: int
    agreed: Agreed


def terms_on(engagement_id: UUID, day: date) -> InForceTerms | None:
    """The version in force on the work day; one SQL query, the same question that the gate asks."""
    row = (
        InForce.objects.filter(engagement_id=engagement_id, from_day__lte=day)
        .order_by("-from_day", "-n")
        .values_list("terms_id", "terms__n", "terms__document")
        .first()
    )
    if row is None or row[0] is None:
        return None
    return InForceTerms(row[0], row[1], rules.agreed_of(row[2]))


def terms_or_refusal(engagement_id: UUID, day: date) -> InForceTerms:
    """The version in force on the day; where there is none, the refusal that says from when work counts."""
    found = terms_on(engagement_id, day)
    if found is None:
        raise why_no_terms(engagement_id, day)
    return found


def why_no_terms(engagement_id: UUID, day: date) -> Refusal:
    begins = sorted(s.from_day for s in stretches(engagement_id) if s.terms_id and s.from_day > day)
    return rules.no_terms_sentence(day, begins[0] if begins else None)


def terms_of(terms_ids: Iterable[UUID]) -> dict[UUID, InForceTerms]:
    """Several versions at once; one SQL query."""
    rows = Terms.objects.filter(pk__in=set(terms_ids)).values_list("id", "n", "document")
    return {key: InForceTerms(key, n, rules.agreed_of(document)) for key, n, document in rows}


def rate_line(terms_id: UUID, kind: str) -> RateLine | None:
    """The rate of this kind of work; the first one where the kind has no line of its own."""
    lines = list(RateLine.objects.filter(terms_id=terms_id).order_by("position"))
    return next((line for line in lines if line.kind == kind), lines[0] if lines else None)


def workers(engagement_id: UUID) -> QuerySet[Worker]:
    return Worker.objects.filter(engagement_id=engagement_id).select_related("person").order_by("id")


def is_worker(engagement_id: UUID, person_id: UUID) -> bool:
    return Worker.objects.filter(engagement_id=engagement_id, person_id=person_id).exists()


def zone_of(engagement_id: UUID) -> str:
    """The zone that cuts days: that of the newest version."""
    zone = Terms.objects.filter(engagement_id=engagement_id).order_by("-n").values_list("zone", flat=True).first()
    return zone or "UTC"


def to_sign(actor: Actor) -> QuerySet[Terms]:
    """Versions that wait for this side's signature, oldest first; one SQL query."""
    newest = Terms.objects.filter(engagement=OuterRef("engagement")).order_by("-n").values("n")[:1]
    return (
        Terms.objects.visible_to(actor)
        .filter(closed=None, n=Subquery(newest))
        .exclude(pk__in=Signature.objects.filter(signed_side=actor.side.value).values("terms_id"))
        .annotate(other_signer=Subquery(Signature.objects.filter(terms=OuterRef("pk")).values("name")[:1]))
        .select_related("engagement__provider")
        .order_by("made_at", "id")
    )


def to_invite(actor: Actor) -> QuerySet[Terms]:
    """First versions that the owner has signed, while the provider's contact was never asked to; one SQL query."""
    asked = Invitation.objects.filter(engagement_id=OuterRef("engagement_id"))
    joined = Membership.objects.filter(
        business_id=OuterRef("business_id"), provider_id=OuterRef("engagement__provider_id"), left_at=None
    )
    signed = Signature.objects.filter(terms=OuterRef("pk"), signed_side=Side.OWNER_SIDE.value)
    rows = Terms.objects.visible_to(actor).filter(Exists(signed), ~Exists(asked), ~Exists(joined), closed=None, n=1)
    return rows.order_by("made_at", "id")


@dataclass(frozen=True)
class Standing:
    """How an engagement stands today: its word, and since or until when."""

    word: str
    day: date | None = None
    terms: InForceTerms | None = None


def standing(engagement_id: UUID, today: date) -> Standing:
    """In force, paused, ended, or not begun; two SQL queries."""
    rows = stretches(engagement_id)
    now = rules.in_force_on(rows, today)
    if now is None:
        first = min((s.from_day for s in rows), default=None)
        return Standing("begins" if first else "not signed", first)
    if now.terms_id is None:
        return Standing(now.why, now.from_day)
    return Standing("in force", now.from_day, terms_of([now.terms_id])[now.terms_id])


def signer(actor: Actor) -> Person:
    return Person.objects.get(pk=actor.person_id)


def both_signed(signatures: Sequence[Signature]) -> bool:
    return {s.signed_side for s in signatures} >= {"owner", "provider"}


def newest_kinds(engagement_id: UUID) -> list[str]:
    """The kinds of work of the newest version, signed or not; one SQL query."""
    document = (
        Terms.objects.filter(engagement_id=engagement_id).order_by("-n").values_list("document", flat=True).first()
    )
    return [rate.kind for rate in rules.agreed_of(document).rates] if document else []


def business_name(actor: Actor) -> str:
    return Business.objects.values_list("name", flat=True).get(pk=actor.business_id)


def business(actor: Actor) -> Business:
    return Business.objects.get(pk=actor.business_id)


def version_before(terms: Terms) -> Terms | None:
    """The version that this one would replace: the newest signed by both before it; else none."""
    rows = Terms.objects.filter(engagement_id=terms.engagement_id, n__lt=terms.n).prefetch_related("signatures")
    return next((t for t in rows.order_by("-n") if both_signed(list(t.signatures.all()))), None)


def in_force_rows(actor: Actor, engagement_id: UUID) -> QuerySet[InForce]:
    """What came into force, was paused, resumed and ended, in the order in which it was written."""
    return (
        InForce.objects.visible_to(actor)
        .filter(engagement_id=engagement_id)
        .select_related("terms", "person")
        .order_by("n")
    )


@dataclass(frozen=True)
class Standings:
    """An engagement in the list: how it stands, and what its newest terms say."""

    engagement: Engagement
    standing: Standing
    agreed: Agreed
    business: str


def standings(actor: Actor, today: date, rows: QuerySet[Engagement] | None = None) -> list[Standings]:
    """The engagements with how each stands today, all or these; four SQL queries whatever the number of rows."""
    found = list((engagements(actor) if rows is None else rows)[:200])
    keys = [e.id for e in found]
    stretches: dict[UUID, list[Stretch]] = {key: [] for key in keys}
    in_force = InForce.objects.filter(engagement_id__in=keys).order_by("n")
    for key, day, n, terms_id, v, why in in_force.values_list(
        "engagement_id", "from_day", "n", "terms_id", "terms__n", "why"
    ):
        stretches[key].append(Stretch(day, n, terms_id, v or 0, why))
    newest = {t.engagement_id: t for t in Terms.objects.filter(engagement_id__in=keys).order_by("n")}
    name = business_name(actor) if found else ""
    return [
        Standings(e, _standing_of(stretches[e.id], today), rules.agreed_of(newest[e.id].document), name) for e in found
    ]


def _standing_of(rows: list[Stretch], today: date) -> Standing:
    now = rules.in_force_on(rows, today)
    if now is None:
        first = min((s.from_day for s in rows), default=None)
        return Standing("begins" if first else "not signed", first)
    return Standing("in force" if now.terms_id else now.why, now.from_day)
