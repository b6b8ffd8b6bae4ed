"""Who is in a business, who is invited, and who may do what."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from handsel.core import outbox
from handsel.people import actions, queries, seeing
from handsel.people.entrance import for_act, for_member
from handsel.people.forms import InviteForm
from handsel.people.models import Invitation, Membership
from handsel.people.rules import WHO_LEFT
from handsel.ui.toasts import done
from handsel.values.actors import Actor, Role
from handsel.values.refusals import NotVisible


@for_member
def people(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Both sides' people as far as one sees them; one invites, and takes out, people of one's own side only."""
    return _page(request, actor, InviteForm(actor))


@for_member
def invitation(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Invite somebody; GET is the same page, so that the address can be reloaded."""
    if not actor.may("people.invite"):
        raise NotVisible("page")
    form = InviteForm(actor, request.POST or None)
    if request.method == "POST" and form.carry_out(
        lambda answers: actions.invite(actor, answers["name"], answers["email"], Role(answers["role"]))
    ):
        done(request, f"{form.cleaned_data['name']} is invited. The link works for thirty days.")
        return redirect("people:members", actor.slug)
    return _page(request, actor, form)


def _page(request: HttpRequest, actor: Actor, form: InviteForm) -> HttpResponse:
    members = list(queries.members(actor))
    context = {
        "form": form if actor.may("people.invite") else None,
        "removes": actor.may("people.remove_member"),
        "here": [m for m in members if Role(m.role).side is actor.side],
        "there": [m for m in members if Role(m.role).side is not actor.side],
        "invited": _invited(actor) if actor.may("people.invite") else [],
        "own_word": "Your side" if actor.is_owner_side else "Your people",
        "there_word": "Providers" if actor.is_owner_side else "The owner's side",
        "seen": seeing.of(actor),
        "says_of_rates": actor.may("people.show_rates"),
        "rates_shown": actor.may("people.show_rates") and queries.rates_shown(actor),
        "actor": actor,
    }
    return render(request, "people/people.html", context, status=422 if form.is_bound else 200)


def _invited(actor: Actor) -> list[tuple[Invitation, str, str]]:
    """Each open invitation, how its mail stands, and its link where the mail has not left; two SQL queries."""
    rows = list(queries.open_invitations(actor))
    items = outbox.items_about([row.id for row in rows])
    found = []
    for row in rows:
        item = items.get(row.id)
        link = item.payload.get("link", "") if item and item.state != "sent" else ""
        found.append((row, outbox.how_it_stands(item) if item else "", link))
    return found


@require_POST
@for_member
def withdrawal(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    actions.revoke_invitation(actor, key)
    done(request, "The invitation is taken back; its link no longer works.")
    return redirect("people:members", actor.slug)


@require_POST
@for_member
def removal(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    member: Membership = Membership.objects.select_related("person").get_visible(actor, key)
    actions.remove_member(actor, key)
    done(request, f"{member.person.name} is no longer here. What they did stays in the record.")
    return redirect("people:members", actor.slug)


@require_POST
@for_member
def departure(request: HttpRequest, actor: Actor) -> HttpResponse:
    actions.leave(actor)
    done(request, "You have left. Your own records stay yours.")
    return redirect("/")


@for_member
@for_act("people.strike_person")
def former(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who left one's side, and whether what is personal of them still stands here."""
    rows = [(row, row.person.name == WHO_LEFT) for row in queries.former(actor)]
    return render(request, "people/former.html", {"rows": rows, "actor": actor})


@for_member
@for_act("people.strike_person")
def striking(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """What goes, what stays and why; then the act."""
    if request.method == "POST":
        actions.strike_person(actor, key)
        done(request, "What is personal of this person is struck. The record still verifies.")
        return redirect("people:former", actor.slug)
    member = next((row for row in queries.former(actor) if row.pk == key), None)
    if member is None:
        raise NotVisible("person")
    return render(request, "people/striking.html", {"member": member, "actor": actor})


@require_POST
@for_member
def rates(request: HttpRequest, actor: Actor) -> HttpResponse:
    actions.show_rates(actor)
    done(request, "Your assistants read now what the work for this client pays.")
    return redirect("people:members", actor.slug)


@require_POST
@for_member
def rates_withdrawal(request: HttpRequest, actor: Actor) -> HttpResponse:
    actions.hide_rates(actor)
    done(request, "Your assistants no longer read what the work pays.")
    return redirect("people:members", actor.slug)


@for_member
def who_may(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The permission table as it is enforced, with what each act does."""
    context = {"rooms": seeing.table(), "role": actor.role}
    return render(request, "people/who_may.html", context)
