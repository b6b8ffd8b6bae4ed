"""Letters of the weeks between: read in once a week, answered by the firm, read and sent by the owner."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from handsel.sample.calendar import Scene
from handsel.sample.cast import Part
from handsel.sample.chapters.corresponding import REASONS, Corresponding
from handsel.sample.letters import Letter, letters_of
from handsel.sample.months.course import course_of
from handsel.sample.months.customers import Customers
from handsel.sample.told import Told

SENT_BACK, CHANGED = 0.12, 0.25  # shares of the letters in an ordinary week
SLIPPED = 0.7  # share of the assistant's letters that go back in the week of the slip
CLOSED = 0.3


class Writing(Corresponding):
    """Three to six letters a week; the assistant answers four of ten."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self.random = told.random(type(self).__name__)
        self.course = course_of(told.calendar, told.random("course"))

    def scenes(self) -> Iterator[Scene]:
        customers = Customers(self.random, letters_of(self.cast))
        for week in range(self.course.weeks):
            days = sorted(self.random.randrange(5) for _ in range(self.random.randrange(3, 7)))
            letters = [customers.letter(self.calendar.day_between(week, day)) for day in days]
            read_in = self.calendar.day_between(week, 5)
            yield self.scene(read_in, "18:30", partial(self.take_in, letters, f"week-{week:02}.mbox"))
            yield from self._answers(week, letters, self._answered(week))

    def _answered(self, week: int) -> date:
        """The Monday after, or the first on which somebody works again."""
        following = week + 1
        while following < self.course.weeks and not self.course.works(following):
            following += 1
        return self.calendar.day_between(following, 0)

    def _answers(self, week: int, letters: Sequence[Letter], monday: date) -> Iterator[Scene]:
        for letter in letters:
            day = monday + timedelta(days=self.random.randrange(3))
            by_assistant = self.random.random() < 0.4
            writer = self.cast.assistant if by_assistant else self.cast.provider
            practice = by_assistant and self._in_week(day, self.course.slip + 1)
            slipped = by_assistant and self._in_week(day, self.course.slip)
            yield from self._answer(letter, writer, day, practice, SLIPPED if slipped else SENT_BACK)

    def _answer(self, letter: Letter, writer: Part, day: date, practice: bool, sent_back: float) -> Iterator[Scene]:
        """practice: nothing of it goes out, the owner answers herself."""
        goes_back, changed, closed = (self.random.random() for _ in range(3))
        yield self.scene(day, "9:35", partial(self.write_and_submit, writer, letter, cut=goes_back < sent_back))
        if practice:
            yield self.scene(day, "20:15", partial(self.judge, letter, int(changed < CHANGED)))
            yield self.scene(day, "20:25", partial(self.owner_writes, letter))
        elif goes_back < sent_back:
            again = day + timedelta(days=1)
            yield self.scene(day, "20:20", partial(self.send_back, letter, REASONS[letter.day % 2]))
            yield self.scene(again, "9:20", partial(self.write_and_submit, writer, letter))
            yield self.scene(again, "20:20", partial(self.send, letter))
        else:
            yield self.scene(day, "20:20", partial(self.send, letter, changed=changed < CHANGED))
        if closed < CLOSED:
            yield self.scene(day + timedelta(days=9), "20:55", partial(self.close, letter))

    def _in_week(self, day: date, week: int) -> bool:
        return 0 <= (day - self.calendar.day_between(week, 0)).days < 7 and self.course.slip >= 0
