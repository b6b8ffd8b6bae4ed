"""The pages of agreements."""

from handsel.agreements.views.engagements import (
    amendment,
    calling_off,
    end,
    engagement,
    from_proposal,
    invitation,
    new,
    newest_terms,
    overview,
    pause,
    resumption,
    workers,
)
from handsel.agreements.views.terms import decline, paper, reading, signature, terms, withdrawal

__all__ = [
    "amendment", "calling_off", "decline", "end", "engagement", "from_proposal", "invitation", "new", "newest_terms", "overview", "paper", "pause",
    "reading", "resumption", "signature", "terms", "withdrawal", "workers",
]  # fmt: skip
