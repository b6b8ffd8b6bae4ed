"""Every change about proposals."""

from datetime import time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from handsel.core import letters
from handsel.core.actions import action, record
from handsel.core.outbox import items_about, queue
from handsel.people.queries import business_of, person
from handsel.people.rules import new_token
from handsel.planning import queries as planning
from handsel.proposals import events, queries, rules, wording
from handsel.proposals.models import (
    Award,
    Closure,
    Consent,
    Decline,
    Deliverable,
    Proposal,
    ProposalAnswer,
    ProposalInvitation,
    ProposalPaper,
    ProposalQuestion,
    ProposalVersion,
    Revocation,
    ScopeItem,
)
from handsel.proposals.rules import Offer
from handsel.values.actors import Actor, Way
from handsel.values.days import at
from handsel.values.money import Money
from handsel.values.refusals import NotVisible, Refusal, marked

OPENS_AFTER_VALIDITY = timedelta(days=30)


@action
def make_version(actor: Actor, area_id: UUID, offer: Offer, proposal_id: UUID | None = None) -> ProposalVersion:
    """Write a version: of a new proposal for the area, or the next one of a proposal that stands."""
    full = rules.filled(offer, business_of(actor).name)
    _refuse(rules.why_not_offer(full))
    proposal = _proposal(actor, area_id, proposal_id)
    last = ProposalVersion.objects.filter(proposal=proposal).aggregate(n=Max("n"))["n"] or 0
    version = ProposalVersion.objects.create(
        business_id=actor.business_id, proposal=proposal, n=last + 1, document=full.document(), hash=full.hash,
        valid_until=full.valid_until, zone=full.zone, person_id=actor.person_id,
    )  # fmt: skip
    _write_items(actor, version, full)
    record(events.VERSION_MADE, proposal, n=version.n)
    return version


@action
def send(
    actor: Actor, proposal_id: UUID, n: int, name: str, mail: str, reason: str = ""
) -> tuple[ProposalInvitation, str]:
    """Send the newest version to one provider by a mailed link. Gives the secret of the link, of which only the
    mail keeps more than a hash. reason: why, where the plan is incomplete."""
    proposal = Proposal.objects.get_visible(actor, proposal_id, lock=True)
    version = _newest(proposal, n)
    offer = rules.offer_of(version.document)
    lacking = [words for _, words in planning.lacking(actor, proposal.area_id)]
    _refuse(rules.why_not_send(offer, lacking, reason, queries.today_of(version)))
    token, kept = new_token()
    invitation = ProposalInvitation.objects.create(
        business_id=actor.business_id, proposal=proposal, version=version, n=_next_invitation(proposal),
        name=name.strip(), mail=mail.strip().lower(), reason=reason.strip() if lacking else "", lacking=lacking,
        token_hash=kept, person_id=actor.person_id,
        expires_at=at(version.valid_until + timedelta(days=1), time(0), version.zone) + OPENS_AFTER_VALIDITY,
    )  # fmt: skip
    _mail_link(actor, invitation, offer, f"{settings.ADDRESS}/p/{token}/")
    record(events.SENT, proposal, n=version.n)
    if lacking:
        record(events.SENT_INCOMPLETE, proposal)
    return invitation, token


@action
def revoke(actor: Actor, invitation_id: UUID) -> None:
    """Take a proposal back from an address: each of its links stops working at once."""
    found = _locked(actor, invitation_id)
    if getattr(found, "award", None):
        raise Refusal("terms_drawn_up", marked("Terms were drawn up from it."), mend="Withdraw the terms instead.")
    same = ProposalInvitation.objects.filter(proposal_id=found.proposal_id, mail=found.mail, revocation=None)
    for invitation in same:
        Revocation.objects.create(business_id=actor.business_id, invitation=invitation, person_id=actor.person_id)
    record(events.REVOKED, found.proposal)


@action
def ask(actor: Actor, invitation_id: UUID, text: str) -> ProposalQuestion:
    """Ask about a proposal; asking works after its last day too."""
    found = _locked(actor, invitation_id)
    if not text.strip():
        raise Refusal("empty_question", marked("The question is empty."), mend="Write it down.", place="text")
    question = ProposalQuestion.objects.create(business_id=actor.business_id, invitation=found, text=text.strip())
    record(events.ASKED, found.proposal)
    return question


@action
def answer(actor: Actor, question_id: UUID, text: str) -> ProposalAnswer:
    """Answer a question: the answer stands on the page behind the link, and a mail says so."""
    question = ProposalQuestion.objects.select_related("invitation__proposal").get_visible(
        actor, question_id, lock=True
    )
    if ProposalAnswer.objects.filter(question=question).exists():
        raise Refusal("already_answered", marked("This question has an answer already."), mend="Reload the page.")
    answered = ProposalAnswer.objects.create(
        business_id=actor.business_id, question=question, text=text.strip(), person_id=actor.person_id
    )
    _mail_answer(actor, question.invitation)
    record(events.ANSWERED, question.invitation.proposal)
    return answered


@action
def consent(actor: Actor, invitation_id: UUID, document_hash: str) -> Consent:
    """Accept the text that was read, for whoever was asked. Refused after its last day, and for a text that a newer
    one has replaced."""
    found = _locked(actor, invitation_id)
    version = found.version
    changed = queries.changes_since(found, document_hash) if document_hash != version.hash else []
    state = queries.state_of(found)
    _refuse(rules.why_not_consent(state, version.valid_until, document_hash, version.hash, version.n, changed))
    consent = Consent.objects.create(
        business_id=actor.business_id, invitation=found, document_hash=document_hash, origin=actor.origin
    )
    record(events.CONSENTED, found.proposal, n=version.n)
    return consent


