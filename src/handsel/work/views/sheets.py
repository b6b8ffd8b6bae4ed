"""A timesheet: handed in by one side, decided line by line by the other."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from handsel.agreements import queries as agreements
from handsel.agreements.queries import InForceTerms
from handsel.ledger import queries as ledger
from handsel.ledger.models import Charge
from handsel.ledger.rules import earned
from handsel.people.entrance import for_act, for_member
from handsel.values.actors import Actor
from handsel.values.durations import format_duration
from handsel.values.money import Money
from handsel.values.refusals import Refusal
from handsel.work import actions, queries
from handsel.work.forms import PressForm, ReasonForm, decisions_of
from handsel.work.models import Approval, Reopening, Return, TimeEntry
from handsel.work.rules import Decision, Status


@dataclass(frozen=True)
class Line:
    """A line as the page shows it: what it would earn or has earned, and the newest word on it."""

    entry: TimeEntry
    owed: Money | None
    reason: Return | Reopening | None
    approval: Approval | None
    typed: Decision | None = None
    fault: str = ""

    @property
    def when(self) -> str:
        day = f"{self.entry.work_day:%a} {self.entry.work_day.day} {self.entry.work_day:%b}"
        if self.entry.started_at is None or self.entry.ended_at is None:
            return day
        start, end = (t.astimezone(ZoneInfo(self.entry.zone)) for t in (self.entry.started_at, self.entry.ended_at))
        return f"{day}, {start:%H:%M}–{end:%H:%M}"

    @property
    def how(self) -> str:
        return {"timer": "by timer", "grid": "in the week", "manual": "by hand"}.get(
            self.entry.source, self.entry.source
        )

    @property
    def waits(self) -> bool:
        return self.entry.status == Status.SUBMITTED.value

    @property
    def chosen(self) -> str:
        return "return" if self.typed and not self.typed.approves else "approve"


@for_member
def sheet(request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponse:
    return render(request, "work/sheet.html", _context(actor, sheet_id))


@require_POST
@for_member
def decision(request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponse:
    """Approve or return each line that was shown; all or none."""
    entries = queries.lines(actor, sheet_id)
    decided = decisions_of(request.POST, entries)
    try:
        if not decided:
            raise Refusal("nothing_decided", "No line was decided.", mend="Choose for at least one line.", status=422)
        actions.decide(actor, sheet_id, decided)
    except Refusal as refusal:
        context = _context(actor, sheet_id, {d.line_id: d for d in decided}, refusal)
        return render(request, "work/sheet.html", context, status=refusal.status)
    messages.success(request, _done(entries, decided))
    return redirect("work:sheet", actor.slug, sheet_id)


def _done(entries: list[TimeEntry], decided: list[Decision]) -> str:
    seconds = {e.id: e.seconds for e in entries}
    approved = sum(seconds[d.line_id] for d in decided if d.approves)
    returned = sum(seconds[d.line_id] for d in decided if not d.approves)
    parts = [f"{format_duration(n)} {word}" for n, word in ((approved, "approved"), (returned, "returned")) if n]
    return f"{', '.join(parts)}. What you approved is owed from now on." if approved else f"{', '.join(parts)}."


@require_POST
@for_member
def submission(request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponse:
    form = PressForm(request.POST)
    if form.carry_out(lambda d: actions.submit(actor, sheet_id)):
        messages.success(request, "Submitted. You can take it back until somebody decides.")
        return redirect("work:sheet", actor.slug, sheet_id)
    return render(request, "work/sheet.html", {**_context(actor, sheet_id), "press": form}, status=422)


@require_POST
@for_member
def withdrawal(request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponse:
    form = PressForm(request.POST)
    if form.carry_out(lambda d: actions.withdraw(actor, sheet_id)):
        messages.success(request, "Taken back. The lines are drafts again.")
        return redirect("work:sheet", actor.slug, sheet_id)
    return render(request, "work/sheet.html", {**_context(actor, sheet_id), "press": form}, status=422)


@for_member
@for_act("work.reopen")
def line_reopening(request: HttpRequest, actor: Actor, line_id: UUID) -> HttpResponse:
    """Open an approved line again, with a reason that the other side reads."""
    entry = TimeEntry.objects.select_related("timesheet", "worker", "engagement").get_visible(actor, line_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.carry_out(lambda d: actions.reopen(actor, entry.id, d["reason"])):
        messages.success(request, "The line waits for a decision again. Nothing is owed for it meanwhile.")
        return redirect("work:sheet", actor.slug, entry.timesheet_id)
    return render(request, "work/reopening.html", {"line": entry, "form": form}, status=422 if form.is_bound else 200)


def _context(actor: Actor, sheet_id: UUID, typed: dict[UUID, Decision] | None = None,
             refusal: Refusal | None = None) -> dict[str, Any]:  # fmt: skip
    found = queries.sheet(actor, sheet_id)
    entries = queries.lines(actor, sheet_id)
    keys = [e.id for e in entries]
    charges, reasons, approvals = ledger.charges_of(keys), queries.reasons(keys), queries.approvals(keys)
    terms = agreements.terms_on(found.timesheet.engagement_id, found.timesheet.last_day)
    lines = [
        Line(e, _owed(e, charges.get(e.id), terms) if actor.reads_rates else None, reasons.get(e.id), approvals.get(e.id), (typed or {}).get(e.id),
             str(refusal) if refusal and refusal.place == f"reason-{e.id}" else "")
        for e in entries
    ]  # fmt: skip
    waiting = [x for x in lines if x.waits]
    mine = found.timesheet.worker_id == actor.person_id
    return {
        "sheet": found,
        "lines": lines,
        "decides": actor.may("work.decide") and not mine and bool(waiting),
        "submits": mine and any(x.entry.status == Status.DRAFT.value for x in lines),
        "withdraws": mine and bool(waiting),
        "mine": mine,
        "reopens": actor.may("work.reopen") and not mine,
        "total": _total([x for x in lines if x.entry.status != Status.RETURNED.value]),
        "waiting_total": _total(waiting),
        "refusal": refusal if refusal and not (refusal.place or "").startswith("reason-") else None,
        "press": PressForm(),
        "reads_pay": actor.reads_rates,
        "version": terms.n if terms else None,
    }


def _owed(entry: TimeEntry, charge: Charge | None, terms: InForceTerms | None) -> Money | None:
    """What is owed for the line, or would be: the same arithmetic, before and after the approval."""
    if charge:
        return Money.from_minor(charge.amount, charge.currency)
    if terms is None:
        return None
    rate = next((r for r in terms.agreed.rates if r.kind == entry.kind), None) or next(iter(terms.agreed.rates), None)
    return earned(terms.agreed, 0, entry.seconds, int(rate.price * 10000)).amount if rate else None


def _total(lines: list[Line]) -> Money | None:
    amounts = [x.owed for x in lines if x.owed]
    return Money.total(amounts, amounts[0].currency) if amounts else None
