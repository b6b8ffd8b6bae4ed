"""A place that is still open is found wherever it stands, so that it never goes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.mail.mining import fill, open_slots, slots_of


def test_the_slots_of_a_draft_are_named_in_their_order() -> None:
    assert slots_of("From {date_1} to {date_2}: {amount}, {date_1} again.") == ["date_1", "date_2", "amount"]


@pytest.mark.parametrize(
    "text",
    [
        "{amount}",
        "{ Amount! }",
        "{}",
        "{{ name }}",
        "{% if x %}",
        "[[link]]",
        "see [[",
        "price XXX",
        "TODO: ask",
        "a {{ b",
    ],
)
def test_everything_that_waits_for_words_is_open(text: str) -> None:
    assert open_slots(text)


@pytest.mark.parametrize("text", ["", "All is filled.", "Size XXL, todo el día, [1], 50 %", "a } b", "TODOS"])
def test_finished_words_are_not_open(text: str) -> None:
    assert open_slots(text) == []


def test_a_blank_value_leaves_its_slot_open() -> None:
    assert fill("{amount} on {date}", {"amount": "€5", "date": "  "}) == "€5 on {date}"


def test_a_slot_in_a_value_is_not_filled_in_turn_and_stays_open() -> None:
    filled = fill("Dear {name}", {"name": "{amount}", "amount": "5"})
    assert filled == "Dear {amount}"
    assert open_slots(filled)


@given(st.text(alphabet="ab{}%[]XTOD_ \n", max_size=40))
def test_a_slot_is_always_open(text: str) -> None:
    assert not slots_of(text) or open_slots(text)
