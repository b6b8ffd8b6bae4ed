from handsel.core.rooms import RoomConfig


class PlanningConfig(RoomConfig):
    name = "handsel.planning"
    default = True
