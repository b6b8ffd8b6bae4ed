"""What playbooks gives to the house."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.urls import reverse

from handsel.core.asking import asked
from handsel.core.rooms import Found, Need, Room
from handsel.core.rooms import Question as Asked
from handsel.playbooks import queries
from handsel.playbooks.events import EVENTS
from handsel.playbooks.models import PlaybookVersion, Question
from handsel.values.actors import Actor


def questions(actor: Actor) -> Iterable[Asked]:
    """Questions to answer; for whoever works for the business, pages to read."""
    if actor.may("playbooks.answer"):
        yield _questions_to_answer(actor)
    if actor.may("playbooks.acknowledge") and actor.person_id:
        yield _pages_to_read(actor, actor.person_id)


needs = asked(questions)


def count(actor: Actor) -> int:
    """What waits beside the word in the navigation."""
    if actor.may("playbooks.acknowledge") and actor.person_id:
        return len(queries.unread(actor, actor.person_id))
    return 0


def _questions_to_answer(actor: Actor) -> Asked:
    rows = queries.open_questions(actor).values("id", "person__name", "about_word", "made_at")[:20]
    return Asked(rows, lambda found: [
        Need(f"A question from {q['person__name'].split()[0]}",
             f"About {q['about_word']}." if q["about_word"] else "Asked once.", "Answer",
             reverse("playbooks:question", args=[actor.slug, q["id"]]), q["made_at"], person=q["person__name"],
             side="provider")
        for q in found
    ])  # fmt: skip


def _pages_to_read(actor: Actor, person_id: UUID) -> Asked:
    rows = queries.to_read(actor, person_id).values("playbook_id", "title", "n", "made_at", "due")[:20]
    return Asked(rows, lambda found: [
        Need(page["title"], f"You are asked to know version {page['n']}.", "Read it",
             reverse("playbooks:page", args=[actor.slug, page["playbook_id"]]), page["made_at"], minutes=5,
             due=page["due"], side="owner", given=("given", "open"))
        for page in found
    ])  # fmt: skip


def _found_pages(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    newest: dict[UUID, PlaybookVersion] = {}
    rows = PlaybookVersion.objects.filter(business_id=business_id, playbook_id__in=keys).select_related("business")
    for version in rows.order_by("n"):
        newest[version.playbook_id] = version
    return [
        Found(
            "page", "Page", key, v.title, reverse("playbooks:page", args=[v.business.slug, key]), v.text, at=v.made_at
        )
        for key, v in newest.items()
    ]


def _found_questions(business_id: UUID, keys: Sequence[UUID]) -> list[Found]:
    """Questions are found by the owner's side: of two providers neither finds the other's."""
    rows = Question.objects.filter(business_id=business_id, pk__in=keys).select_related("business", "person")
    return [
        Found("question", "Question", q.id, f"Question about {q.about_word}" if q.about_word else f"Question from {q.person.name}", reverse("playbooks:question", args=[q.business.slug, q.id]),
              q.text, side="owner", at=q.made_at)
        for q in rows
    ]  # fmt: skip


ROOM = Room(
    name="playbooks",
    nav={"provider": ("Learning", "book-open", "playbooks:pages")},
    needs=needs,
    questions=questions,
    events=EVENTS,
    things={"page": _found_pages, "question": _found_questions},
    extra={"count": count, "holds": ("handover",)},  # for the provider, whose hand-over stands under Learning
)
