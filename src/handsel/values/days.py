"""Days, zones and instants. A work day is a date in the zone of the terms; an instant is UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

ZONES: tuple[str, ...] = tuple(sorted(z for z in available_timezones() if "/" in z or z == "UTC"))


def day_start(day: date, zone: str) -> datetime:
    """The first instant of a local day, in UTC. Where midnight does not exist, the day starts an hour later."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def day_seconds(day: date, zone: str) -> int:
    """Length of the local day: 86,400, or an hour more or less where clocks change."""
    return int((day_start(day + timedelta(days=1), zone) - day_start(day, zone)).total_seconds())


def day_of(instant: datetime, zone: str) -> date:
    """The date on the wall of that zone at that instant."""
    return instant.astimezone(ZoneInfo(zone)).date()


def at(day: date, clock: time, zone: str) -> datetime:
    """The instant at which the wall shows that clock; the first of two where the hour exists twice."""
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds that passed. Both go through UTC: two datetimes of one zone would give wall time."""
    return int((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds())


@dataclass(frozen=True)
class Part:
    """What of a span lies on one local day."""

    day: date
    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        return seconds_between(self.start, self.end)


def split_by_day(start: datetime, end: datetime, zone: str) -> Iterator[Part]:
    """Cut a span of instants at each midnight of the zone; the parts join to the span again."""
    while start < end:
        day = day_of(start, zone)
        cut = min(end, day_start(day + timedelta(days=1), zone))
        yield Part(day, start, cut)
        start = cut


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(day: date) -> tuple[date, ...]:
    """Monday to Sunday around the day."""
    monday = monday_of(day)
    return tuple(monday + timedelta(days=n) for n in range(7))


def month_of(day: date) -> tuple[date, date]:
    """First and last day of the month."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def span_in_words(first: date, last: date) -> str:
    """16–22 November; 28 September – 4 October; with the year where it is not one year."""
    if first == last:
        return day_in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}\u2060–\u2060{last.day} {last:%B}"
    if first.year == last.year:
        return f"{first.day} {first:%B} – {last.day} {last:%B}"
    return f"{first.day} {first:%B %Y} – {last.day} {last:%B %Y}"


def day_in_words(day: date, *, year: bool = False) -> str:
    return f"{day.day} {day:%B %Y}" if year else f"{day.day} {day:%B}"
