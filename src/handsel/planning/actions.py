"""Every change about areas of work and their plans."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Max

from handsel.core.actions import action, record
from handsel.people.queries import business_of
from handsel.planning import events, queries, rules
from handsel.planning.models import AccessNeeded, Area, Completion, Estimate, Evidence, Placing, PlanAnswer
from handsel.planning.rules import Decision, Figures, Kit
from handsel.values.actors import Actor
from handsel.values.refusals import Refusal


@action
def record_area(actor: Actor, name: str, kit: Kit, figures: Figures) -> Area:
    """Write an area of work down, with what is said about it."""
    currency = business_of(actor).currency
    _refuse(rules.why_not_record(name, currency))
    rules.as_model(figures, currency)
    area = Area.objects.create(business_id=actor.business_id, name=name.strip(), kit=kit.value, currency=currency)
    _write_figures(actor, area, 1, figures)
    record(events.AREA_RECORDED, area)
    return area


@action
def estimate(actor: Actor, area_id: UUID, figures: Figures) -> None:
    """Give new figures for an area; the old ones stay readable."""
    area = Area.objects.get_visible(actor, area_id, lock=True)
    rules.as_model(figures, area.currency)
    last = Estimate.objects.filter(area=area).aggregate(n=Max("n"))["n"] or 0
    _write_figures(actor, area, last + 1, figures)
    record(events.ESTIMATED, area)


@action
def note_evidence(actor: Actor, kit: Kit, source: str, first_day: date, last_day: date, items: int, seconds: int,
                  key: str, area_id: UUID | None = None) -> Evidence:  # fmt: skip
    """Keep what was counted in a mailbox, calendar or time log; what was counted twice is kept once.

    seconds: for all items together, 0 where unknown. area_id: None counts for the kit, whatever its area is called.
    """
    known = Evidence.objects.filter(business_id=actor.business_id, key=key).first()
    if known is None:
        area = Area.objects.get_visible(actor, area_id) if area_id else None
        known = Evidence.objects.create(
            business_id=actor.business_id, area=area, kit=kit.value, source=source, first_day=first_day,
            last_day=last_day, items=items, seconds=seconds, key=key,
        )  # fmt: skip
    record(events.EVIDENCE_NOTED, known, items=items, source=source)
    return known


@action
def place(actor: Actor, area_id: UUID, decision: Decision, word: str = "") -> Placing:
    """Keep an area, hand it over, or decide later; deciding otherwise than the figures speak takes a word."""
    Area.objects.get_visible(actor, area_id, lock=True)
    standing = queries.standing(actor, area_id)
    proposed, why = rules.proposal_for(standing.figures, queries.answer_for(standing).verdict)
    _refuse(rules.why_not_place(decision, proposed, word))
    placing = Placing.objects.create(
        business_id=actor.business_id, area=standing.area, n=standing.placing.n + 1 if standing.placing else 1,
        decision=decision.value, proposed=proposed.value, why=why, word=word.strip(), person_id=actor.person_id,
    )  # fmt: skip
    record(events.PLACED, standing.area, decision=decision.value)
    return placing


@action
def answer_plan(actor: Actor, area_id: UUID, answers: Mapping[str, str]) -> None:
    """Write on the plan of an area; what is not answered yet may stay so, and the page names it."""
    area = Area.objects.get_visible(actor, area_id, lock=True)
    before = queries.answers_of(area.id)
    changed = {field: text.strip() for field, text in answers.items() if field in rules.PLAN_FIELDS}
    _refuse(rules.why_not_answer({**before, **changed}))
    changed = {field: text for field, text in changed.items() if text != before.get(field, "")}
    last = PlanAnswer.objects.filter(area=area).aggregate(n=Max("n"))["n"] or 0
    for field, text in changed.items():
        row = PlanAnswer.objects.create(
            business_id=actor.business_id, area=area, n=last + 1, field=field, text=text, person_id=actor.person_id
        )
        if field == "accesses":
            _name_accesses(actor, area, row)
    record(events.PLAN_ANSWERED, area, fields=", ".join(sorted(changed)) or "nothing new")


@action
def complete_plan(actor: Actor, area_id: UUID) -> Completion:
    """Say that the plan is complete; refused while anything is missing, which is named."""
    area = Area.objects.get_visible(actor, area_id, lock=True)
    answers = queries.answers_of(area.id)
    _refuse(rules.why_not_complete(rules.missing(answers)))
    last = Completion.objects.filter(area=area).aggregate(n=Max("n"))["n"] or 0
    completion = Completion.objects.create(
        business_id=actor.business_id, area=area, n=last + 1, document=answers, person_id=actor.person_id
    )
    record(events.PLAN_COMPLETED, area)
    return completion


def _write_figures(actor: Actor, area: Area, n: int, figures: Figures) -> None:
    for name, guess in figures.guesses().items():
        Estimate.objects.create(
            business_id=actor.business_id, area=area, n=n, name=name, low_e4=_e4(guess.low), usual_e4=_e4(guess.usual),
            high_e4=_e4(guess.high), firm=guess.firm, basis=figures.basis.value if name == "price" else "",
        )  # fmt: skip


def _e4(value: Decimal) -> int:
    return int(value * 10_000)


def _name_accesses(actor: Actor, area: Area, answer: PlanAnswer) -> None:
    known = set(AccessNeeded.objects.filter(area=area).values_list("what", flat=True))
    for what in rules.accesses_of(answer.text):
        if what not in known:
            AccessNeeded.objects.create(business_id=actor.business_id, area=area, what=what, answer_id=answer.id)


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal
