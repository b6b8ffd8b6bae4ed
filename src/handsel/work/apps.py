from handsel.core.rooms import RoomConfig


class WorkConfig(RoomConfig):
    name = "handsel.work"
    default = True
