"""What a chapter is."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from handsel.sample.calendar import Scene
from handsel.sample.told import Told


class Chapter(ABC):
    """One part of the story: scenes that it says beforehand, each on its day; those of all chapters are played in the
    order of their instants. What one needs from an earlier one is in `told`."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.cast = told.cast
        self.calendar = told.calendar
        self.scene = told.calendar.scene

    @abstractmethod
    def scenes(self) -> Iterator[Scene]:
        """What happens, and when."""
