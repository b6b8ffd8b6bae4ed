"""Every change about agreements."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from handsel.agreements import events, queries, rules, wording
from handsel.agreements.models import (
    Engagement,
    FeeLine,
    InForce,
    Paper,
    RateLine,
    Seen,
    Signature,
    Terms,
    TermsClosed,
    Worker,
)
from handsel.agreements.rules import Agreed
from handsel.core import letters
from handsel.core.actions import action, record
from handsel.core.outbox import queue
from handsel.core.trail import open_chain
from handsel.people.actions import invite
from handsel.people.models import Invitation, Person, Provider, ProviderMember
from handsel.proposals.actions import award
from handsel.values.actors import Actor, Role, Side
from handsel.values.money import Money
from handsel.values.refusals import Refusal, marked


@action
def draw_up(actor: Actor, agreed: Agreed, contact_name: str, contact_mail: str, area_id: UUID | None = None,
            proposal_version_id: UUID | None = None) -> Engagement:  # fmt: skip
    """Draw up the first terms of an engagement, from an accepted proposal or directly."""
    _refuse(rules.why_not_terms(agreed))
    engagement = Engagement.objects.create(
        business_id=actor.business_id, provider=_provider_of(actor, contact_name, contact_mail), title=agreed.work,
        contact_name=contact_name, contact_mail=contact_mail.lower(), area_id=area_id,
        proposal_version_id=proposal_version_id,
    )  # fmt: skip
    terms = _write_version(actor, engagement, 1, agreed)
    if proposal_version_id:
        award(actor, proposal_version_id)
    record(events.DRAWN_UP, terms, kind="terms", n=1)
    return engagement


@action
def amend(actor: Actor, engagement_id: UUID, agreed: Agreed) -> Terms:
    """Propose a new version; the old terms stay in force until both have signed it."""
    _refuse(rules.why_not_terms(agreed))
    engagement = Engagement.objects.get_visible(actor, engagement_id, lock=True)
    newest = Terms.objects.filter(engagement=engagement).order_by("-n").select_related("closed").first()
    if newest and not hasattr(newest, "closed") and not queries.both_signed(list(newest.signatures.all())):
        raise Refusal("version_open", f"Version {newest.n} still waits for a signature.",
                      mend="Withdraw or decline it first.")  # fmt: skip
    terms = _write_version(actor, engagement, newest.n + 1 if newest else 1, agreed)
    record(events.AMENDED, terms, kind="terms", n=terms.n, from_day=agreed.valid_from.isoformat())
    return terms


@action
def invite_to_sign(actor: Actor, engagement_id: UUID) -> tuple[Invitation, str]:
    """Mail the provider's contact a link: it opens the terms, and makes the account that signing needs."""
    engagement = Engagement.objects.get_visible(actor, engagement_id)
    newest = Terms.objects.filter(engagement=engagement).latest("n")
    invitation, token = invite(
        actor, engagement.contact_name, engagement.contact_mail, Role.PROVIDER_ADMIN,
        engagement_id=engagement.id, provider_id=engagement.provider_id,
    )  # fmt: skip
    subject, text = wording.invitation(actor.name, queries.business_name(actor), rules.agreed_of(newest.document))
    link = f"{settings.ADDRESS}/join/{token}/"
    letter = letters.notice([engagement.contact_mail], subject, f"{text}\n\n{link}\n")
    queue("mail", business_id=actor.business_id, about=engagement.id, payload={**letter, "link": link})
    return invitation, token


@action
def withdraw_terms(actor: Actor, terms_id: UUID, word: str = "") -> None:
    """Take a version back that one's side proposed, before both have signed."""
    terms = _open_version(actor, terms_id)
    if terms.proposed_by != actor.side.value:
        raise Refusal("not_yours", marked("The other side proposed this version."), mend="Decline it instead.")
    TermsClosed.objects.create(
        business_id=actor.business_id, terms=terms, person_id=actor.person_id, declined=False, word=word
    )
    record(events.WITHDRAWN, terms, kind="terms", n=terms.n)


@action
def decline(actor: Actor, terms_id: UUID, word: str) -> None:
    """Say no to a version, with a word of why; both sides are told."""
    terms = _open_version(actor, terms_id)
    TermsClosed.objects.create(
        business_id=actor.business_id, terms=terms, person_id=actor.person_id, declined=True, word=word
    )
    record(events.DECLINED, terms, kind="terms", n=terms.n)


@action
def note_seen(actor: Actor, terms_id: UUID) -> None:
    """Say that one has read the whole text of a version."""
    terms = Terms.objects.get_visible(actor, terms_id, lock=True)
    if not Seen.objects.filter(terms=terms, person_id=actor.person_id).exists():
        Seen.objects.create(business_id=actor.business_id, terms=terms, person_id=actor.person_id)
    record(events.TERMS_SEEN, terms, kind="terms", n=terms.n)


