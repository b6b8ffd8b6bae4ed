from handsel.core.rooms import RoomConfig


class FiguresConfig(RoomConfig):
    name = "handsel.figures"
    default = True
