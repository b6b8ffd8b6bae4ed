from handsel.core.rooms import RoomConfig


class TalkConfig(RoomConfig):
    name = "handsel.talk"
    default = True
