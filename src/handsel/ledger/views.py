"""What is owed and why: the charges of an engagement with their reasons, and every movement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.agreements.queries import InForceTerms
from handsel.agreements.rules import pay_day, period_of
from handsel.ledger import queries, wording
from handsel.ledger.models import Charge
from handsel.ledger.queries import Standing
from handsel.people.entrance import for_member
from handsel.ui.marks import Status
from handsel.ui.tables import Chip, Column, Empty, Table, table_response
from handsel.values.actors import Actor
from handsel.values.days import day_of
from handsel.values.durations import format_duration
from handsel.values.money import Money
from handsel.values.refusals import NotVisible

_MARKS = {
    "Approved": Status("Approved", "given", "given", "Approved by the owner"),
    "Invoiced": Status("Invoiced", "open", "given", "Invoiced by the provider, not paid yet"),
    "Paid": Status("Paid", "given", "given", "Invoiced by the provider, paid by the owner"),
    "Void": Status("No longer owed", "refused", "refused", "Taken back", "quiet"),
}


@dataclass(frozen=True)
class Line:
    """A charge as the page shows it. pay_day: when it is expected to be paid; None where it was paid or is void."""

    charge: Charge
    standing: Standing
    pay_day: date | None

    @property
    def amount(self) -> Money:
        return Money.from_minor(self.charge.amount, self.charge.currency)


@for_member
def charges(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponseBase:
    """What is owed and why, charge by charge; `?why=` explains one of them beside the list."""
    engagement = agreements.engagement(actor, engagement_id)
    asked, known = _asked(actor, engagement, request.GET.get("why", "")), dict[UUID, Line]()
    table = _charges_table(actor, engagement, asked, known)
    table.params = request.GET
    why = _why(actor, asked, table, known)
    context = _head(actor, engagement) | {"why": why}
    return table_response(request, table, "ledger/charges.html", context)


@for_member
def movements(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponseBase:
    """Every act that changed what is owed, with what was owed after it."""
    engagement = agreements.engagement(actor, engagement_id)
    if actor.is_assistant:
        raise NotVisible("page")
    return table_response(
        request, _movements_table(actor, engagement), "ledger/movements.html", _head(actor, engagement)
    )


def _head(actor: Actor, engagement: Engagement) -> dict[str, Any]:
    """The sums on top; an assistant sees her own work and not what her firm earns by it."""
    context: dict[str, Any] = {"engagement": engagement, "shows_money": not actor.is_assistant}
    if not actor.is_assistant:
        found = queries.balances(actor, engagement.id)
        to = engagement.provider.name if actor.is_owner_side else ""
        context["balances"] = found
        context["stands"] = wording.how_it_stands([(b.owed, b.advance) for b in found], to)
    return context


def _lines(actor: Actor, charges: Sequence[Charge]) -> list[Line]:
    """Charges that were fetched through `visible_to`, each with how it stands; three SQL queries."""
    standings = queries.standings(actor, charge_id__in=[c.id for c in charges])
    terms = agreements.terms_of({c.terms_id for c in charges})
    return [_line(c, standings.get(c.id, Standing("Void")), terms[c.terms_id]) for c in charges]


def _line(charge: Charge, standing: Standing, terms: InForceTerms) -> Line:
    due_days = terms.agreed.due_days
    if standing.state == "Approved":
        return Line(charge, standing, pay_day(period_of(charge.work_day, terms.agreed.period)[1], due_days))
    if standing.state == "Invoiced" and standing.invoiced_at:
        return Line(charge, standing, pay_day(day_of(standing.invoiced_at, terms.agreed.zone), due_days))
    return Line(charge, standing, None)


def _charges_table(actor: Actor, engagement: Engagement, asked: Charge | None, known: dict[UUID, Line]) -> Table:
    """known: where the lines of the page are put down, by charge, and that of the charge that is asked about."""

    def dressed(rows: list[Charge]) -> list[Line]:
        beside = [asked] if asked and asked not in rows else []
        lines = _lines(actor, [*rows, *beside])
        known.update({line.charge.id: line for line in lines})
        return lines[: len(rows)]

    several = agreements.workers(engagement.id).count() > 1
    chips = (("approved", "Approved"), ("invoiced", "Invoiced"), ("paid", "Paid"))
    return Table(
        name="Charges",
        caption="Charges, newest day first",
        source=queries.charges(actor, engagement.id),
        dressed=dressed,
        search=["words", "worker__name"],
        columns=[
            Column("Work", lambda x: x.charge.words, link=lambda x: "" if actor.is_assistant else f"?why={x.charge.id}#why"),
            *([] if actor.is_assistant else [Column("Amount", lambda x: x.amount, number=True, sort="amount")]),
            Column("Day", lambda x: x.charge.work_day, sort="work_day"),
            Column("How much", lambda x: _how_much(actor, x.charge), number=True, sort="quantity_e2"),
            *([Column("Who", lambda x: x.charge.worker.name)] if several else []),
            Column("State", lambda x: _MARKS[x.standing.state]),
            Column("Expected by", lambda x: x.pay_day),
            Column("Invoice", lambda x: x.standing.number,
                   link=lambda x: "" if actor.is_assistant else _invoice(actor, x.standing)),
        ],
        chips=[Chip(key, word, queries.stands_as(actor, engagement.id, word)) for key, word in chips],
        empty=Empty(
            "Nothing is owed yet",
            "Each line of time and each deliverable stands here from the moment it is approved, with its price, its "
            "reason, and the day by which it is expected to be paid.",
            "See the work", reverse("work:list", args=[actor.slug]),
        ),
    )  # fmt: skip


def _how_much(actor: Actor, charge: Charge) -> str:
    """1.50 h × €18.50; for an assistant the hours alone, because the price is her firm's."""
    quantity = wording.quantity(charge.kind, charge.quantity_e2)
    return quantity if actor.is_assistant else f"{quantity} × {wording.price(charge.price_e4, charge.currency)}"


