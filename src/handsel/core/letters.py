"""Mail as the outbox sends it: SMTP (RFC 5321) driven step by step, because `smtplib.send_message` answers "ok" with
one recipient refused, and raises the same error for a mail that is surely not and one that surely is at the server."""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from handsel.core import files, outbox
from handsel.core.keys import new_key
from handsel.core.models import OutboxItem
from handsel.core.outbox import Answer, Unreachable
from handsel.values.refusals import Refusal

_POLICY = SMTP.clone(cte_type="7bit")  # no server need know 8BITMIME
_CONNECT_SECONDS = 30
_COMMAND_SECONDS = 300
_BODY_SECONDS = 600  # RFC 5321, 4.5.3.2.6
_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]{1,64}@[0-9A-Za-z][0-9A-Za-z.-]{0,252}")

# The first pattern that fits the reply of the other side says it in plain words (RFC 3463 names the codes).
_PLAIN = (
    (r"\b5\.1\.[0-3]\b|no such user|user unknown|does not exist", "This address does not exist."),
    (r"\b[45]\.2\.2\b|mailbox (is )?full|quota", "The mailbox is full."),
    (r"\b5\.3\.4\b|\b5\.2\.3\b|^552|too (large|big)", "The message is too large for the other side."),
    (r"\b5\.7\.\d+\b|spam|^554", "The other side refused it as spam."),
)


def mail_message(
    to: Sequence[str],
    subject: str,
    text: str,
    *,
    sender: str = "",
    reply_to: str = "",
    headers: dict[str, str] | None = None,
    attachments: Sequence[UUID] = (),
    message_id: str = "",
) -> dict[str, Any]:
    """The payload of one mail: everything that fixes its bytes, so that "send again" sends the same.

    sender: an address, with or without a name; that of the installation where empty. attachments: keys of stored
    files. Raises Refusal where an address is none.
    """
    origin = sender or settings.MAIL_FROM
    for address in (origin, *to, *([reply_to] if reply_to else [])):
        require_address(address)
    return {
        "from": origin,
        "to": [parseaddr(address)[1] for address in to],
        "shown_to": list(to),
        "subject": " ".join(subject.split()),
        "text": text,
        "headers": {**({"Reply-To": reply_to} if reply_to else {}), **(headers or {})},
        "date": format_datetime(timezone.now()),
        "message_id": message_id or new_message_id(origin),
        "attachments": [str(key) for key in attachments],
    }


def notice(to: Sequence[str], subject: str, text: str, **more: Any) -> dict[str, Any]:
    """A mail that Handsel writes by itself: marked so that no machine answers it (RFC 3834). A person's mail is not."""
    marks = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return mail_message(to, subject, text, **{**more, "headers": {**marks, **(more.get("headers") or {})}})


def new_message_id(sender: str) -> str:
    """A Message-ID in the domain of the sender."""
    return f"<{new_key()}@{_domain(sender)}>"


def rendered(payload: dict[str, Any]) -> EmailMessage:
    """The message; the same payload gives the same bytes."""
    message = EmailMessage(policy=_POLICY)
    message["From"], message["To"] = payload["from"], ", ".join(payload["shown_to"])
    message["Subject"], message["Date"] = payload["subject"], payload["date"]
    message["Message-ID"] = payload["message_id"]
    for name, value in payload["headers"].items():
        message[name] = value
    message.set_content(payload["text"])
    for key in payload["attachments"]:
        _attach(message, UUID(key))
    if message.is_multipart():
        message.set_boundary("=_" + re.sub(r"\W", "", payload["message_id"])[:60])
    return message


def _attach(message: EmailMessage, key: UUID) -> None:
    stored = files.stored(key)
    kind, _, sort = stored.media_type.partition("/")
    with files.open_file(key) as file:
        message.add_attachment(file.read(), maintype=kind, subtype=sort or "octet-stream", filename=stored.name)


def require_address(address: str) -> None:
    """Raises Refusal where this is not one mail address, with or without a name."""
    found = getaddresses([address])
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0][1]) or "\n" in address or "\r" in address:
        raise Refusal("mail_address", f"“{address}” is no mail address.", mend="Write it like name@example.com.")


def _domain(address: str) -> str:
    return Address(addr_spec=parseaddr(address)[1]).domain or "localhost"


# ---------------------------------------------------------------- sending


def no_server() -> str:
    return "" if settings.MAIL_SERVER else "no mail server"


