"""How values travel in JSON: amounts with their currency, whole seconds, ISO days, UTC instants.

A body is taken strictly (`Given`): a field that we do not know, a number in quotes, a word too long for its column are
refused, each by its name. An answer (`Shown`) says of each field what it means and in which unit.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from handsel.values.money import CURRENCIES, Money

KEY = "01a20d3f-77ae-7c41-9d0a-2f6a1c7b8d90"  # stands for any key in examples
FIRST_YEAR, LAST_YEAR = 2000, 2099  # the years that the house knows
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Given(BaseModel):
    """What a call brings."""

    model_config = ConfigDict(extra="forbid")


def example(**fields: Any) -> ConfigDict:
    """A body as somebody would send it, for the pages about the API."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Shown(BaseModel):
    """What an answer holds."""

    model_config = ConfigDict(from_attributes=True, use_enum_values=True)


# ---------------------------------------------------------------- words


def _storable(text: str) -> str:
    if "\x00" in text or (not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text)):
        raise ValueError("It holds a character that no text may hold.")
    return text


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("It has no words.")
    return text


_Text = Annotated[str, AfterValidator(_storable)]
Kind = Annotated[_Text, Field(max_length=80)]
Name = Annotated[_Text, Field(min_length=1, max_length=120), AfterValidator(_said)]
Line = Annotated[_Text, Field(max_length=300)]
Reason = Annotated[_Text, Field(min_length=1, max_length=300), AfterValidator(_said)]
Words = Annotated[_Text, Field(max_length=20_000)]
SomeWords = Annotated[_Text, Field(min_length=1, max_length=20_000), AfterValidator(_said)]
Mail = Annotated[
    _Text, Field(max_length=254, pattern=r"^[^@\s<>,;]+@[^@\s<>,;.]+(\.[^@\s<>,;.]+)+$", examples=["ines@mare.example"])
]


# ---------------------------------------------------------------- days and instants


def _iso_day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("Write a day like 2026-11-16.")
    return value


def _known_year(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"Write a day between {FIRST_YEAR} and {LAST_YEAR}.")
    return day


def _iso_instant(value: Any) -> Any:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("Write an instant with its offset, like 2026-11-16T08:30:00Z.")
    return value


def _known_instant(at: datetime) -> datetime:
    if not FIRST_YEAR < at.year < LAST_YEAR:
        raise ValueError(f"Write an instant between {FIRST_YEAR + 1} and {LAST_YEAR - 1}.")
    return at.astimezone(UTC)


Day = Annotated[date, BeforeValidator(_iso_day), AfterValidator(_known_year)]
Instant = Annotated[datetime, BeforeValidator(_iso_instant), AfterValidator(_known_instant)]


# ---------------------------------------------------------------- numbers

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Version = Annotated[int, Field(strict=True, ge=1, le=32_000)]
Seconds = Annotated[int, Field(strict=True, ge=1, le=90_000)]  # a line is of one day, which may have 25 hours
Yes = Annotated[bool, Field(strict=True)]


def _decimal(text: Any) -> Any:
    if isinstance(text, Decimal):
        return text
    if not isinstance(text, str) or not re.fullmatch(r"\d{1,9}(\.\d{1,4})?", text, re.ASCII):
        raise ValueError("Write a number in quotes, like “27.50”.")
    return Decimal(text)


_NUMBER = {"type": "string", "pattern": r"^\d{1,9}(\.\d{1,4})?$", "examples": ["27.50"]}
Number = Annotated[Decimal, BeforeValidator(_decimal), WithJsonSchema(_NUMBER)]
"""A number of at most four decimals, written in quotes, so that no digit is lost on the way."""


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("We do not know this currency.")
    return code


Currency = Annotated[
    str, AfterValidator(_currency), WithJsonSchema({"type": "string", "enum": list(CURRENCIES), "examples": ["EUR"]})
]


class Amount(Shown):
    """Money: a decimal number in quotes, and the currency (ISO 4217)."""

    amount: str = Field(description="Decimal number with the decimals of its currency.", examples=["27.50"])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])

    @classmethod
    def of(cls, money: Money) -> Self:
        return cls(amount=f"{money.amount:f}", currency=money.currency)


def plain(number: Decimal) -> str:
    """A number as JSON holds it: exact, without an exponent."""
    return f"{number:f}"
