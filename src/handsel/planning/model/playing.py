"""The two years played out, week by week, for all draws at once (PLAN.md 1.4)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handsel.planning.model.area import SCALES, Area
from handsel.planning.model.draws import drawn, normals, places
from handsel.planning.model.spans import Draws

WEEKS = 104
FOLLOWERS = 3  # at most so many people leave and are followed by another

_FIRST_FAULTS = np.array([0.01, 0.02, 0.04, 0.08, 0.12, 0.18, 0.25, 0.35, 0.5])  # TRUST.md: equally likely
_LEARNING = np.array([0, 0.25, 0.5, 0.75, 1, 1.25])
_LEARNING_WEIGHTS = np.array([1, 2, 3, 3, 2, 1])

_FAULTS = np.array([0.3, 0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30]) / 100
_READ = {  # long-run share of replies that are read at that share of faults, by promise (PLAN.md 5)
    10: [.1028, .1047, .1098, .1218, .1364, .1547, .1776, .2064, .2860, .3980, .5291, .7035, .8660, .9698],
    20: [.1057, .1098, .1217, .1545, .2056, .2837, .3924, .5186, .7312, .8493, .9117, .9586, .9882, .9992],
    50: [.1155, .1286, .1769, .3892, .6786, .8398, .9139, .9518, .9842, .9948, .9983, .9997, 1, 1],
}  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """Every input of the area at each draw; `first_faults` and `learning` are the quality, `stays` weeks until each
    person leaves."""

    by_name: dict[str, Draws]
    first_faults: Draws
    learning: Draws
    stays: tuple[Draws, ...]

    def __getitem__(self, name: str) -> Draws:
        return self.by_name[name]


@dataclass(frozen=True)
class Played:
    """Per draw and week: hours of hers now and handed over, money to the provider, what is paid for (hours, pieces or
    months)."""

    inputs: Inputs
    hours_now: Draws  # one number per draw: each week is alike
    hours: Draws
    money: Draws
    units: Draws

    @property
    def freed(self) -> Draws:
        return self.hours_now[:, None] - self.hours


def inputs(area: Area, seed: int, draws: int, widen: float) -> Inputs:
    """Each input drawn under its own name, so that one more input changes no other's draws."""
    by_name = {name: _one(area, name, seed, draws, widen) for name in SCALES if getattr(area, name) is not None}
    first_faults, learning = _quality(places(seed, "quality", draws))
    hazard = -np.log(1 - by_name["leaves"]) / 52
    stays = tuple(-np.log(1 - places(seed, f"leaving {n}", draws)) / hazard for n in range(1, FOLLOWERS + 1))
    return Inputs(by_name, first_faults, learning, stays)


def _one(area: Area, name: str, seed: int, draws: int, widen: float) -> Draws:
    said = getattr(area, name)
    if said.high == 0:
        return np.zeros(draws)
    return drawn(said, SCALES[name], normals(seed, name, draws), widen)


