"""Every read about areas of work and their plans."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet

from handsel.planning import model, rules
from handsel.planning.models import AccessNeeded, Area, Completion, Estimate, Evidence, Placing, PlanAnswer
from handsel.planning.rules import Basis, Counted, Decision, Figures, Guess
from handsel.values.actors import Actor


def areas(actor: Actor) -> QuerySet[Area]:
    """The areas of work that this person sees, newest first; one SQL query."""
    return Area.objects.visible_to(actor).order_by("-made_at", "-id")


def area(actor: Actor, key: UUID) -> Area:
    return Area.objects.get_visible(actor, key)


@dataclass(frozen=True)
class Plan:
    """A plan as it stands. completed_at: when somebody last said that it is complete; None before."""

    answers: dict[str, str] = field(default_factory=dict)
    completed_at: datetime | None = None

    @property
    def lacking(self) -> list[tuple[str, str]]:
        """Field and words of what is missing."""
        return rules.missing(self.answers)

    @property
    def is_complete(self) -> bool:
        """Nobody may be asked before: somebody said so, and nothing was taken out since."""
        return self.completed_at is not None and not self.lacking

    @property
    def first_day(self) -> date | None:
        text = self.answers.get("first_day", "")
        return date.fromisoformat(text) if text else None

    @property
    def accesses(self) -> list[str]:
        return rules.accesses_of(self.answers.get("accesses", ""))


@dataclass(frozen=True)
class Standing:
    """An area with its figures, its newest placing, and its plan."""

    area: Area
    figures: Figures
    placing: Placing | None
    plan: Plan

    @property
    def decision(self) -> Decision | None:
        return Decision(self.placing.decision) if self.placing else None

    @property
    def name(self) -> str:
        return self.area.name

    @property
    def hours_a_week(self) -> Decimal:
        return self.figures.hours_a_week


def standings(actor: Actor) -> list[Standing]:
    """Every area with what is known about it, newest first; five SQL queries whatever their number."""
    return standings_of(list(areas(actor)[:200]))


def standing(actor: Actor, area_id: UUID) -> Standing:
    return standings_of([area(actor, area_id)])[0]


def standings_of(found: Sequence[Area]) -> list[Standing]:
    """Areas that were fetched through `visible_to`, with what is known about them; four SQL queries."""
    keys = [a.id for a in found]
    figures, plans = _figures(keys), _plans(keys)
    placings = {p.area_id: p for p in Placing.objects.filter(area_id__in=keys).order_by("n")}
    return [Standing(a, figures[a.id], placings.get(a.id), plans[a.id]) for a in found]


def plan(actor: Actor, area_id: UUID) -> Plan:
    """The plan of the area; three SQL queries."""
    return _plans([area(actor, area_id).id])[area_id]


def lacking(actor: Actor, area_id: UUID) -> list[tuple[str, str]]:
    """What keeps the plan from being complete: field and words; “completed” where nobody has said that it is."""
    found = plan(actor, area_id)
    return found.lacking or ([] if found.is_complete else [("completed", "your word that it is complete")])


def answer_for(standing: Standing) -> "model.Answer":
    """Now against handed over, as the model reckons it; some 40 ms, no SQL."""
    return model.forecast(rules.as_model(standing.figures, standing.area.currency))


def evidence(actor: Actor, found: Area) -> list[Counted]:
    """What was counted for the area, or for its kind of work before it was written down; one entry per source."""
    rows = Evidence.objects.visible_to(actor).filter(Q(area=found) | Q(area=None, kit=found.kit))
    return _counted(rows)


def evidence_of_kit(actor: Actor, kit: str) -> list[Counted]:
    """What was counted for a kind of work of which no area is written down yet."""
    return _counted(Evidence.objects.visible_to(actor).filter(area=None, kit=kit))


def accesses_needed(actor: Actor, area_id: UUID) -> list[AccessNeeded]:
    """The accesses that the plan names now, in its order."""
    wanted = plan(actor, area_id).accesses
    rows = {row.what: row for row in AccessNeeded.objects.visible_to(actor).filter(area_id=area_id)}
    return [rows[what] for what in wanted if what in rows]


def newest_figures(area_id: UUID) -> Figures:
    """Of an area that was fetched through `visible_to`; one SQL query."""
    return _figures([area_id])[area_id]


def answers_of(area_id: UUID) -> dict[str, str]:
    """The answers of a plan whose area was fetched through `visible_to`; one SQL query."""
    return _plans([area_id])[area_id].answers


def _counted(rows: QuerySet[Evidence]) -> list[Counted]:
    by_source: dict[str, list[Evidence]] = defaultdict(list)
    for row in rows.order_by("source", "first_day"):
        by_source[row.source].append(row)
    return [
        Counted(
            source,
            min(r.first_day for r in found),
            max(r.last_day for r in found),
            sum(r.items for r in found),
            sum(r.seconds for r in found),
        )
        for source, found in by_source.items()
    ]


def _figures(keys: Iterable[UUID]) -> dict[UUID, Figures]:
    newest: dict[UUID, tuple[int, dict[str, Estimate]]] = {}
    for row in Estimate.objects.filter(area_id__in=list(keys)).order_by("n"):
        n, rows = newest.get(row.area_id, (0, {}))
        newest[row.area_id] = (row.n, {**(rows if n == row.n else {}), row.name: row})
    return {key: _figures_of(rows) for key, (_, rows) in newest.items()}


def _figures_of(rows: dict[str, Estimate]) -> Figures:
    guesses = {name: Guess(_e4(r.low_e4), _e4(r.usual_e4), _e4(r.high_e4), r.firm) for name, r in rows.items()}
    return Figures(
        volume=guesses["volume"],
        minutes=guesses["minutes"],
        hour=guesses.get("hour"),
        price=guesses["price"],
        basis=Basis(rows["price"].basis),
    )


def _e4(value: int) -> Decimal:
    """The number that 1/10,000 stand for, without trailing zeros."""
    exact = Decimal(value).scaleb(-4)
    return exact.quantize(Decimal(1)) if exact == exact.to_integral() else exact.normalize()


def _plans(keys: Sequence[UUID]) -> dict[UUID, Plan]:
    answers: dict[UUID, dict[str, str]] = {key: {} for key in keys}
    for row in PlanAnswer.objects.filter(area_id__in=keys).order_by("n"):
        answers[row.area_id][row.field] = row.text
    completed = dict(Completion.objects.filter(area_id__in=keys).order_by("n").values_list("area_id", "made_at"))
    return {key: Plan(answers[key], completed.get(key)) for key in keys}
