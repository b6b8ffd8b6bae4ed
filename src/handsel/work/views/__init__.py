"""The pages of work: what was done, and what was decided about it."""

from handsel.work.views.overview import overview
from handsel.work.views.sheets import decision, line_reopening, sheet, submission, withdrawal
from handsel.work.views.tasks import acceptance, delivery, delivery_file, task, task_return
from handsel.work.views.time import line, line_removal, new_line, timer, timer_stop, week

__all__ = [
    "acceptance", "decision", "delivery", "delivery_file", "line", "line_removal", "line_reopening", "new_line",
    "overview", "sheet", "submission", "task", "task_return", "timer", "timer_stop", "week", "withdrawal",
]  # fmt: skip
