"""A word that something is done, shown once on the next page."""

from django.contrib import messages
from django.http import HttpRequest


def done(request: HttpRequest, sentence: str, *, undo: str = "") -> None:
    """Say what was done. undo: the address that takes it back by POST, offered for eight seconds."""
    messages.success(request, sentence, extra_tags=undo)
