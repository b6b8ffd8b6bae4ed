from handsel.core.rooms import RoomConfig


class PeopleConfig(RoomConfig):
    name = "handsel.people"
    default = True
