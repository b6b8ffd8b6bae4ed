"""Charts drawn on the server as SVG: classes take the colours from the tokens, so a chart is right in print and dark.

Each chart says in its title what it shows, names its units, and carries its figures as a table.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Say = Callable[[float], str]


@dataclass(frozen=True)
class Key:
    """What a look in the drawing means. fill: an area, else a line."""

    word: str
    look: str
    fill: bool = False


@dataclass(frozen=True)
class Chart:
    """What the component `chart` shows: a wide and a narrow drawing, the key, and the same figures as a table."""

    title: str
    units: str
    wide: SafeString
    narrow: SafeString
    keys: Sequence[Key]
    heads: Sequence[str]
    table: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Week:
    """A step of a share over time; shares from 0 to 1. actual is None where the week is still to come.

    low and high bound the likely course of a week to come; note stands in the table's last column.
    """

    label: str
    planned: float
    actual: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""


def plain(value: float) -> str:
    """1,200 and 2.5: the figure with no more decimals than it has."""
    return f"{value:,.10g}"


def columns(
    title: str,
    units: str,
    labels: Sequence[str],
    owner: Sequence[float],
    provider: Sequence[float],
    *,
    words: tuple[str, str] = ("Owner", "Provider"),
    head: str = "Week",
    say: Say = plain,
) -> Chart:
    """A column for each label, the owner's part standing on the provider's."""

    def draw(frame: Frame) -> None:
        width = frame.inside / max(len(labels), 1)
        for at, (own, other) in enumerate(zip(owner, provider, strict=True)):
            frame.bar("c-owner-area", (at + 0.15) * width, width * 0.7, other, own + other)
            frame.bar("c-provider-area", (at + 0.15) * width, width * 0.7, 0, other)
        frame.labels(labels, [(at + 0.5) * width for at in range(len(labels))])

    sums = [own + other for own, other in zip(owner, provider, strict=True)]
    keys = (Key(words[0], "c-owner-area", fill=True), Key(words[1], "c-provider-area", fill=True))
    table = [(label, say(a), say(b), say(a + b)) for label, a, b in zip(labels, owner, provider, strict=True)]
    wide, narrow = _both(title, units, _rounded_up(max(sums, default=1)), say, draw)
    return Chart(title, units, wide, narrow, keys, (head, *words, "Together"), table)


def line_in_band(
    title: str,
    units: str,
    labels: Sequence[str],
    values: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    *,
    words: tuple[str, str] = ("Likely", "8 of 10 likely courses"),
    head: str = "Month",
    say: Say = plain,
) -> Chart:
    """A line that is not certain, in the band that holds it. low, high: the band's edges at each label."""

    def draw(frame: Frame) -> None:
        xs = frame.spread(len(values))
        frame.area("c-band", xs, low, high)
        frame.line("c-line", xs, values)
        frame.labels(labels, xs)

    keys = (Key(words[0], "c-line"), Key(words[1], "c-band", fill=True))
    table = [(label, say(v), f"{say(a)}–{say(b)}") for label, v, a, b in zip(labels, values, low, high, strict=True)]
    wide, narrow = _both(title, units, _rounded_up(max([*high, *values], default=1)), say, draw)
    return Chart(title, units, wide, narrow, keys, (head, *words), table)