@action
def sign(actor: Actor, terms_id: UUID, document_hash: str) -> Signature:
    """Sign the text that was read, for one's side. The second signature brings it into force."""
    terms = Terms.objects.get_visible(actor, terms_id)
    Engagement.objects.get_visible(actor, terms.engagement_id, lock=True)
    signatures = {s.signed_side: s for s in terms.signatures.all()}
    seen = Seen.objects.filter(terms=terms, person_id=actor.person_id).exists()
    closed = TermsClosed.objects.filter(terms=terms).exists()
    _refuse(rules.why_not_sign(seen, actor.side.value in signatures, closed, document_hash, terms.hash))
    person = Person.objects.get(pk=actor.person_id)
    signature = Signature.objects.create(
        business_id=actor.business_id, terms=terms, signed_side=actor.side.value, person=person, name=person.name,
        mail=person.mail, origin=actor.origin, consent_hash=rules.consent_hash(), document_hash=document_hash,
    )  # fmt: skip
    record(events.SIGNED, terms, kind="terms", n=terms.n)
    if actor.side is Side.PROVIDER_SIDE and not queries.is_worker(terms.engagement_id, person.id):
        Worker.objects.create(business_id=actor.business_id, engagement_id=terms.engagement_id, person=person)
    if signatures:
        _bring_into_force(actor, terms)
    return signature


@action
def pause(actor: Actor, engagement_id: UUID, from_day: date, word: str = "") -> None:
    """Pause the engagement: from a day on no work counts, until it is resumed."""
    engagement = Engagement.objects.get_visible(actor, engagement_id, lock=True)
    rows = queries.stretches(engagement.id)
    now = rules.in_force_on(rows, from_day)
    if now is None or now.terms_id is None:
        raise Refusal("nothing_in_force", marked("On this day nothing is in force that could be paused."),
                      mend="Choose a day on which the terms are in force.", place="from_day")  # fmt: skip
    _write_in_force(actor, engagement.id, [(day, None) for day in rules.changes_of_stop(rows, from_day)],
                    InForce.PAUSED, word)  # fmt: skip
    record(events.PAUSED, engagement, from_day=from_day.isoformat())


@action
def resume(actor: Actor, engagement_id: UUID, from_day: date, word: str = "") -> None:
    """Resume the engagement: the newest version that both have signed is in force again."""
    engagement = Engagement.objects.get_visible(actor, engagement_id, lock=True)
    _lift_pause(actor, engagement, from_day, InForce.RESUMED, word)
    record(events.RESUMED, engagement, from_day=from_day.isoformat())


@action
def call_off_pause(actor: Actor, engagement_id: UUID, from_day: date, word: str = "") -> None:
    """Take back a pause that has not begun; one that has begun is resumed."""
    engagement = Engagement.objects.get_visible(actor, engagement_id, lock=True)
    if from_day not in {pause.from_day for pause in queries.planned_pauses(engagement.id)}:
        raise Refusal("no_planned_pause", marked("No pause is to begin on this day."),
                      mend="A pause that has begun is ended by resuming.")  # fmt: skip
    _lift_pause(actor, engagement, from_day, InForce.CALLED_OFF, word)
    record(events.PAUSE_CALLED_OFF, engagement, from_day=from_day.isoformat())


@action
def end(actor: Actor, engagement_id: UUID, last_day: date, word: str = "") -> None:
    """End the engagement on a last day; earlier work is still decided and paid."""
    engagement = Engagement.objects.get_visible(actor, engagement_id, lock=True)
    rows = queries.stretches(engagement.id)
    if not rows or rules.in_force_on(rows, last_day) is None:
        raise Refusal("nothing_in_force", marked("On this day nothing is in force that could end."),
                      mend="Choose a later day, or withdraw the terms.", place="last_day")  # fmt: skip
    if any(row.why == InForce.ENDED for row in rows):
        raise Refusal("already_ended", marked("This engagement has its last day already."), mend="Reload the page.")
    days = rules.changes_of_stop(rows, last_day + timedelta(days=1))
    _write_in_force(actor, engagement.id, [(day, None) for day in days], InForce.ENDED, word)
    record(events.ENDED, engagement, last_day=last_day.isoformat())


@action
def name_worker(actor: Actor, engagement_id: UUID, person_id: UUID) -> Worker:
    """Name a person of one's own firm who works on this engagement."""
    engagement = Engagement.objects.get_visible(actor, engagement_id, lock=True)
    if not ProviderMember.objects.filter(provider_id=engagement.provider_id, person_id=person_id).exists():
        raise Refusal("not_your_firm", marked("This person does not belong to your firm."),
                      mend="Invite them first.", place="person")  # fmt: skip
    if queries.is_worker(engagement.id, person_id):
        raise Refusal("already_named", marked("This person is named already."), mend="Reload the page.")
    worker = Worker.objects.create(business_id=actor.business_id, engagement=engagement, person_id=person_id)
    record(events.WORKER_NAMED, worker, engagement_id=engagement.id)
    return worker


