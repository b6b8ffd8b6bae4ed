"""Who wrote this: a person, or a machine of which sort. Headers decide, never the words of the mail."""

import re
from enum import Enum

from handsel.mail.reading.headers import Headers, first, parameters


class Kind(Enum):
    """Only bounce, auto-reply and list may be filed quietly; a machine's mail (a web form) still needs a look."""

    PERSON = "person"
    MACHINE = "machine"
    LIST = "list"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"


_NOBODY = re.compile(r"^(mailer-daemon|postmaster|no-?_?reply|do-?_?not-?_?reply|bounces?|notifications?)([+.@-]|$)")
_BULK = {"bulk", "junk", "list"}


def kind_of(headers: Headers, sender: str) -> Kind:
    """The kind of a mail. sender: the normalised address of its From, empty where there is none."""
    content, details = parameters(first(headers, "content-type"))
    report = details.get("report-type", "").lower() if content == "multipart/report" else ""
    nobody = first(headers, "return-path").replace(" ", "") == "<>"
    daemon = sender.startswith(("mailer-daemon@", "postmaster@"))
    if report == "delivery-status" or "x-failed-recipients" in headers or (daemon and nobody):
        return Kind.BOUNCE
    automatic = first(headers, "auto-submitted").partition(";")[0].strip().lower()
    precedence = first(headers, "precedence").lower()
    if automatic.startswith("auto-replied") or report or precedence == "auto_reply" or _answers_by_itself(headers):
        return Kind.AUTO_REPLY
    if "list-id" in headers or "list-unsubscribe" in headers or "list-post" in headers or precedence in _BULK:
        return Kind.LIST
    if (automatic and automatic != "no") or nobody or _NOBODY.match(sender):
        return Kind.MACHINE
    return Kind.PERSON


def _answers_by_itself(headers: Headers) -> bool:
    return any(name in headers for name in ("x-autoreply", "x-autorespond", "x-autoresponder"))
