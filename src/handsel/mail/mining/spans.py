"""Facts in a text that belong to one customer: amounts, dates, numbers, addresses, each found by its form."""

import re
from dataclasses import dataclass

_MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|février|mar(?:ch|s)?|märz|apr(?:il)?|avril|may|mai|june?|juni?|juin|"
    r"july?|juli?|juillet|aug(?:ust)?|août|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|"
    r"de[cz](?:ember)?|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.|er)?"
_FORMS: tuple[tuple[str, str], ...] = (
    ("email", r"[^\s<>()\[\]{},;:\"']{0,64}@[^\s<>()\[\]{},;:\"']*"),
    (
        "url",
        r"(?:https?://|www\.)\S*[^\s.,;:!?)]"
        r"|\b[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}\.(?:com|org|net|example|ie|de|fr|es|eu|io|shop|co\.uk)\b"
        r"(?:/\S*[^\s.,;:!?)])?",
    ),
    (
        "amount",
        r"[$€£¥]\s?\d[\d.,]*\b|\b\d[\d.,]{0,20}\s?(?:€|\$|£|¥|(?:eur|usd|gbp|chf|euros?|dollars?|pounds?|bucks|cents?)\b)",
    ),
    (
        "date",
        rf"\b(?:{_WEEKDAY},?\s+)?(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}\b(?:,?\s+\d{{4}})?"
        rf"|\b(?:{_WEEKDAY},?\s+)?{_MONTH}\s+{_DAY}\b(?:,?\s+\d{{4}})?|\b{_WEEKDAY}\b|\b\d{{4}}-\d\d-\d\d\b"
        rf"|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)\b",
    ),
    ("time", r"\b\d{1,2}(?:[:.]\d{2})?\s?(?:(?:am|pm|uhr|o'clock)\b|[ap]\.m\.)|\b\d{1,2}:\d{2}\b"),
    ("phone", r"\+?\(?\b\d(?:[ ()./-]{0,2}\d){7,14}\b"),
    (
        "address",
        r"\b\d{1,5}[a-zA-Z]?,?(?-i:\s+[A-Z][\w'.-]*){1,4}\s+(?:street|st|road|rd|avenue|ave|lane|drive|court|terrace|square|"
        r"crescent|place|row|way|boulevard|blvd|parade|quay|hill|park|grove)\b\.?|(?-i:\b[A-Z]\d[\dW]\s?[A-Z\d]{4}\b)"
        r"|(?-i:\b[A-Z]{1,2}\d{1,2}[A-Z]?\s\d[A-Z]{2}\b)",
    ),
    ("order_number", r"#\s?\w*\d\w*|\b[A-Za-z]{1,4}-\d{2,}\w*|\b(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{5,}\b"),
    ("number", r"\b\d[\d.,]*(?:\s?%|\b)|\w{0,40}\d\w*"),
)
_SPAN = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in _FORMS), re.IGNORECASE)
_NAMES = re.compile(r"(?<=[\w,;] )(?!I\b)[A-Z][\w'’&-]*(?: (?:[A-Z][\w'’&-]*|&))*")

KINDS: tuple[str, ...] = (*(kind for kind, _ in _FORMS), "name", "text")
"""All kinds of slot: those found by form, names, and words that are nobody's but one customer's."""


@dataclass(frozen=True)
class Span:
    """start, end: characters of the text. kind: one of KINDS."""

    start: int
    end: int
    kind: str


def spans_of(text: str) -> list[Span]:
    """All facts found by their form, in order, none overlapping."""
    return [
        Span(found.start(), found.end(), found.lastgroup or "text")
        for found in _SPAN.finditer(text)
        if found[0].strip()
    ]


def masked(text: str) -> str:
    """The text with its facts replaced by what they are, so that two requests differ by what they ask alone."""
    return _NAMES.sub("zzname", _SPAN.sub(lambda found: f" zz{(found.lastgroup or '').replace('_', '')} ", text))
