"""Addresses are split before they are decoded: an encoded name cannot smuggle in an address of its own."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from handsel.mail.reading.charsets import clean_line
from handsel.mail.reading.headers import decoded

MOST_ADDRESSES = 2_000
"""Of one header; what comes after is left to the original, with a note."""

_TOKEN = re.compile(r'=\?[^?\s]*\?[bBqQ]\?[^?]*\?=|"(?:[^"\\]|\\.)*"?|[^",;<>():=]+|.', re.DOTALL)


class Role(Enum):
    """What a party is to a mail; the header that names it."""

    FROM = "from"
    SENDER = "sender"
    REPLY_TO = "reply-to"
    TO = "to"
    CC = "cc"


@dataclass(frozen=True)
class Party:
    """One address of a mail. normalised is empty where what was sent is no address that could be answered."""

    role: Role
    name: str
    address: str
    normalised: str


def normalised(address: str) -> str:
    """How addresses are compared: NFC, lower case, no final dot; empty where there is no local part or domain."""
    bare = unicodedata.normalize("NFC", clean_line(address)).lower().strip(" <>.")
    local, at, domain = bare.rpartition("@")
    return bare if at and local and domain and len(bare) <= 320 and " " not in bare else ""


def parties(role: Role, values: Iterable[str]) -> tuple[list[Party], bool]:
    """The parties that the values of one header name, each address once, and whether some were left out."""
    found: dict[tuple[str, str], Party] = {}
    for value in values:
        for name, address in _mailboxes(value):
            if len(found) >= MOST_ADDRESSES:
                return list(found.values()), True
            party = _party(role, name, address)
            if party.normalised or party.name or party.address:
                found.setdefault((party.normalised, "" if party.normalised else party.name), party)
    return list(found.values()), False


def _party(role: Role, name: str, address: str) -> Party:
    shown = decoded(address)[:320]
    return Party(role, decoded(name)[:200], shown, normalised(shown))


class _Mailbox:
    """The pieces of one mailbox while its tokens are read."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.angle: list[str] = []
        self.comment: list[str] = []

    def finished(self) -> tuple[str, str] | None:
        """Name and address, still encoded; None where there was nothing."""
        name, angle, comment = (_plain(part) for part in (self.words, self.angle, self.comment))
        bare = "" if angle else next((word for word in name.split() if "@" in word), "")
        if not bare:
            return (name or comment, angle) if name or angle else None
        rest = " ".join(word for word in name.split() if word != bare)
        return rest or comment, bare.strip("'\"")


def _mailboxes(value: str) -> Iterable[tuple[str, str]]:
    """Name and address of each mailbox of a header, still encoded; groups are opened, comments nest."""
    box, depth, in_angle, has_address = _Mailbox(), 0, False, False
    grouped = ";" not in value
    for piece in _TOKEN.findall(value):
        if piece == "(" and not in_angle:
            depth += 1
        elif piece == ")" and depth:
            depth -= 1
        elif depth:
            box.comment.append(piece)
        elif piece == "<":
            in_angle = True
        elif piece == ">":
            in_angle = False
        elif (piece in ",;" and not in_angle) or (piece == "," and in_angle and box.angle):
            if finished := box.finished():
                yield finished
            box, in_angle, has_address = _Mailbox(), False, False
        elif piece == ":" and not in_angle and not grouped and not has_address:
            box, grouped = _Mailbox(), True
        else:
            has_address = has_address or "@" in piece
            (box.angle if in_angle else box.words).append(piece)
    if finished := box.finished():
        yield finished


def _plain(tokens: list[str]) -> str:
    """Tokens joined; quoted strings lose their quotes and backslashes."""
    return "".join(_unquoted(piece) if piece[0] == '"' else piece for piece in tokens).strip()


def _unquoted(piece: str) -> str:
    return re.sub(r"\\(.)", r"\1", piece[1:].removesuffix('"'), flags=re.DOTALL)
