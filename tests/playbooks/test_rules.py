"""Promises about playbooks, in plain values."""

import pytest

from handsel.playbooks.rules import knows, version_to_know, with_answer


@pytest.mark.parametrize(
    ("versions", "to_know"),
    [([(1, True)], 1), ([(1, True), (2, False)], 1), ([(3, False), (2, True), (1, True)], 2), ([], 1)],
)
def test_the_newest_version_that_asks_is_the_one_to_know(versions: list[tuple[int, bool]], to_know: int) -> None:
    assert version_to_know(versions) == to_know


def test_a_later_version_is_as_good_and_an_earlier_one_is_not() -> None:
    assert knows([3], 2)
    assert not knows([1], 2)
    assert not knows([], 1)


def test_a_question_of_two_lines_stands_as_one_bold_line() -> None:
    assert with_answer("", "A *b*\n c?", " Yes. ") == "**A b c?**\n\nYes.\n"