@action
def file_paper(actor: Actor, terms_id: UUID, file_id: UUID, head_number: int, head: str) -> Paper:
    """Keep the sealed paper that a job has made; the second time gives the first one."""
    terms = Terms.objects.get_visible(actor, terms_id)
    paper = Paper.objects.filter(terms=terms).first()
    if paper is None:
        paper = Paper.objects.create(
            business_id=actor.business_id, terms=terms, file_id=file_id, head_number=head_number, head=head
        )
        _mail_paper(actor, terms, file_id)
    record(events.PAPER_SEALED, terms, kind="terms", n=terms.n)
    return paper


# ---------------------------------------------------------------- what the verbs are made of


def _write_version(actor: Actor, engagement: Engagement, n: int, agreed: Agreed) -> Terms:
    terms = Terms.objects.create(
        business_id=actor.business_id, engagement=engagement, n=n, valid_from=agreed.valid_from,
        currency=agreed.currency, zone=agreed.zone, document=agreed.document(), hash=agreed.hash,
        proposed_by=actor.side.value,
    )  # fmt: skip
    for position, rate in enumerate(agreed.rates):
        RateLine.objects.create(
            business_id=actor.business_id, terms=terms, position=position, kind=rate.kind,
            price_e4=int(rate.price * 10000),
        )  # fmt: skip
    for position, fee in enumerate(agreed.fees):
        FeeLine.objects.create(
            business_id=actor.business_id, terms=terms, position=position, name=fee.name, due=fee.due,
            amount=Money(fee.amount, agreed.currency).minor, accept=fee.accept,
        )  # fmt: skip
    return terms


def _bring_into_force(actor: Actor, terms: Terms) -> None:
    days = rules.changes_of_signature(queries.stretches(terms.engagement_id), terms.valid_from, terms.n)
    _write_in_force(actor, terms.engagement_id, [(day, terms.id) for day in days], InForce.SIGNED, "")
    record(events.CAME_INTO_FORCE, terms, kind="terms", n=terms.n, from_day=terms.valid_from.isoformat())


def _write_in_force(actor: Actor, engagement_id: UUID, changes: Sequence[tuple[date, UUID | None]], why: str,
                    word: str) -> None:  # fmt: skip
    last = InForce.objects.filter(engagement_id=engagement_id).aggregate(n=Max("n"))["n"] or 0
    for n, (day, terms_id) in enumerate(changes, start=last + 1):
        InForce.objects.create(
            business_id=actor.business_id, engagement_id=engagement_id, n=n, from_day=day, terms_id=terms_id, why=why,
            person_id=actor.person_id, word=word,
        )  # fmt: skip


def _lift_pause(actor: Actor, engagement: Engagement, from_day: date, why: str, word: str) -> None:
    rows = queries.stretches(engagement.id)
    if rules.pause_on(rows, from_day) is None:
        raise Refusal("not_paused", marked("On this day the engagement is not paused."),
                      mend="An ended engagement begins again with new terms.", place="from_day")  # fmt: skip
    changes = rules.changes_of_resume(rows, _signed_versions(engagement.id), from_day)
    _write_in_force(actor, engagement.id, changes, why, word)


def _signed_versions(engagement_id: UUID) -> list[tuple[date, int, UUID]]:
    rows = Terms.objects.filter(engagement_id=engagement_id).prefetch_related("signatures")
    return [(t.valid_from, t.n, t.id) for t in rows if queries.both_signed(list(t.signatures.all()))]


def _mail_paper(actor: Actor, terms: Terms, file_id: UUID) -> None:
    """The proof goes to both sides' own mailboxes: it does not depend on this server."""
    subject, text = wording.sealed(queries.business_name(actor), terms.engagement.provider.name, terms.n)
    for signature in terms.signatures.all():
        letter = letters.notice([signature.mail], subject, text, attachments=[file_id])
        queue("mail", business_id=actor.business_id, about=terms.id, payload=letter)


def _open_version(actor: Actor, terms_id: UUID) -> Terms:
    terms = Terms.objects.get_visible(actor, terms_id, lock=True)
    if TermsClosed.objects.filter(terms=terms).exists():
        raise Refusal("terms_closed", marked("This version was declined or withdrawn."), mend="Reload the page.")
    if queries.both_signed(list(terms.signatures.all())):
        raise Refusal(
            "both_signed", marked("Both sides have signed this version."), mend="Propose an amendment, or end it."
        )
    return terms


def _provider_of(actor: Actor, name: str, mail: str) -> Provider:
    """The provider that this person already has; else a new one of that name, which the invitation will open."""
    known = ProviderMember.objects.filter(person__mail=mail.lower()).select_related("provider").order_by("id").first()
    if known:
        return known.provider
    provider = Provider.objects.create(name=name)
    open_chain(provider.id, "provider")
    return provider


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal
