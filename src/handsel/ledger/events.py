"""The verbs of the ledger for the trail."""

from handsel.core.trail import Verb

OWED = Verb("ledger.owed", "{amount} is owed for {lines} lines", seen_by=("owner", "provider"))
UNOWED = Verb("ledger.unowed", "{amount} is no longer owed: work was opened again")

EVENTS = (OWED, UNOWED)
