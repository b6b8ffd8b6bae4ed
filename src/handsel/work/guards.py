"""Lines and tasks: what follows from their records, what stays, and that no work is claimed twice (MONEY.md M4)."""

from handsel.core.guards import AnyGuard, Follows, Guard, Kept, Says, kept

LINE_KEPT = Says("line_kept", "A line that was submitted is never changed.", "Correct it as a new line.")
CLAIMED_TWICE = Says("claimed_twice", "This work is owed already.")

_CLAIMED = (
    "COALESCE((SELECT SUM(w.units) FROM ledger_workclaim w WHERE w.evidence_id = NEW.evidence_id), 0) + NEW.units"
)

GUARDS: list[AnyGuard] = [
    *kept(
        "work_submission", "work_submitted", "work_withdrawal", "work_approval", "work_return", "work_reopening",
        "work_removal", "work_delivery", "work_taskreturn", "work_acceptance", "work_timesheet",
    ),
    Kept(
        "work_timeentry", LINE_KEPT, except_for=("status",), strike=("description",),
        once="EXISTS (SELECT 1 FROM work_submitted s WHERE s.line_id = OLD.id)", once_reads=("work_submitted",),
    ),
    Follows(
        "work_timeentry",
        "draft",
        (
            ("work_submitted", "line_id", "submitted"),
            ("work_withdrawal", "line_id", "draft"),
            ("work_approval", "line_id", "approved"),
            ("work_return", "line_id", "returned"),
            ("work_reopening", "line_id", "submitted"),
            ("work_removal", "line_id", "removed"),
        ),
    ),
    Follows(
        "work_task",
        "open",
        (
            ("work_delivery", "task_id", "delivered"),
            ("work_taskreturn", "task_id", "returned"),
            ("work_acceptance", "task_id", "accepted"),
        ),
    ),
    Guard(
        "work_claim_within",
        "ledger_workclaim",
        f"{_CLAIMED} < 0 OR (NEW.evidence_kind = 'time' AND {_CLAIMED} > COALESCE((SELECT e.seconds FROM work_timeentry e "
        "WHERE e.id = NEW.evidence_id AND (NEW.units < 0 OR e.status = 'approved')), 0)) "
        f"OR (NEW.evidence_kind = 'task' AND {_CLAIMED} > (SELECT COUNT(*) FROM work_acceptance a "
        "WHERE a.task_id = NEW.evidence_id))",
        CLAIMED_TWICE,
        events=("INSERT",),
        reads=("work_timeentry", "work_acceptance"),
        locks="PERFORM 1 FROM work_timeentry e WHERE e.id = NEW.evidence_id FOR NO KEY UPDATE;",
    ),
]  # fmt: skip
