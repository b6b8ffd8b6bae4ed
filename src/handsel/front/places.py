"""The places of a person: the businesses that she is in, and on whose side."""

from handsel.people.models import Membership
from handsel.values.actors import Role, Side

WORDS = {
    Role.OWNER: "you own it", Role.MANAGER: "you manage it", Role.REVIEWER: "you review for it",
    Role.BOOKKEEPER: "you keep its books", Role.AUDITOR: "you read its records",
    Role.PROVIDER_ADMIN: "your client", Role.ASSISTANT: "your client",
}  # fmt: skip


def is_client(membership: Membership) -> bool:
    """Whether the person works for this business from the provider's side."""
    return Role(membership.role).side is Side.PROVIDER_SIDE


def side_word(membership: Membership) -> str:
    return WORDS[Role(membership.role)]
