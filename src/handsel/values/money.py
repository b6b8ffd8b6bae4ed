"""Amounts of money: a Decimal with its currency; whole minor units where they are stored.

Exponents: ISO 4217. Rounding: half away from zero, once, where an amount is made.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_EXPONENTS = {
    **dict.fromkeys(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF",
                     "XOF", "XPF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}  # fmt: skip
CURRENCIES = (
    "AUD", "BGN", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HUF", "IDR", "INR", "JPY", "KES", "KWD", "MXN",
    "NGN", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "TRY", "UAH", "USD", "ZAR",
)  # fmt: skip
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}


def exponent(currency: str) -> int:
    """Decimals of the currency: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _EXPONENTS.get(currency, 2)


def rounded(amount: Decimal, places: int) -> Decimal:
    """Half away from zero."""
    return amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@dataclass(frozen=True, order=True)
class Money:
    """An amount in a currency, never finer than the currency's minor unit."""

    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal | str | int, currency: str) -> None:
        exact = Decimal(amount)
        places = exponent(currency)
        if rounded(exact, places) != exact:
            raise ValueError(f"{currency} has {places} decimals; {amount} has more.")
        object.__setattr__(self, "amount", rounded(exact, places))
        object.__setattr__(self, "currency", currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> "Money":
        return cls(Decimal(minor).scaleb(-exponent(currency)), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> "Money":
        return cls(rounded(amount, exponent(currency)), currency)

    @classmethod
    def total(cls, parts: "Iterable[Money]", currency: str) -> "Money":
        return sum(parts, cls(0, currency))

    @property
    def minor(self) -> int:
        """Whole minor units: cents for EUR."""
        return int(self.amount.scaleb(exponent(self.currency)))

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        """As a page writes it: €1,351.50, −$3.00, 900 JPY where the currency has no sign of its own."""
        figure = f"{abs(self.amount):,.{exponent(self.currency)}f}"
        minus = "−" if self.amount < 0 else ""
        sign = _SIGNS.get(self.currency)
        return f"{minus}{sign}{figure}" if sign else f"{minus}{figure} {self.currency}"

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up.")
