"""One version of the terms: read to the end, then signed or declined."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from handsel.agreements import actions, papers, queries, rules, wording
from handsel.agreements.forms import SignForm, WordForm
from handsel.agreements.models import Seen, Signature, Terms
from handsel.core import files
from handsel.people.entrance import for_member
from handsel.people.queries import members
from handsel.values.actors import Actor, Side
from handsel.values.refusals import NotVisible


@for_member
def terms(request: HttpRequest, actor: Actor, terms_id: UUID) -> HttpResponse:
    return render(request, "agreements/terms.html", _context(actor, queries.version(actor, terms_id)))


@require_POST
@for_member
def reading(request: HttpRequest, actor: Actor, terms_id: UUID) -> HttpResponse:
    """The whole text was in view; said by a deliberate press at its end."""
    actions.note_seen(actor, terms_id)
    return redirect(f"{request.path.removesuffix('reading/')}#sign")


@require_POST
@for_member
def signature(request: HttpRequest, actor: Actor, terms_id: UUID) -> HttpResponse:
    form = SignForm(request.POST)
    if form.carry_out(lambda d: actions.sign(actor, terms_id, d["hash"])):
        version = queries.version(actor, terms_id)
        both = queries.both_signed(list(version.signatures.all()))
        messages.success(
            request,
            "Signed by both. The terms are in force from the day they name." if both else "Signed for your side.",
        )
        return redirect("agreements:terms", actor.slug, terms_id)
    context = {**_context(actor, queries.version(actor, terms_id)), "sign_form": form}
    return render(request, "agreements/terms.html", context, status=422)


@require_POST
@for_member
def decline(request: HttpRequest, actor: Actor, terms_id: UUID) -> HttpResponse:
    return _close(
        request,
        actor,
        terms_id,
        "word_form",
        lambda d: actions.decline(actor, terms_id, d["word"]),
        "Declined. Both sides are told.",
    )


@require_POST
@for_member
def withdrawal(request: HttpRequest, actor: Actor, terms_id: UUID) -> HttpResponse:
    return _close(
        request,
        actor,
        terms_id,
        "word_form",
        lambda d: actions.withdraw_terms(actor, terms_id, d["word"]),
        "This version is taken back.",
    )


def _close(request: HttpRequest, actor: Actor, terms_id: UUID, name: str, act: Any, done: str) -> HttpResponse:
    form = WordForm(request.POST)
    if form.carry_out(act):
        messages.success(request, done)
        return redirect("agreements:engagement", actor.slug, queries.version(actor, terms_id).engagement_id)
    context = {**_context(actor, queries.version(actor, terms_id)), name: form}
    return render(request, "agreements/terms.html", context, status=422)


@for_member
def paper(request: HttpRequest, actor: Actor, terms_id: UUID) -> HttpResponse:
    """The sealed paper; while it is not sealed, the text with the halves apart. It names the pay, so whoever does not
    read that has no paper."""
    if not actor.reads_rates:
        raise NotVisible("paper")
    version = queries.version(actor, terms_id)
    if getattr(version, "paper", None):
        return files.download(version.paper.file)  # type: ignore[return-value]  # a streaming answer
    printed = papers.draft(version, queries.business_name(actor))
    name = files.safe_name(f"terms-version-{version.n}-not-signed.pdf")
    return HttpResponse(
        printed, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _context(actor: Actor, version: Terms) -> dict[str, Any]:
    business, provider = queries.business_name(actor), version.engagement.provider.name
    agreed = rules.agreed_of(version.document)
    earlier = queries.version_before(version)
    parts = wording.parts(
        agreed, business, provider, rules.agreed_of(earlier.document) if earlier else None, version.proposed_by
    )
    signatures = {s.signed_side: s for s in version.signatures.all()}
    closed = getattr(version, "closed", None)
    is_open = closed is None and len(signatures) < 2
    signs = is_open and actor.may("agreements.sign") and actor.side.value not in signatures
    return {
        "version": version,
        "agreed": agreed,
        "business": business,
        "parts": parts if actor.reads_rates else wording.without_pay(parts),
        "reads_pay": actor.reads_rates,
        "pay": wording.pay_in_short(agreed),
        "usual_month": agreed.usual_month() if agreed.rates and agreed.usual_hours else None,
        "earlier": earlier,
        "owner_half": _half(business, signatures.get("owner"), version),
        "provider_half": _half(provider, signatures.get("provider"), version),
        "seal": version.paper.head if getattr(version, "paper", None) else "",
        "closed": closed,
        "signatures": signatures,
        "signed_by_me": actor.side.value in signatures,
        "both": len(signatures) == 2,
        "invites": is_open and _waits_for_invitation(actor, version, signatures),
        "has_read": signs and Seen.objects.visible_to(actor).filter(terms=version, person_id=actor.person_id).exists(),
        "signs": signs,
        "closes": is_open and actor.may("agreements.decline"),
        "mine": version.proposed_by == actor.side.value,
        "consent": rules.CONSENT,
        "sign_form": SignForm(initial={"hash": version.hash}),
        "word_form": WordForm(),
        "other": provider if actor.side is Side.OWNER_SIDE else business,
    }


def _waits_for_invitation(actor: Actor, version: Terms, signatures: dict[str, Signature]) -> bool:
    """Whether the owner has signed, and nobody of the provider's side can read it yet."""
    if "owner" not in signatures or not actor.may("agreements.invite_to_sign"):
        return False
    return not any(m.provider_id == version.engagement.provider_id for m in members(actor))


def _half(party: str, signed: Signature | None, version: Terms) -> SimpleNamespace:
    return SimpleNamespace(
        party=party, name=signed.name if signed else "", at=signed.made_at if signed else None, zone=version.zone,
        place=version.zone.rpartition("/")[2].replace("_", " "), expected="",
    )  # fmt: skip
