"""The days of the story: thirteen weeks that end the evening before today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handsel.values.days import at, day_start, monday_of

WEEKS = 12  # whole weeks before the one around today
CLOSED = 6  # the week of the break, in which nobody works


@dataclass(frozen=True)
class Scene:
    """Something that somebody does at an instant."""

    at: datetime
    act: Callable[[], object]


@dataclass(frozen=True)
class Calendar:
    """Day 0 is the Monday on which the story begins; its clocks are those of the business."""

    today: date
    zone: str = "Europe/Dublin"

    @property
    def monday(self) -> date:
        return monday_of(self.today) - timedelta(weeks=WEEKS)

    @property
    def last_day(self) -> int:
        """The day of the story that is yesterday: nothing happens after it."""
        return (self.today - self.monday).days - 1

    def day(self, number: int) -> date:
        return self.monday + timedelta(days=number)

    def instant(self, day: int, clock: str) -> datetime:
        """The instant of a clock like 9:05 on a day of the story, in UTC."""
        hour, minute = clock.split(":")
        return at(self.day(day), time(int(hour), int(minute)), self.zone)

    def scene(self, day: int, clock: str, act: Callable[[], object]) -> Scene:
        return Scene(self.instant(day, clock), act)

    @property
    def curtain(self) -> datetime:
        """Where today begins: scenes from here on are not played."""
        return day_start(self.today, self.zone)


def on(week: int, weekday: str) -> int:
    """The day of the story: week 0 is the first."""
    return week * 7 + ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(weekday)
