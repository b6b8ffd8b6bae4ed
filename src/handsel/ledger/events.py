"""The verbs of the ledger for the trail."""

from handsel.core.trail import Verb

OWED = Verb("ledger.owed", "added {amount} to what is owed", seen_by=("owner", "provider"))
UNOWED = Verb("ledger.unowed", "took {amount} from what is owed: work was opened again")

EVENTS = (OWED, UNOWED)
