"""Mining: the kinds of request in a mailbox and a draft reply for each. Knows no database, loads no model."""

from handsel.mail.mining.kinds import Kind, mine
from handsel.mail.mining.pairs import Letter, Pair, paired
from handsel.mail.mining.slots import fill, open_slots, slots_of

__all__ = ["Kind", "Letter", "Pair", "fill", "mine", "open_slots", "paired", "slots_of"]
