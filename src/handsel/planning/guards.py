"""What was said, counted, decided and planned stays: the next word is a new row."""

from handsel.core.guards import AnyGuard, kept

GUARDS: list[AnyGuard] = [
    *kept(
        "planning_estimate", "planning_evidence", "planning_placing", "planning_plananswer", "planning_completion",
        "planning_accessneeded",
    )
]  # fmt: skip
