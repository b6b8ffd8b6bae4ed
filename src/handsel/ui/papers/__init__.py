"""Papers: what both sides keep, as PDF/A-3 and PDF/UA through Typst. Facts go in as strings and come out as text."""

from handsel.ui.papers.facts import (
    Clause,
    CreditNote,
    Evidence,
    Invoice,
    Line,
    Meta,
    Pair,
    Part,
    Party,
    Proposal,
    Signing,
    Span,
    Statement,
    Terms,
)
from handsel.ui.papers.printing import render

__all__ = [
    "Clause",
    "CreditNote",
    "Evidence",
    "Invoice",
    "Line",
    "Meta",
    "Pair",
    "Part",
    "Party",
    "Proposal",
    "Signing",
    "Span",
    "Statement",
    "Terms",
    "render",
]
