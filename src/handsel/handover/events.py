"""The verbs of handover for the trail."""

from handsel.core.trail import Verb

PLACED = Verb("handover.placed", "set a stage: {stage}", told=("provider",))
SHARE_PLANNED = Verb("handover.share_planned", "planned the share of the work: {start} to {goal} % in {weeks} weeks",
                     told=("provider",))  # fmt: skip
# The room whose output it is says these in its own words; here they only prove the count.
SUBMITTED = Verb("handover.submitted", "handed in output {number}", seen_by=())
JUDGED = Verb("handover.judged", "read output {number}: {verdict}", seen_by=())
HANDLED = Verb("handover.handled", "one item was done", seen_by=())

EVENTS = (PLACED, SHARE_PLANNED, SUBMITTED, JUDGED, HANDLED)
