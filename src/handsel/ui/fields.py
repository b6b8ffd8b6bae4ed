"""The fields of forms: each takes what a tired person types, and says in one sentence how to mend the rest."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from handsel.values.days import ZONES
from handsel.values.durations import format_duration, parse_duration
from handsel.values.money import CURRENCIES, Money, exponent
from handsel.values.refusals import Refusal

_PLAIN = re.compile(r"-?\d{1,12}(?:[.,]\d+)?")
_GROUPED = re.compile(r"-?[1-9]\d{0,2}(?:(?:,\d{3}){1,3}(?:\.\d+)?|(?:\.\d{3}){1,3}(?:,\d+)?)")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ASKED = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_DECIMALS = {0: "no decimals", 2: "two decimals", 3: "three decimals"}
MOST_CHOSEN = 3


class Fault(ValidationError):
    """What is wrong with one answer. short: without the way to mend it, for the summary on top."""

    def __init__(self, sentence: str, mend: str | None = None, code: str | None = None) -> None:
        super().__init__(f"{sentence} {mend}" if mend else sentence, code)
        self.short = sentence

    @classmethod
    def of(cls, refusal: Refusal) -> "Fault":
        return cls(refusal.sentence, refusal.mend, refusal.code)


class _DayInput(forms.DateInput):
    """The browser's date picker; a plain box where it holds what no picker could show, so that nothing typed is lost."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        context["widget"]["type"] = "date" if not shown or _ISO_DAY.fullmatch(shown) else "text"
        return context


class DayField(forms.DateField):
    """A day of this century."""

    widget = _DayInput(format="%Y-%m-%d", attrs={"class": "field-box field-date"})
    input_formats = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%d/%m/%Y")

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=self.input_formats, **options)

    def prepare_value(self, value: Any) -> Any:
        """What was typed in another way, such as 26 Sep 2026, as the picker takes it."""
        try:
            return self.to_python(value) or value
        except ValidationError:
            return value

    def to_python(self, value: Any) -> date | None:
        try:
            day = super().to_python(value)
        except ValidationError:
            raise Fault(f"“{value}” is not a day.", "Write it like 2026-11-16.", "invalid") from None
        if day and not 2000 <= day.year <= 2099:
            raise Fault(f"The year {day.year} cannot be right.", "Write a day between 2000 and 2099.", "invalid")
        return day


class ClockField(forms.TimeField):
    """A time on the wall, to the minute."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "field-box field-short"})

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            raise Fault(f"“{value}” is not a time of day.", "Write it like 17:30.", "invalid") from None


class DurationField(forms.CharField):
    """Whole seconds, from 1:30, 1.5, 1h30m or 90m."""

    widget = forms.TextInput(attrs={"class": "field-box field-short", "autocomplete": "off", "data-duration": True})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int) or not (text := super().to_python(value)):
            return value if isinstance(value, int) else None
        try:
            return parse_duration(text)
        except Refusal as refusal:
            raise Fault.of(refusal) from None

    def prepare_value(self, value: Any) -> Any:
        return format_duration(value) if isinstance(value, int) else value


def in_box(price: Decimal) -> str:
    """A price as its box shows it: 19.50, and 0.125 where it is finer."""
    plain = price.normalize()
    return f"{plain:f}" if int(plain.as_tuple().exponent) < -2 else f"{price:.2f}"


class AmountField(forms.CharField):
    """A plain decimal number with at most `places` decimals, `.` or `,`. What could mean two amounts is asked about."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "field-box field-short", "autocomplete": "off"})

    def __init__(self, *, places: int = 3, least: Decimal | int | None = 0, **options: Any) -> None:
        super().__init__(**options)
        self.places = places
        self.least = least

    def to_python(self, value: Any) -> Any:
        text = "".join(str(super().to_python(value) or "").split()).replace("−", "-")
        if not text:
            return None
        amount = self._number(text.strip("€$£¥₹"))
        if self.least is not None and amount < self.least:
            raise Fault(f"“{text}” is too little.", f"Write at least {self.least}.", "too_little")
        return amount

    def _number(self, text: str) -> Decimal:
        if _ASKED.fullmatch(text):
            whole = re.sub(r"[.,]", "", text)
            end = f".{'0' * self.places}" if self.places else ""
            meant = f"{int(whole):,}{end}"
            way = f"Type {whole} or {whole}{end}." if end else f"Type {whole}."
            raise Fault(f"Did you mean {meant}?", way, "which_amount")
        if _GROUPED.fullmatch(text):
            plain = _ungrouped(text)
        elif _PLAIN.fullmatch(text):
            plain = text.replace(",", ".")
        else:
            raise Fault(f"“{text}” is not an amount.", "Write it like 1234.50.", "invalid")
        return self._fine_enough(Decimal(plain))

    def _fine_enough(self, amount: Decimal) -> Decimal:
        if -int(amount.as_tuple().exponent) > self.places:
            raise Fault(f"At most {_DECIMALS.get(self.places, f'{self.places} decimals')} here.", code="too_fine")
        return amount


