"""How pages say values: money, lengths of time, days, instants, counts. One filter each, loaded in every template."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from handsel.values.days import day_in_words, span_in_words
from handsel.values.durations import format_duration
from handsel.values.money import Money

register = template.Library()

MOST_COUNTED = 1000


@register.filter
def money(amount: Money | str | None) -> str:
    """€1,351.50; a dash where there is no amount."""
    return "–" if amount in (None, "") else str(amount)


@register.filter
def duration(seconds: int | str | None) -> str:
    """19:00, from whole seconds; a dash where there is none."""
    return "–" if seconds is None or seconds == "" else format_duration(int(seconds))


@register.filter
def hours_in_words(seconds: int) -> str:
    """19 hours; 22 h 10 min; 18 minutes: for sentences."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return _counted(minutes, "minute")
    return f"{hours} h {minutes} min" if minutes else _counted(hours, "hour")


@register.filter
def minutes(number: int) -> str:
    """3 min."""
    return f"{number} min"


@register.filter
def day(value: date | None) -> str:
    """16 November."""
    return day_in_words(value) if value else "–"


@register.filter
def day_and_year(value: date | None) -> str:
    """16 November 2026."""
    return day_in_words(value, year=True) if value else "–"


@register.filter
def short_day(value: date | None) -> str:
    """16 Nov, and 16 Nov 2025 in another year."""
    if not value:
        return "–"
    return f"{value.day} {value:%b}" + ("" if value.year == timezone.localdate().year else f" {value.year}")


@register.filter
def weekday(value: date) -> str:
    """Mon 16 Nov."""
    return f"{value:%a} {short_day(value)}"


@register.filter
def span(first: date, last: date | None) -> str:
    """16–22 November; “from 16 November” where there is no last day."""
    return span_in_words(first, last) if last else f"from {day_in_words(first)}"


@register.filter
def clock(instant: datetime | None, zone: str = "") -> str:
    """21:12, on the reader's wall or on the wall of the zone."""
    return f"{_local(instant, zone):%H:%M}" if instant else "–"


@register.filter
def when(instant: datetime | None, zone: str = "") -> str:
    """today, 17:52; yesterday, 21:12; Sun, 19:40; Fri 27 Nov, 15:00; 13 Nov. On the reader's wall."""
    if not instant:
        return "–"
    local = _local(instant, zone)
    days = (_local(timezone.now(), zone).date() - local.date()).days
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    if days in near:
        return f"{near[days]}, {local:%H:%M}"
    if 1 < days < 7:
        return f"{local:%a}, {local:%H:%M}"
    if -31 < days < -1:
        return f"{weekday(local.date())}, {local:%H:%M}"
    return short_day(local.date())


@register.filter
def exactly(instant: datetime | None, zone: str = "") -> str:
    """23 Nov 2026, 21:12: where the minute matters, as under a signature."""
    if not instant:
        return "–"
    local = _local(instant, zone)
    return f"{local.day} {local:%b %Y, %H:%M}"


@register.filter
def ago(instant: datetime) -> str:
    """5 h; 3 d; 12 min: how long something has waited."""
    passed = max(timezone.now() - instant, timedelta(0))
    if passed < timedelta(hours=1):
        return f"{int(passed.total_seconds() // 60)} min"
    if passed < timedelta(days=2):
        return f"{int(passed.total_seconds() // 3600)} h"
    return f"{passed.days} d"


@register.filter
def count(number: int) -> str:
    """94; beyond a thousand “1,000+”, because an exact figure would cost more than it tells."""
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else f"{number:,}"


@register.filter
def counted(number: int, word: str) -> str:
    """3 replies, 1 reply, no replies: `{{ n|counted:"reply,replies" }}`, or the word alone where an s is enough."""
    return _counted(number, *word.split(","))


@register.filter
def initials(name: str) -> str:
    """NW for Nora Whitfield; at most two letters."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "–"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def first_name(name: str) -> str:
    return name.split()[0] if name.split() else name


@register.filter
def percent(share: float) -> str:
    """64 % for 0.64."""
    return f"{round(share * 100)} %"


@register.filter
def running(started: datetime) -> str:
    """0:42: how long a timer has run, to the minute."""
    return format_duration(int((timezone.now() - started).total_seconds()) // 60 * 60)


@register.filter
def seal_groups(seal: str) -> list[str]:
    """The four groups of a seal that stand across the cut: 7F3A 91C2 E04B 66D1."""
    letters = seal.replace(" ", "").upper()
    return [letters[at : at + 4] for at in range(0, 16, 4)]


def _local(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone) if zone else timezone.get_current_timezone())


def _counted(number: int, one: str, many: str = "") -> str:
    if number == 1:
        return f"1 {one}"
    return f"{number or 'no'} {many or one + 's'}" if number < MOST_COUNTED else f"{number:,} {many or one + 's'}"
