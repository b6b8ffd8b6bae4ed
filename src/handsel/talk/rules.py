"""What may be noted down, and how entries of a timeline are sorted; pure."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from handsel.values.days import day_in_words
from handsel.values.refusals import Refusal, marked

RHYTHM = timedelta(days=7)  # a check-in each week (FEATURES D6)

# The sorts of a timeline, in the order of its chips, with their words.
SORTS: dict[str, str] = {
    "mail": "Mail",
    "calls": "Calls",
    "check-ins": "Check-ins",
    "work": "Work",
    "approvals": "Approvals",
    "money": "Money",
    "agreements": "Agreements",
    "hand-over": "Hand-over",
    "comments": "Comments",
}
_OF_VERB = {
    "talk.call_logged": "calls",
    "talk.check_in_held": "check-ins",
    "talk.commented": "comments",
    "work.lines_decided": "approvals",
    "work.line_reopened": "approvals",
    "work.task_accepted": "approvals",
    "work.task_returned": "approvals",
}
_OF_ROOM = {
    "mail": "mail",
    "work": "work",
    "ledger": "money",
    "payments": "money",
    "agreements": "agreements",
    "proposals": "agreements",
    "handover": "hand-over",
    "playbooks": "hand-over",
    "planning": "hand-over",
}
# What happens many times a day and says little afterwards: it stands on its own page.
QUIET = frozenset(
    {"work.time_logged", "work.time_changed", "work.time_discarded", "agreements.terms_seen", "payments.paper_filed",
     "talk.subscribed", "talk.subscription_paused", "talk.subscription_resumed", "talk.subscription_removed",
     "talk.sent_again"}
)  # fmt: skip


def sort_of(verb: str) -> str:
    """The sort of a verb of the trail; empty where it belongs on no timeline."""
    return "" if verb in QUIET else _OF_VERB.get(verb) or _OF_ROOM.get(verb.partition(".")[0], "")


def why_not_call(at: datetime, minutes: int, now: datetime, follow_up: date | None, today: date) -> Refusal | None:
    """Why such a call cannot be noted down; None where it can."""
    if at > now:
        return _at("day", "not_yet", marked("This call has not been yet."), "Note it down once it is over.")
    if minutes < 1:
        return _at("minutes", "no_minutes", marked("A call lasts at least a minute."), "Write how long it took.")
    if follow_up and follow_up < today:
        return _at("follow_up", "follow_up_past", f"{day_in_words(follow_up)} is over.", "Choose a day to come.")
    return None


def why_not_check_in(day: date, today: date, texts: tuple[str, ...]) -> Refusal | None:
    """Why such a check-in cannot be noted down; None where it can."""
    if day > today:
        return _at("day", "not_yet", marked("This check-in has not been yet."), "Note it down once it was held.")
    if not any(text.strip() for text in texts):
        return _at("notes", "nothing_said", marked("Nothing is noted yet."), "Write a line about what was said.")
    return None


def is_overdue(last: date | None, begun: date, today: date) -> bool:
    """Whether a check-in is due: none for more than a week, counted from the first day where none was held."""
    return today - (last or begun) > RHYTHM


def why_not_tell(url: str, verbs: Collection[str], known: Collection[str], *, private: bool) -> Refusal | None:
    """Why this address cannot be told these verbs (`room.verb`, or a whole room); None where it can.

    private: whether plain http is fine too, as on one's own network.
    """
    parts = urlsplit(url)
    sound = url.isascii() and url.isprintable() and " " not in url and len(url) <= 500 and bool(parts.hostname)
    if not sound or parts.username or parts.fragment or not _port_is_sound(url):
        return _at("url", "strange_url", marked("This is no address that can be told."),
                   "Write it like https://example.com/handsel.")  # fmt: skip
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return _at("url", "not_https", marked("What happens here goes over https alone."), "Write it with https://.")
    unknown = sorted(set(verbs) - set(known))
    if unknown:
        return _at("verbs", "unknown_verb", f"Nothing that happens is called “{unknown[0]}”.", "Choose from the list.")
    return None


def _port_is_sound(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def is_told(verbs: Collection[str], verb: str) -> bool:
    """Whether a subscription to these verbs or rooms, or to everything, is told of this one."""
    return not verbs or verb in verbs or verb.partition(".")[0] in verbs


def _at(place: str, code: str, sentence: str, mend: str) -> Refusal:
    return Refusal(code, sentence, mend=mend, place=place, status=422)
