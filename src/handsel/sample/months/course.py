"""The course that the weeks between take: a seed draws which of them are out of the ordinary."""

from dataclasses import dataclass
from random import Random

from handsel.sample.calendar import Calendar
from handsel.values.days import day_seconds

NEVER = -1
FEWEST = 8  # weeks that a course needs to be more than ordinary
DAY = 86_400


@dataclass(frozen=True)
class Course:
    """Numbers of weeks, from 0; `NEVER` where the weeks are too few for it.

    pause: nobody works, as agreed. empty: nobody works, and nobody had said so. slip: many letters of the assistant go
    back, and the week after it she writes for practice. late: hours are submitted after the day of decision. clocks:
    its Sunday is an hour longer or shorter. credit: an invoice of this week is credited. reopened: an approved line is
    opened again.
    """

    weeks: int
    pause: int = NEVER
    empty: int = NEVER
    slip: int = NEVER
    credit: int = NEVER
    late: frozenset[int] = frozenset()
    clocks: frozenset[int] = frozenset()
    reopened: frozenset[int] = frozenset()

    def works(self, week: int) -> bool:
        return week not in (self.pause, self.empty)


def course_of(calendar: Calendar, random: Random) -> Course:
    """The course of these weeks."""
    weeks = calendar.between
    if weeks < FEWEST:
        return Course(weeks)
    eighth = max(1, weeks // 8)
    pause = weeks // 4 + random.randrange(eighth)
    slip = weeks // 2 + random.randrange(eighth)
    empty = weeks - 1 - random.randrange(eighth)
    ordinary = [week for week in range(weeks) if week not in (pause, slip, empty)]
    clocks = {week for week in ordinary if day_seconds(calendar.day_between(week, 6), calendar.zone) != DAY}
    plain = [week for week in ordinary if week not in clocks]
    return Course(
        weeks=weeks, pause=pause, empty=empty, slip=slip,
        credit=random.choice([week for week in plain if week > weeks // 2]),
        late=frozenset(random.sample(plain, eighth)),
        clocks=frozenset(clocks),
        reopened=frozenset(random.sample(plain, eighth)),
    )  # fmt: skip
