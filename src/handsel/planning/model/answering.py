"""From two years of draws to an answer: two columns, when it pays, and what decides it (PLAN.md 1.5)."""

from dataclasses import dataclass, replace
from math import inf
from typing import Literal

import numpy as np

from handsel.planning.model import words
from handsel.planning.model.area import Area
from handsel.planning.model.playing import Inputs, Played, inputs, play
from handsel.planning.model.spans import Draws, Span, point

Verdict = Literal["worth it", "too close to call", "not worth it", "no verdict"]

MONTH = 52 / 12  # weeks
_MONTHS = 24
_YEAR = 12
_GROUPS = 20
_WORTH_SAYING = 0.05  # an input that moves less than this share of the answer is not named


@dataclass(frozen=True)
class Row:
    """A line of the two columns, in words; the ranges are empty where there is none."""

    what: str
    now: str
    now_range: str
    handed_over: str
    handed_over_range: str


@dataclass(frozen=True)
class Deciding:
    """An input that moves the answer: its share of the answer's spread, what it is, how to find it out."""

    name: str
    share: float
    what: str
    find_out: str


@dataclass(frozen=True)
class Worth:
    """The answer where she says what an hour is worth. now, handed_over: money a month with her hours valued · ahead:
    after a year · chance: that it is above zero · pays_from: month, infinite for never · never: its chance."""

    now: Span
    handed_over: Span
    ahead: Span
    chance: float
    pays_from: Span
    never: float


@dataclass(frozen=True)
class Answer:
    """Months are the usual ones, the tenth to the twelfth; money in the area's currency; never is an answer.

    hours_now, hours, money: a month · freed: hours of hers a month · hours_from: week from which she has won time ·
    hour_price: money for each hour won in a usual month · hour_even: what an hour must be worth for even chances in the
    first year · price_even: at what price the chances are even, None without the worth of an hour.
    rows stand beside each other and are middles of their own ranges, so they need not add up; sentences are to be shown
    in order.
    """

    verdict: Verdict
    sentences: tuple[str, ...]
    rows: tuple[Row, ...]
    decides: tuple[Deciding, ...]
    hours_now: Span
    hours: Span
    money: Span
    freed: Span
    hours_from: Span
    hour_price: Span
    hour_even: float
    price_even: float | None
    worth: Worth | None


def forecast(area: Area, seed: int = 1, draws: int = 2000, widen: float = 1.6) -> Answer:
    """What the area costs now and handed over. The same area and seed give the same answer, on every platform.

    widen: how much wider than said a range is drawn that is not firm.
    """
    played = play(area, inputs(area, seed, draws, widen))
    worth = _worth(played)
    money, hours = _a_month(played.money), _a_month(played.hours)
    freed = played.hours_now * MONTH - hours
    answer = Answer(
        verdict=_verdict(worth),
        sentences=(),
        rows=(),
        decides=_decides(played),
        hours_now=Span.of(played.hours_now * MONTH),
        hours=Span.of(hours),
        money=Span.of(money),
        freed=Span.of(freed),
        hours_from=Span.of(_stays_from(played.freed.cumsum(axis=1))),
        hour_price=Span.of(_per_hour_won(money, freed)),
        hour_even=point(_per_hour_won(played.money[:, :52].sum(axis=1), played.freed[:, :52].sum(axis=1)), 0.5),
        price_even=_price_even(area, played) if worth else None,
        worth=worth,
    )
    return _said(area, answer)


def _a_month(weekly: Draws) -> Draws:
    """A usual month: the mean of the tenth to the twelfth."""
    usual: Draws = weekly[:, round(9 * MONTH) : round(_YEAR * MONTH)].mean(axis=1) * MONTH
    return usual


def _ahead(played: Played) -> Draws:
    """Per draw and week: what handing over has left her with so far, her hours valued; negative where behind."""
    weekly = played.freed * played.inputs["hour"][:, None] - played.money
    return weekly.cumsum(axis=1)


def _worth(played: Played) -> Worth | None:
    if "hour" not in played.inputs.by_name:
        return None
    hour = played.inputs["hour"]
    months = _ahead(played)[:, [round(k * MONTH) - 1 for k in range(1, _MONTHS + 1)]]
    a_year = months[:, _YEAR - 1]
    from_month = _stays_from(months)
    return Worth(
        now=Span.of(played.hours_now * hour * MONTH),
        handed_over=Span.of(_a_month(played.money + played.hours * hour[:, None])),
        ahead=Span.of(a_year),
        chance=float((a_year >= 0).mean()),
        pays_from=Span.of(from_month),
        never=float(np.isinf(from_month).mean()),
    )


def _stays_from(sums: Draws) -> Draws:
    """Per draw the first step, counted from 1, from which the sum stays at zero or above; infinite if it ends below."""
    below = sums < 0
    last_below = sums.shape[1] - np.argmax(below[:, ::-1], axis=1)
    first = np.where(below.any(axis=1), last_below + 1, 1).astype(float)
    first[below[:, -1]] = inf
    return first


