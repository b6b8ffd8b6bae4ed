from handsel.core.rooms import RoomConfig


class ProposalsConfig(RoomConfig):
    name = "handsel.proposals"
    default = True
