"""What people type about themselves and each other."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms

from handsel.people.rules import CALENDAR, OWNER_SIDE_ROLES, PROVIDER_ROLES, SCOPES, TOKEN_DAYS
from handsel.ui.fields import ChoiceField, ZoneField
from handsel.ui.forms import Form, dress
from handsel.values.actors import Actor, Role
from handsel.values.days import ZONES

# What a role may do, in one line, as an inviter reads it.
ROLE_WORDS = {
    Role.OWNER: "Owner: everything, and signs for the business",
    Role.MANAGER: "Manager: plans, invites, approves; does not sign",
    Role.REVIEWER: "Reviewer: reads replies and judges deliveries",
    Role.BOOKKEEPER: "Bookkeeper: invoices and payments",
    Role.AUDITOR: "Auditor: reads everything, changes nothing",
    Role.PROVIDER_ADMIN: "Admin: signs for the provider, names who works",
    Role.ASSISTANT: "Assistant: does the work and logs it",
}


class SignUpForm(Form):
    """A name, a mail address and the business; nothing else until it is needed."""

    name = forms.CharField(label="Your name", max_length=120)
    email = forms.EmailField(label="Mail address", max_length=254)
    business = forms.CharField(label="Name of your business", max_length=120, help_text="As your customers know it")
    # A script tells the zone of the browser; without one it stays empty, and the business begins in UTC.
    zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-zone": True}))

    def clean_zone(self) -> str:
        zone = self.cleaned_data["zone"]
        return zone if zone in ZONES else "UTC"


class BusinessForm(Form):
    """One more business for somebody who is known already."""

    business = forms.CharField(label="Name of the business", max_length=120, help_text="As its customers know it")


class JoinForm(Form):
    """Who comes by an invitation."""

    name = forms.CharField(label="Your name", max_length=120)


class InviteForm(Form):
    """Somebody of one's own side."""

    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(
        label="Mail address", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = ChoiceField(label="As")

    def __init__(self, actor: Actor, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        roles = OWNER_SIDE_ROLES if actor.is_owner_side else PROVIDER_ROLES
        self.fields["role"].choices = [(role.value, ROLE_WORDS[role]) for role in roles]  # type: ignore[attr-defined]


class PreferenceForm(Form):
    """How Handsel looks to one person, and what her clock says."""

    theme = ChoiceField(label="Colours", choices=[("system", "As my system"), ("light", "Light"), ("dark", "Dark")])
    zone = ZoneField(
        label="Your time zone", required=False, help_text="For the clock that you see; work days follow the terms"
    )


class ProgramForm(Form):
    """A program that acts for oneself: its name, its areas, and for how long."""

    name = forms.CharField(label="Name of the program", max_length=120, help_text="So that you know it again")
    scopes = forms.MultipleChoiceField(
        label="What it may do", choices=[(s, words) for s, words in SCOPES.items() if s != CALENDAR], widget=forms.CheckboxSelectMultiple,
        help_text="At most what you may do yourself. An area holds reading and acting.",
    )  # fmt: skip
    days = ChoiceField(label="For how long", choices=[(str(days), f"{days} days") for days in TOKEN_DAYS], initial="90")


# ---------------------------------------------------------------- the accounts library's forms, in our words


class _OurWords:
    """Labels and hints of ours on a form of the accounts library."""

    words: dict[str, tuple[str, str]] = {}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        for name, (label, hint) in self.words.items():
            if name in fields:
                fields[name].label, fields[name].help_text = label, hint
        for field in fields.values():
            field.widget.attrs.pop("placeholder", None)
        dress(self)  # type: ignore[arg-type]


class LogInForm(_OurWords, account.LoginForm):
    words = {"login": ("Mail address", ""), "password": ("Password", "")}


class CodeRequestForm(_OurWords, account.RequestLoginCodeForm):
    words = {"email": ("Mail address", "")}


class CodeForm(_OurWords, account.ConfirmLoginCodeForm):
    words = {"code": ("Code", "As it stands in the mail, such as SCDS-DPCH")}


class ChangePasswordForm(_OurWords, account.ChangePasswordForm):
    words = {
        "oldpassword": ("Your password now", ""),
        "password1": ("New password", "At least twelve characters; a short sentence is best"),
        "password2": ("New password once more", ""),
    }


class SetPasswordForm(_OurWords, account.SetPasswordForm):
    words = {
        "password1": ("Password", "At least twelve characters; a short sentence is best"),
        "password2": ("Password once more", ""),
    }


class ResetPasswordForm(_OurWords, account.ResetPasswordForm):
    words = {"email": ("Mail address", "")}


class ResetPasswordKeyForm(_OurWords, account.ResetPasswordKeyForm):
    words = SetPasswordForm.words


class ReauthenticateForm(_OurWords, account.ReauthenticateForm):
    words = {"password": ("Password", "")}


class SecondFactorForm(_OurWords, mfa.AuthenticateForm):
    words = {"code": ("Code", "Six digits from your authenticator, or one of your recovery codes")}


class SecondFactorAgainForm(_OurWords, mfa.ReauthenticateForm):
    words = SecondFactorForm.words


class ActivateForm(_OurWords, totp.ActivateTOTPForm):
    words = {"code": ("Code", "The six digits that the authenticator shows now")}


class AddPasskeyForm(_OurWords, webauthn.AddWebAuthnForm):
    words = {
        "name": ("Name of the passkey", "Such as “My phone”"),
        "passwordless": ("Log in with it alone", "The device then asks for your finger, face or PIN"),
    }


class EditPasskeyForm(_OurWords, webauthn.EditWebAuthnForm):
    words = {"name": ("Name of the passkey", "")}
