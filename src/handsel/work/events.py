"""The verbs of work for the trail."""

from handsel.core.trail import Verb

TIME_LOGGED = Verb("work.time_logged", "logged {time} on {day}")
TIME_CHANGED = Verb("work.time_changed", "changed a line of {day} to {time}")
TIME_DISCARDED = Verb("work.time_discarded", "discarded a draft line of {day}")
SHEET_SUBMITTED = Verb("work.sheet_submitted", "submitted {lines:line,lines}, {time}", told=("owner",))
SHEET_WITHDRAWN = Verb("work.sheet_withdrawn", "took {lines:line,lines} back")
LINES_DECIDED = Verb(
    "work.lines_decided", "decided on a timesheet: {approved} approved, {returned} returned", told=("provider",)
)
LINE_REOPENED = Verb("work.line_reopened", "opened an approved line again", told=("provider",))
TASK_DELIVERED = Verb("work.task_delivered", "delivered “{name}”", told=("owner",))
TASK_RETURNED = Verb("work.task_returned", "returned “{name}” with a reason", contact=True, told=("provider",))
TASK_ACCEPTED = Verb("work.task_accepted", "accepted “{name}”", told=("provider",))

EVENTS = (
    TIME_LOGGED, TIME_CHANGED, TIME_DISCARDED, SHEET_SUBMITTED, SHEET_WITHDRAWN, LINES_DECIDED, LINE_REOPENED,
    TASK_DELIVERED, TASK_RETURNED, TASK_ACCEPTED,
)  # fmt: skip