@action
def decline(actor: Actor, invitation_id: UUID, word: str) -> Decline:
    """Say no with a word, for whoever was asked or for the owner, until terms are drawn up."""
    found = _locked(actor, invitation_id)
    _refuse(rules.why_not_decline(queries.state_of(found)))
    decline = Decline.objects.create(
        business_id=actor.business_id, invitation=found, word=word.strip(), person_id=actor.person_id
    )
    record(events.DECLINED, found.proposal, by="other side" if actor.way is Way.LINK else "owner")
    return decline


@action(only_inner=True)
def award(actor: Actor, version_id: UUID) -> Award:
    """Say that terms were drawn up from an accepted version, once; `agreements` calls it when it does."""
    found = _locked(actor, queries.accepted_invitation(actor, version_id).id)
    if Award.objects.filter(invitation=found).exists():
        raise Refusal("terms_drawn_up", marked("Terms were drawn up from it already."),
                      mend="Open them under Agreements.")  # fmt: skip
    award = Award.objects.create(business_id=actor.business_id, invitation=found, person_id=actor.person_id)
    record(events.AWARDED, found.proposal, n=found.version.n)
    return award


@action
def close(actor: Actor, proposal_id: UUID) -> None:
    """Say that nothing more is to come of a proposal."""
    proposal = Proposal.objects.get_visible(actor, proposal_id, lock=True)
    if Closure.objects.filter(proposal=proposal).exists():
        raise Refusal("proposal_closed", marked("This proposal is closed."), mend="Make a new one from the plan.")
    Closure.objects.create(business_id=actor.business_id, proposal=proposal, person_id=actor.person_id)
    record(events.CLOSED, proposal)


@action
def file_paper(actor: Actor, invitation_id: UUID, file_id: UUID) -> ProposalPaper:
    """Keep the PDF that a job has made; the second time gives the first one."""
    invitation = queries.invitation(actor, invitation_id)
    paper = ProposalPaper.objects.filter(invitation=invitation).first()
    if paper is None:
        paper = ProposalPaper.objects.create(business_id=actor.business_id, invitation=invitation, file_id=file_id)
    record(events.PAPER_FILED, invitation.proposal, n=invitation.version.n)
    return paper


# ---------------------------------------------------------------- what the verbs are made of


def _proposal(actor: Actor, area_id: UUID, proposal_id: UUID | None) -> Proposal:
    if proposal_id is None:
        return Proposal.objects.create(business_id=actor.business_id, area=planning.area(actor, area_id))
    proposal = Proposal.objects.get_visible(actor, proposal_id, lock=True)
    if Closure.objects.filter(proposal=proposal).exists():
        raise Refusal("proposal_closed", marked("This proposal is closed."), mend="Make a new one from the plan.")
    return proposal


def _write_items(actor: Actor, version: ProposalVersion, offer: Offer) -> None:
    items = [(True, text, "") for text in offer.scope] + [(False, e.what, e.instead) for e in offer.excluded]
    for position, (is_in, text, instead) in enumerate(items):
        ScopeItem.objects.create(
            business_id=actor.business_id, version=version, position=position, is_in=is_in, text=text, instead=instead
        )
    for position, d in enumerate(offer.deliverables):
        Deliverable.objects.create(
            business_id=actor.business_id, version=version, position=position, name=d.name, due=d.due, accept=d.accept,
            fee=Money(d.fee, offer.currency).minor if d.fee is not None else None,
        )  # fmt: skip


def _newest(proposal: Proposal, n: int) -> ProposalVersion:
    version = queries.newest_version(proposal.id)
    if version.n != n:
        raise Refusal(
            "changed_meanwhile", f"Version {version.n} was written meanwhile.", mend="Reload the page and read it."
        )
    if Closure.objects.filter(proposal=proposal).exists():
        raise Refusal("proposal_closed", marked("This proposal is closed."), mend="Make a new one from the plan.")
    return version


def _next_invitation(proposal: Proposal) -> int:
    return (ProposalInvitation.objects.filter(proposal=proposal).aggregate(n=Max("n"))["n"] or 0) + 1


def _locked(actor: Actor, invitation_id: UUID) -> ProposalInvitation:
    """The newest invitation to the same address, its proposal locked. Whoever holds a link stands for its address."""
    if actor.way is Way.LINK:
        found = ProposalInvitation.objects.filter(pk=invitation_id, business_id=actor.business_id).first()
    else:
        found = queries.invitation(actor, invitation_id)
    if found is None:
        raise NotVisible("proposal")
    Proposal.objects.select_for_update().filter(pk=found.proposal_id).first()
    newest = queries.newest_for(found)
    if actor.way is Way.LINK and getattr(newest, "revocation", None):
        raise Refusal("link_taken_back", marked("This link was taken back."), mend="Ask for a new one.", status=410)
    return newest


def _mail_link(actor: Actor, invitation: ProposalInvitation, offer: Offer, link: str) -> None:
    """The link stands beside the mail too: without a mail server she copies it from the page."""
    sender = person(actor.person_id) if actor.person_id else None
    subject, text = wording.invitation(actor.name, business_of(actor).name, invitation.name, offer)
    letter = letters.notice([invitation.mail], subject, f"{text}\n\n{link}\n", reply_to=sender.mail if sender else "")
    queue("mail", business_id=actor.business_id, about=invitation.id, payload={**letter, "link": link})


def _mail_answer(actor: Actor, invitation: ProposalInvitation) -> None:
    sent = items_about([invitation.id]).get(invitation.id)
    if sent is None:
        return
    subject, text = wording.answered(business_of(actor).name, invitation.name)
    link = sent.payload["link"]
    letter = letters.notice([invitation.mail], subject, f"{text}\n\n{link}\n")
    queue("mail", business_id=actor.business_id, about=invitation.proposal_id, payload={**letter, "link": link})


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal
