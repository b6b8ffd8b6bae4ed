"""What was said stays said; a text may be blanked where personal data is struck."""

from handsel.core.guards import AnyGuard, Kept, Says

SAID = Says("said", "What was said stays on record.", "Add a comment that puts it right.")

GUARDS: list[AnyGuard] = [
    Kept("talk_call", SAID, strike=("notes", "decisions", "with_whom")),
    Kept("talk_checkin", SAID, strike=("notes", "owner_asks", "provider_asks")),
    Kept("talk_comment", SAID, strike=("text",)),
    Kept("talk_subscriptionchange", SAID),
]
