from handsel.core.rooms import RoomConfig


class PlaybooksConfig(RoomConfig):
    name = "handsel.playbooks"
    default = True
