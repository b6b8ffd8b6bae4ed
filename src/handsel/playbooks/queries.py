"""Every read about playbooks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from handsel.people.models import Membership
from handsel.playbooks import rules
from handsel.playbooks.models import Acknowledgement, Assignment, Playbook, PlaybookVersion, Question
from handsel.values.actors import Actor, Role, Side

PROVIDER_ROLES = [role.value for role in Role if role.side is Side.PROVIDER_SIDE]


def newest_version(page_id: UUID) -> PlaybookVersion:
    """The version that stands; its page was fetched through `visible_to`."""
    found = _newest().filter(playbook_id=page_id).first()
    return found or PlaybookVersion(playbook_id=page_id, n=0, title="", text="", asks=True)


def page(actor: Actor, key: UUID) -> PlaybookVersion:
    """The newest version of the page with this key; two SQL queries."""
    return newest_version(Playbook.objects.get_visible(actor, key).id)


def pages(actor: Actor) -> QuerySet[PlaybookVersion]:
    """The newest version of every page, by title; one SQL query."""
    return _newest().filter(pk__in=PlaybookVersion.objects.visible_to(actor).values("pk")).order_by("title", "id")


def versions(actor: Actor, page_id: UUID) -> QuerySet[PlaybookVersion]:
    """All versions of a page, newest first, with who wrote them; one SQL query."""
    rows = PlaybookVersion.objects.visible_to(actor).filter(playbook_id=page_id)
    return rows.select_related("person").order_by("-n")


@dataclass(frozen=True)
class ToRead:
    """A page that somebody is asked to know and does not: its newest version, and the day of the newest assignment."""

    page_id: UUID
    title: str
    n: int
    published_at: datetime
    due: date | None


def unread(actor: Actor, person_id: UUID) -> list[ToRead]:
    """What this person is asked to know and has not acknowledged, by title; one SQL query."""
    names = ("playbook_id", "title", "n", "made_at", "due")
    return [ToRead(*(row[name] for name in names)) for row in to_read(actor, person_id).values(*names)]


def to_read(actor: Actor, person_id: UUID) -> QuerySet[PlaybookVersion]:
    """The same as rows: the newest versions, each with the day by which it is to be known (`due`)."""
    assigned = Assignment.objects.visible_to(actor).filter(Q(person_id=person_id) | Q(person=None))
    of_page = assigned.filter(playbook=OuterRef("playbook"))
    must_know = PlaybookVersion.objects.filter(playbook=OuterRef("playbook"), asks=True).order_by("-n").values("n")[:1]
    known = Acknowledgement.objects.filter(
        person_id=person_id, version__playbook=OuterRef("playbook"), version__n__gte=OuterRef("must_know")
    )
    return (
        pages(actor)
        .annotate(must_know=Subquery(must_know), due=Subquery(of_page.order_by("-made_at", "-id").values("due")[:1]))
        .filter(Exists(of_page), ~Exists(known))
    )


@dataclass(frozen=True)
class Reader:
    """Somebody who is asked to know a page. n: the newest version that she acknowledged, 0 for none."""

    person_id: UUID
    name: str
    due: date | None
    n: int
    at: datetime | None
    knows: bool


@dataclass(frozen=True)
class PageRead:
    """A page, as its newest version stands, with whoever is asked to know it."""

    page_id: UUID
    title: str
    n: int
    published_at: datetime
    readers: Sequence[Reader]


def pages_with_readers(actor: Actor, page_id: UUID | None = None) -> list[PageRead]:
    """Every page by title, or the one; who is asked to know it, and who does; four SQL queries.

    A provider sees its own people, an assistant herself.
    """
    people = _people(actor)
    asked, acknowledged = _asked(actor, people), _acknowledged(actor)
    found = []
    for key, versions in _versions(actor, page_id).items():
        to_know = rules.version_to_know([(v.n, v.asks) for v in versions])
        readers = [
            _reader(person, name, asked[key, person], acknowledged.get((key, person), {}), to_know)
            for person, name in people.items() if (key, person) in asked
        ]  # fmt: skip
        newest = versions[-1]
        found.append(PageRead(key, newest.title, newest.n, newest.made_at, readers))
    return sorted(found, key=lambda page: page.title)


def questions(actor: Actor) -> QuerySet[Question]:
    """Questions with their answers, open ones first, then newest first; one SQL query."""
    rows = Question.objects.visible_to(actor).select_related("person", "answer__person", "answer__version")
    return rows.order_by("answer__made_at", "-made_at")


def open_questions(actor: Actor) -> QuerySet[Question]:
    """Questions without an answer, oldest first; one SQL query."""
    rows = Question.objects.visible_to(actor).filter(answer=None).select_related("person")
    return rows.order_by("made_at", "id")


def question(actor: Actor, key: UUID) -> Question:
    return Question.objects.select_related("person", "answer__person", "answer__version").get_visible(actor, key)


def questions_about(actor: Actor, thing_id: UUID) -> QuerySet[Question]:
    """What was asked about one thing (a page, a conversation, a task), oldest first; one SQL query."""
    rows = Question.objects.visible_to(actor).filter(about_id=thing_id).select_related("person", "answer__person")
    return rows.order_by("made_at", "id")


def people_to_ask(actor: Actor) -> Sequence[tuple[UUID, str]]:
    """The people of providers whom a page may be assigned to: key and name; one SQL query."""
    return sorted(_people(actor).items(), key=lambda person: person[1])


def _newest() -> QuerySet[PlaybookVersion]:
    newest = PlaybookVersion.objects.filter(playbook=OuterRef("playbook")).order_by("-n").values("pk")[:1]
    return PlaybookVersion.objects.filter(pk=Subquery(newest))


def _people(actor: Actor) -> dict[UUID, str]:
    rows = Membership.objects.visible_to(actor).filter(role__in=PROVIDER_ROLES, left_at=None)
    if actor.is_assistant:
        rows = rows.filter(person_id=actor.person_id)
    return dict(rows.values_list("person_id", "person__name"))


def _versions(actor: Actor, page_id: UUID | None) -> dict[UUID, list[PlaybookVersion]]:
    """Page → its versions without their words, oldest first."""
    rows = PlaybookVersion.objects.visible_to(actor).defer("text").order_by("n")
    by_page: dict[UUID, list[PlaybookVersion]] = defaultdict(list)
    for version in rows.filter(playbook_id=page_id) if page_id else rows:
        by_page[version.playbook_id].append(version)
    return by_page


def _reader(person_id: UUID, name: str, due: date | None, read: Mapping[int, datetime], to_know: int) -> Reader:
    newest = max(read, default=0)
    return Reader(person_id, name, due, newest, read.get(newest), rules.knows(read.keys(), to_know))


def _asked(actor: Actor, people: Mapping[UUID, str]) -> dict[tuple[UUID, UUID], date | None]:
    """(page, person) → due day, by the newest assignment that names the person or everybody."""
    asked: dict[tuple[UUID, UUID], date | None] = {}
    rows = Assignment.objects.visible_to(actor).order_by("made_at", "id")
    for page_id, person_id, due in rows.values_list("playbook_id", "person_id", "due"):
        for person in [person_id] if person_id else people:
            if person in people:
                asked[page_id, person] = due
    return asked


def _acknowledged(actor: Actor) -> dict[tuple[UUID, UUID], dict[int, datetime]]:
    """(page, person) → version → when."""
    read: dict[tuple[UUID, UUID], dict[int, datetime]] = defaultdict(dict)
    rows = Acknowledgement.objects.visible_to(actor)
    for page_id, person_id, n, at in rows.values_list("version__playbook_id", "person_id", "version__n", "made_at"):
        read[page_id, person_id][n] = at
    return read
