"""What the frame around every page shows. The front room fills it; here is only its shape."""

from dataclasses import dataclass
from datetime import datetime

from handsel.values.actors import Side


@dataclass(frozen=True)
class Room:
    """A place in the navigation.

    icon: a name in `icons.svg`. count: what waits there; 0 shows nothing. key: the letter that leads there after g.
    """

    word: str
    url: str
    icon: str
    count: int = 0
    current: bool = False
    key: str = ""


@dataclass(frozen=True)
class Place:
    """A business that the person can change to; side_word tells whose side they are on there."""

    name: str
    side_word: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Timer:
    """A timer that runs. stop_url takes a POST."""

    label: str
    started_at: datetime
    stop_url: str


@dataclass(frozen=True)
class Shell:
    """Whose page it is and where it leads.

    theme: light, dark, or empty for the system's. short_rooms: the phone's, at most five. place_url: where all places
    of the person stand, below the switcher's list. counts_url: tells the counts that are not known yet; empty where they are. aside: one sentence in the bar, such as the owner's own time.
    """

    side: Side
    theme: str
    person_name: str
    initials: str
    place_name: str
    place_url: str
    rooms: tuple[Room, ...]
    short_rooms: tuple[Room, ...]
    switch: tuple[Place, ...]
    search_url: str
    keys_url: str
    settings_url: str
    sign_out_url: str
    notices_url: str
    notices: int = 0
    people_url: str = ""
    counts_url: str = ""
    timer: Timer | None = None
    aside: str = ""
