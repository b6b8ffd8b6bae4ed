"""What the ledger gives to the house: its verbs. Its pages are reached from Payments and from an engagement."""

from handsel.core.rooms import Room
from handsel.ledger.events import EVENTS

ROOM = Room(name="ledger", events=EVENTS)
