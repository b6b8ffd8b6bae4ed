"""What an area of work is, what it may cost, where it goes, and what its plan still lacks; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from handsel.planning import model
from handsel.values.money import CURRENCIES
from handsel.values.refusals import Refusal, marked


class Kit(StrEnum):
    """The kind of work: the starter kit that its plan may begin from."""

    MAIL = "customer-service"
    SUPPORT = "technical-support"
    GRAPHICS = "graphics"
    ARTICLES = "articles"
    OTHER = "other"


KIT_WORDS = {
    Kit.MAIL: "Customer mail",
    Kit.SUPPORT: "Technical support",
    Kit.GRAPHICS: "Graphics",
    Kit.ARTICLES: "Articles",
    Kit.OTHER: "Something else",
}


class Decision(StrEnum):
    HAND_OVER = "hand over"
    KEEP = "keep"
    LATER = "later"


DECISION_WORDS = {Decision.HAND_OVER: "Hand it over", Decision.KEEP: "Keep it", Decision.LATER: "Decide later"}


class Basis(StrEnum):
    """What a price is for."""

    HOUR = "hour"
    PIECE = "piece"
    MONTH = "month"


# ---------------------------------------------------------------- what it costs

# Where only the usual is said, the ends lie so far away: a guess of ours, shown as one.
LEAST_OF_USUAL, MOST_OF_USUAL = Decimal("0.7"), Decimal("1.5")
# First guesses, until she says or counts otherwise (PLAN.md 1.3).
HANDABLE = model.Said(0.6, 0.75, 0.9)
RAMP = model.Said(6, 10, 20)


@dataclass(frozen=True)
class Guess:
    """One input in three points: hardly ever less, usually, hardly ever more. firm: counted, or asked of somebody."""

    low: Decimal
    usual: Decimal
    high: Decimal
    firm: bool = False

    @classmethod
    def around(cls, usual: Decimal, low: Decimal | None, high: Decimal | None, firm: bool = False) -> "Guess":
        """A guess of which only the usual may have been said."""
        least = usual * LEAST_OF_USUAL if low is None else low
        most = usual * MOST_OF_USUAL if high is None else high
        return cls(least.quantize(_STEP), usual, most.quantize(_STEP), firm)

    def said(self) -> model.Said:
        return model.Said(float(self.low), float(self.usual), float(self.high), self.firm)


_STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Figures:
    """What she says about an area. volume: items a week · minutes: of hers for one · hour: what an hour of hers is
    worth, None where she does not say · price: of the provider, for `basis`, in the area's currency."""

    volume: Guess
    minutes: Guess
    hour: Guess | None
    price: Guess
    basis: Basis = Basis.HOUR

    def guesses(self) -> dict[str, Guess]:
        named = {"volume": self.volume, "minutes": self.minutes, "hour": self.hour, "price": self.price}
        return {name: guess for name, guess in named.items() if guess is not None}

    @property
    def hours_a_week(self) -> Decimal:
        return self.volume.usual * self.minutes.usual / 60


def as_model(figures: Figures, currency: str) -> model.Area:
    """The area as the model takes it. Raises Refusal, its place the field, where a range is none."""
    hour = figures.hour.said() if figures.hour else None
    return model.Area(
        volume=figures.volume.said(),
        minutes=figures.minutes.said(),
        # A wish, never drawn wider than it says.
        hour=model.Said(hour.low, hour.likely, hour.high, firm=True) if hour else None,
        handable=HANDABLE,
        price=figures.price.said(),
        ramp=RAMP,
        basis=figures.basis.value,
        currency=currency,
    )


def why_not_record(name: str, currency: str) -> Refusal | None:
    """The reason why this is no area of work yet."""
    if not name.strip():
        return Refusal("nameless", marked("The work needs a name."), mend="Write it like Customer mail.", place="name")
    if currency not in CURRENCIES:
        return Refusal("unknown_currency", marked("We do not know this currency."), mend="Choose one of the list.")
    return None


# ---------------------------------------------------------------- where it goes

