"""Every change about people."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from handsel.core import letters, outbox, sessions, trail
from handsel.core.actions import action, record
from handsel.core.keys import new_key
from handsel.core.models import SearchEntry
from handsel.core.trail import open_chain
from handsel.people import events, queries, rules
from handsel.people.adapter import forget_login
from handsel.people.models import (
    Business,
    Invitation,
    InvitationAnswer,
    LogInLink,
    Membership,
    Person,
    Preference,
    Provider,
    ProviderMember,
    RatesWord,
    Row,
    Token,
    TokenRevocation,
)
from handsel.values.actors import Actor, Role
from handsel.values.refusals import NotVisible, Refusal, marked

INVITATION_LASTS = timedelta(days=30)
LOG_IN_LINK_LASTS = timedelta(days=1)


@action
def sign_up(actor: Actor, name: str, mail: str, business_name: str, login_id: int | None = None,
            zone: str = "UTC", currency: str = "EUR") -> Business:  # fmt: skip
    """Open a business, with the person as its owner. A person who is known by this mail gets a second business."""
    person = _person(name, mail, login_id)
    slug = rules.slug_of(business_name, set(Business.objects.values_list("slug", flat=True)))
    business = Business.objects.create(id=new_key(), name=business_name, slug=slug, zone=zone, currency=currency)
    open_chain(business.id, "business")
    Membership.objects.create(business=business, person=person, role=Role.OWNER.value)
    record(events.BUSINESS_OPENED, business, chain_id=business.id)
    return business


@action
def create_owner(actor: Actor, mail: str, business_name: str) -> tuple[str, str]:
    """Open a business for its owner, for whoever runs the server. Gives the slug and the secret of a one-time link."""
    business = sign_up(actor, mail.partition("@")[0].title(), mail, business_name)
    person = Person.objects.get(mail=mail.lower())
    return business.slug, make_log_in_link(actor, person.id, business.id)


@action
def make_log_in_link(actor: Actor, person_id: UUID, chain_id: UUID) -> str:
    """Make a one-time link that logs this person in. Gives its secret."""
    token, kept = rules.new_token()
    LogInLink.objects.create(person_id=person_id, token_hash=kept, expires_at=timezone.now() + LOG_IN_LINK_LASTS)
    record(events.LINK_MADE, person_id, kind="person", chain_id=chain_id)
    return token


@action
def use_log_in_link(actor: Actor, token: str, login_id: int | None = None) -> Person:
    """Come in by a one-time link. Gives whom it logs in. login_id: the log-in made for a person who had none."""
    link = LogInLink.objects.select_for_update().filter(token_hash=rules.token_hash(token)).first()
    if link is None or link.used_at or link.expires_at < timezone.now():
        raise Refusal("link_used_up", marked("This link was used already, or it is too old."),
                      mend="Log in with a mailed code, or ask whoever runs Handsel for a new link.", status=410)  # fmt: skip
    LogInLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    membership = Membership.objects.filter(person_id=link.person_id).order_by("id").first()
    record(events.LINK_USED, link.person_id, kind="person", chain_id=membership.business_id if membership else None)
    return _person(link.person.name, link.person.mail, login_id)


@action
def invite(actor: Actor, name: str, mail: str, role: Role, engagement_id: UUID | None = None,
           provider_id: UUID | None = None) -> tuple[Invitation, str]:  # fmt: skip
    """Invite somebody by a mailed link. Gives the invitation and the secret of the link, of which only the mail keeps
    more than a hash. Where it is about an engagement, the mail is written by whoever knows what is to be signed."""
    if engagement_id is None and (refusal := rules.why_not_invite(actor.role, role)):
        raise refusal
    token, kept = rules.new_token()
    invitation = Invitation.objects.create(
        business_id=actor.business_id, name=name, mail=mail.lower(), role=role.value, engagement_id=engagement_id,
        provider_id=provider_id or actor.provider_id, invited_by_id=actor.person_id, token_hash=kept,
        expires_at=timezone.now() + INVITATION_LASTS,
    )  # fmt: skip
    if engagement_id is None:
        _mail_link(actor, invitation, f"{settings.ADDRESS}/join/{token}/")
    record(events.INVITED, invitation, role=role.value)
    return invitation, token


def _mail_link(actor: Actor, invitation: Invitation, link: str) -> None:
    """The link stands beside the mail too: without a mail server the inviter copies it from the page."""
    business = queries.business_of(actor)
    words = letters.notice(
        [invitation.mail], f"{business.name} invites you",
        f"Hello {invitation.name},\n\n{actor.name or business.name} of {business.name} invites you to join as "
        f"{invitation.role}.\n\n"
        f"{link}\n\nThe link works for {INVITATION_LASTS.days} days. You need no account to open it.\n",
    )  # fmt: skip
    outbox.queue("mail", business_id=actor.business_id, about=invitation.id, payload={**words, "link": link})


@action
def revoke_invitation(actor: Actor, invitation_id: UUID) -> None:
    """Take an invitation of one's own side back; its link stops working at once."""
    invitation = Invitation.objects.get_visible(actor, invitation_id, lock=True)
    if not queries.own_invitations(actor).filter(pk=invitation.pk).exists():
        raise NotVisible("invitation")
    if InvitationAnswer.objects.filter(invitation=invitation).exists():
        raise Refusal("already_answered", marked("This invitation was answered already."), mend="Reload the page.")
    InvitationAnswer.objects.create(business_id=actor.business_id, invitation=invitation, accepted=False)
    record(events.INVITATION_REVOKED, invitation)


