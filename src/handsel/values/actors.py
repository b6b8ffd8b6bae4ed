"""Who acts, for which side of which business, by which way, with which rights."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID


class Side(StrEnum):
    OWNER_SIDE = "owner"
    PROVIDER_SIDE = "provider"


class Role(StrEnum):
    """The seven roles of people, and two rows of the permission table for what acts without a person's log-in."""

    OWNER = "owner"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    BOOKKEEPER = "bookkeeper"
    AUDITOR = "auditor"
    PROVIDER_ADMIN = "provider admin"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    BY_LINK = "by link"

    @property
    def side(self) -> Side:
        """The side that the role stands on; Handsel itself and whoever comes by link see what the owner sees."""
        return Side.PROVIDER_SIDE if self in {Role.PROVIDER_ADMIN, Role.ASSISTANT} else Side.OWNER_SIDE


class Way(StrEnum):
    """The way in."""

    PAGE = "page"
    API = "api"
    IMPORT = "import"
    JOB = "job"
    COMMAND = "command"
    LINK = "link"


@dataclass(frozen=True)
class Actor:
    """One person in one business for the length of one request.

    person_id is None for Handsel itself. provider_id is set on the provider's side. grants: the actions that the
    role allows, as `room.verb`. key: the form's or the call's one-time key; a repeated one gives the first result.
    """

    person_id: UUID | None
    business_id: UUID | None
    role: Role
    grants: frozenset[str]
    way: Way = Way.PAGE
    provider_id: UUID | None = None
    key: str | None = None
    name: str = ""
    slug: str = field(default="", compare=False)
    zone: str = field(default="UTC", compare=False)
    origin: str = field(default="", compare=False)  # network address and program, kept with a signature only
    rates_shown: bool = field(default=False, compare=False)  # whether an assistant's firm lets her read what work pays

    @property
    def side(self) -> Side:
        return self.role.side

    @property
    def is_owner_side(self) -> bool:
        return self.side is Side.OWNER_SIDE

    @property
    def is_assistant(self) -> bool:
        return self.role is Role.ASSISTANT

    @property
    def reads_rates(self) -> bool:
        """Whether she reads what the work pays: an assistant only where her firm allows it."""
        return self.rates_shown or not self.is_assistant

    def may(self, action: str) -> bool:
        """Whether the role allows the action named `room.verb`."""
        return action in self.grants

    def narrowed(self, grants: frozenset[str]) -> "Actor":
        """The same person with fewer rights."""
        return replace(self, grants=self.grants & grants)

    def with_key(self, key: str | None) -> "Actor":
        return replace(self, key=key)
