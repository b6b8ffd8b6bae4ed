"""The verbs of playbooks for the trail."""

from handsel.core.trail import Verb

PUBLISHED = Verb("playbooks.published", "published version {n} of a page", told=("provider",))
ASSIGNED = Verb("playbooks.assigned", "asked for a page to be read", told=("provider",))
ACKNOWLEDGED = Verb("playbooks.acknowledged", "acknowledged version {n} of a page", told=("owner",))
ASKED = Verb("playbooks.asked", "asked a question", contact=True, told=("owner",))
ANSWERED = Verb("playbooks.answered", "answered a question", contact=True, told=("provider",))

EVENTS = (PUBLISHED, ASSIGNED, ACKNOWLEDGED, ASKED, ANSWERED)