def share_by_week(
    title: str,
    units: str,
    weeks: Sequence[Week],
    *,
    owner: str,
    provider: str,
    note_head: str = "",
) -> Chart:
    """How the work moves from the owner to the provider: planned line, actual areas, and what is likely to come."""
    done = [week.actual for week in weeks if week.actual is not None]
    coming = [week for week in weeks[len(done) :] if week.low is not None and week.high is not None]

    def draw(frame: Frame) -> None:
        xs = frame.spread(len(weeks))
        _share_areas(frame, xs, done)
        if done and coming:
            _share_to_come(frame, xs[len(done) - 1 :], done[-1], coming)
        frame.line("c-plan", xs, [week.planned * 100 for week in weeks])
        if done:
            frame.today(xs[len(done) - 1], done[-1] * 100)
        frame.labels([week.label for week in weeks], xs)

    keys = [
        Key(owner, "c-owner-area", fill=True),
        Key(provider, "c-provider-area", fill=True),
        Key("Planned", "c-plan"),
    ]
    keys += [Key("Forecast", "c-forecast")] if coming else []
    heads = ("Week from", "Planned", "Actual or forecast" if coming else "Actual", *([note_head] if note_head else []))
    table = [_share_row(week, bool(note_head)) for week in weeks]
    wide, narrow = _both(title, units, 100, lambda value: f"{value:g} %" if value == 100 else f"{value:g}", draw)
    return Chart(title, units, wide, narrow, keys, heads, table)


class Frame:
    """A drawing in the making: x runs from 0 to `inside`, y in the values' own units from 0 to `most`."""

    def __init__(self, width: int, height: int, most: float, look: str, every: int) -> None:
        self.width, self.height, self.most, self.look, self.every = width, height, most, look, every
        self.left, self.top, self.foot = 44, 14, height - 30
        self.inside = width - self.left - 14
        self.parts: list[SafeString] = []

    def x(self, x: float) -> str:
        return f"{self.left + x:.1f}"

    def y(self, value: float) -> str:
        return f"{self.foot - (self.foot - self.top) * value / self.most:.1f}"

    def spread(self, number: int) -> list[float]:
        """Places from edge to edge."""
        return [self.inside * at / max(number - 1, 1) for at in range(number)]

    def grid(self, say: Say) -> None:
        for quarter in range(5):
            value = self.most * quarter / 4
            self.add('<line class="c-grid" x1="{}" x2="{}" y1="{}" y2="{}" />',
                     self.x(0), self.x(self.inside), self.y(value), self.y(value))  # fmt: skip
            self.add('<text x="{}" y="{}" text-anchor="end">{}</text>',
                     self.left - 8, f"{float(self.y(value)) + 4:.1f}", say(value))  # fmt: skip

    def bar(self, look: str, x: float, width: float, bottom: float, top: float) -> None:
        height = float(self.y(bottom)) - float(self.y(top))
        self.add('<rect class="{}" x="{}" y="{}" width="{}" height="{}" />',
                 look, self.x(x), self.y(top), f"{width:.1f}", f"{height:.1f}")  # fmt: skip

    def line(self, look: str, xs: Sequence[float], values: Sequence[float]) -> None:
        self.add('<polyline class="{}" points="{}" />', look, self._points(xs, values))

    def area(self, look: str, xs: Sequence[float], low: Sequence[float], high: Sequence[float]) -> None:
        edge = f"{self._points(xs, high)} {self._points(xs[::-1], low[::-1])}"
        self.add('<polygon class="{}" points="{}" />', look, edge)

    def today(self, x: float, value: float) -> None:
        self.add('<line class="c-today" x1="{}" x2="{}" y1="{}" y2="{}" />', self.x(x), self.x(x), self.top, self.foot)
        self.add('<circle class="c-dot" cx="{}" cy="{}" r="4.5" />', self.x(x), self.y(value))

    def labels(self, words: Sequence[str], xs: Sequence[float]) -> None:
        """As many labels as have room, beginning with the first."""
        step = max(math.ceil(len(words) / self.every), 1)
        for at in range(0, len(words), step):
            anchor = "start" if xs[at] < 1 else "end" if xs[at] > self.inside - 1 else "middle"
            self.add('<text x="{}" y="{}" text-anchor="{}">{}</text>',
                     self.x(xs[at]), self.height - 8, anchor, words[at])  # fmt: skip

    def add(self, shape: str, *values: object) -> None:
        self.parts.append(format_html(shape, *values))

    def drawn(self, title: str) -> SafeString:
        return format_html(
            '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
            self.look, self.width, self.height, f"{title}. The figures stand in the table below.",
            format_html_join("", "{}", ((part,) for part in self.parts)),
        )  # fmt: skip

    def _points(self, xs: Sequence[float], values: Sequence[float]) -> str:
        return " ".join(f"{self.x(x)},{self.y(value)}" for x, value in zip(xs, values, strict=True))


