"""What customers ask again and again is found without being told how much there is, and no draft tells on anybody."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handsel.mail.mining import Letter, Pair, mine, open_slots, paired
from handsel.mail.mining.cleaning import said, signature_lines
from handsel.mail.mining.drafts import LEAST_CUSTOMERS, Reply, draft_of
from handsel.mail.mining.pairs import names_in
from handsel.mail.mining.spans import spans_of
from handsel.mail.reading.kinds import Kind as MailKind
from tests.mail import candle_shop
from tests.mail.boxes import shop_pairs

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_small_shops_mail_gives_sensible_kinds() -> None:
    orders, broken, wholesale = mine(candle_shop.pairs())
    assert (orders.count, broken.count, wholesale.count) == (5, 4, 3)
    assert orders.name == "Where is my order?"
    assert orders.draft is not None and orders.draft.startswith("Your order {order_number} left us on {date_1}")
    assert broken.draft is not None and "no charge" in broken.draft
    assert wholesale.draft is not None and wholesale.draft.endswith("a minimum of {amount}.")
    assert set(orders.examples) <= {f"<{n}@mail.example>" for n in range(5)}


def test_few_mails_are_said_to_be_a_first_guess() -> None:
    assert all("first guess" in kind.note for kind in mine(candle_shop.pairs()))


def test_the_weeks_of_all_kinds_stand_under_one_another() -> None:
    kinds = mine(candle_shop.pairs())
    assert {tuple(week for week, _ in kind.per_week) for kind in kinds} == {
        (date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16))
    }
    assert all(sum(count for _, count in kind.per_week) == kind.count for kind in kinds)


def test_the_same_mail_gives_the_same_kinds_in_whatever_order_it_comes() -> None:
    pairs = candle_shop.pairs()
    assert mine(pairs) == mine(pairs[::-1])


def test_nothing_is_mined_from_nothing() -> None:
    assert mine([]) == []
    assert mine(candle_shop.pairs()[:2]) == []
    assert mine([Pair(str(n), f"c{n}", _START, "", "") for n in range(5)]) == []
    assert mine([Pair(str(n), f"c{n}", _START, "\u4e2d" * n, "…") for n in range(5)]) is not None


def test_what_was_never_answered_is_no_kind() -> None:
    spam = [Pair(f"s{n}", f"spam{n}@x.example", _START, "Buy cheap websites now, call this week", "") for n in range(6)]
    assert mine(candle_shop.pairs() + spam) == mine(candle_shop.pairs() + spam)
    assert all(not key.startswith("s") for kind in mine(candle_shop.pairs() + spam) for key in kind.keys)


def test_fewer_than_three_customers_give_no_draft_and_say_so() -> None:
    reply = Reply("a@x.example", frozenset(), "We will send a new one on Monday, no charge.")
    draft = draft_of([reply, reply, reply, replace(reply, customer="b@x.example")], frozenset())
    assert draft.text is None
    assert "3 different customers" in draft.note


def test_answers_without_common_words_give_no_draft() -> None:
    texts = ["Yes by all means do come", "Never heard of such things", "Wax melts around sixty degrees"]
    draft = draft_of([Reply(f"c{n}", frozenset(), text) for n, text in enumerate(texts)], frozenset())
    assert draft.text is None
    assert "in common" in draft.note


def test_several_slots_of_one_kind_are_numbered_and_neighbours_are_one() -> None:
    texts = [
        f"It leaves on {day} and arrives on {later}, to {place} then."
        for day, later, place in [
            ("Monday", "3 March", "Oak Hill Farm"),
            ("Tuesday", "4 May", "Low Weir"),
            ("Friday", "9 June", "Far End"),
        ]
    ]
    draft = draft_of([Reply(f"c{n}", frozenset(), text) for n, text in enumerate(texts)], frozenset())
    assert draft.text == "It leaves on {date_1} and arrives on {date_2}, to {name} then."


_NAMES = ["Ana Kowalski", "Will Grace", "May Field", "Bo Li", "Jean-Luc Moreau", "Zoë Hill", "Rose Bloom", "Mark Price"]
_FACTS = [
    "ana@mail.example",
    "High Life",
    "“Say Anything”",
    "€12.50",
    "L-2041",
    "Sea Fog",
    "tomorrow",
    "+353 87 123 4567",
    "{slot}",
    "TODO",
    "a@b",
]
_COMMON = [
    "Your order left us",
    "it will be with you",
    "we will send a new one",
    "let me know",
    "thank you for that",
    "Will it do",
]


@st.composite
def _mailboxes(draw: st.DrawFn) -> list[Pair]:
    """Mailboxes whose replies mix common sentences with names and facts of their customers."""
    pairs = []
    for n in range(draw(st.integers(3, 12))):
        name = draw(st.sampled_from(_NAMES))
        pieces = st.sampled_from(_COMMON + _FACTS + name.split() + [name, name.lower(), name.upper()])
        reply = ". ".join(draw(st.lists(pieces, min_size=2, max_size=8)))
        pairs.append(
            Pair(
                str(n),
                f"{name.replace(' ', '.').lower()}@mail.example",
                _START + timedelta(hours=n),
                "Where is my order",
                reply,
                name,
            )
        )
    return pairs


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_mailboxes())
def test_no_draft_leaks_a_name_an_address_or_a_word_of_fewer_than_three_customers(pairs: list[Pair]) -> None:
    for kind in mine(pairs):
        if kind.draft is not None:
            fixed = re.sub(r"\{[a-z0-9_]+\}", " ", kind.draft)
            _nothing_leaks(fixed, [pair for pair in pairs if pair.key in kind.keys], pairs)


def test_no_draft_of_a_whole_mailbox_leaks() -> None:
    pairs = shop_pairs()
    kinds = mine(pairs)
    assert sum(kind.draft is not None for kind in kinds) >= 3
    for kind in kinds:
        if kind.draft is not None:
            fixed = re.sub(r"\{[a-z0-9_]+\}", " ", kind.draft)
            _nothing_leaks(fixed, [pair for pair in pairs if pair.key in kind.keys], pairs)


def _nothing_leaks(fixed: str, own: list[Pair], everybody: list[Pair]) -> None:
    assert "@" not in fixed
    assert not open_slots(fixed)
    assert not spans_of(fixed)
    names = frozenset().union(*(names_in(pair.customer, pair.customer_name) for pair in everybody))
    held: Counter[str] = Counter()
    for customer in {pair.customer for pair in own}:
        held.update(
            {
                word.casefold()
                for pair in own
                if pair.customer == customer
                for word in _WORD.findall(said(pair.reply_text))
            }
        )
    for word in _WORD.findall(fixed):
        assert held[word.casefold()] >= LEAST_CUSTOMERS
        assert word.islower() or word.casefold() not in names
    for name in {pair.customer_name for pair in everybody if pair.customer_name}:
        assert not re.search(rf"\b{re.escape(name)}\b", fixed)


def test_a_title_whose_words_are_common_is_still_one_customers() -> None:
    texts = [
        "We showed High Life to the high school, a good life",
        "a high life it is for you",
        "the high life we live for you",
    ]
    draft = draft_of(
        [Reply(f"c{n}", frozenset(), f"{text} and for you all of it") for n, text in enumerate(texts)], frozenset()
    )
    assert draft.text is None or "High Life" not in draft.text


def test_greeting_closing_signature_and_quote_are_cut() -> None:
    text = (
        "Hi Pauline,\n\nI'd be on for that.\n\nThanks,\nNora\n\nNora Whitfield\nLarkspur Candles\n\n"
        "On 1 Apr 2025, at 20:43, Pauline <p@x.example> wrote:\n> hiya\n> thanks"
    )
    assert said(text) == "I'd be on for that."
    assert said("Hello Ana, thanks for writing. We do.") == "thanks for writing. We do."
    assert said("Gern geschehen.\n\nViele Grüße aus Galway\nNora") == "Gern geschehen."
    assert said("Thanks") == "Thanks"


def test_lines_that_end_many_mails_are_a_signature() -> None:
    texts = [f"Answer {n}.\n\nNora W.\nUnit 4, Quay Lane" for n in range(5)]
    assert signature_lines(texts) == {"Nora W.", "Unit 4, Quay Lane"}
    assert said(texts[0], signature_lines(texts)) == "Answer 0."


def _letter(
    key: str, hours: int, outgoing: bool = False, kind: MailKind = MailKind.PERSON, answers: str = ""
) -> Letter:
    return Letter(
        key,
        "c",
        f"<{key}>",
        answers or None,
        kind,
        outgoing,
        "ana@x.example",
        "Ana",
        _START + timedelta(hours=hours),
        key,
    )


def test_a_request_is_paired_with_the_first_answer_to_it() -> None:
    talk = [
        _letter("ask", 0),
        _letter("auto", 1, True, MailKind.AUTO_REPLY),
        _letter("answer", 2, True),
        _letter("more", 3),
        _letter("again", 4, True),
    ]
    (pair,) = paired(talk[::-1])
    assert (pair.key, pair.reply_text) == ("ask", "answer")


def test_the_answer_that_names_the_request_counts_before_an_earlier_one() -> None:
    (pair,) = paired([_letter("ask", 0), _letter("other", 1, True), _letter("answer", 2, True, answers="<ask>")])
    assert pair.reply_text == "answer"


def test_what_asks_nothing_is_no_request() -> None:
    assert paired([_letter("bulk", 0, kind=MailKind.LIST)]) == []
    assert paired([_letter("ours", 0, outgoing=True), _letter("back", 1)]) == []
    assert paired([_letter("receipt", 0, kind=MailKind.MACHINE)]) == []
    assert len(paired([_letter("form", 0, kind=MailKind.MACHINE), _letter("answer", 1, True)])) == 1
    (unanswered,) = paired([_letter("ask", 0)])
    assert unanswered.reply_text == ""


def test_in_a_very_large_mailbox_the_rest_joins_its_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handsel.mail.mining.groups.MOST_AT_ONCE", 12)
    pairs = candle_shop.pairs()
    kinds = mine([*pairs, replace(pairs[0], key="late", at=_START + timedelta(days=30))])
    orders = next(kind for kind in kinds if "<0@mail.example>" in kind.keys)
    assert "late" in orders.keys
