from handsel.core.rooms import RoomConfig


class AgreementsConfig(RoomConfig):
    name = "handsel.agreements"
    default = True
