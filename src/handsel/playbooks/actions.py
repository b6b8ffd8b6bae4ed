"""Every change about playbooks."""

from datetime import date
from uuid import UUID

from handsel.core.actions import action, record
from handsel.people.models import Membership, Person
from handsel.playbooks import events, queries, rules
from handsel.playbooks.models import Acknowledgement, Answer, Assignment, Playbook, PlaybookVersion, Question
from handsel.values.actors import Actor, Role, Side
from handsel.values.refusals import NotVisible, Refusal, marked


@action
def publish(actor: Actor, title: str, text: str, asks: bool = True, page_id: UUID | None = None,
            expected_n: int | None = None) -> PlaybookVersion:  # fmt: skip
    """Write a page, or a new version of one. page_id: of the one that changes. asks: whoever knew it is asked to read it again.

    expected_n: the version that the writer began from; refused if another one stands by now.
    """
    if page_id is None:
        page, newest = Playbook.objects.create(business_id=actor.business_id), None
    else:
        page = Playbook.objects.get_visible(actor, page_id, lock=True)
        newest = queries.newest_version(page.id)
    if newest and expected_n is not None and newest.n != expected_n:
        raise Refusal("changed_meanwhile", f"Version {newest.n} was published while you wrote.",
                      mend="Open the page in a second tab, and take over what is new.", place="text")  # fmt: skip
    _refuse(rules.why_not_publish(title, text, (newest.title, newest.text) if newest else None))
    version = PlaybookVersion.objects.create(
        business_id=actor.business_id, playbook=page, n=newest.n + 1 if newest else 1, title=title, text=text,
        asks=asks or newest is None, person_id=actor.person_id,
    )  # fmt: skip
    record(events.PUBLISHED, page, kind="page", n=version.n)
    return version


@action
def assign(actor: Actor, page_id: UUID, person_id: UUID | None = None, due: date | None = None) -> Assignment:
    """Ask one person of a provider to know a page, or everybody who works for the business. person_id: None for everybody."""
    page = Playbook.objects.get_visible(actor, page_id, lock=True)
    provider_id = _provider_of(actor, person_id) if person_id else None
    assignment = Assignment.objects.create(
        business_id=actor.business_id, playbook=page, person_id=person_id, provider_id=provider_id, due=due,
        assigned_by_id=actor.person_id,
    )  # fmt: skip
    record(events.ASSIGNED, page, kind="page")
    return assignment


@action
def acknowledge(actor: Actor, page_id: UUID, n: int) -> Acknowledgement:
    """Say that one has read a page and knows it; only its newest version counts."""
    page = Playbook.objects.get_visible(actor, page_id)
    newest = queries.newest_version(page.id)
    if newest.n != n:
        raise Refusal("newer_version", f"Version {newest.n} was published while you read.",
                      mend="Reload the page and read what changed.")  # fmt: skip
    if Acknowledgement.objects.filter(version=newest, person_id=actor.person_id).exists():
        raise Refusal("already_acknowledged", marked("You have acknowledged this version already."),
                      mend="Nothing more is needed.")  # fmt: skip
    acknowledgement = Acknowledgement.objects.create(
        business_id=actor.business_id, version=newest, person=_person(actor), provider_id=actor.provider_id
    )
    record(events.ACKNOWLEDGED, page, kind="page", n=newest.n)
    return acknowledgement


@action
def ask(actor: Actor, text: str, about_kind: str = "", about_id: UUID | None = None, about_word: str = "",
        about_url: str = "") -> Question:  # fmt: skip
    """Ask the owner's side what no page says. about_kind `page` with its key, or a thing of another room with
    its kind, key, word and address within this house."""
    _refuse(rules.why_not_about(about_url))
    if about_kind == "page" and about_id:
        about_word = queries.newest_version(Playbook.objects.get_visible(actor, about_id).id).title
    question = Question.objects.create(
        business_id=actor.business_id, person=_person(actor), provider_id=actor.provider_id, text=text,
        about_kind=about_kind, about_id=about_id, about_word=about_word[:200], about_url=about_url,
    )  # fmt: skip
    record(events.ASKED, question, about=about_kind)
    return question


@action
def answer(actor: Actor, question_id: UUID, text: str, add_to: UUID | None = None, asks: bool = False) -> Answer:
    """Answer a question; both can become the last lines of a page, in a new version of it. add_to: that page.

    asks: that version asks everybody to acknowledge the page again.
    """
    question = Question.objects.get_visible(actor, question_id, lock=True)
    if Answer.objects.filter(question=question).exists():
        raise Refusal("already_answered", marked("This question is answered already."), mend="Reload the page.")
    version = None
    if add_to:
        newest = queries.newest_version(Playbook.objects.get_visible(actor, add_to).id)
        version = publish(actor, newest.title, rules.with_answer(newest.text, question.text, text), asks, add_to)
    answered = Answer.objects.create(
        business_id=actor.business_id, question=question, person=_person(actor), text=text, version=version
    )
    record(events.ANSWERED, question)
    return answered


def _provider_of(actor: Actor, person_id: UUID) -> UUID:
    membership = Membership.objects.visible_to(actor).filter(person_id=person_id, left_at=None).first()
    if membership is None:
        raise NotVisible("person")
    if Role(membership.role).side is not Side.PROVIDER_SIDE:
        raise Refusal("not_a_provider", marked("Pages are assigned to people who work for you from outside."),
                      mend="Choose somebody of a provider.", place="person_id")  # fmt: skip
    provider_id = membership.provider_id
    assert isinstance(provider_id, UUID)
    return provider_id


def _person(actor: Actor) -> Person:
    found = Person.objects.filter(pk=actor.person_id).first()
    if found is None:
        raise NotVisible("person")
    return found


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal
