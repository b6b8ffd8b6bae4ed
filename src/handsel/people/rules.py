"""Decisions about people; pure."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection

from handsel.values.actors import Role, Side
from handsel.values.refusals import Refusal, marked

OWNER_SIDE_ROLES = (Role.MANAGER, Role.REVIEWER, Role.BOOKKEEPER, Role.AUDITOR)
PROVIDER_ROLES = (Role.PROVIDER_ADMIN, Role.ASSISTANT)


def slug_of(name: str, taken: Collection[str]) -> str:
    """A short name for addresses, from the name of the business; with a number where it is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50] or "business"
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def new_token() -> tuple[str, str]:
    """A secret of 256 bits for a link, and the hash that is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def why_not_invite(inviter: Role, role: Role) -> Refusal | None:
    """Each side invites its own people; only agreements bring a provider in."""
    allowed = OWNER_SIDE_ROLES if inviter.side is Side.OWNER_SIDE else PROVIDER_ROLES
    if role not in allowed:
        return Refusal("not_your_side", marked("You invite people of your own side only."),
                       mend="A provider comes in by a proposal or by terms.", place="role")  # fmt: skip
    return None
