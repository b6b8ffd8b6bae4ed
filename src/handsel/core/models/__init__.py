"""The tables under every room: the trail, one-time keys, the outbox, jobs, files, search."""

from handsel.core.models.allowance import Allowance
from handsel.core.models.delivery import OutboxAttempt, OutboxItem, Periodic, StoredFile, WorkerBeat
from handsel.core.models.record import Chain, Event, OnceKey
from handsel.core.models.remembered import Remembered
from handsel.core.models.search import Follower, SearchEntry

__all__ = [
    "Allowance",
    "Chain",
    "Event",
    "Follower",
    "OnceKey",
    "OutboxAttempt",
    "OutboxItem",
    "Periodic",
    "Remembered",
    "SearchEntry",
    "StoredFile",
    "WorkerBeat",
]