class MoneyField(AmountField):
    """Money in the currency that the form or the terms name: `form.fields["rate"].currency = "GBP"`."""

    def __init__(self, currency: str = "EUR", **options: Any) -> None:
        super().__init__(**options)
        self.currency = currency

    @property
    def currency(self) -> str:
        return self._currency

    @currency.setter
    def currency(self, currency: str) -> None:
        self._currency = currency
        self.places = exponent(currency)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Money):
            return value
        amount = super().to_python(value)
        return None if amount is None else Money(amount, self.currency)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.amount:f}" if isinstance(value, Money) else value

    def _fine_enough(self, amount: Decimal) -> Decimal:
        if -int(amount.as_tuple().exponent) > self.places:
            raise Fault(f"{self.currency} has {_DECIMALS[self.places]}.", code="too_fine")
        return amount


class CountField(forms.IntegerField):
    """A whole number that any column can hold."""

    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "field-box field-short", "autocomplete": "off"})

    def __init__(self, *, least: int = 0, most: int = 1_000_000, **options: Any) -> None:
        super().__init__(min_value=least, max_value=most, **options)


class ZoneField(forms.CharField):
    """A time zone by its name, or by its city where only one has it: Dublin, Europe/Dublin."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": "Time zone", **options})
        self.widget = _Listed(ZONES, attrs={"class": "field-box", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value) or "").replace(" ", "_").lower()
        whole = [zone for zone in ZONES if text == zone.lower()]
        found = whole or [zone for zone in ZONES if text == zone.lower().rsplit("/", 1)[-1]]
        if text and len(found) != 1:
            raise Fault(f"“{value}” is no time zone that we know.", "Write it like Europe/Dublin.", "invalid")
        return found[0] if found else ""


class _Listed(forms.TextInput):
    """A box with suggestions of its own beneath: no script, any number of them."""

    template_name = "ui/widgets/listed.html"

    def __init__(self, words: Sequence[str], attrs: dict[str, Any]) -> None:
        super().__init__(attrs)
        self.words = words

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["words"] = self.words
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context


class ChoiceField(forms.ChoiceField):
    """Up to three answers stand side by side; more are a list to open."""

    def __init__(self, *, choices: Any = (), **options: Any) -> None:
        super().__init__(**options)
        self.choices = choices

    @property
    def choices(self) -> Any:
        return self._choices

    @choices.setter
    def choices(self, choices: Any) -> None:
        listed = [(value, word) for value, word in choices if value != ""]
        many = len(listed) > MOST_CHOSEN
        self._choices = [("", "Choose"), *listed] if many else listed
        widget = forms.Select(attrs={"class": "field-box"}) if many else forms.RadioSelect()
        widget.is_required = self.required
        widget.choices = self._choices
        self.widget = widget


class CurrencyField(ChoiceField):
    """One of the currencies that the house knows."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": "Currency", "choices": [(code, code) for code in CURRENCIES], **options})
        self.widget.attrs["class"] = "field-box field-short"


class TextField(forms.CharField):
    """Words over several lines."""

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        super().__init__(**{"max_length": 20_000, **options})
        self.widget = forms.Textarea(attrs={"class": "field-box", "rows": rows})
        self.widget.attrs.update(self.widget_attrs(self.widget))


class CheckField(forms.BooleanField):
    """One box to tick; required means that it must be."""


class FileField(forms.FileField):
    """One file. endings: what the browser offers to pick, as `.mbox`; the action looks at the content."""

    def __init__(self, *, endings: Sequence[str] = (), most: int = 25 * 2**20, **options: Any) -> None:
        super().__init__(**options)
        self.most = most
        self.widget.attrs["class"] = "field-box"
        if endings:
            self.widget.attrs["accept"] = ",".join(endings)

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file and file.size > self.most:
            raise Fault(f"“{file.name}” is too big.", f"At most {self.most // 2**20} MB.", "too_big")
        return file


def _ungrouped(text: str) -> str:
    """1234.50 for 1,234.50 and 1.234,50; 1234567 for 1,234,567: the last mark is the decimal one if it differs."""
    marks = re.findall(r"[.,]", text)
    *groups, last = re.split(r"[.,]", text)
    return "".join(groups) + (f".{last}" if marks[-1] != marks[0] else last)
