"""The two lists of the room: pages with who knows them, and questions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from handsel.playbooks import queries
from handsel.ui.marks import Status
from handsel.ui.tables import Chip, Column, Empty, Table
from handsel.values.actors import Actor, Side


@dataclass(frozen=True)
class PageRow:
    """A page in the list. state: who knows it, in words."""

    page_id: UUID
    title: str
    n: int
    at: datetime
    state: Status
    asked: int
    known: int


def pages_table(actor: Actor) -> Table:
    """Every page; for the owner with how many of those who are asked know it."""
    is_owner = actor.side is Side.OWNER_SIDE
    return Table(
        name="pages",
        caption="Pages",
        source=_rows(actor),
        columns=[
            Column("Page", lambda r: r.title, link=lambda r: reverse("playbooks:page", args=[actor.slug, r.page_id]),
                   sort="title"),
            Column("Known by" if is_owner else "For you", lambda r: r.state),
            Column("Version", lambda r: f"version {r.n}"),
            Column("Changed", lambda r: r.at, sort="at"),
        ],
        empty=_no_pages(actor),
        search=["title"],
        chips=[Chip("waiting", "Not known yet", lambda r: r.known < r.asked)],
    )  # fmt: skip


def questions_table(actor: Actor) -> Table:
    """Every question, open ones first."""
    open_first = actor.may("playbooks.answer")
    return Table(
        name="questions",
        caption="Questions",
        source=queries.questions(actor),
        columns=[
            Column("Question", lambda q: _short(q.text),
                   link=lambda q: reverse("playbooks:question", args=[actor.slug, q.id])),
            Column("Asked by", lambda q: q.person.name, sort="person__name"),
            Column("About", lambda q: q.about_word),
            Column("State", lambda q: Status("Answered", tone="quiet") if hasattr(q, "answer") else Status("Open")),
            Column("Asked", lambda q: q.made_at, sort="made_at"),
        ],
        empty=Empty(
            "No question yet",
            "Whoever works for you asks here what no page says; your answer can become a line of a page."
            if open_first else "What you ask about a page or a mail stands here with its answer.",
            "See the pages", reverse("playbooks:pages", args=[actor.slug]),
        ),
        search=["text", "about_word"],
        chips=[Chip("open", "Open", Q(answer=None)), Chip("answered", "Answered", Q(answer__isnull=False))],
    )  # fmt: skip


def _rows(actor: Actor) -> list[PageRow]:
    rows = []
    for page in queries.pages_with_readers(actor):
        is_owner = actor.side is Side.OWNER_SIDE
        asked = [r for r in page.readers if is_owner or r.person_id == actor.person_id]
        known = sum(r.knows for r in asked)
        state = _state(len(asked), known, is_owner)
        rows.append(PageRow(page.page_id, page.title, page.n, page.published_at, state, len(asked), known))
    return rows


def _state(asked: int, known: int, is_owner: bool) -> Status:
    if not asked:
        return Status("nobody is asked" if is_owner else "to look up", tone="quiet")
    if is_owner:
        return Status("everybody asked" if known == asked else f"{known} of {asked}", owner="given",
                      provider="given" if known == asked else "open", label=f"{known} of {asked} know it")  # fmt: skip
    return Status("known" if known else "to read", owner="given", provider="given" if known else "open",
                  label="You know it" if known else "You are asked to read it")  # fmt: skip


def _no_pages(actor: Actor) -> Empty:
    if actor.may("playbooks.publish"):
        return Empty(
            "No page yet",
            "A page says how one thing is done here, so that whoever does it for you need not guess. Begin with what you "
            "are asked most often.",
            "Write the first page", reverse("playbooks:new", args=[actor.slug]),
        )  # fmt: skip
    return Empty("No page yet", "What there is to learn will stand here as soon as the owner publishes it.")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else f"{line[:119]}…"
