"""A room: its Django app, and what it gives to the house (DESIGN.md, "What a room gives to the house")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import AppConfig

from handsel.values.actors import Actor

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from handsel.core.trail import Verb

Answer = dict[str, Any]  # a row, by the names that `.values(…)` was given


class RoomConfig(AppConfig):
    """Registers the room's guards and what `handsel check` asks of it, and does nothing else."""

    default = False

    def ready(self) -> None:
        from handsel.core import guards

        if find_spec(f"{self.name}.guards"):
            guards.register(import_module(f"{self.name}.guards").GUARDS)
        if find_spec(f"{self.name}.standing"):
            import_module(f"{self.name}.standing").register()


@dataclass(frozen=True)
class Need:
    """What needs this person now: one sentence, since when, due when, where, and some minutes that it takes.

    title: the thing ("Timesheet, 16–22 November"); sentence: how it stands; act: the word on the link. person and
    side: who is waiting. given: ("given" | "open" | "returned") of owner and provider for the pair beside the title.
    """

    title: str
    sentence: str
    act: str
    url: str
    since: datetime
    minutes: int = 2
    due: date | None = None
    person: str = ""
    side: str = ""
    given: tuple[str, str] | None = None


@dataclass(frozen=True)
class Question:
    """What a room asks of its tables, and what needs a person because of the answer (`core/asking.py` asks it).

    rows: a queryset with `.values(…)`, cut at some number; needs: from its rows.
    """

    rows: QuerySet[Any, Any]
    needs: Callable[[Sequence[Answer]], Iterable[Need]]


@dataclass(frozen=True)
class Step:
    """One step in the life of an engagement: its word and how it stands (done, now, later)."""

    word: str
    state: str
    url: str = ""


@dataclass(frozen=True)
class Found:
    """A thing as search, links and history know it."""

    kind: str
    word: str
    thing_id: UUID
    title: str
    url: str
    text: str = ""
    side: str = ""  # empty: both sides
    engagement_id: UUID | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Dated:
    """What stands on a day in a calendar. key: of the thing with what it is of it, the same each time."""

    day: date
    title: str
    url: str
    key: str


@dataclass(frozen=True)
class Room:
    """What a room gives.

    nav: its place in the navigation, per side: (word, icon, url name). needs: what waits for a person, one index probe
    per kind. questions: the needs of this room as questions, which the house asks of all rooms in one SQL query;
    `needs` is then `asking.asked(questions)`. steps: of an engagement. things: kind → a function from business and keys
    to `Found`; it runs for Handsel itself. dates: what stands in a calendar from one day to another. extra: `count`,
    how many wait, beside the word in the navigation.
    """

    name: str
    nav: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    needs: Callable[[Actor], Sequence[Need]] = lambda actor: ()
    questions: Callable[[Actor], Iterable[Question]] | None = None
    steps: Callable[[Actor, UUID], Sequence[Step]] = lambda actor, engagement: ()
    events: Sequence[Verb] = ()
    things: dict[str, Callable[[UUID, Sequence[UUID]], Sequence[Found]]] = field(default_factory=dict)
    dates: Callable[[Actor, date, date], Sequence[Dated]] = lambda actor, first, last: ()
    visible_when: Callable[[Actor], bool] = lambda actor: True
    extra: dict[str, Any] = field(default_factory=dict)
