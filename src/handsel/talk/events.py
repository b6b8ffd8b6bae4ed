"""The verbs of talk for the trail."""

from handsel.core.trail import Verb

BOTH = ("owner", "provider")
CALL_LOGGED = Verb("talk.call_logged", "noted a call of {minutes} min", contact=True, told=BOTH)
CHECK_IN_HELD = Verb("talk.check_in_held", "held the check-in of {day}", contact=True, told=BOTH)
COMMENTED = Verb("talk.commented", "left a comment", contact=True, told=BOTH)

EVENTS = (CALL_LOGGED, CHECK_IN_HELD, COMMENTED)