def _invoice(actor: Actor, standing: Standing) -> str:
    return reverse("payments:document", args=[actor.slug, standing.document_id]) if standing.document_id else ""


@dataclass(frozen=True)
class Because:
    """One step of a reason, under the mark of whose it is. text: what follows the first name, or a whole sentence."""

    side: str
    name: str
    text: str
    at: datetime | None = None
    url: str = ""
    is_act: bool = True


@dataclass(frozen=True)
class Why:
    """Why a charge is what it is, step by step."""

    line: Line
    steps: list[Because]


# What moves a charge after its approval: whose act it is, and how a page says it.
_LATER = {
    "reopened": ("owner", "opened the work again"),
    "invoiced": ("provider", "put it on {}"),
    "credited": ("provider", "took it back by {}"),
}


def _asked(actor: Actor, engagement: Engagement, text: str) -> Charge | None:
    key = _key(text)
    if key is None or actor.is_assistant:
        return None
    return queries.charges(actor, engagement.id).filter(pk=key).first()


def _why(actor: Actor, asked: Charge | None, table: Table, known: dict[UUID, Line]) -> Why | None:
    if asked is None:
        return None
    line = (known.get(asked.id) if table.rows else None) or _lines(actor, [asked])[0]
    acts = queries.acts_of(actor, line.charge.id)
    approved = next(a for a in acts if a.kind == "approved")
    steps = [*_evidence(line.charge), Because("owner", approved.person, "approved it", approved.at)]
    steps.append(_priced(actor, line, approved.person))
    steps += [Because(*_said(a), at=a.at) for a in acts if a.kind in _LATER]
    return Why(line, steps)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _evidence(charge: Charge) -> list[Because]:
    worker = charge.worker.name
    if charge.kind == Charge.FEE:
        return [Because("provider", worker, f"delivered “{charge.words}”")]
    spent = format_duration(charge.explanation["seconds"])
    rounded = wording.rounding(charge.explanation, charge.quantity_e2)
    return [
        Because("provider", worker, f"logged {spent} of {charge.words}"),
        Because("provider", worker, f"{rounded}. Terms version {charge.explanation['version']}, part 3", is_act=False),
    ]


def _priced(actor: Actor, line: Line, approver: str) -> Because:
    version = line.charge.explanation.get("version")
    text = f"{_how_much(actor, line.charge)}, terms version {version}, part 2: {line.amount}"
    return Because("owner", approver, text, url=reverse("agreements:terms", args=[actor.slug, line.charge.terms_id]),
                   is_act=False)  # fmt: skip


def _said(act: queries.Act) -> tuple[str, str, str]:
    side, words = _LATER[act.kind]
    return side, act.person, words.format(act.reason)


_ACTS = {
    "approved": "Work approved",
    "reopened": "Work opened again",
    "invoiced": "Invoice issued",
    "set off": "Paid before, set off",
    "credited": "Credit note issued",
    "paid": "Paid",
}


def _movements_table(actor: Actor, engagement: Engagement) -> Table:
    return Table(
        name="Movements",
        caption="Movements, newest first",
        source=queries.postings(actor, engagement.id),
        dressed=lambda rows: queries.with_balance(actor, engagement.id, rows),
        search=["reason", "person__name"],
        columns=[
            Column("When", lambda m: m.movement.at, sort="made_at"),
            Column("What", lambda m: _ACTS.get(m.movement.kind, m.movement.kind)),
            Column("Who", lambda m: m.movement.person),
            Column("Why", lambda m: m.movement.reason),
            Column("Change", lambda m: m.movement.amount, number=True),
            Column("Owed then", lambda m: m.balance, number=True),
        ],
        empty=Empty(
            "Nothing has moved yet",
            "What is owed changes when work is approved, credited or paid. Each such act stands here, for both sides.",
            "See the work", reverse("work:list", args=[actor.slug]),
        ),
    )  # fmt: skip
