"""What a set of draws says: its low, its middle and its high."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]


@dataclass(frozen=True)
class Span:
    """The points below which one in ten, half and nine in ten of the draws lie; infinite where it never happens."""

    low: float
    mid: float
    high: float

    @classmethod
    def of(cls, draws: Draws) -> "Span":
        """Quantiles by the inverted cdf: always one of the draws, so that infinity stays infinity."""
        return cls(*(point(draws, share) for share in (0.1, 0.5, 0.9)))


def point(draws: Draws, share: float) -> float:
    """The smallest draw that at least this share of the draws does not exceed."""
    return float(np.quantile(draws, share, method="inverted_cdf"))
