"""The story, told from its first Monday to the evening before today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import time_machine

from handsel.core import followers, jobs, outbox
from handsel.core.models import WorkerBeat
from handsel.sample.calendar import Calendar, Scene
from handsel.sample.cast import LARKSPUR, THISTLE, Cast
from handsel.sample.chapters import CHAPTERS
from handsel.sample.months import MONTHS
from handsel.sample.post import kept_here
from handsel.sample.told import Told
from handsel.values.actors import Actor
from handsel.values.days import day_of

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Story:
    """The business that it left behind, and who acts in it."""

    slug: str
    owner: Actor
    bookkeeper: Actor
    provider: Actor
    assistant: Actor
    designer: Actor
    told: Told


class Stage:
    """How the scenes of a day are played, and what is done after them. Tests play them under faults."""

    def play(self, scene: Scene) -> None:
        scene.act()

    def follow(self) -> None:
        """What follows what was done: papers, search, kinds of request, the mail. The jobs that come round by the clock
        are left to the worker: they were last due when the clock was right."""
        worker = WorkerBeat.objects.create(name="sample business")
        while followers.follow_all() + jobs.run_tasks(worker.id) + outbox.send_due(worker.id, {}):
            pass
        WorkerBeat.objects.filter(pk=worker.id).delete()


def tell_story(
    today: date,
    progress: Progress | None = None,
    *,
    twin: bool = False,
    between: int = 0,
    seed: int = 0,
    stage: Stage | None = None,
) -> Story:
    """Make the sample business as it stands on the morning of this day.

    The clock of the whole process is moved meanwhile, so nothing else may run in it. progress: called with the scenes
    that were played, and all of them. twin: the same story in another business, with other people and prices. between:
    weeks that lie between the tenth and the last three (`calendar.YEAR` makes a year of it); what happens in them is
    drawn from the seed. stage: how it is played, where not as it is written.
    """
    told, stage = Told(_cast(twin), Calendar(today, between=between), seed), stage or Stage()
    days = _by_day(told.calendar, sorted(_scenes(told), key=lambda scene: scene.at))
    total, done = sum(map(len, days)), 0
    jobs.find_jobs()  # also whoever sends what leaves the house
    with time_machine.travel(days[0][0].at, tick=False) as clock, kept_here(lambda key: key in _businesses(told)):
        for scenes in days:
            for scene in scenes:
                clock.move_to(scene.at)
                stage.play(scene)
                done += 1
                if progress:
                    progress(done, total)
            stage.follow()
    return Story(told.slug, told.owner, told.bookkeeper, told.provider, told.assistant, told.designer, told)


def _cast(twin: bool) -> Cast:
    return THISTLE if twin else LARKSPUR


def _scenes(told: Told) -> list[Scene]:
    """Every scene before the curtain falls, chapter by chapter."""
    scenes = [scene for chapter in (*CHAPTERS, *MONTHS) for scene in chapter(told).scenes()]
    return [scene for scene in scenes if scene.at < told.calendar.curtain]


def _by_day(calendar: Calendar, scenes: list[Scene]) -> list[list[Scene]]:
    """Scenes of one day together: background work is done at its end."""
    days: dict[date, list[Scene]] = {}
    for scene in scenes:
        days.setdefault(day_of(scene.at, calendar.zone), []).append(scene)
    return list(days.values())


def _businesses(told: Told) -> set[UUID | None]:
    """Those whose mail is of the story: the sample business, and the second client of its firm."""
    if not told.slug:
        return {None}
    second = told.second
    return {told.owner.business_id} | ({second.actor(told.cast.second_owner).business_id} if second else set())
