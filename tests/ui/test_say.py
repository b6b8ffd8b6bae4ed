"""How pages say values."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from handsel.ui.templatetags import say
from handsel.values.money import Money

NOW = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "words"),
    [(datetime(2026, 11, 24, 17, 52, tzinfo=UTC), "today, 17:52"),
     (datetime(2026, 11, 23, 21, 12, tzinfo=UTC), "yesterday, 21:12"),
     (datetime(2026, 11, 22, 19, 40, tzinfo=UTC), "Sun, 19:40"),
     (datetime(2026, 11, 13, 9, 0, tzinfo=UTC), "13 Nov"),
     (datetime(2025, 11, 13, 9, 0, tzinfo=UTC), "13 Nov 2025"),
     (datetime(2026, 11, 25, 15, 0, tzinfo=UTC), "tomorrow, 15:00"),
     (datetime(2026, 11, 27, 15, 0, tzinfo=UTC), "Fri 27 Nov, 15:00")],
)  # fmt: skip
def test_an_instant_is_said_as_near_as_it_is(instant: datetime, words: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert say.when(instant) == words


def test_an_instant_stands_on_the_readers_wall() -> None:
    with time_machine.travel(NOW, tick=False):
        late = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
        assert say.when(late, "Asia/Manila") == "today, 03:30"
        with timezone.override("Europe/Lisbon"):
            assert say.clock(late) == "19:30"
        assert say.exactly(late, "Europe/Dublin") == "24 Nov 2026, 19:30"


def test_counts_stop_at_a_thousand() -> None:
    assert [say.count(n) for n in (0, 94, 1000, 1001)] == ["0", "94", "1,000", "1,000+"]
    assert [say.counted(n, "reply,replies") for n in (0, 1, 3, 1200)] == [
        "no replies",
        "1 reply",
        "3 replies",
        "1,200 replies",
    ]


def test_lengths_and_amounts_are_said_in_one_way() -> None:
    assert say.duration(68400) == "19:00"
    assert [say.hours_in_words(s) for s in (68400, 79800, 1080, 60, 3600)] == [
        "19 hours", "22 h 10 min", "18 minutes", "1 minute", "1 hour"]  # fmt: skip
    assert say.money(Money("351.5", "EUR")) == "€351.50"
    assert (say.money(None), say.duration(None), say.day(None)) == ("–", "–", "–")
    assert say.percent(0.64) == "64 %"


def test_days_and_spans_are_said_in_words() -> None:
    assert say.day(date(2026, 11, 16)) == "16 November"
    assert say.day_and_year(date(2026, 11, 16)) == "16 November 2026"
    assert say.span(date(2026, 11, 16), date(2026, 11, 22)).replace("\u2060", "") == "16–22 November"
    assert say.span(date(2026, 11, 16), None) == "from 16 November"


def test_names_become_two_letters() -> None:
    assert [say.initials(n) for n in ("Nora Whitfield", "Ines", "José María de la Cruz", "", "(x)")] == [
        "NW",
        "I",
        "JC",
        "–",
        "–",
    ]
    assert say.first_name("Nora Whitfield") == "Nora"


def test_waiting_and_running_are_counted_from_now() -> None:
    with time_machine.travel(NOW, tick=False):
        assert [say.ago(NOW - timedelta(minutes=m)) for m in (12, 300, 4320)] == ["12 min", "5 h", "3 d"]
        assert say.running(NOW - timedelta(minutes=42, seconds=50)) == "0:42"
    assert say.seal_groups("7f3a91c2e04b66d1") == ["7F3A", "91C2", "E04B", "66D1"]
