"""Draws that are the same on every platform and with every numpy: a new input shifts no other's."""

import hashlib
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from handsel.planning.model.area import Said, Scale
from handsel.planning.model.spans import Draws

_TENTH = 1.28155  # the normal's point that one in ten exceeds
_MASK = (1 << 64) - 1


def splitmix(state: int, count: int) -> list[int]:
    """The first `count` numbers of SplitMix64 (Steele, Lea, Flood 2014), 64 bits each."""
    numbers = []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        numbers.append(mixed ^ (mixed >> 31))
    return numbers


@lru_cache(maxsize=256)
def places(seed: int, name: str, count: int) -> Draws:
    """A Latin hypercube of one input: each midpoint (k + ½)/count once, in an order of its own."""
    digest = hashlib.sha256(b"handsel-plan-v1\x00" + str(seed).encode() + b"\x00" + name.encode()).digest()
    shuffled = np.array(splitmix(int.from_bytes(digest[:8], "big"), count), dtype=np.uint64)
    ranks = np.argsort(np.argsort(shuffled, kind="stable"), kind="stable")
    drawn: Draws = (ranks + 0.5) / count
    drawn.setflags(write=False)
    return drawn


@lru_cache(maxsize=256)
def normals(seed: int, name: str, count: int) -> Draws:
    """The same places as values of the standard normal distribution."""
    midpoints = _normal_midpoints(count)
    drawn: Draws = midpoints[(places(seed, name, count) * count).astype(np.int64)]
    drawn.setflags(write=False)
    return drawn


@lru_cache(maxsize=8)
def _normal_midpoints(count: int) -> Draws:
    inverse = NormalDist().inv_cdf
    return np.array([inverse((k + 0.5) / count) for k in range(count)])


def drawn(said: Said, scale: Scale, z: Draws, widen: float) -> Draws:
    """The input at each z: two halves of a normal that meet at `likely`, on the scale's own axis.

    The ends are one chance in ten each where the range is firm; else they go out by `widen`, because the ranges that
    people say are too narrow.
    """
    width = 1.0 if said.firm else widen
    low, likely, high = (_bent(end, scale) for end in (said.low, said.likely, said.high))
    reach = np.where(z < 0, likely - low, high - likely)
    return _straight(likely + reach * width * z / _TENTH, scale)


def _bent(value: float, scale: Scale) -> float:
    return float(np.log(value) if scale == "log" else np.log(value / (1 - value)))


def _straight(bent: Draws, scale: Scale) -> Draws:
    grown: Draws = np.exp(bent)
    return grown if scale == "log" else grown / (1 + grown)