def _quality(place: Draws) -> tuple[Draws, Draws]:
    weights = np.tile(_LEARNING_WEIGHTS, len(_FIRST_FAULTS)).astype(float)
    cell = np.searchsorted(np.cumsum(weights) / weights.sum(), place, side="right")
    return _FIRST_FAULTS[cell // len(_LEARNING)], _LEARNING[cell % len(_LEARNING)]


def play(area: Area, given: Inputs) -> Played:
    """Two years of each draw: somebody learns, leaves perhaps, is followed by another after a gap."""
    person = _Person(given)
    weeks = [_week(area, given, person, n) for n in range(WEEKS)]
    hours, money, units = (np.stack(column, axis=1) for column in zip(*weeks, strict=True))
    return Played(given, given["volume"] * given["minutes"] / 60, hours, money, units)


class _Person:
    """Who does the work in each draw: since when, how many items made, how much of the first start they were spared."""

    def __init__(self, given: Inputs) -> None:
        count = len(given["volume"])
        self._given = given
        self.number = np.zeros(count, dtype=np.int64)
        self.weeks: Draws = np.zeros(count)
        self.made: Draws = np.zeros(count)
        self.ramp = np.maximum(given["ramp"], 1)
        self.start: Draws = np.ones(count)  # share of prepare and teach that this person costs
        self.leaves_at = given.stays[0].copy()
        self._back_at = np.full(count, -1.0)

    def present(self, week: int) -> NDArray[np.bool_]:
        """Move on to this week; True where somebody is there."""
        gone = (self._back_at < 0) & (self.leaves_at <= week)
        self._back_at[gone] = week + np.ceil(self._given["gap"][gone])
        if (follows := (self._back_at >= 0) & (self._back_at <= week)).any():
            self._follow(follows, week)
        return self._back_at < 0

    def _follow(self, follows: NDArray[np.bool_], week: int) -> None:
        kept = self._given["kept"]
        self.number[follows] += 1
        self.weeks[follows] = self.made[follows] = 0
        self.start = np.where(follows, 1 - kept, self.start)
        self.ramp = np.where(follows, np.maximum(self._given["ramp"] * (1 - kept / 2), 1), self.ramp)
        later = np.stack([*self._given.stays, np.full(len(kept), np.inf)])
        stay = np.take_along_axis(later, self.number[None, :], axis=0)[0]
        self.leaves_at = np.where(follows, week + stay, self.leaves_at)
        self._back_at[follows] = -1

    def worked(self, present: NDArray[np.bool_], items: Draws) -> None:
        self.weeks = self.weeks + present
        self.made = self.made + items


def _week(area: Area, x: Inputs, person: _Person, week: int) -> tuple[Draws, Draws, Draws]:
    """Her hours, the money, the units paid for in one week."""
    present = person.present(week)
    share = x["handable"] / (1 + np.exp(2.197 - 4.394 * person.weeks / person.ramp)) * present
    items = share * x["volume"]
    practised = np.log1p((person.made + items / 2) / 20)
    stays_hers = (x["volume"] - items) * x["minutes"] / 60
    hours = stays_hers + _review(area, x, person, items, practised) + x["oversight"] + _start(x, person, present)
    units = _units(area, x, person, items, practised, present)
    price = x["price"] * (1 + area.exchange + area.tax)
    money = price * units + area.fee * 12 / 52 * present + area.tools * 12 / 52
    person.worked(present, items)
    return hours, money, units


def _review(area: Area, x: Inputs, person: _Person, items: Draws, practised: Draws) -> Draws:
    """Hours of hers for what is read, mended, got out wrong or was asked."""
    learnt = np.exp(-x.learning * practised)
    faults = np.maximum(0.003, x.first_faults * learnt)
    read = _share_read(person.made + items / 2, faults, area.promise)
    minutes: Draws = (
        read * (x["reading"] + faults * x["mending"])
        + faults * (1 - read) * x["escape"]
        + x["questions"] * learnt * x["answering"]
    )
    return items * minutes / 60


def _start(x: Inputs, person: _Person, present: NDArray[np.bool_]) -> Draws:
    """Hours of hers for preparing, in the first week, and teaching, until the hand-over is done."""
    teaching = present & (person.weeks < person.ramp)
    preparing = present & (person.weeks == 0)
    hours: Draws = person.start * (x["teach"] / person.ramp * teaching + x["prepare"] * preparing)
    return hours


def _units(area: Area, x: Inputs, person: _Person, items: Draws, practised: Draws, present: NDArray[np.bool_]) -> Draws:
    """What the price is paid for: hours, with half of the training in each of the first two weeks; pieces; months."""
    if area.basis == "piece":
        return items
    if area.basis == "month":
        return np.where(present, 12 / 52, 0.0)
    curve = 0.25 + 0.75 * np.exp(-x["practice"] * practised)  # De Jong's curve: a quarter of the time never shrinks
    at_200 = 0.25 + 0.75 * np.exp(-x["practice"] * np.log1p(10))
    training = x["training"] / 2 * (present & (person.weeks < 2))
    worked: Draws = items * x["minutes"] / 60 * x["pace"] * curve / at_200 + training
    return worked


def _share_read(made: Draws, faults: Draws, promise: int) -> Draws:
    """How many of the replies she reads: all at first, fewer as runs without a fault grow, never fewer than in the long
    run at this quality."""
    if not promise:
        return np.ones_like(made)
    run = made * np.exp(promise * np.log1p(-faults))
    climb = np.select([run < promise, run < 3 * promise, run < 9 * promise], [1, 0.5, 0.25], 0.1)
    read: Draws = np.maximum(climb, np.interp(faults, _FAULTS, _READ[promise]))
    return read
