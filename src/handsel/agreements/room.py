"""What agreements give to the house."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from handsel.agreements import queries, rules, wording
from handsel.agreements.events import EVENTS
from handsel.agreements.models import Engagement, InForce, Terms
from handsel.core.asking import asked
from handsel.core.rooms import Answer, Dated, Found, Need, Question, Room, Step
from handsel.values.actors import Actor, Side
from handsel.values.days import day_in_words, day_of


def questions(actor: Actor) -> Iterable[Question]:
    """Versions that wait for this side's signature, and those that the other side does not know of yet."""
    if actor.may("agreements.sign"):
        rows = queries.to_sign(actor).values(
            "id", "n", "document", "valid_from", "made_at", "other_signer", "engagement__provider__name"
        )[:20]
        yield Question(rows, lambda found: (_to_sign(actor, terms) for terms in found))
    if actor.may("agreements.invite_to_sign"):
        signed = queries.to_invite(actor).values(
            "id", "engagement_id", "made_at", "document", "engagement__contact_name"
        )
        yield Question(signed[:20], lambda found: (_to_invite(actor, terms) for terms in found))


needs = asked(questions)


def _to_sign(actor: Actor, terms: Answer) -> Need:
    agreed = rules.agreed_of(terms["document"])
    other: str | None = terms["other_signer"]
    there = other or (terms["engagement__provider__name"] if actor.side is Side.OWNER_SIDE else "")
    begun = f"{other} has signed. " if other else ""
    theirs = "provider" if actor.side is Side.OWNER_SIDE else "owner"
    given = (
        ("open", "given" if other else "open")
        if actor.side is Side.OWNER_SIDE
        else ("given" if other else "open", "open")
    )
    return Need(
        f"Terms, version {terms['n']}: {agreed.work}",
        f"{begun}They start on {day_in_words(terms['valid_from'])}: {wording.pay_in_short(agreed)}.",
        "Read and sign", reverse("agreements:terms", args=[actor.slug, terms["id"]]), terms["made_at"], minutes=4,
        person=there, side=theirs, given=given,
    )  # fmt: skip


def _to_invite(actor: Actor, terms: Answer) -> Need:
    name = terms["engagement__contact_name"]
    return Need(
        f"Terms, version 1: {rules.agreed_of(terms['document']).work}",
        f"You have signed. {name} has not been asked to yet.",
        f"Invite {name.partition(' ')[0]}", reverse("agreements:engagement", args=[actor.slug, terms["engagement_id"]]),
        terms["made_at"], person=name, side="provider", given=("given", "open"),
    )  # fmt: skip


def steps(actor: Actor, engagement_id: UUID) -> Sequence[Step]:
    standing = queries.standing(engagement_id, day_of(timezone.now(), actor.zone))
    state = "now" if standing.word in {"not signed", "begins"} else "done"
    return [Step("Terms", state, reverse("agreements:engagement", args=[actor.slug, engagement_id]))]


def _found(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Engagement.objects.filter(business_id=business_id, pk__in=keys).select_related("provider", "business")
    return [
        Found("engagement", "Agreement", e.id, f"{e.title}, {e.provider.name}",
              reverse("agreements:engagement", args=[e.business.slug, e.id]), e.contact_name, engagement_id=e.id,
              at=e.made_at)
        for e in rows
    ]  # fmt: skip


def _found_terms(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    rows = Terms.objects.filter(business_id=business_id, pk__in=keys).select_related("engagement__provider", "business")
    return [
        Found("terms", "Terms", t.id, f"{t.engagement.title}, version {t.n}",
              reverse("agreements:terms", args=[t.business.slug, t.id]), t.engagement.provider.name,
              engagement_id=t.engagement_id, at=t.made_at)
        for t in rows
    ]  # fmt: skip


_ON_THE_DAY = {
    InForce.SIGNED: "Version {n} of the terms begins",
    InForce.PAUSED: "Pause begins",
    InForce.RESUMED: "Work goes on",
    InForce.ENDED: "Last day",
}


def dates(actor: Actor, first: date, last: date) -> Sequence[Dated]:
    """When terms begin, when work pauses and goes on, and last days; one SQL query."""
    rows = InForce.objects.visible_to(actor).filter(from_day__range=(first, last + timedelta(days=1)))
    newest = {
        (row.engagement_id, row.from_day): row for row in rows.select_related("engagement", "terms").order_by("n")
    }
    return [_dated(actor, row) for row in newest.values() if row.why in _ON_THE_DAY]


def _dated(actor: Actor, row: InForce) -> Dated:
    words = _ON_THE_DAY[row.why].format(n=row.terms.n if row.terms else "")
    day = row.from_day - timedelta(days=1) if row.why == InForce.ENDED else row.from_day
    url = reverse("agreements:engagement", args=[actor.slug, row.engagement_id])
    return Dated(day, f"{words}: {row.engagement.title}", url, f"{row.id}-in-force")


def count(actor: Actor) -> int:
    return queries.to_sign(actor).count() if actor.may("agreements.sign") else 0


ROOM = Room(
    name="agreements",
    nav={
        "owner": ("Agreements", "handshake", "agreements:list"),
        "provider": ("Agreements", "handshake", "agreements:list"),
    },
    needs=needs,
    questions=questions,
    steps=steps,
    events=EVENTS,
    things={"engagement": _found, "terms": _found_terms},
    dates=dates,
    extra={"count": count},
)
