"""The verbs of agreements for the trail."""

from handsel.core.trail import Verb

BOTH = ("owner", "provider")
DRAWN_UP = Verb("agreements.drawn_up", "drew up terms version {n}", told=("provider",))
AMENDED = Verb("agreements.amended", "proposed terms version {n}, from {from_day}", told=BOTH)
TERMS_SEEN = Verb("agreements.terms_seen", "read terms version {n}")
SIGNED = Verb("agreements.signed", "signed terms version {n}", contact=True, told=BOTH)
CAME_INTO_FORCE = Verb("agreements.came_into_force", "brought terms version {n} into force, from {from_day}", told=BOTH)
DECLINED = Verb("agreements.declined", "declined terms version {n}", contact=True, told=BOTH)
WITHDRAWN = Verb("agreements.withdrawn", "took terms version {n} back", told=BOTH)
PAUSED = Verb("agreements.paused", "paused the engagement from {from_day}", contact=True, told=BOTH)
RESUMED = Verb("agreements.resumed", "resumed the engagement from {from_day}", contact=True, told=BOTH)
PAUSE_CALLED_OFF = Verb("agreements.pause_called_off", "took back the pause from {from_day}", contact=True, told=BOTH)
ENDED = Verb("agreements.ended", "ended the engagement; the last day is {last_day}", contact=True, told=BOTH)
WORKER_NAMED = Verb("agreements.worker_named", "named who works on it", told=("owner",))
PAPER_SEALED = Verb("agreements.paper_sealed", "sealed the paper of terms version {n}")

EVENTS = (
    DRAWN_UP, AMENDED, TERMS_SEEN, SIGNED, CAME_INTO_FORCE, DECLINED, WITHDRAWN, PAUSED, RESUMED, PAUSE_CALLED_OFF, ENDED,
    WORKER_NAMED, PAPER_SEALED,
)  # fmt: skip