@action
def accept_invitation(actor: Actor, invitation_id: UUID, name: str, login_id: int | None = None) -> Membership:
    """Join by an invitation. On the provider's side a provider is opened where none is named."""
    invitation = Invitation.objects.select_for_update().filter(pk=invitation_id, business_id=actor.business_id).first()
    if invitation is None:
        raise NotVisible("invitation")
    if InvitationAnswer.objects.filter(invitation=invitation).exists() or invitation.expires_at < timezone.now():
        raise Refusal("invitation_over", marked("This invitation was used, taken back, or is too old."),
                      mend="Ask for a new one.", status=410)  # fmt: skip
    person = _person(name or invitation.name, invitation.mail, login_id)
    InvitationAnswer.objects.create(business_id=actor.business_id, invitation=invitation, person=person, accepted=True)
    role = Role(invitation.role)
    provider_id = invitation.provider_id
    if role.side.value == "provider" and provider_id is None:
        provider_id = open_provider(actor, person.id, person.name).id
    return join(actor, person.id, role, provider_id)


@action(only_inner=True)
def open_provider(actor: Actor, person_id: UUID, name: str) -> Provider:
    """The provider of a person who comes for the first time; the one that she has, where she has one."""
    known = ProviderMember.objects.filter(person_id=person_id, role=Role.PROVIDER_ADMIN.value).order_by("id").first()
    if known:
        return known.provider
    provider = Provider.objects.create(name=name)
    open_chain(provider.id, "provider")
    ProviderMember.objects.create(provider=provider, person_id=person_id, role=Role.PROVIDER_ADMIN.value)
    record(events.PROVIDER_OPENED, provider, chain_id=provider.id, name=name)
    return provider


