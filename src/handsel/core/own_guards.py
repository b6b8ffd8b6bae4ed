"""The trail itself is kept: facts and salt may be blanked, nothing else ever changes."""

from handsel.core.guards import AnyGuard, Guard, Kept, Says, kept

KEPT = Says("trail_kept", "What happened stays on record.", "Undo it with a new act.")

GUARDS: list[AnyGuard] = [
    *kept("core_storedfile"),
    Kept("core_outboxattempt", strike=("recipient", "words")),
    Kept("core_event", KEPT, except_for=("facts", "salt")),
    Guard(
        "core_event_struck_whole",
        "core_event",
        "(OLD.facts IS DISTINCT FROM NEW.facts OR OLD.salt IS DISTINCT FROM NEW.salt) AND NEW.salt <> ''",
        KEPT,
        events=("UPDATE",),
    ),
]
