"""The story, told from its first Monday to the evening before today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import time_machine

from handsel.core import followers, jobs, outbox
from handsel.core.models import WorkerBeat
from handsel.sample.calendar import Calendar, Scene
from handsel.sample.cast import LARKSPUR, THISTLE, Cast
from handsel.sample.chapters import CHAPTERS
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


def tell_story(today: date, progress: Progress | None = None, *, twin: bool = False) -> Story:
    """Make the sample business as it stands on the morning of this day.

    The clock of the whole process is moved meanwhile, so nothing else may run in it. progress: called with the scenes
    that were played, and all of them. twin: the same story in another business, with other people and prices.
    """
    told = Told(_cast(twin), Calendar(today))
    days = _by_day(told.calendar, sorted(_scenes(told), key=lambda scene: scene.at))
    total, done = sum(map(len, days)), 0
    with time_machine.travel(days[0][0].at, tick=False) as clock, kept_here(lambda key: key == _business(told)):
        for scenes in days:
            for scene in scenes:
                clock.move_to(scene.at)
                scene.act()
                done += 1
                if progress:
                    progress(done, total)
            _follow()
    return Story(told.slug, told.owner, told.bookkeeper, told.provider, told.assistant, told.designer, told)


def _follow() -> None:
    """What follows what was done: papers, search, kinds of request, the mail. The jobs that come round by the clock are
    left to the worker: they were last due when the clock was right."""
    jobs.find_jobs()
    worker = WorkerBeat.objects.create(name="sample business")
    while followers.follow_all() + jobs.run_tasks(worker.id) + outbox.send_due(worker.id, {}):
        pass
    WorkerBeat.objects.filter(pk=worker.id).delete()


def _cast(twin: bool) -> Cast:
    return THISTLE if twin else LARKSPUR


def _scenes(told: Told) -> list[Scene]:
    """Every scene before the curtain falls, chapter by chapter."""
    scenes = [scene for chapter in CHAPTERS for scene in chapter(told).scenes()]
    return [scene for scene in scenes if scene.at < told.calendar.curtain]


def _by_day(calendar: Calendar, scenes: list[Scene]) -> list[list[Scene]]:
    """Scenes of one day together: background work is done at its end."""
    days: dict[date, list[Scene]] = {}
    for scene in scenes:
        days.setdefault(day_of(scene.at, calendar.zone), []).append(scene)
    return list(days.values())


def _business(told: Told) -> object:
    return told.owner.business_id if told.slug else None
