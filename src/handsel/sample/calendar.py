"""The days of the story. Its thirteen weeks end the evening before today; after the tenth of them any number of weeks may
lie between, in which the work goes on: forty of them make a year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from handsel.values.days import at, day_start, monday_of

WEEKS = 12  # whole weeks before the one around today
CLOSED = 6  # the week of the break, in which nobody works
TURN = 10  # what lies between comes before this week
YEAR = 40  # weeks between that make a year of the story


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
    between: int = 0

    @property
    def monday(self) -> date:
        return monday_of(self.today) - timedelta(weeks=WEEKS + self.between)

    @property
    def last_day(self) -> int:
        """The day of the story that is yesterday: nothing happens after it."""
        return (self.today - self.monday).days - 1 - 7 * self.between

    def day(self, number: int) -> date:
        later = self.between if number >= TURN * 7 else 0
        return self.monday + timedelta(days=number, weeks=later)

    def day_between(self, week: int, weekday: int) -> date:
        """A day of the weeks that lie between; week 0 is their first, weekday 0 a Monday."""
        return self.monday + timedelta(weeks=TURN + week, days=weekday)

    def at(self, day: date, clock: str) -> datetime:
        """The instant of a clock like 9:05 on a day, in UTC."""
        hour, minute = clock.split(":")
        return at(day, time(int(hour), int(minute)), self.zone)

    def instant(self, day: int, clock: str) -> datetime:
        """The same, on a day of the story."""
        return self.at(self.day(day), clock)

    def scene(self, day: int | date, clock: str, act: Callable[[], object]) -> Scene:
        return Scene(self.at(day if isinstance(day, date) else self.day(day), clock), act)

    @property
    def curtain(self) -> datetime:
        """Where today begins: scenes from here on are not played."""
        return day_start(self.today, self.zone)


def on(week: int, weekday: str) -> int:
    """The day of the story: week 0 is the first."""
    return week * 7 + ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(weekday)
