"""One draft reply of a kind: its most central reply, in which all that belongs to one customer is an open slot."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from handsel.mail.mining.groups import WORD
from handsel.mail.mining.spans import spans_of

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, np.dtype[np.float64]]

LEAST_CUSTOMERS = 3
"""Different customers whose replies must hold a word before it may stand in a draft."""
_CANDIDATES = 25
_LEAST_WORDS = 4
_MOST_OPEN = 0.5
"""Share of a reply's words that may be open; beyond it there is nothing in common worth offering."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CAPITALS = re.compile(r"[^\W\d_a-zß-ÿ][\w'’&-]*(?:(?: | & |, )(?=[^\W\d_a-zß-ÿ])[\w'’&-]+)*")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»\n]{2,80})[\"”“»]|(?<!\w)['‘]([^'‘’\n]{2,60})['’](?!\w)")
_GLUE = re.compile(r"[ \t,;/&'’\"“”()+-]*")
_ONE_WORD = re.compile(r"[ \t]+[^\W\d_]{1,4}[ \t]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n]\s*|[-*•–]\s)$")
_FORBIDDEN = re.compile(r"[{}@]|\[\[|\bX{3,}\b|\bTODO\b")


@dataclass(frozen=True)
class Reply:
    """customer: who was answered; names: the words, lower case, by which this customer is called. text: what was said."""

    customer: str
    names: frozenset[str]
    text: str


@dataclass(frozen=True)
class Draft:
    """text: None where there is no draft; note: then why not, in plain words."""

    text: str | None
    note: str


def draft_of(replies: Sequence[Reply], private: frozenset[str]) -> Draft:
    """The draft for one kind. private: all words, lower case, by which any customer of the mailbox is called."""
    answered = [reply for reply in replies if len(_WORD.findall(reply.text)) >= 3]
    customers = {reply.customer for reply in answered}
    if len(answered) < LEAST_CUSTOMERS or len(customers) < LEAST_CUSTOMERS:
        return Draft(None, f"No draft yet: it takes answers to {LEAST_CUSTOMERS} different customers.")
    support = _Support(answered)
    usual = 1.3 * median(len(_WORD.findall(reply.text)) for reply in answered)
    best: tuple[float, str] | None = None
    for reply, nearness in _most_central(answered):
        text, open_share, words = _opened(reply.text, support, private)
        score = nearness * (1 - open_share) * min(1.0, usual / len(_WORD.findall(reply.text)))
        if words >= _LEAST_WORDS and open_share <= _MOST_OPEN and (best is None or score > best[0]):
            best = (score, text)
    if best is None:
        return Draft(None, "No draft: these answers have too few words in common.")
    return Draft(best[1], "")


class _Support:
    """How many different customers' replies hold a word or a phrase."""

    def __init__(self, replies: Sequence[Reply]) -> None:
        self.customers = len({reply.customer for reply in replies})
        self._words: dict[str, set[str]] = defaultdict(set)
        self._texts: dict[str, list[str]] = defaultdict(list)
        for reply in replies:
            words = [word.casefold() for word in _WORD.findall(reply.text)]
            self._texts[reply.customer].append(f" {' '.join(words)} ")
            for word in set(words) - reply.names:
                self._words[word].add(reply.customer)
        self._phrases: dict[str, int] = {}

    def of_word(self, word: str) -> int:
        """Customers who are not called by this word themselves."""
        return len(self._words.get(word.casefold(), ()))

    def of_phrase(self, phrase: str) -> int:
        key = f" {' '.join(word.casefold() for word in _WORD.findall(phrase))} "
        if key not in self._phrases:
            self._phrases[key] = sum(any(key in text for text in texts) for texts in self._texts.values())
        return self._phrases[key]


def _most_central(replies: Sequence[Reply]) -> list[tuple[Reply, float]]:
    """The replies nearest to the middle of all, and how near they are (0 to 1)."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    table = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD).fit_transform(
        [reply.text for reply in replies]
    )
    middle = np.asarray(table.mean(axis=0)).ravel()
    nearness = np.round((table @ middle) / (np.linalg.norm(middle) or 1.0), 9)
    order = np.argsort(-nearness, kind="stable")[:_CANDIDATES]
    return [(replies[n], float(nearness[n])) for n in order.tolist()]


def _opened(text: str, support: _Support, private: frozenset[str]) -> tuple[str, float, int]:
    """A reply with slots, the share of its words that are open, and how many words stand fixed."""
    kinds = _kind_of_each_character(text, support, private)
    pieces = _merged(text, kinds)
    words = len(_WORD.findall(text))
    fixed = sum(len(_WORD.findall(piece)) for piece, kind in pieces if kind is None)
    return _written(pieces), 1 - fixed / max(1, words), fixed


def _kind_of_each_character(text: str, support: _Support, private: frozenset[str]) -> list[str | None]:
    """What each character belongs to: a kind of slot, or None where the words are everybody's."""
    kinds: list[str | None] = [None] * len(text)

    def open_up(start: int, end: int, kind: str) -> None:
        for n in range(start, end):
            kinds[n] = kinds[n] or kind

    for span in spans_of(text):
        open_up(span.start, span.end, span.kind)
    for quoted in _QUOTED.finditer(text):
        if support.of_phrase(quoted[0]) < LEAST_CUSTOMERS:
            open_up(quoted.start(), quoted.end(), "name")
    for capitals in _CAPITALS.finditer(text):
        if _names_something(text, capitals, support):
            open_up(capitals.start(), capitals.end(), "name")
    for word in _WORD.finditer(text):
        if word[0].casefold() in private and not word[0].islower():
            open_up(word.start(), word.end(), "name")
        elif support.of_word(word[0]) < LEAST_CUSTOMERS:
            open_up(word.start(), word.end(), "text")
    for mark in _FORBIDDEN.finditer(text):
        open_up(mark.start(), mark.end(), "text")
    return kinds


def _names_something(text: str, capitals: re.Match[str], support: _Support) -> bool:
    """Whether a run of capitalised words is a name of this one case: a title, a product, a place, a person.

    A single word that begins a sentence is judged as a word. Anything else must stand in half of all replies to be
    the business's own: in doubt it is a slot.
    """
    words = capitals[0].split()
    opens_sentence = bool(_SENTENCE_START.search(text[max(0, capitals.start() - 4) : capitals.start()]))
    if words[0] in ("I", "I'm", "I'd", "I've", "I'll", "I’m", "I’d", "I’ve", "I’ll"):
        words = words[1:]
    elif opens_sentence and len(words) == 1:
        words = []
    if not words:
        return False
    return support.of_phrase(" ".join(words)) < max(LEAST_CUSTOMERS, support.customers / 2)


def _merged(text: str, kinds: list[str | None]) -> list[tuple[str, str | None]]:
    """Pieces of text with their kinds; slots with nothing or one short word between them are one slot."""
    pieces: list[tuple[str, str | None]] = []
    start = 0
    for n in range(1, len(text) + 1):
        if n == len(text) or kinds[n] != kinds[start]:
            pieces.append((text[start:n], kinds[start]))
            start = n
    done: list[tuple[str, str | None]] = []
    for piece, kind in pieces:
        if kind is not None and len(done) >= 2 and done[-1][1] is None and done[-2][1] is not None:
            before = done[-2][1]
            if _GLUE.fullmatch(done[-1][0]) or (kind == before == "text" and _ONE_WORD.fullmatch(done[-1][0])):
                done[-2:] = [("", _joint(before, kind))]
                continue
        if kind is not None and done and done[-1][1] is not None:
            piece, kind = "", _joint(done.pop()[1], kind)
        done.append((piece, kind))
    return done


def _joint(one: str | None, other: str | None) -> str | None:
    """The kind of two slots that become one: what is known of either; free text where they differ."""
    if one == other or other == "text":
        return one
    return other if one == "text" else "text"


def _written(pieces: list[tuple[str, str | None]]) -> str:
    """The text with `{name}` for each slot; several of one kind are numbered."""
    times = Counter(kind for _, kind in pieces if kind)
    seen: Counter[str] = Counter()
    out = []
    for piece, kind in pieces:
        if kind is None:
            out.append(piece)
            continue
        seen[kind] += 1
        out.append(f"{{{kind}_{seen[kind]}}}" if times[kind] > 1 else f"{{{kind}}}")
    return "".join(out).strip()
