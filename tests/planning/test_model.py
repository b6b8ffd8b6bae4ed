"""What a forecast promises: honest ranges, the same answer each time, and "not worth it" said as plainly as "worth it"."""

from dataclasses import replace
from math import inf, isinf
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsel.planning.model import Area, Said, Span, forecast
from handsel.planning.model.draws import drawn, normals, places, splitmix
from handsel.planning.model.playing import inputs, play
from handsel.values.refusals import Refusal

CANDLES = Area(
    volume=Said(34, 41, 49, firm=True),
    minutes=Said(5, 7, 11),
    hour=Said(20, 30, 50, firm=True),
    handable=Said(0.6, 0.75, 0.9),
    price=Said(11, 13, 16),
    ramp=Said(6, 10, 20),
    fee=1.50,
    exchange=0.01,
)
BUSY = replace(CANDLES, volume=Said(85, 100, 120, firm=True), hour=Said.exactly(35))
SMALL = replace(CANDLES, volume=Said(6, 8, 11, firm=True), price=Said(18, 22, 28))


def test_the_numbers_behind_the_draws_are_the_published_ones() -> None:
    assert splitmix(1, 3) == [10451216379200822465, 13757245211066428519, 17911839290282890590]
    assert places(1, "volume", 8).tolist() == [0.8125, 0.4375, 0.1875, 0.0625, 0.6875, 0.3125, 0.5625, 0.9375]


def test_a_range_that_was_said_is_drawn_wider_than_one_that_was_counted() -> None:
    z = normals(1, "minutes", 2000)
    said = Span.of(drawn(Said(5, 7, 11), "log", z, 1.6))
    counted = Span.of(drawn(Said(5, 7, 11, firm=True), "log", z, 1.6))
    assert (said.low, said.mid, said.high) == pytest.approx((4.086, 7, 14.4268), rel=2e-3)
    assert (counted.low, counted.mid, counted.high) == pytest.approx((5, 7, 11), rel=2e-3)


def test_a_share_stays_between_nothing_and_all() -> None:
    share = Span.of(drawn(Said(0.6, 0.75, 0.9), "logit", normals(1, "handable", 2000), 1.6))
    assert (share.low, share.mid, share.high) == pytest.approx((0.4974, 0.75, 0.9456), rel=2e-3)


def test_the_candles_cost_now_what_the_reference_says() -> None:
    worth = forecast(CANDLES).worth
    assert worth is not None
    assert [round(v, 2) for v in (worth.now.low, worth.now.mid, worth.now.high)] == [306.41, 648.19, 1558.50]


def test_the_candles_come_out_near_the_reference() -> None:
    answer = forecast(CANDLES)
    assert answer.worth is not None
    assert answer.verdict == "too close to call"
    assert answer.worth.chance == pytest.approx(0.471, abs=0.03)
    assert answer.worth.handed_over.mid == pytest.approx(561.85, rel=0.03)
    assert answer.money.mid == pytest.approx(155.17, rel=0.03)
    assert answer.worth.ahead.low == pytest.approx(-2413.76, rel=0.05)
    assert answer.worth.ahead.high == pytest.approx(4016.73, rel=0.05)
    assert answer.price_even == pytest.approx(12.59, rel=0.05)
    assert answer.hour_even == pytest.approx(31.89, rel=0.05)
    assert answer.worth.never == pytest.approx(0.3995, abs=0.03)
    assert (answer.worth.pays_from.low, answer.worth.pays_from.high) == (4, inf)
    assert answer.decides[0].name == "minutes"
    assert answer.decides[0].share == pytest.approx(0.257, abs=0.04)


def test_the_first_week_costs_the_hours_of_preparing() -> None:
    first_week = play(CANDLES, inputs(CANDLES, 1, 2000, 1.6)).freed[:, 0]
    assert Span.of(first_week).mid == pytest.approx(-9.16, abs=0.005)


def test_much_work_at_the_same_price_is_worth_it() -> None:
    answer = forecast(BUSY)
    assert answer.verdict == "worth it"
    assert answer.worth is not None
    assert answer.worth.chance == pytest.approx(0.812, abs=0.03)
    assert answer.price_even == pytest.approx(27.44, rel=0.1)
    assert answer.sentences[0].startswith("Worth it: the first year may leave you €")


def test_little_work_at_a_dear_price_is_not_worth_it_and_said_so() -> None:
    answer = forecast(SMALL)
    assert answer.verdict == "not worth it"
    assert answer.worth is not None
    assert isinf(answer.worth.pays_from.mid)
    assert any("does not pay within two years" in sentence for sentence in answer.sentences)


def test_a_dear_price_is_not_worth_it() -> None:
    assert forecast(replace(CANDLES, price=Said(90, 120, 150))).verdict == "not worth it"


def test_a_price_of_nothing_pays() -> None:
    answer = forecast(replace(BUSY, price=Said.exactly(0), fee=0))
    assert answer.money == Span(0, 0, 0)
    assert answer.verdict == "worth it"
    assert answer.worth is not None
    assert not isinf(answer.worth.pays_from.mid)


