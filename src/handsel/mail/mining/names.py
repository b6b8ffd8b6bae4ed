"""A name for each kind of request: the plain sentence that is most its own, else its two most telling phrases."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any

from handsel.mail.mining.groups import WORD
from handsel.mail.mining.spans import masked, spans_of

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, np.dtype[np.float64]]

_SENTENCE = re.compile(r"[^.!?\n;]+[.!?]?")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_CAPITAL_INSIDE = re.compile(r"(?<=\S )(?!I\b|I'|I’)[^\W\d_a-zß-ÿ]")
_POINTS_BACK = re.compile(
    r"^(it|this|that|they|he|she|these|those|also|and|but|so|or|please|then|yes|no|ok)\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"\?$|^(i'd like|i would like|i want|i need|i'm looking|i am looking|can|could|please)\b", re.IGNORECASE
)
_POINTS = re.compile(r"\b(it|they|them|he|she|this|those|these)\b", re.IGNORECASE)
_FUNCTION = frozenset(
    "a an the of to in on at for from by with and or but if is are was were be been am do does did have has had i you "  # noqa: SIM905
    "he she it we they me my your our us his her their this that these those there here what which who how when where why "
    "can could would will shall should may might must not no yes so as than then too very just also please thank thanks hi "
    "hello ok any some all about into out up down over i'm i'd i've i'll it's don't need want like get got der die das ein "
    "eine und oder ich sie wir ist sind hat habe haben nicht mit für von zu den dem des im auf le la les un une et ou je "
    "vous nous est pas de du".split()
)
_LEAST_NEARNESS = 0.08
"""Cosine; a sentence further from its kind's middle says nothing of it."""
_MOST_SENTENCES = 300
"""Of one kind that are looked at."""


def names_for(kinds: Sequence[Sequence[str]], private: frozenset[str]) -> list[str]:
    """A name for each kind, given its requests' words, the most central first. private: words that name customers."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    known = Counter(word for requests in kinds for text in requests for word in set(_words(text)))
    sentences = [_plain_sentences(requests, known, private) for requests in kinds]
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=WORD)
    try:
        vectorizer.fit([masked(text).lower() for requests in kinds for text in requests])
    except ValueError:  # no words at all
        return [f"Kind {n}" for n in range(1, len(kinds) + 1)]
    profiles = _profiles(kinds, vectorizer)
    phrases = _telling_phrases([" ".join(requests) for requests in kinds])
    taken: set[str] = set()
    names = []
    for n, own in enumerate(sentences):
        choices = [*_most_own(own, vectorizer, profiles, n), phrases[n], f"Kind {n + 1}"]
        name = next(one for one in choices if one and one.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def _profiles(kinds: Sequence[Sequence[str]], vectorizer: Any) -> "Matrix":
    """The middle of each kind's requests, of length 1."""
    import numpy as np

    rows = []
    for requests in kinds:
        middle = np.asarray(vectorizer.transform([masked(text).lower() for text in requests]).mean(axis=0)).ravel()
        rows.append(middle / (np.linalg.norm(middle) or 1.0))
    return np.vstack(rows)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _plain_sentences(requests: Sequence[str], known: Counter[str], private: frozenset[str]) -> list[str]:
    """Sentences of 3 to 9 words without facts, names, or a pronoun that points outside the sentence."""
    least = 3 if sum(known.values()) > 5_000 else 2
    found: dict[str, None] = {}
    for text in requests[:_MOST_SENTENCES]:
        for sentence in _SENTENCE.findall(text):
            bare = " ".join(sentence.split()).strip(" ,-–*")
            words = _words(bare)
            if not 3 <= len(words) <= 9 or spans_of(bare) or _CAPITAL_INSIDE.search(bare) or _POINTS_BACK.match(bare):
                continue
            if not _POINTS.search(bare) and all(known[word] >= least and word not in private for word in words):
                found.setdefault(bare)
    return list(found)[:_MOST_SENTENCES]


def _most_own(sentences: list[str], vectorizer: Any, profiles: "Matrix", n: int) -> list[str]:
    """The few sentences nearest to their own kind, less half their nearness to the next; what asks, before what tells."""
    import numpy as np

    if not sentences:
        return []
    likeness = vectorizer.transform([masked(one).lower() for one in sentences]) @ profiles.T
    own = likeness[:, n].copy()
    likeness[:, n] = 0
    asks = np.array([1.5 if _ASKS.search(one) else 1.0 for one in sentences])
    order = np.argsort(-np.round(own * asks - likeness.max(axis=1) / 2, 9), kind="stable")[:5].tolist()
    bare = [sentences[one].rstrip(".! ") for one in order if own[one] >= _LEAST_NEARNESS]
    return [name[0].upper() + name[1:] for name in bare]


def _telling_phrases(everything: Sequence[str]) -> list[str]:
    """The two phrases of each kind that it says far more often than all kinds together: p · log(p / q)."""
    counts = [Counter(_phrases(text)) for text in everything]
    whole: Counter[str] = Counter()
    for one in counts:
        whole.update(one)
    total = sum(whole.values()) or 1
    result = []
    for one in counts:
        size = sum(one.values()) or 1
        weight = {phrase: n / size * log((n / size) / (whole[phrase] / total)) for phrase, n in one.items() if n >= 2}
        best: list[str] = []
        for phrase in sorted(weight, key=lambda word: (-weight[word] * (1 + word.count(" ")), word)):
            if not any(set(phrase.split()) & set(other.split()) for other in best):
                best.append(phrase)
            if len(best) == 2:
                break
        result.append(" · ".join(best).capitalize())
    return result


def _phrases(text: str) -> list[str]:
    """Runs of one to three words of one sentence that neither begin nor end with a function word."""
    found = []
    for sentence in _SENTENCE.findall(masked(text)):
        words = _words(sentence)
        for size in (1, 2, 3):
            for start in range(len(words) - size + 1):
                run = words[start : start + size]
                if _tells(run):
                    found.append(" ".join(run))
    return found


def _tells(run: Sequence[str]) -> bool:
    if run[0] in _FUNCTION or run[-1] in _FUNCTION or any(word.startswith("zz") for word in run):
        return False
    return len(run) > 1 or (len(run[0]) > 3 and run[0].isalpha())
