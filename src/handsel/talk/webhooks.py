"""How an event goes to another server: signed as Standard Webhooks has it (standardwebhooks.com, 1.0), to an address that
is no machine of ours, once and without following it anywhere else.

signature = base64(HMAC-SHA256(secret, "<webhook-id>.<webhook-timestamp>.<body>")). The id is the event's, and the same each
time that it is sent, so that whoever is told may be told twice and act once.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from handsel.core.models import OutboxItem
from handsel.core.outbox import Answer

KIND = "webhook"
_SECONDS = 5  # for each step of one try: mail waits meanwhile
_PREFIX = "whsec_"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def secret_of(subscription_id: UUID) -> str:
    """The secret of a subscription, as its maker copies it. It is made anew each time, and lies nowhere."""
    made = hmac.digest(settings.SECRET_KEY.encode(), f"handsel.webhook:{subscription_id}".encode(), "sha256")
    return _PREFIX + base64.b64encode(made).decode()


def signature(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """The value of `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = hmac.digest(key, f"{message_id}.{timestamp}.{body}".encode(), hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def deliver(item: OutboxItem, hand: Callable[[Iterable[str]], None]) -> list[Answer]:
    """One try. Whatever is not taken is tried again: the event has the same id each time."""
    try:
        status = _post(item.payload["url"], item.payload["body"], _headers(item))
    except _NotAllowed as trouble:
        return [Answer("", "failed", "connect", words=str(trouble))]
    except (OSError, http.client.HTTPException, ValueError) as trouble:
        return [Answer("", "waiting", "connect", words=_in_words(trouble))]
    if 200 <= status < 300:
        return [Answer("", "sent", "body", status)]
    if status == http.client.GONE:
        return [Answer("", "failed", "body", status, "The other server says that nobody is there any more.")]
    return [Answer("", "waiting", "body", status, f"The other server answered {status}.")]


def _headers(item: OutboxItem) -> dict[str, str]:
    message_id, now = f"msg_{item.payload['event']}", int(time.time())
    return {
        "Content-Type": "application/json",
        "User-Agent": "Handsel",
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(secret_of(item.about_id), message_id, now, item.payload["body"]),
    }


def _in_words(trouble: Exception) -> str:
    if isinstance(trouble, TimeoutError):
        return f"The other server did not answer within {_SECONDS} seconds."
    if isinstance(trouble, ssl.SSLError):
        return "The certificate of the other server is not good."
    if isinstance(trouble, ConnectionRefusedError):
        return "No server answers at this address."
    if isinstance(trouble, socket.gaierror):
        return "There is no server of that name."
    return f"The other server cannot be reached: {type(trouble).__name__}."


# ---------------------------------------------------------------- no machine of ours


class _NotAllowed(Exception):
    """The name leads to a machine that nobody outside may reach through us."""


def _post(url: str, body: str, headers: Mapping[str, str]) -> int:
    """The status of the answer, which is not followed if it leads elsewhere, and of which little is read."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = _Pinned(host, port, _address_of(host, port), secure)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body.encode(), dict(headers))
        answer = connection.getresponse()
        answer.read(2000)
        return answer.status
    finally:
        connection.close()


def _address_of(host: str, port: int) -> str:
    """The one address that is spoken to: asked for once, so that no second answer can lead elsewhere."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not settings.WEBHOOKS_TO_PRIVATE and not all(is_public(address) for address in found):
        raise _NotAllowed("This address leads into a private network, and is not told.")
    return found[0]


def is_public(address: str) -> bool:
    """Whether the address is one of the open internet, however it is written."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast and not found.is_reserved


class _Pinned(http.client.HTTPConnection):
    """Speaks to one address, under the name that its certificate has."""

    def __init__(self, host: str, port: int, address: str, secure: bool) -> None:
        super().__init__(host, port, timeout=_SECONDS)
        self._address, self._secure = address, secure

    def connect(self) -> None:
        sock: Any = socket.create_connection((self._address, self.port), _SECONDS)
        if self._secure:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=self.host)
        self.sock = sock
