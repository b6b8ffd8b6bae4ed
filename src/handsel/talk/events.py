"""The verbs of talk for the trail."""

from handsel.core.trail import Verb

BOTH = ("owner", "provider")
CALL_LOGGED = Verb("talk.call_logged", "noted a call of {minutes} min", contact=True, told=BOTH)
CHECK_IN_HELD = Verb("talk.check_in_held", "held the check-in of {day}", contact=True, told=BOTH)
COMMENTED = Verb("talk.commented", "left a comment", contact=True, told=BOTH)
SUBSCRIBED = Verb("talk.subscribed", "let another server be told what happens here")
SUBSCRIPTION_PAUSED = Verb("talk.subscription_paused", "paused what another server is told")
SUBSCRIPTION_RESUMED = Verb("talk.subscription_resumed", "resumed what another server is told")
SUBSCRIPTION_REMOVED = Verb("talk.subscription_removed", "ended what another server is told")
SENT_AGAIN = Verb("talk.sent_again", "sent an event to another server again")

EVENTS = (
    CALL_LOGGED, CHECK_IN_HELD, COMMENTED, SUBSCRIBED, SUBSCRIPTION_PAUSED, SUBSCRIPTION_RESUMED, SUBSCRIPTION_REMOVED,
    SENT_AGAIN,
)  # fmt: skip
