"""Where the accounts library and Handsel meet: its mails go through our outbox, its sentences are ours."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from handsel.core import letters, outbox, sessions
from handsel.core.addresses import address_of
from handsel.core.keys import new_key
from handsel.core.writes import transaction_in_turn
from handsel.people import queries
from handsel.people.rules import is_made_of
from handsel.ui.qr import qr_svg

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Log-in in our words; codes and links leave through the outbox, so that a killed server loses none."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This mail address and this password do not belong together. Try a mailed code.",
        "enter_current_password": "Type the password that you have now.",
        "incorrect_code": "This is not the code. Type it as it stands in the newest mail.",
        "incorrect_password": "This is not your password.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "rate_limited": "Too many tries. Wait a minute, then try again.",
        "same_as_current": "The new one must differ from the one you have.",
        "invalid_password_reset": "This link was used already, or it is too old. Ask for a new one.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """The library's own sign-up stays shut: ours makes a person and a business too."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail into the outbox; whose it is, is the person with this address, where there is one."""
        words = {**context, "request": current.request, "email": email}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", words).split())
        text = render_to_string(f"{template_prefix}_message.txt", words).strip() + "\n"
        person = queries.person_by_mail(email)
        with transaction_in_turn():
            outbox.queue(
                "mail", business_id=None, about=person.id if person else new_key(),
                payload=letters.notice([email], subject, text),
            )  # fmt: skip

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Noted without the address: whose account it is about, where there is one, its number says."""
        super().authentication_failed(request, **credentials)
        known = login_by_mail(credentials.get("email") or "")
        log.warning("log-in failed, account %s", known if known is not None else "unknown")

    def post_login(self, request: HttpRequest, user: AbstractUser, **options: Any) -> Any:
        log.info("log-in, account %s", user.pk)
        return super().post_login(request, user, **options)

    def get_client_ip(self, request: HttpRequest) -> str:
        """What the limits count by; an address that cannot be read counts as one and the same."""
        return address_of(request) or "unknown"

    def add_message(self, *arguments: Any, **options: Any) -> None:
        """The pages say how things stand; only what went wrong is said again on top."""
        if options.get("message"):
            super().add_message(*arguments, **options)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:settings")


class NoWordOfTheHouse:
    """No password of Handsel's name and those of one's businesses alone: they are tried first."""

    def validate(self, password: str, user: Any = None) -> None:
        names = queries.business_names_of_login(user.pk) if user is not None and user.pk else []
        if is_made_of(password, ["handsel", "password", *names]):
            raise ValidationError("This password is made of names that anybody would try here first. Use other words.")

    def get_help_text(self) -> str:
        return "Not the name of your business, nor of Handsel."


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This is not the code. Wait for the next one, and see that your phone's clock is right.",
        "cannot_generate_recovery_codes": "Recovery codes come with an authenticator or a passkey. Set one up first.",
    }

    def build_totp_svg(self, url: str) -> str:
        """Drawn by us and put into the page itself: the library's `data:` image would be blocked by our policy."""
        return SafeString(qr_svg(url))

    def get_totp_issuer(self) -> str:
        return "Handsel"

    def generate_authenticator_name(self, user: AbstractUser, type: Any) -> str:
        return "Passkey"


def make_login(name: str, mail: str) -> int:
    """A log-in without a password: codes, links, passkeys, or the password that its owner sets. Gives its number."""
    from allauth.account.models import EmailAddress

    with transaction_in_turn():
        user = get_user_model()(username=new_key().hex, email=mail.lower(), first_name=name[:150])
        user.set_unusable_password()
        user.save()
        EmailAddress.objects.create(user=user, email=mail.lower(), primary=True, verified=False)
    return int(user.pk)


def is_locked_out(user: Any) -> bool:
    """Whether this person could not come in again: no password, no passkey, and no mail server to send a code by. One
    SQL query where it comes to that."""
    if settings.MAIL_SERVER or user.has_usable_password():
        return False
    return not Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).exists()


def login_by_mail(mail: str) -> int | None:
    """The number of the log-in with this address."""
    return get_user_model().objects.filter(email__iexact=mail).values_list("pk", flat=True).first()


def forget_login(login_id: int) -> None:
    """Take a log-in away, with its addresses, factors and sessions: nobody comes in by it again."""
    sessions.end_all(login_id)
    get_user_model().objects.filter(pk=login_id).delete()
