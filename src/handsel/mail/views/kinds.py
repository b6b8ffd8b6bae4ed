"""What customers ask often, and the draft reply to each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from handsel.mail import actions, queries
from handsel.mail.forms import KindNameForm, TemplateForm
from handsel.mail.models import KindCount
from handsel.mail.showing import Piece, pieces
from handsel.people.entrance import for_act, for_member
from handsel.values.actors import Actor


@dataclass(frozen=True)
class KindRow:
    """A kind as the page shows it. per_week: on average over the weeks that were counted."""

    count: KindCount
    name: str
    draft: list[Piece]

    @property
    def per_week(self) -> str:
        weeks = len(self.count.per_week) or 1
        each = self.count.requests / weeks
        return f"{each:.0f}" if each >= 2 else f"{each:.1f}".removesuffix(".0")


def _row(count: KindCount) -> KindRow:
    draft, name = getattr(count, "draft", None), getattr(count, "name", "")
    return KindRow(count, name, pieces(draft) if draft else [])


@for_member
def kinds(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every kind of request with its count and its draft."""
    rows = [_row(count) for count in queries.kinds(actor)[:100]]
    context = {
        "kinds": rows,
        "requests": sum({r.count.mining_id: r.count.mining.requests for r in rows}.values()),
        "covered": sum(r.count.requests for r in rows),
        "running": queries.running_mining(actor),
    }
    return render(request, "mail/kinds.html", context)


@for_member
def kind_words(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the kinds are called, as choices for a form of another room that asks for one; opened alone, the kinds."""
    if not request.headers.get("HX-Request"):
        return redirect("mail:kinds", actor.slug)
    names = [_row(count).name[:80] for count in queries.kinds(actor)[:100]]
    return render(request, "mail/kind_words.html", {"names": names})


@for_member
def kind(request: HttpRequest, actor: Actor, kind_id: UUID) -> HttpResponse:
    """One kind: who asks how, and the draft, of which each change is a version."""
    row = _row(queries.kind(actor, kind_id))
    text, n = getattr(row.count, "draft", None) or "", getattr(row.count, "draft_n", None) or 0
    form = None
    if actor.may("mail.edit_template"):
        form = TemplateForm(request.POST or None, initial={"text": text, "seen": n})
    act = lambda d: actions.edit_template(actor, kind_id, d["text"], d["seen"] or 0)  # noqa: E731 - what is carried out
    if form and request.method == "POST" and form.carry_out(act):
        messages.success(request, f"Version {form.result.n} of the draft stands.")
        return redirect("mail:kind", actor.slug, kind_id)
    return _kind_page(request, actor, row, form, None)


@for_member
@for_act("mail.rename_kind")
def kind_name(request: HttpRequest, actor: Actor, kind_id: UUID) -> HttpResponse:
    """Rename a kind."""
    row = _row(queries.kind(actor, kind_id))
    form = KindNameForm(request.POST or None, initial={"name": row.name})
    if request.method == "POST" and form.carry_out(lambda d: actions.rename_kind(actor, kind_id, d["name"])):
        messages.success(request, "Renamed.")
        return redirect("mail:kind", actor.slug, kind_id)
    return _kind_page(request, actor, row, None, form)


def _kind_page(request: HttpRequest, actor: Actor, row: KindRow, form: TemplateForm | None,
               name_form: KindNameForm | None) -> HttpResponse:  # fmt: skip
    bound: Any = (form and form.is_bound) or (name_form and name_form.is_bound)
    context = {
        "row": row, "form": form, "name_form": name_form, "examples": queries.examples(actor, row.count),
        "versions": queries.templates(actor, row.count.kind_id)[:20],
    }  # fmt: skip
    return render(request, "mail/kind.html", context, status=422 if bound else 200)
