"""Playbooks over the API: pages and who knows them, questions and answers."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from ninja import Query
from pydantic import Field

from handsel.core.paging import Page, Window, page
from handsel.core.wire import Day, Given, Name, Shown, SomeWords, Version, Words, Yes
from handsel.people.api import PersonShown
from handsel.people.callers import Call, routes
from handsel.playbooks import actions, queries
from handsel.playbooks.models import PlaybookVersion, Question
from handsel.playbooks.queries import PageRead, ToRead

router = routes("playbooks")


# ---------------------------------------------------------------- pages


class PlaybookPageShown(Shown):
    """A page of the playbook in one version."""

    id: UUID = Field(description="Of the page.")
    n: int = Field(description="The number of this version.")
    title: str
    text: str = Field(description="Markdown.")
    asks: bool = Field(description="Whether this version asks everybody to acknowledge the page again.")
    published_at: datetime

    @classmethod
    def of(cls, version: PlaybookVersion) -> Self:
        return cls(id=version.playbook_id, n=version.n, title=version.title, text=version.text, asks=version.asks,
                   published_at=version.made_at)  # fmt: skip


class PageGiven(Given):
    """What a page says."""

    title: Name
    text: Annotated[SomeWords, Field(max_length=100_000)] = Field(description="Markdown.")
    asks: Yes = Field(True, description="Whether whoever knew the page is asked to read it again.")


class PageAgainGiven(PageGiven):
    """What a page says now."""

    expected_n: Version | None = Field(None, description="The version that it was written from; refused if a newer one "
                                       "stands by now.")  # fmt: skip


@router.get("/playbook-pages", response=Page[PlaybookPageShown], summary="Pages of the playbook")
def pages(request: Call, window: Query[Window]) -> Page[PlaybookPageShown]:
    """The newest version of every page, the one published last first."""
    return page(request, window, queries.pages(request.auth), PlaybookPageShown.of, ("-made_at", "-id"))


@router.get("/playbook-pages/{key}", response=PlaybookPageShown, summary="A page of the playbook")
def playbook_page(request: Call, key: UUID) -> PlaybookPageShown:
    """The newest version of one page."""
    return PlaybookPageShown.of(queries.page(request.auth, key))


@router.get("/playbook-pages/{key}/versions", response=list[PlaybookPageShown], summary="Versions of a page")
def versions(request: Call, key: UUID) -> list[PlaybookPageShown]:
    """Every version of one page, the newest first; at most 200."""
    page_id = queries.page(request.auth, key).playbook_id
    return [PlaybookPageShown.of(version) for version in queries.versions(request.auth, page_id)[:200]]


@router.post("/playbook-pages", response={201: PlaybookPageShown}, summary="Publish a page")
def publish(request: Call, body: PageGiven) -> PlaybookPageShown:
    """A new page."""
    return PlaybookPageShown.of(actions.publish(request.auth, body.title, body.text, body.asks))


@router.post("/playbook-pages/{key}/versions", response={201: PlaybookPageShown}, summary="Publish a new version")
def publish_again(request: Call, key: UUID, body: PageAgainGiven) -> PlaybookPageShown:
    """A new version of a page."""
    made = actions.publish(request.auth, body.title, body.text, body.asks, key, body.expected_n)
    return PlaybookPageShown.of(made)


# ---------------------------------------------------------------- who knows them


class ReaderShown(Shown):
    """Somebody who is asked to know a page."""

    person: PersonShown
    due: date | None
    knows: bool
    n: int = Field(description="The newest version that they acknowledged; 0 for none.")
    acknowledged_at: datetime | None


class PageReadersShown(Shown):
    """A page, and who is asked to know it."""

    id: UUID
    title: str
    n: int
    readers: list[ReaderShown]

    @classmethod
    def of(cls, found: PageRead) -> Self:
        readers = [
            ReaderShown(person=PersonShown(id=r.person_id, name=r.name), due=r.due, knows=r.knows, n=r.n,
                        acknowledged_at=r.at)
            for r in found.readers
        ]  # fmt: skip
        return cls(id=found.page_id, title=found.title, n=found.n, readers=readers)


class ToReadShown(Shown):
    """A page that one is asked to know and does not."""

    id: UUID
    title: str
    n: int
    due: date | None

    @classmethod
    def of(cls, found: ToRead) -> Self:
        return cls(id=found.page_id, title=found.title, n=found.n, due=found.due)


class AssignmentGiven(Given):
    """Who is asked to know the page, and until when."""

    person_id: UUID | None = Field(None, description="Null: everybody who works for the business.")
    due: Day | None = None


class AcknowledgementGiven(Given):
    """That one has read this version and knows it."""

    n: Version


@router.get("/playbook-pages/{key}/readers", response=PageReadersShown, summary="Who knows a page")
def readers(request: Call, key: UUID) -> PageReadersShown:
    """Who is asked to know a page, and who does, as far as this person sees."""
    page_id = queries.page(request.auth, key).playbook_id
    return PageReadersShown.of(queries.pages_with_readers(request.auth, page_id)[0])


@router.get("/to-read", response=list[ToReadShown], summary="What one is asked to read")
def to_read(request: Call) -> list[ToReadShown]:
    """Pages that one is asked to know and has not acknowledged, by title."""
    person_id = request.auth.person_id
    return [ToReadShown.of(found) for found in queries.unread(request.auth, person_id)] if person_id else []


@router.post("/playbook-pages/{key}/assignments", response={201: PageReadersShown}, summary="Ask to know a page")
def assign(request: Call, key: UUID, body: AssignmentGiven) -> PageReadersShown:
    """Ask one person of a provider to know a page, or everybody who works for the business."""
    actions.assign(request.auth, key, body.person_id, body.due)
    return readers(request, key)


@router.post("/playbook-pages/{key}/acknowledgements", response={201: PlaybookPageShown}, summary="Acknowledge a page")
def acknowledge(request: Call, key: UUID, body: AcknowledgementGiven) -> PlaybookPageShown:
    """Say that one has read the newest version and knows it."""
    actions.acknowledge(request.auth, key, body.n)
    return playbook_page(request, key)


# ---------------------------------------------------------------- questions


class QuestionGiven(Given):
    """“I don't know”: what one asks the owner's side."""

    text: Annotated[SomeWords, Field(max_length=2000)]
    page_id: UUID | None = Field(None, description="The page that it is about.")


class AnswerGiven(Given):
    """What the owner's side says."""

    text: Annotated[SomeWords, Field(max_length=5000)]
    add_to: UUID | None = Field(None, description="The page of which question and answer become the last lines.")
    asks: Yes = Field(False, description="Whether that page is then to be acknowledged again.")


