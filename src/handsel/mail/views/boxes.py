"""Mailboxes, and the reading of a mailbox file."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from handsel.mail import actions, originals, queries
from handsel.mail.forms import AddressesForm, ImportForm
from handsel.mail.models import MailImport
from handsel.mail.reading.mbox import why_not_a_mailbox
from handsel.people.entrance import for_member
from handsel.values.actors import Actor
from handsel.values.refusals import NotVisible, Refusal


@for_member
def mailboxes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The mailboxes with their addresses, and a file to read."""
    if not actor.is_owner_side:
        raise NotVisible("mailbox")
    may_import = actor.may("mail.begin_import")
    form = ImportForm(request.POST or None, request.FILES or None) if may_import else None
    if form and request.method == "POST" and form.carry_out(lambda d: _begin(actor, d)):
        return redirect("mail:import", actor.slug, form.result.id)
    addresses = queries.addresses_of_all(actor)
    rows = [(box, addresses.get(box.id, [])) for box in queries.mailboxes(actor)]
    context = {"mailboxes": rows, "imports": queries.imports(actor), "form": form}
    return render(request, "mail/mailboxes.html", context, status=422 if form and form.is_bound else 200)


def _begin(actor: Actor, given: dict[str, Any]) -> MailImport:
    """Keep the file until the worker reads it; what is no mailbox file is refused at once."""
    file = given["file"]
    if refusal := why_not_a_mailbox(file.read(4096)):
        raise Refusal(refusal.code, refusal.sentence, mend=refusal.mend, place="file", status=422)
    file.seek(0)
    return actions.begin_import(actor, file.name, file.size, originals.spool(file.chunks()))


@for_member
def mail_import(request: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse:
    """How far the reading of a file has come; it may be left and come back to."""
    found = queries.mail_import(actor, import_id)
    mining = queries.running_mining(actor)
    kinds = list(queries.kinds(actor)[:1]) if found.finished_at else []
    looking = bool(found.finished_at and not found.trouble and (mining or (found.new and not kinds)))
    goes_on = looking or not found.finished_at
    context = {"begun": found, "looking": looking, "goes_on": goes_on, "kinds": kinds}
    part = request.headers.get("HX-Request")
    return render(request, "mail/import_part.html" if part else "mail/import.html", context)


@for_member
def mailbox(request: HttpRequest, actor: Actor, mailbox_id: UUID) -> HttpResponse:
    """A mailbox: which addresses are ours, and what was read into it."""
    box = queries.mailbox(actor, mailbox_id)
    ours = queries.own_addresses(box.id)
    form = None
    if actor.may("mail.correct_addresses"):
        form = AddressesForm(request.POST or None, initial={"addresses": "\n".join(ours)})
    if form and request.method == "POST":
        sound = form
        if form.carry_out(lambda d: actions.correct_addresses(actor, box.id, sound.listed(d))):
            messages.success(request, "Kept. Which conversations wait for you follows from it.")
            return redirect("mail:mailbox", actor.slug, box.id)
    context = {"mailbox": box, "ours": ours, "imports": queries.imports(actor, box.id), "form": form}
    return render(request, "mail/mailbox.html", context, status=422 if form and form.is_bound else 200)
