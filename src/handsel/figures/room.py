"""What figures give to the house: a page for the owner's side. They decide nothing."""

from handsel.core.rooms import Room
from handsel.values.actors import Actor, Role


def may_enter(actor: Actor) -> bool:
    """Plans and budgets are the owner's side alone; a reviewer reads replies, not money."""
    return actor.is_owner_side and actor.role is not Role.REVIEWER


ROOM = Room(name="figures", nav={"owner": ("Figures", "chart-line", "figures:list")}, visible_when=may_enter)
