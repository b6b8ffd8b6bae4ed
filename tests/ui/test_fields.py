"""What a person may type, and what the house answers."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import Field

from handsel.ui import fields
from handsel.values.money import Money


def answer(field: Field, text: object) -> str:
    """The sentence that refuses the text."""
    with pytest.raises(ValidationError) as caught:
        field.clean(text)
    return " ".join(caught.value.messages)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1234", "1234"), ("1234.00", "1234"), ("1234,00", "1234"), ("1234,5", "1234.50"), (" 1 234.50 ", "1234.50"),
     ("1,234.50", "1234.50"), ("1.234,50", "1234.50"), ("1,234,567", "1234567"), ("€18.50", "18.50"), ("0", "0"), ("٣", "3")],
)  # fmt: skip
def test_an_amount_is_taken_as_people_write_it(text: str, amount: str) -> None:
    assert fields.MoneyField("EUR").clean(text) == Money(amount, "EUR")


@pytest.mark.parametrize("text", ["1,234", "1.234"])
def test_an_amount_that_could_mean_two_things_is_asked_about(text: str) -> None:
    assert answer(fields.MoneyField("EUR"), text) == "Did you mean 1,234.00? Type 1234 or 1234.00."
    assert answer(fields.MoneyField("JPY"), text) == "Did you mean 1,234? Type 1234."


def test_an_amount_finer_than_the_currency_is_refused() -> None:
    assert answer(fields.MoneyField("EUR"), "18.505") == "Did you mean 18,505.00? Type 18505 or 18505.00."
    assert answer(fields.MoneyField("EUR"), "0.125") == "EUR has two decimals."
    assert answer(fields.MoneyField("EUR"), "1234.5678") == "EUR has two decimals."
    assert answer(fields.MoneyField("JPY"), "12.5") == "JPY has no decimals."


@pytest.mark.parametrize("text", ["twelve", "1,23,4", "--3", "1e5", "12.", "9" * 13])
def test_what_is_no_amount_is_refused_with_an_example(text: str) -> None:
    assert answer(fields.MoneyField("EUR"), text).endswith("is not an amount. Write it like 1234.50.")


def test_a_negative_amount_is_refused_unless_the_field_allows_it() -> None:
    assert answer(fields.MoneyField("EUR"), "−3") == "“-3” is too little. Write at least 0."
    assert fields.MoneyField("EUR", least=None).clean("−3") == Money(-3, "EUR")
    assert fields.AmountField(places=1).clean("2,5") == Decimal("2.5")


def test_an_amount_is_shown_again_without_grouping() -> None:
    assert fields.MoneyField("EUR").prepare_value(Money("1234.5", "EUR")) == "1234.50"


def test_a_length_of_time_is_seconds_and_its_refusal_says_what_was_meant() -> None:
    field = fields.DurationField()
    assert field.clean("1h30m") == 5400
    assert field.prepare_value(5400) == "1:30"
    assert answer(field, "1:75") == "“1:75” has more than 59 minutes. Did you mean 2:15 or 1:45?"
    assert fields.DurationField(required=False).clean("") is None


def test_a_day_is_taken_from_the_picker_and_in_words() -> None:
    field = fields.DayField()
    assert (
        field.clean("2026-11-16") == field.clean("16 November 2026") == field.clean("16.11.2026") == date(2026, 11, 16)
    )
    assert answer(field, "soon") == "“soon” is not a day. Write it like 2026-11-16."
    assert answer(field, "0026-11-16") == "The year 26 cannot be right. Write a day between 2000 and 2099."


def test_a_day_that_no_picker_can_show_stays_in_a_plain_box() -> None:
    widget = fields.DayField().widget
    assert 'type="text"' in widget.render("day", "soon")
    assert 'type="date"' in widget.render("day", "2026-11-16")


def test_a_clock_time_is_to_the_minute() -> None:
    assert fields.ClockField().clean("17:30") == time(17, 30)
    assert answer(fields.ClockField(), "25:00") == "“25:00” is not a time of day. Write it like 17:30."


def test_a_zone_is_known_by_its_name_or_its_city() -> None:
    field = fields.ZoneField()
    assert field.clean("europe/dublin") == field.clean("Dublin") == "Europe/Dublin"
    assert field.clean("New York") == "America/New_York"
    assert answer(field, "Atlantis") == "“Atlantis” is no time zone that we know. Write it like Europe/Dublin."


def test_three_answers_stand_side_by_side_and_four_are_a_list() -> None:
    three = fields.ChoiceField(choices=[(n, n) for n in "abc"])
    four = fields.ChoiceField(choices=[(n, n) for n in "abcd"])
    assert three.widget.render("x", "a").count('type="radio"') == 3
    assert '<option value="" selected>Choose</option>' in four.widget.render("x", "")
    four.choices = [("a", "A")]
    assert four.widget.render("x", "").count('type="radio"') == 1
    assert answer(four, "b")


def test_a_file_that_is_too_big_is_refused() -> None:
    field = fields.FileField(endings=[".mbox"], most=1024 * 1024)
    assert (
        answer(field, SimpleUploadedFile("all.mbox", b"x" * (1024 * 1024 + 1)))
        == "“all.mbox” is too big. At most 1 MB."
    )
