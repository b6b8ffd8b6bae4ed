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


def why_not_sign_up(known: bool) -> Refusal | None:
    """A mail address that is known here opens no second account: whoever holds it logs in."""
    if known:
        return Refusal("mail_known", marked("This mail address is known here already."),
                       mend="Log in with it; then you can open another business.", place="email")  # fmt: skip
    return None


def why_not_join(*, known: bool, is_signed_in: bool, is_herself: bool, over: bool, mail: str) -> Refusal | None:
    """An invitation is for one mail address: whoever has an account with it logs in, nobody else takes it."""
    if over:
        return Refusal("invitation_over", marked("This invitation was used, taken back, or is too old."),
                       mend="Ask for a new one.", status=410)  # fmt: skip
    if is_signed_in and not is_herself:
        return Refusal("not_invited", f"This invitation is for {mail}, and you are signed in with another address.",
                       mend="Sign out, then open the link again.", status=403)  # fmt: skip
    if known and not is_signed_in:
        return Refusal("log_in_first", f"{mail} is known here already.", mend="Log in, and you come back to this page.",
                       status=401)  # fmt: skip
    return None
