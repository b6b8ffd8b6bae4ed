from handsel.core.rooms import RoomConfig


class HandoverConfig(RoomConfig):
    name = "handsel.handover"
    default = True
