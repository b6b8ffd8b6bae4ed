"""From which network address a request came, believed as far as our own proxies wrote it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks. Each proxy of ours adds one to X-Forwarded-For, so of its end as many are believed
    as there are proxies; what stands before them anybody can write. "" where it is none."""
    told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    count = settings.PROXIES
    named = told[-count] if 0 < count <= len(told) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(named))
    except ValueError:
        return ""


def is_of_this_machine(request: HttpRequest) -> bool:
    """Whether a program on this machine asks. A request that says that it was forwarded is from elsewhere, unless a
    proxy of ours names this machine."""
    if not settings.PROXIES and {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED"} & set(request.META):
        return False
    address = address_of(request)
    return bool(address) and ipaddress.ip_address(address).is_loopback
