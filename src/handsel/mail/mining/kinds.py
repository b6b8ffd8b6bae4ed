"""The kinds of request in a mailbox, each with a name, its count, its weeks and one draft reply."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from handsel.mail.mining.cleaning import said, signature_lines
from handsel.mail.mining.drafts import Reply, draft_of
from handsel.mail.mining.groups import group, vectors
from handsel.mail.mining.names import names_for
from handsel.mail.mining.pairs import Pair, names_in

if TYPE_CHECKING:
    from handsel.mail.mining.groups import Matrix

LEAST_REQUESTS = 3
LEAST_CUSTOMERS = 2
"""Requests, and different people who ask them, that make a kind; what is left alone belongs to none."""
FEW = 100
"""Below this many requests the kinds are a first guess, and each says so."""
MOST_WEEKS = 104
MOST_CHARACTERS = 4_000
"""Of what one mail says; beyond it stands no question, but a log or a file pasted in."""


@dataclass(frozen=True)
class Kind:
    """name: for the owner to change. count: requests; customers: different ones; answered: how many had a reply.

    keys: all its requests, the most typical first. per_week: Monday and requests of each week of the mailbox, the last
    two years at most. draft: text with `{slots}`, or None; note: why there is none, or how far to trust the kind.
    """

    name: str
    count: int
    customers: int
    answered: int
    keys: tuple[str, ...]
    per_week: tuple[tuple[date, int], ...]
    draft: str | None
    note: str

    @property
    def examples(self) -> tuple[str, ...]:
        """The three most typical requests."""
        return self.keys[:3]


def mine(pairs: Sequence[Pair]) -> list[Kind]:
    """All kinds of at least three requests, the most frequent first. The same pairs always give the same kinds.

    The list is empty where nothing was ever answered, or nothing was asked three times.
    """
    ordered = sorted(pairs, key=lambda pair: (pair.at, pair.key))
    if len(ordered) < LEAST_REQUESTS:
        return []
    signature = signature_lines(pair.reply_text for pair in ordered if pair.reply_text)
    requests = [said(pair.request_text)[:MOST_CHARACTERS] for pair in ordered]
    replies = [said(pair.reply_text, signature)[:MOST_CHARACTERS] for pair in ordered]
    asked = vectors(requests)
    members = [one for one in _members(group(asked, vectors(replies)), asked) if _is_kind([ordered[n] for n in one])]
    private = frozenset().union(*(names_in(pair.customer, pair.customer_name) for pair in ordered))
    names = names_for([[requests[n] for n in one] for one in members], private)
    weeks = _weeks(ordered)
    small = "A first guess, from few mails." if len(ordered) < FEW else ""
    kinds = []
    for name, one in zip(names, members, strict=True):
        chosen = [ordered[n] for n in one]
        draft = draft_of([_reply(ordered[n], replies[n]) for n in one if replies[n]], private)
        kinds.append(
            Kind(
                name=name,
                count=len(one),
                customers=len({pair.customer for pair in chosen}),
                answered=sum(1 for pair in chosen if pair.reply_text.strip()),
                keys=tuple(pair.key for pair in chosen),
                per_week=_per_week(chosen, weeks),
                draft=draft.text,
                note=" ".join(filter(None, (draft.note, small))),
            )
        )
    return kinds


def _reply(pair: Pair, text: str) -> Reply:
    return Reply(pair.customer, names_in(pair.customer, pair.customer_name), text)


def _is_kind(pairs: Sequence[Pair]) -> bool:
    """Whether this is something that customers ask: of one sender alone, or never answered, it is not (bills, spam)."""
    return len({pair.customer for pair in pairs}) >= LEAST_CUSTOMERS and any(pair.reply_text for pair in pairs)


def _members(labels: Sequence[int], view: "Matrix") -> list[list[int]]:
    """The requests of each kind by their positions, the nearest to its middle first; the largest kind first."""
    import numpy as np

    sizes = Counter(labels)
    kinds = []
    for label, size in sizes.items():
        if size >= LEAST_REQUESTS:
            own = [n for n, other in enumerate(labels) if other == label]
            nearness = np.round(view[own] @ view[own].mean(axis=0), 9)
            kinds.append([own[n] for n in np.argsort(-nearness, kind="stable").tolist()])
    return sorted(kinds, key=lambda one: (-len(one), min(one)))


def _monday(pair: Pair) -> date:
    day = pair.at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def _weeks(pairs: Sequence[Pair]) -> list[date]:
    """All Mondays from the first request to the last, so that the weeks of all kinds stand under one another."""
    first, last = _monday(pairs[0]), _monday(pairs[-1])
    count = min(MOST_WEEKS, (last - first).days // 7 + 1)
    return [last - timedelta(weeks=back) for back in range(count - 1, -1, -1)]


def _per_week(pairs: Sequence[Pair], weeks: Sequence[date]) -> tuple[tuple[date, int], ...]:
    counted = Counter(_monday(pair) for pair in pairs)
    return tuple((week, counted[week]) for week in weeks)
