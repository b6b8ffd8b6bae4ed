"""How long somebody stays signed in, where, and how that ends.

A session ends 14 days after it was last used, and 30 days after its log-in whatever is done meanwhile. Its key is drawn
anew at each log-in; what is kept of it lies in the database, so that it can be ended from elsewhere.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

IDLE = timedelta(days=14)
LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
_NOTED_EVERY = timedelta(hours=1)  # a page seldom makes the database write
CAME_IN, SEEN, PROGRAM = "came_in", "seen", "program"


@dataclass(frozen=True)
class Sitting:
    """One place in which somebody is signed in. mark: tells it from the others, and opens nothing."""

    mark: str
    came_in: datetime
    seen: datetime
    program: str


class Ends:
    """Ends a session whose time is over, before any page asks who is there."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            now = time.time()
            if _is_over(request.session, now):
                request.session.flush()
                request.user = AnonymousUser()
            elif now - request.session.get(SEEN, 0) > _NOTED_EVERY.total_seconds():
                request.session.setdefault(CAME_IN, now)
                request.session[SEEN] = now
        return self.answer(request)


def _is_over(session: Any, now: float) -> bool:
    came_in, seen = session.get(CAME_IN, now), session.get(SEEN, now)
    return bool(now - came_in > LONGEST.total_seconds() or now - seen > IDLE.total_seconds())


def begin(request: HttpRequest, **_: Any) -> None:
    """Told by Django at each log-in, right after it drew the key anew."""
    request.session[CAME_IN] = request.session[SEEN] = time.time()
    request.session[PROGRAM] = request.META.get("HTTP_USER_AGENT", "")[:200]


def sittings(login_id: int) -> list[Sitting]:
    """Where this log-in is signed in, the newest first. Reads every session of the installation: for a page of its own."""
    found = [
        Sitting(mark_of(row.session_key), _instant(kept.get(CAME_IN)), _instant(kept.get(SEEN)), kept.get(PROGRAM, ""))
        for row, kept in _of(login_id)
    ]
    return sorted(found, key=lambda sitting: sitting.came_in, reverse=True)


def end_all(login_id: int | None = None, *, but: str = "") -> int:
    """End the sessions of a log-in, or everybody's, at once; gives how many. but: the key of one that goes on."""
    if login_id is None:
        gone, _ = Session.objects.all().delete()
        return gone
    keys = [row.session_key for row, _ in _of(login_id) if row.session_key != but]
    gone, _ = Session.objects.filter(pk__in=keys).delete()
    return gone


def mark_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _of(login_id: int) -> Iterator[tuple[Session, dict[str, Any]]]:
    for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator(chunk_size=500):
        kept = row.get_decoded()
        if kept.get(SESSION_KEY) == str(login_id):
            yield row, kept


def _instant(seconds: float | None) -> datetime:
    return datetime.fromtimestamp(seconds or 0, UTC)