def test_without_the_worth_of_an_hour_there_is_no_verdict_but_a_price_of_an_hour_won() -> None:
    answer = forecast(replace(CANDLES, hour=None))
    assert answer.verdict == "no verdict"
    assert answer.worth is None
    assert answer.price_even is None
    assert 0 < answer.hour_price.mid < inf
    assert answer.sentences[0].startswith(
        "No verdict without the worth of an hour of yours. Each hour won costs about €"
    )
    assert [row.what for row in answer.rows] == ["Paid to the provider", "Your own hours"]


def test_her_own_hours_are_a_line_of_their_own_in_both_columns() -> None:
    rows = {row.what: row for row in forecast(CANDLES).rows}
    assert rows["Paid to the provider"].now == "€0"
    assert rows["Your own hours"].now == "21 hours"
    assert rows["Your own hours"].handed_over.endswith(" hours")
    assert rows["Altogether, an hour of yours at about €30"].now == "€650"


def test_the_same_inputs_give_the_same_answer() -> None:
    assert forecast(CANDLES) == forecast(replace(CANDLES))
    assert forecast(CANDLES) != forecast(CANDLES, seed=2)


def test_another_input_changes_no_draw_of_the_others() -> None:
    with_hour, without = (inputs(a, 1, 500, 1.6) for a in (CANDLES, replace(CANDLES, hour=None)))
    assert all(np.array_equal(with_hour[name], without[name]) for name in without.by_name)


def test_a_range_of_one_point_has_no_spread() -> None:
    sure = replace(CANDLES, volume=Said(40, 40, 40), minutes=Said(6, 6, 6))
    assert forecast(sure).hours_now.low == pytest.approx(forecast(sure).hours_now.high)


def test_a_higher_price_leaves_less_in_every_draw() -> None:
    cheap, dear = (play(a, inputs(a, 1, 500, 1.6)) for a in (CANDLES, replace(CANDLES, price=Said(12, 14, 17))))
    assert (dear.money >= cheap.money).all()
    assert np.array_equal(dear.freed, cheap.freed)


@settings(max_examples=25, deadline=None)
@given(volume=st.floats(5, 100), more=st.floats(1.05, 3), minutes=st.floats(6, 30))
def test_more_work_never_lowers_the_hours_freed(volume: float, more: float, minutes: float) -> None:
    less_work = replace(CANDLES, volume=Said.exactly(volume), minutes=Said.exactly(minutes))
    more_work = replace(less_work, volume=Said.exactly(volume * more))
    assert forecast(more_work, draws=400).freed.mid >= forecast(less_work, draws=400).freed.mid


@pytest.mark.parametrize("basis", ["hour", "piece", "month"])
def test_each_way_to_pay_is_reckoned(basis: Any) -> None:
    price = {"hour": Said(11, 13, 16), "piece": Said(1, 1.4, 2), "month": Said(150, 200, 260)}[basis]
    answer = forecast(replace(CANDLES, basis=basis, price=price))
    assert 50 < answer.money.mid < 400
    per = {"hour": "an hour", "piece": "a piece", "month": "a month"}[basis]
    assert any(f" {per} the chances are even" in sentence for sentence in answer.sentences)


def test_reading_each_reply_costs_more_of_her_hours_than_reading_some() -> None:
    assert forecast(replace(CANDLES, promise=0)).hours.mid > forecast(CANDLES).hours.mid


@pytest.mark.parametrize(
    ("field", "said", "code", "sentence"),
    [
        ("minutes", Said(9, 7, 11), "estimate_order", "Your least, 9, is above your usual, 7."),
        ("volume", Said(5, 7, 6), "estimate_order", "Your most, 6, is below your usual, 7."),
        ("handable", Said(0.8, 0.7, 0.9), "estimate_order", "Your least, 80 %, is above your usual, 70 %."),
        ("handable", Said(0.5, 0.8, 1), "estimate_share", "99 % is the most that we can reckon with."),
        ("volume", Said(0, 7, 9), "estimate_positive", "Your least is 0; it must be more than nothing."),
        ("price", Said(0, 7, 9), "estimate_positive", "Your least is 0; it must be more than nothing."),
        ("ramp", Said(-1, 7, 9), "estimate_positive", "Your least is -1; it must be more than nothing."),
        ("hour", Said(1, inf, inf), "estimate_number", "This is not a number that we can reckon with."),
        ("price", Said(1, 5, 1e12), "estimate_number", "This is not a number that we can reckon with."),
        ("minutes", Said(float("nan"), 7, 9), "estimate_number", "This is not a number that we can reckon with."),
    ],
)
def test_nonsense_is_refused_at_its_field(field: str, said: Said, code: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        replace(CANDLES, **{field: said})  # type: ignore[arg-type]  # the field is one of Area's ranges
    assert (refused.value.code, refused.value.place, refused.value.sentence) == (code, field, sentence)


def test_more_hours_than_a_week_has_are_refused() -> None:
    with pytest.raises(Refusal, match="2000 items of 7 minutes are 233 hours a week; a week has 168"):
        replace(CANDLES, volume=Said(1000, 2000, 3000))


def test_a_forecast_is_quick_enough_for_a_page() -> None:
    forecast(CANDLES)
    took = min(_timed() for _ in range(5))
    assert took < 0.25  # 60 ms on a quiet core; the machine of the tests is shared


def _timed() -> float:
    start = perf_counter()
    forecast(CANDLES)
    return perf_counter() - start