_LITTLE = Decimal("0.5")  # hours a week


def proposal_for(figures: Figures, verdict: str) -> tuple[Decision, str]:
    """What the figures speak for, and why, in a sentence that names them."""
    hours = figures.hours_a_week
    goes = hours * Decimal(str(HANDABLE.likely))
    said = f"{hours:.1f} hours a week, of which some {goes:.1f} could go"
    if goes < _LITTLE:
        return Decision.KEEP, f"{said}: too little to hand over."
    if verdict == "worth it":
        return Decision.HAND_OVER, f"{said}, and in three of four cases the first year ends ahead."
    if verdict == "not worth it":
        return Decision.KEEP, f"{said}, but in three of four cases the first year ends behind."
    if verdict == "no verdict":
        return Decision.LATER, f"{said}. Say what an hour of yours is worth, and there is a verdict."
    return Decision.LATER, f"{said}. It is too close to call: find out first what decides it."


def why_not_place(decision: Decision, proposed: Decision, word: str) -> Refusal | None:
    """Deciding otherwise than the figures speak takes a word of hers, so that she knows later why."""
    if decision is not proposed and not word.strip():
        return Refusal(
            "word_needed", f"The figures speak for “{proposed.value}”.",
            mend="A word of why you decide otherwise, and it counts.", place="word", status=422,
        )  # fmt: skip
    return None


# ---------------------------------------------------------------- the plan

PLAN_FIELDS = {
    "what": "what is to be done",
    "why": "why you hand it over",
    "how": "how it is handled",
    "success": "how success is measured, with a number",
    "budget_usual": "a budget for a usual month",
    "budget_most": "what a month may cost at most",
    "first_day": "the first day",
    "accesses": "the accesses that are needed, or “none”",
}


def missing(answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the plan still lacks: field and words, in the order of the page."""
    return [(field, words) for field, words in PLAN_FIELDS.items() if not _is_answered(field, answers.get(field, ""))]


def _is_answered(field: str, text: str) -> bool:
    if field == "success":  # a wish without a number cannot be missed or reached
        return any(sign.isdigit() for sign in text)
    return bool(text.strip())


def why_not_answer(answers: Mapping[str, str]) -> Refusal | None:
    """What cannot be so; what is merely missing is named on the page and may stay so for now."""
    usual, most = answers.get("budget_usual"), answers.get("budget_most")
    if usual and most and Decimal(usual) > Decimal(most):
        return Refusal(
            "budget_order", f"A usual month, {usual}, costs more than the most, {most}.",
            mend="Put the larger of the two last.", place="budget_most", status=422,
        )  # fmt: skip
    return None


def why_not_complete(lacking: Sequence[tuple[str, str]]) -> Refusal | None:
    if not lacking:
        return None
    things = "one thing" if len(lacking) == 1 else f"{len(lacking)} things"
    return Refusal(
        "plan_incomplete", f"The plan still lacks {things}: {in_words([words for _, words in lacking])}.",
        mend="Answer them here, then complete the plan.", place=lacking[0][0], status=422,
    )  # fmt: skip


def in_words(words: Sequence[str]) -> str:
    """One, another, and the last."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, and {words[-1]}"


def accesses_of(text: str) -> list[str]:
    """The accesses named, one a line; none where the answer is “none”."""
    lines = [line.strip()[:300] for line in text.splitlines() if line.strip()]
    return [] if [line.lower().rstrip(".") for line in lines] == ["none"] else list(dict.fromkeys(lines))


@dataclass(frozen=True)
class Counted:
    """What evidence of one source says: items over whole days, and seconds for all of them where these are known."""

    source: str
    first: date
    last: date
    items: int
    seconds: int

    @property
    def a_week(self) -> Decimal:
        days = max((self.last - self.first).days + 1, 7)
        return (Decimal(self.items) * 7 / days).quantize(Decimal("0.1"))

    @property
    def minutes_each(self) -> Decimal | None:
        return (Decimal(self.seconds) / 60 / self.items).quantize(Decimal("0.1")) if self.seconds else None