def send(item: OutboxItem, hand: Callable[[Iterable[str]], None]) -> list[Answer]:
    """One SMTP transaction to the recipients that still wait. Gives an answer for each."""
    body = rendered(item.payload).as_bytes()
    waiting = [address for address, known in item.recipients.items() if known["state"] == "waiting"]
    smtp = _connect(item.payload["from"])
    try:
        answers = _transaction(smtp, parseaddr(item.payload["from"])[1], waiting, body, hand)
        with suppress(OSError):  # the mail is taken, whatever becomes of the farewell
            smtp.quit()
        return answers
    finally:
        smtp.close()


def _connect(sender: str) -> smtplib.SMTP:
    """A connection that greeted, encrypted where the server can, and logged in."""
    server = settings.MAIL_SERVER
    host, port, name = server["host"], server["port"], _domain(sender)
    try:
        if server["tls"]:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, name, timeout=_CONNECT_SECONDS, context=ssl.create_default_context()
            )
        else:
            smtp = smtplib.SMTP(host, port, name, timeout=_CONNECT_SECONDS)
        _greet(smtp, server)
    except smtplib.SMTPAuthenticationError as trouble:
        raise Unreachable(
            f"The mail server does not take our name and password: {_text(trouble.smtp_error)}"
        ) from trouble
    except OSError as trouble:  # all of smtplib's exceptions are
        raise Unreachable(f"The mail server at {host}:{port} does not answer as it should: {trouble}") from trouble
    return smtp


def _greet(smtp: smtplib.SMTP, server: dict[str, Any]) -> None:
    smtp.ehlo_or_helo_if_needed()
    if not server["tls"] and smtp.has_extn("starttls"):
        smtp.starttls(context=ssl.create_default_context())
        smtp.ehlo()
    if server["user"]:
        smtp.login(server["user"], server["password"])
    if smtp.sock is not None:
        smtp.sock.settimeout(_COMMAND_SECONDS)


def _transaction(
    smtp: smtplib.SMTP, sender: str, waiting: list[str], body: bytes, hand: Callable[[Iterable[str]], None]
) -> list[Answer]:
    limit = smtp.esmtp_features.get("size", "")
    if limit.isdigit() and 0 < int(limit) < len(body):
        words = f"The message is too large: the mail server takes {int(limit) // 1024} KB."
        return [Answer(address, "failed", "mail", 552, words) for address in waiting]
    try:
        code, text = _said(smtp.mail(sender))
        if code != 250:
            return [_answer(address, "mail", code, text) for address in waiting]
        answers = {address: _answer(address, "rcpt", *_said(smtp.rcpt(address))) for address in waiting}
        accepted = [address for address, answer in answers.items() if answer.state == "sent"]
        if not accepted:
            return list(answers.values())
        code, text = _said(smtp.docmd("DATA"))
    except OSError as trouble:
        raise Unreachable(f"The mail server broke off before the message: {trouble}") from trouble
    if code != 354:
        return [*_refused(answers), *(_answer(address, "data", code, text) for address in accepted)]
    hand(accepted)
    code, text = _body(smtp, body)
    return [*_refused(answers), *(_answer(address, "body", code, text) for address in accepted)]


def _said(reply: tuple[int, bytes]) -> tuple[int, bytes]:
    """421 closes the whole conversation (RFC 5321, 3.8): it is about the server, not about the recipient."""
    if reply[0] == 421:
        raise Unreachable(f"The mail server has no time for us now: {_text(reply[1])}")
    return reply


def _body(smtp: smtplib.SMTP, body: bytes) -> tuple[int, bytes]:
    """The message, its lines dot-stuffed (RFC 5321, 4.5.2), and the dot. What is raised here leaves it uncertain."""
    assert smtp.sock is not None
    smtp.sock.settimeout(_BODY_SECONDS)
    stuffed = re.sub(rb"(?m)^\.", b"..", body)
    smtp.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    return smtp.getreply()


def _refused(answers: dict[str, Answer]) -> list[Answer]:
    return [answer for answer in answers.values() if answer.state != "sent"]


def _answer(recipient: str, step: str, code: int, text: bytes) -> Answer:
    """2xx: taken; 4xx: later; everything else: never."""
    if 200 <= code < 300:
        return Answer(recipient, "sent", step, code)
    return Answer(recipient, "waiting" if 400 <= code < 500 else "failed", step, code, plain_words(code, _text(text)))


def plain_words(code: int, text: str) -> str:
    """A server's reply as a person understands it."""
    said = f"{code} {text}"
    for pattern, words in _PLAIN:
        if re.search(pattern, said, re.IGNORECASE):
            return words
    if 400 <= code < 500:
        return f"Not taken yet by the other side: {said}"
    return f"The other side refused it: {said}"


def _text(reply: bytes | str) -> str:
    return " ".join((reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply).split())[:500]


outbox.register_sender("mail", send, not_yet=no_server)
