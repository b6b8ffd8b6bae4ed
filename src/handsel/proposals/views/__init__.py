"""The pages of proposals: the owner's, and the one behind the link."""

from handsel.proposals.views.link import consent, download, question, read, refusal
from handsel.proposals.views.owner import (
    answer,
    closure,
    decline,
    draft,
    new,
    overview,
    paper,
    proposal,
    revocation,
    sending,
    version,
)

__all__ = [
    "answer", "closure", "consent", "decline", "download", "draft", "new", "overview", "paper", "proposal", "question",
    "read", "refusal", "revocation", "sending", "version",
]  # fmt: skip
