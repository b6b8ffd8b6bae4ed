from handsel.core.rooms import RoomConfig


class LedgerConfig(RoomConfig):
    name = "handsel.ledger"
    default = True
