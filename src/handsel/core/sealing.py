"""Secrets that must be read again lie sealed in the database (AES-CBC and HMAC, as Fernet does it): a copy of the
database alone, without the key that signs sessions and links, opens nothing."""

import base64
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def seal(text: str) -> str:
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The text; None where it was sealed under another key, or by nobody."""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


@cache
def _box(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.digest(key.encode(), b"handsel.sealed", "sha256")))