@action(only_inner=True)
def join(actor: Actor, person_id: UUID, role: Role, provider_id: UUID | None) -> Membership:
    """Make the person a member; who is one already in this very role stays it, and takes on no other beside."""
    known = Membership.objects.filter(business_id=actor.business_id, person_id=person_id, left_at=None).first()
    if known and known.role == role.value:
        record(events.CAME_AGAIN, known)
        return known
    if known:
        raise Refusal("already_member", f"You are here already, as {known.role}.",
                      mend="Whoever leads your side can take you out and invite you anew.")  # fmt: skip
    if provider_id and not ProviderMember.objects.filter(provider_id=provider_id, person_id=person_id).exists():
        ProviderMember.objects.create(provider_id=provider_id, person_id=person_id, role=role.value)
    membership = Membership.objects.create(
        business_id=actor.business_id, person_id=person_id, role=role.value, provider_id=provider_id
    )
    record(events.JOINED, membership, role=role.value)
    return membership


@action
def show_rates(actor: Actor) -> None:
    """Let the firm's assistants read what the work for this client pays."""
    _say_of_rates(actor, shown=True)
    assert actor.provider_id is not None
    record(events.RATES_SHOWN, actor.provider_id, kind="provider")


@action
def hide_rates(actor: Actor) -> None:
    """Keep from the firm's assistants what the work for this client pays, as it is while nothing was said."""
    _say_of_rates(actor, shown=False)
    assert actor.provider_id is not None
    record(events.RATES_HIDDEN, actor.provider_id, kind="provider")


@action
def leave(actor: Actor) -> None:
    """Leave this business oneself."""
    _depart(Membership.objects.visible_to(actor).filter(person_id=actor.person_id, left_at=None).first())


@action
def remove_member(actor: Actor, membership_id: UUID) -> None:
    """Take somebody of one's own side out; nobody takes out themselves, and a business keeps an owner."""
    membership = Membership.objects.get_visible(actor, membership_id, lock=True)
    if Role(membership.role).side is not actor.side or membership.person_id == actor.person_id:
        raise Refusal("not_your_side", marked("You take out people of your own side only, and not yourself."),
                      mend="The engagement ends on its own page.")  # fmt: skip
    _depart(membership)


@action
def strike_person(actor: Actor, membership_id: UUID) -> None:
    """Strike what is personal of somebody who left one's own side: name and mail address, the log-in, what was mailed to
    them, and the facts of events about them. What was signed, sent or invoiced stays as it is, by law; the record still
    verifies. The account goes only where it is used nowhere else."""
    membership = Membership.objects.get_visible(actor, membership_id, lock=True)
    person = Person.objects.select_for_update().get(pk=membership.person_id)
    stays = Membership.objects.filter(business_id=actor.business_id, person=person, left_at=None)
    if refusal := rules.why_not_strike(
        is_own_side=Role(membership.role).side is actor.side, has_left=not stays.exists(),
        is_struck=person.mail == rules.struck_mail(person.id),
    ):  # fmt: skip
        raise refusal
    _strike_here(actor, person)
    if not Membership.objects.filter(person=person, left_at=None).exists():
        _strike_account(person)
    record(events.PERSON_STRUCK, membership)


def _strike_here(actor: Actor, person: Person) -> None:
    """Everything of this business that names the person, outside of what was signed or sent."""
    places = Membership.objects.filter(business_id=actor.business_id, person=person).values_list("id", flat=True)
    invited = Invitation.objects.filter(business_id=actor.business_id, mail=person.mail).values_list("id", flat=True)
    tokens = Token.objects.filter(membership_id__in=list(places)).values_list("id", flat=True)
    things = [person.id, *places, *invited, *tokens]
    assert actor.business_id is not None
    outbox.strike(actor.business_id, things, person.mail)
    trail.strike(actor.business_id, things, [person.name, person.mail])
    for model in apps.get_models():
        if issubclass(model, Row) and model.names_person:
            name, mail = model.names_person
            rows = model._base_manager.filter(business_id=actor.business_id, **{f"{mail}__iexact": person.mail})
            rows.update(**{name: rules.WHO_LEFT, mail: rules.struck_mail(person.id)})
    SearchEntry.objects.filter(business_id=actor.business_id, thing_id__in=things).delete()


