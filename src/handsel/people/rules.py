"""Decisions about people; pure."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection
from uuid import UUID

from handsel.values.actors import Role, Side
from handsel.values.refusals import Refusal, marked
from handsel.values.secrets import Secret

OWNER_SIDE_ROLES = (Role.MANAGER, Role.REVIEWER, Role.BOOKKEEPER, Role.AUDITOR)
PROVIDER_ROLES = (Role.PROVIDER_ADMIN, Role.ASSISTANT)


# What a token may be given: to read all that its person reads, or one area with its acts, as far as the role has them.
SCOPES: dict[str, str] = {
    "read": "Read everything that you read",
    "work": "Work: time, timesheets, deliveries",
    "payments": "Payments: invoices and what is paid",
    "mail": "Mail: conversations and replies",
    "agreements": "Agreements: terms, pauses, who works",
    "handover": "Hand-over: stages and shares",
    "playbooks": "Playbooks: pages and questions",
    "proposals": "Proposals",
    "planning": "Plans",
    "talk": "Talk: calls, check-ins, comments",
    "people": "People: members and invitations",
    "calendar": "Calendar: days alone",
}
CALENDAR = "calendar"  # the one scope of an address that a calendar reads
TOKEN_DAYS = (30, 90, 365)  # how long a token of a program may live
CALENDAR_DAYS = 3650


def slug_of(name: str, taken: Collection[str]) -> str:
    """A short name for addresses, from the name of the business; with a number where it is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50] or "business"
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def new_token() -> tuple[Secret, str]:
    """A secret of 256 bits for a link, and the hash that is kept of it."""
    token = Secret(secrets.token_urlsafe(32))
    return token, token_hash(token)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def why_not_token(scopes: Collection[str], days: int) -> Refusal | None:
    """A token is good for something, and not for ever."""
    if not scopes or not set(scopes) <= set(SCOPES):
        return Refusal("token_for_nothing", marked("Say what the program may do."), mend="Tick at least one of the list.",
                       place="scopes", status=422)  # fmt: skip
    longest = CALENDAR_DAYS if set(scopes) == {CALENDAR} else max(TOKEN_DAYS)
    if not 1 <= days <= longest:
        return Refusal("token_too_long", f"A token lives {longest} days at most.", mend="Choose fewer days.",
                       place="days", status=422)  # fmt: skip
    return None


def allowed_by(scopes: Collection[str], grants: Collection[str]) -> frozenset[str]:
    """Of the actions that a role has (`room.verb`), those in the areas that a token names."""
    return frozenset(grant for grant in grants if grant.partition(".")[0] in scopes)


def why_not_call(scopes: Collection[str], area: str, *, reads: bool) -> Refusal | None:
    """Why a token may not call this area of the API; an empty area is open to every token."""
    if not area or area in scopes or (reads and "read" in scopes):
        return None
    wanted = f"“{area}”, or “read” to read only" if reads else f"“{area}”"
    return Refusal("out_of_scope", f"This token was not made for {area}.", mend=f"Make one with {wanted}.", status=403)


WHO_LEFT = "A person who left"


def why_not_strike(*, is_own_side: bool, has_left: bool, is_struck: bool) -> Refusal | None:
    """What is personal of somebody is struck once, by their own side, after they left."""
    if not is_own_side:
        return Refusal("not_your_side", marked("You strike what is personal of people of your own side only."),
                       mend="Their own side does that.")  # fmt: skip
    if not has_left:
        return Refusal("still_here", marked("This person still has a place here."),
                       mend="Take them out first, then come back.")  # fmt: skip
    if is_struck:
        return Refusal("already_struck", marked("What is personal of this person was struck already."),
                       mend="Reload the page.")  # fmt: skip
    return None


def struck_mail(person_id: UUID) -> str:
    """An address that reaches nobody (RFC 6761, 6.4), one for each person."""
    return f"{person_id.hex}@left.invalid"


def is_made_of(password: str, words: Collection[str]) -> bool:
    """Whether little is left of a password without the words that anybody would try here first."""
    left = re.sub(r"[\W_]+", "", password.casefold())
    for word in sorted((re.sub(r"[\W_]+", "", word.casefold()) for word in words), key=len, reverse=True):
        left = left.replace(word, "") if len(word) >= 4 else left
    return len(left) < 6


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
