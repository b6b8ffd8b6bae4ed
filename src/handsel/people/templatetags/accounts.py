"""What the log-in's pages ask."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def mail_goes_out() -> bool:
    """Whether a mail server is set: without one no code leaves the house, and the page says so."""
    return bool(settings.MAIL_SERVER)
