"""What the owner says about one area of work, and what is assumed where she says nothing."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

from handsel.values.refusals import Refusal

Scale = Literal["log", "logit"]
Basis = Literal["hour", "piece", "month"]
Promise = Literal[0, 10, 20, 50]

_HOURS_OF_A_WEEK = 168
_MOST = 1e9


@dataclass(frozen=True)
class Said:
    """A range in three points: hardly ever less than `low`, usually `likely`, hardly ever more than `high`.

    firm: counted, quoted or assumed wide already, so it is not drawn wider than it says.
    """

    low: float
    likely: float
    high: float
    firm: bool = False

    @classmethod
    def exactly(cls, value: float) -> "Said":
        return cls(value, value, value, firm=True)


@dataclass(frozen=True)
class Area:
    """One area of work. Money is in `currency`; shares are between 0 and 1. Raises Refusal, its place the field.

    Asked: volume, items a week · minutes of hers per item · hour, the worth of an hour of hers, None where she does not
    say · handable, the share that somebody else could do in the end · price per `basis` · ramp, weeks until nine tenths
    of the handable share are theirs.
    Assumed (PLAN.md 1.3): pace, their minutes at the 200th item as a multiple of hers · practice, the exponent of their
    learning curve · reading, mending, escape, answering, minutes of hers per reply read, fault mended, fault that got
    out, question · questions per item at first · oversight, hours of hers a week · prepare, teach, hours of hers at the
    start · training, paid hours of theirs · leaves, chance a year that the person leaves · gap, weeks without anybody ·
    kept, share of what was prepared that serves the next person.
    Certain: fee per payment, one a month · tools a month · exchange and tax, shares on top of the price · promise, one
    reply in how many is read at the least (0: each is read; 10, 20 or 50).
    """

    volume: Said
    minutes: Said
    hour: Said | None
    handable: Said
    price: Said
    ramp: Said
    basis: Basis = "hour"
    currency: str = "EUR"
    pace: Said = Said(0.7, 1, 1.4, firm=True)
    practice: Said = Said(0.15, 0.32, 0.51, firm=True)
    reading: Said = Said(1, 2, 4, firm=True)
    mending: Said = Said(2, 5, 12, firm=True)
    escape: Said = Said(5, 15, 60, firm=True)
    questions: Said = Said(0.1, 0.25, 0.5, firm=True)
    answering: Said = Said(1, 3, 8, firm=True)
    oversight: Said = Said(0.25, 0.5, 1, firm=True)
    prepare: Said = Said(4, 8, 20, firm=True)
    teach: Said = Said(2, 5, 12, firm=True)
    training: Said = Said(2, 5, 12, firm=True)
    leaves: Said = Said(0.2, 0.4, 0.65, firm=True)
    gap: Said = Said(1, 3, 8, firm=True)
    kept: Said = Said(0.3, 0.5, 0.7, firm=True)
    fee: float = 0.0
    tools: float = 0.0
    exchange: float = 0.0
    tax: float = 0.0
    promise: Promise = 20

    def __post_init__(self) -> None:
        for name, scale in SCALES.items():
            if (said := getattr(self, name)) is not None:
                _must_be_a_range(name, said, scale)
        hours = self.volume.likely * self.minutes.likely / 60
        if hours > _HOURS_OF_A_WEEK:
            raise Refusal(
                "estimate_week",
                f"{self.volume.likely:g} items of {self.minutes.likely:g} minutes are {hours:.0f} hours a week; "
                f"a week has {_HOURS_OF_A_WEEK}.",
                mend="Look again at how many a week, and at the minutes for one.",
                place="minutes",
            )


_SHARES = ("handable", "leaves", "kept", "questions")
_DRAWN = (
    *("volume", "minutes", "hour", "handable", "price", "ramp", "pace", "practice", "reading", "mending", "escape"),
    *("questions", "answering", "oversight", "prepare", "teach", "training", "leaves", "gap", "kept"),
)
SCALES: dict[str, Scale] = {name: "logit" if name in _SHARES else "log" for name in _DRAWN}


def _must_be_a_range(name: str, said: Said, scale: Scale) -> None:
    ends = (said.low, said.likely, said.high)
    if not all(isfinite(end) and end <= _MOST for end in ends):
        raise Refusal("estimate_number", "This is not a number that we can reckon with.", place=name)
    if name == "price" and ends == (0.0, 0.0, 0.0):
        return
    if said.low <= 0:
        raise Refusal(
            "estimate_positive", f"Your least is {said.low:g}; it must be more than nothing.",
            mend="Give the smallest that you can imagine.", place=name,
        )  # fmt: skip
    if scale == "logit" and said.high >= 1:
        raise Refusal("estimate_share", "99 % is the most that we can reckon with.", place=name)
    if said.low > said.likely:
        raise _wrong_order("least", said.low, "above", said.likely, name, scale)
    if said.high < said.likely:
        raise _wrong_order("most", said.high, "below", said.likely, name, scale)


def _wrong_order(end: str, value: float, where: str, usual: float, name: str, scale: Scale) -> Refusal:
    said, likely = (f"{100 * v:g} %" if scale == "logit" else f"{v:g}" for v in (value, usual))
    return Refusal(
        "estimate_order", f"Your {end}, {said}, is {where} your usual, {likely}.",
        mend="Put the three in order: least, usual, most.", place=name,
    )  # fmt: skip