def _per_hour_won(money: Draws, won: Draws) -> Draws:
    return np.where(won > 0, money / np.where(won > 0, won, 1), inf)


def _price_even(area: Area, played: Played) -> float:
    """The price at which the chances after a year are even; zero or less where no price helps."""
    paid_for = played.units[:, :52].sum(axis=1) * (1 + area.exchange + area.tax)
    return point(_ahead(played)[:, 51] / paid_for + played.inputs["price"], 0.5)


def _verdict(worth: Worth | None) -> Verdict:
    if worth is None:
        return "no verdict"
    if worth.chance >= 0.75:
        return "worth it"
    return "not worth it" if worth.chance <= 0.25 else "too close to call"


def _decides(played: Played) -> tuple[Deciding, ...]:
    """The one or two inputs that move the answer most; the worth of an hour is hers to say and left out."""
    year = slice(0, 52)
    if "hour" in played.inputs.by_name:
        target = _ahead(played)[:, 51]
    else:
        target = -_per_hour_won(played.money[:, year].sum(axis=1), played.freed[:, year].sum(axis=1))
    rank = np.argsort(np.argsort(target, kind="stable"), kind="stable").astype(float)
    shares = {name: _share_of(rank, key) for name, key in _keys(played.inputs).items()}
    most = sorted(shares, key=lambda name: -shares[name])[:2]
    return tuple(Deciding(n, shares[n], *words.FIND_OUT[n]) for n in most if shares[n] >= _WORTH_SAYING)


def _keys(given: Inputs) -> dict[str, Draws]:
    """What to group the draws by, per input that may decide."""
    keys = {name: key for name, key in given.by_name.items() if name not in ("hour", "leaves") and np.ptp(key) > 0}
    quality = given.first_faults * np.exp(-given.learning * np.log(21))
    return keys | {"quality": quality, "leaving": given.stays[0]}


def _share_of(rank: Draws, key: Draws) -> float:
    """First-order share: variance of the group means less their noise, over the whole variance."""
    size = len(rank) // _GROUPS
    groups = rank[np.argsort(key, kind="stable")[: size * _GROUPS]].reshape(_GROUPS, size)
    noise = groups.var(axis=1, ddof=1).mean() / size
    return float((groups.mean(axis=1).var(ddof=1) - noise) / rank.var())


def _said(area: Area, answer: Answer) -> Answer:
    return replace(answer, rows=_rows(area, answer), sentences=_sentences(area, answer))


def _rows(area: Area, a: Answer) -> tuple[Row, ...]:
    money, hours = words.about, words.hours
    rows = [
        Row("Paid to the provider", money(0, area.currency).replace(".00", ""), "",
            money(a.money.mid, area.currency), words.between_amounts(a.money, area.currency)),
        Row("Your own hours", hours(a.hours_now.mid), words.between_hours(a.hours_now),
            hours(a.hours.mid), words.between_hours(a.hours)),
    ]  # fmt: skip
    if a.worth and area.hour:
        rows.append(
            Row(f"Altogether, an hour of yours at about {money(area.hour.likely, area.currency)}",
                money(a.worth.now.mid, area.currency), words.between_amounts(a.worth.now, area.currency),
                money(a.worth.handed_over.mid, area.currency), words.between_amounts(a.worth.handed_over, area.currency))
        )  # fmt: skip
    return tuple(rows)


def _sentences(area: Area, a: Answer) -> tuple[str, ...]:
    said = [words.less_time_until(a.hours_from)]
    if a.worth:
        outlook = words.behind_or_ahead(a.worth.ahead, area.currency)
        said = [f"{a.verdict.capitalize()}: the first year may leave you {outlook}.", *said]
        said += [words.pays_from(a.worth.pays_from, a.worth.never), _price_sentence(area, a)]
    else:
        said = [f"No verdict without the worth of an hour of yours. {_hour_sentence(area, a)}", *said]
    if a.decides:
        first = a.decides[0]
        also = f" Then {a.decides[1].what}." if len(a.decides) > 1 else ""
        said.append(f"What decides it most is {first.what}: {first.find_out}, then ask again.{also}")
    return tuple(said)


def _hour_sentence(area: Area, a: Answer) -> str:
    if a.hour_price.mid == inf:
        return "As it looks now, no hour would be won."
    return f"Each hour won costs about {words.about(a.hour_price.mid, area.currency)}."


def _price_sentence(area: Area, a: Answer) -> str:
    if a.price_even is None or a.price_even <= 0:
        return "No price helps: it costs more of your hours than it frees."
    per = {"hour": "an hour", "piece": "a piece", "month": "a month"}[area.basis]
    return f"At up to {words.about(a.price_even, area.currency)} {per} the chances are even."
