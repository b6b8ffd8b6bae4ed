"""What every chapter of the weeks between stands on."""

from datetime import date

from handsel.sample.chapters.chapter import Chapter
from handsel.sample.months.course import course_of
from handsel.sample.told import Told


class Month(Chapter):
    """A chapter that draws: its own stream of the seed, so that a change of one chapter leaves the others as they are,
    and the course that all of them share."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self.random = told.random(type(self).__name__)
        self.course = course_of(told.calendar, told.random("course"))

    def day(self, week: int, weekday: int = 0) -> date:
        return self.calendar.day_between(week, weekday)
