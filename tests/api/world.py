"""A business in which something of every kind happened, told by the same actions that people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from handsel.mail import queries as mail
from handsel.people.actions import invite
from handsel.people.models import Membership
from handsel.playbooks.actions import answer, ask, assign, publish
from handsel.proposals.actions import ask as ask_about
from handsel.proposals.models import ProposalQuestion
from handsel.talk.actions import comment, hold_check_in, log_call, subscribe
from handsel.values.actors import Actor, Role
from handsel.work.actions import Stint, deliver, log
from tests.api.conftest import program
from tests.mail.story import Desk, desk
from tests.payments.invoices import approved, drafted, invoiced
from tests.proposals.story import sent_proposal
from tests.stories import TODAY, SignedEngagement, signed_engagement, submitted_week


@dataclass
class World:
    """Two sides, their tokens, and the key of a thing for each kind of address."""

    owner: Actor
    provider: Actor
    story: SignedEngagement
    secrets: dict[str, str]
    keys: dict[str, UUID]

    def key_for(self, path: str) -> str:
        """The key of a thing of the kind that the address names first."""
        return str(self.keys[path.split("/")[3]])

    def known(self, body: Any) -> Any:
        """The body with keys of things that there are, as far as its fields say which."""
        if not isinstance(body, dict):
            return body
        return {name: self._known(name, value) for name, value in body.items()}

    def _known(self, name: str, value: Any) -> Any:
        named = {
            "engagement_id": "engagements", "area_id": "areas", "person_id": "people", "page_id": "playbook-pages",
            "add_to": "playbook-pages", "thing_id": "lines", "line_id": "lines", "seen_through": "messages",
        }  # fmt: skip
        if isinstance(value, str) and name in named:
            return str(self.keys[named[name]])
        if isinstance(value, list):
            return [self.known(one) for one in value]
        return value


def told(folder: Path, owner: Actor | None = None) -> World:
    """The whole story; its mail lies in this folder. owner: of another business, for which the same provider works."""
    story = signed_engagement(owner)
    owner, provider, engagement = story.owner, story.provider, story.engagement
    at_desk = desk(folder, story=story)
    reply = at_desk.submitted()
    week = submitted_week(story)
    approved(story, 2.0, days_ago=9)
    invoice = invoiced(story)
    approved(story, 1.5, days_ago=10)
    draft = drafted(story)
    (line,) = log(provider, engagement.id, Stint("", "Draft", TODAY() - timedelta(days=1), 600))
    delivery = deliver(provider, engagement.id, "Autumn leaflet", "It is in the folder.")
    page = publish(owner, "Refunds", "Ask for the number of the order.")
    assign(owner, page.playbook_id)
    question = ask(provider, "And without a number?", "page", page.playbook_id)
    answer(owner, question.id, "Ask for the name.")
    open_question = ask(provider, "And in French?")
    log_call(owner, engagement.id, timezone.now() - timedelta(hours=3), 20, "Ines", "How it goes", "", TODAY())
    hold_check_in(provider, engagement.id, TODAY(), "All well")
    comment(owner, engagement.id, "line", line.id, "Thank you")
    proposal = sent_proposal(owner)
    ask_about(proposal.holder, proposal.invitation.id, "When do you need it?")
    invited, _ = invite(owner, "Tom Reed", "tom@larkspur.example", Role.MANAGER)
    subscription = subscribe(owner, "https://hooks.example/handsel")
    return World(owner, provider, story, _secrets(owner, provider), {
        "engagements": engagement.id, "terms": story.terms.id, "lines": line.id, "timesheets": week.sheet.id,
        "tasks": delivery.task_id, "documents": draft.id, "webhooks": subscription.id, "issued": invoice.document_id, "areas": proposal.area.id,
        "proposals": proposal.proposal.id, "letters": proposal.invitation.id,
        "letter-questions": ProposalQuestion.objects.get(business_id=owner.business_id).id, "playbook-pages": page.playbook_id,
        "questions": open_question.id, "invitations": invited.id, "people": _id(provider.person_id),
        "members": Membership.objects.get(business_id=owner.business_id, person_id=provider.person_id).id, **_of_mail(at_desk), "replies": reply.id,
    })  # fmt: skip


def _of_mail(at_desk: Desk) -> dict[str, UUID]:
    kind = mail.kinds(at_desk.owner).first()
    return {
        "mailboxes": at_desk.mailbox.id, "conversations": at_desk.waiting.id,
        "messages": _id(mail.newest_message_id(at_desk.waiting.id)),
        "request-kinds": kind.kind_id if kind else at_desk.mailbox.id,
    }  # fmt: skip


def _secrets(owner: Actor, provider: Actor) -> dict[str, str]:
    return {"owner": program(owner).secret, "provider": program(provider).secret}


def _id(key: UUID | None) -> UUID:
    assert key is not None
    return key