def _strike_account(person: Person) -> None:
    login_id = person.login_id
    Person.objects.filter(pk=person.pk).update(name=rules.WHO_LEFT, mail=rules.struck_mail(person.id), login_id=None)
    Preference.objects.filter(person=person).delete()
    if login_id is not None:
        forget_login(login_id)


@action
def create_token(actor: Actor, name: str, scopes: Sequence[str], days: int, token_hash: str) -> Token:
    """Let a program act as oneself here, in the areas named, for so many days. token_hash: of its secret, which only the
    program keeps."""
    if refusal := rules.why_not_token(scopes, days):
        raise refusal
    membership = Membership.objects.visible_to(actor).filter(person_id=actor.person_id, left_at=None).first()
    if membership is None:
        raise NotVisible("member")
    token = Token.objects.create(
        business_id=actor.business_id, membership=membership, name=name.strip(), scopes=sorted(scopes),
        token_hash=token_hash, expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    record(events.TOKEN_MADE, token, scopes=", ".join(sorted(scopes)))
    return token


@action
def revoke_token(actor: Actor, token_id: UUID) -> None:
    """Shut a program out: its token stops working at once."""
    token = Token.objects.get_visible(actor, token_id, lock=True)
    if TokenRevocation.objects.filter(token=token).exists():
        raise Refusal("already_revoked", marked("This token works no more already."), mend="Reload the page.")
    TokenRevocation.objects.create(business_id=actor.business_id, token=token, person_id=actor.person_id)
    record(events.TOKEN_REVOKED, token)


@action(own_rows=True)
def note_token_use(actor: Actor, token_id: UUID) -> None:
    """Note that one's token was used just now."""
    Token.objects.visible_to(actor).filter(pk=token_id).update(used_at=timezone.now())


@action
def note_export(actor: Actor) -> UUID:
    """Note that somebody takes a copy of everything that their side reads. Gives the key of the export to be made."""
    key = new_key()
    record(events.EXPORTED, key, kind="export")
    return key


@action(own_rows=True)
def prefer(actor: Actor, theme: str | None = None, zone: str | None = None) -> None:
    """Keep one's own colours and time zone; what is not given stays as it is. Empty: as the system, as the business."""
    liked = {name: value for name, value in (("theme", theme), ("zone", zone)) if value is not None}
    Preference.objects.update_or_create(person_id=actor.person_id, defaults=liked)


@action(own_rows=True)
def see_notices(actor: Actor, number: int) -> None:
    """Mark one's notices as seen, up to the newest one that was shown."""
    row, _ = Preference.objects.get_or_create(person_id=actor.person_id)
    seen = {**row.notices_seen, str(actor.business_id): number}
    Preference.objects.filter(pk=row.pk).update(notices_seen=seen)


@action(own_rows=True)
def sign_out_elsewhere(actor: Actor, login_id: int, but: str) -> int:
    """Sign oneself out everywhere else at once. but: the key of the session that goes on. Gives how many ended."""
    return sessions.end_all(login_id, but=but)


def _person(name: str, mail: str, login_id: int | None) -> Person:
    person = Person.objects.filter(mail=mail.lower()).first()
    if person is None:
        return Person.objects.create(name=name, mail=mail.lower(), login_id=login_id)
    if login_id and person.login_id is None:
        Person.objects.filter(pk=person.pk).update(login_id=login_id)
    return person


def _depart(membership: Membership | None) -> None:
    if membership is None:
        raise NotVisible("member")
    Membership.objects.filter(pk=membership.pk).update(left_at=timezone.now())
    record(events.LEFT, membership)


def _say_of_rates(actor: Actor, *, shown: bool) -> None:
    said = RatesWord.objects.visible_to(actor).filter(provider_id=actor.provider_id).aggregate(n=Max("n"))["n"] or 0
    RatesWord.objects.create(
        business_id=actor.business_id, provider_id=actor.provider_id, n=said + 1, shown=shown, person_id=actor.person_id
    )