class QuestionShown(Shown):
    """A question, and its answer where there is one."""

    id: UUID
    asked_by: PersonShown
    asked_at: datetime
    text: Words
    about_kind: str
    about_id: UUID | None
    about: str
    answer: str | None
    answered_by: PersonShown | None
    answered_at: datetime | None

    @classmethod
    def of(cls, question: Question) -> Self:
        answer = getattr(question, "answer", None)
        return cls(
            id=question.id, asked_by=PersonShown.of(question.person), asked_at=question.made_at, text=question.text,
            about_kind=question.about_kind, about_id=question.about_id, about=question.about_word,
            answer=answer.text if answer else None, answered_by=PersonShown.of(answer.person) if answer else None,
            answered_at=answer.made_at if answer else None,
        )  # fmt: skip


class QuestionsAsked(Window):
    """Which questions."""

    open: bool | None = Field(None, description="True: without an answer; false: with one.")


@router.get("/questions", response=Page[QuestionShown], summary="Questions")
def questions(request: Call, asked: Query[QuestionsAsked]) -> Page[QuestionShown]:
    """Questions and their answers, the newest first."""
    rows = queries.questions(request.auth)
    rows = rows if asked.open is None else rows.filter(answer__isnull=asked.open)
    return page(request, asked, rows, QuestionShown.of, ("-made_at", "-id"))


@router.get("/questions/{key}", response=QuestionShown, summary="A question")
def question(request: Call, key: UUID) -> QuestionShown:
    """One question."""
    return QuestionShown.of(queries.question(request.auth, key))


@router.post("/questions", response={201: QuestionShown}, summary="Ask")
def ask(request: Call, body: QuestionGiven) -> QuestionShown:
    """Ask the owner's side, about a page or about nothing in particular."""
    kind = "page" if body.page_id else ""
    return question(request, actions.ask(request.auth, body.text, kind, body.page_id).id)


@router.post("/questions/{key}/answer", response={201: QuestionShown}, summary="Answer a question")
def answer(request: Call, key: UUID, body: AnswerGiven) -> QuestionShown:
    """Answer a question; the answer may become part of a page."""
    actions.answer(request.auth, key, body.text, body.add_to, body.asks)
    return question(request, key)
