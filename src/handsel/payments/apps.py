from handsel.core.rooms import RoomConfig


class PaymentsConfig(RoomConfig):
    name = "handsel.payments"
    default = True
