from handsel.core.rooms import RoomConfig


class MailConfig(RoomConfig):
    name = "handsel.mail"
    default = True
