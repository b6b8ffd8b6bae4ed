"""The stage follows its placements; what was handed in, said of it, counted and planned stays."""

from handsel.core.guards import AnyGuard, Follows, kept

GUARDS: list[AnyGuard] = [
    *kept(
        "handover_placedtolearn", "handover_placedinshadow", "handover_placedundersupervision", "handover_output",
        "handover_wording", "handover_verdict", "handover_handled", "handover_shareplan",
    ),
    Follows(
        "handover_stream",
        "unplaced",
        (
            ("handover_placedtolearn", "stream_id", "learn"),
            ("handover_placedinshadow", "stream_id", "shadow"),
            ("handover_placedundersupervision", "stream_id", "supervised"),
        ),
        column="stage",
    ),
]  # fmt: skip
