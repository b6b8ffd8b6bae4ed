"""The verbs of handover for the trail."""

from handsel.core.trail import Verb

PLACED = Verb("handover.placed", "set a stage: {stage}", told=("provider",))
SUBMITTED = Verb("handover.submitted", "handed in output {number}")
JUDGED = Verb("handover.judged", "read output {number}: {verdict}")
HANDLED = Verb("handover.handled", "one item was done")
SHARE_PLANNED = Verb("handover.share_planned", "planned the share of the work: {start} to {goal} % in {weeks} weeks",
                     told=("provider",))  # fmt: skip

EVENTS = (PLACED, SUBMITTED, JUDGED, HANDLED, SHARE_PLANNED)