def contact_line(touches: Sequence[tuple[int, int]]) -> SafeString:
    """The line between two people: for each day the touches of owner and provider; silence of three days is dotted.

    Owner's strokes stand above, the provider's below; a stroke grows with the number of touches, to four.
    """
    length = 10 * len(touches)
    strokes = []
    for day, (own, other) in enumerate(touches):
        x = 10 * day + 5
        strokes += [("l-owner", f"M{x} 25v-{_stroke(own)}")] if own else []
        strokes += [("l-provider", f"M{x} 31v{_stroke(other)}")] if other else []
    held, silent = _held_parts(touches)
    lines = [("l-line", held)] + ([("l-gap", silent)] if silent else [])
    return format_html(
        '<svg class="line-drawing" viewBox="0 0 {} 56" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        length,
        format_html_join("", '<path class="{}" d="{}" />', [part for part in [*lines, *strokes] if part[1]]),
    )


def _stroke(touches: int) -> int:
    return (7, 10, 14, 18)[min(touches, 4) - 1]


def _held_parts(touches: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """Paths of the line where it holds, and where both were silent for three days or more."""
    held, silent, start, day = [], [], 0, 0
    while day < len(touches):
        quiet = day
        while quiet < len(touches) and not any(touches[quiet]):
            quiet += 1
        if quiet - day >= 3:
            held.append(f"M{10 * start} 28H{10 * day}")
            silent.append(f"M{10 * day} 28H{10 * quiet}")
            start = quiet
        day = max(quiet, day + 1)
    held.append(f"M{10 * start} 28H{10 * len(touches)}")
    return "".join(held), "".join(silent)


def _both(
    title: str, units: str, most: float, say: Say, draw: Callable[[Frame], None]
) -> tuple[SafeString, SafeString]:
    drawings = []
    for frame in (Frame(760, 320, most, "chart-wide", 8), Frame(340, 260, most, "chart-narrow", 4)):
        frame.grid(say)
        draw(frame)
        drawings.append(frame.drawn(f"{title}. {units}".rstrip(".")))
    return drawings[0], drawings[1]


def _share_areas(frame: Frame, xs: Sequence[float], done: Sequence[float]) -> None:
    shares = [share * 100 for share in done]
    past = xs[: len(shares)]
    frame.area("c-owner-area", past, shares, [100.0] * len(shares))
    frame.area("c-provider-area", past, [0.0] * len(shares), shares)
    frame.line("c-line", past, shares)


def _share_to_come(frame: Frame, xs: Sequence[float], now: float, coming: Sequence[Week]) -> None:
    lows = [now, *(week.low or 0 for week in coming)]
    highs = [now, *(week.high or 0 for week in coming)]
    ahead = xs[: len(lows)]
    frame.area("c-band", ahead, [low * 100 for low in lows], [high * 100 for high in highs])
    frame.line("c-forecast", ahead, [(low + high) * 50 for low, high in zip(lows, highs, strict=True)])


def _share_row(week: Week, noted: bool) -> tuple[str, ...]:
    if week.actual is not None:
        actual = f"{week.actual:.0%}".replace("%", " %")
    elif week.low is not None and week.high is not None:
        actual = f"{week.low * 100:.0f}–{week.high * 100:.0f} %"
    else:
        actual = "–"
    return (week.label, f"{week.planned * 100:.0f} %", actual, *([week.note or "–"] if noted else []))


def _rounded_up(value: float) -> float:
    """The next 1, 2, 4, 6, 8 or 10 times a power of ten, so that quarters of it are plain figures."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value)
