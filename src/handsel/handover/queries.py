"""Every read about the hand-over."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import TruncWeek

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.handover import rules
from handsel.handover.models import PLACEMENTS, Handled, Output, Placement, SharePlan, Stream, Verdict, Wording
from handsel.handover.rules import Ramp, ShareOfWeek, Stage, Word
from handsel.playbooks import queries as playbooks
from handsel.values.actors import Actor, Side
from handsel.values.days import monday_of


def engagements(actor: Actor) -> QuerySet[Engagement]:
    """The engagements whose hand-over this person sees, newest first; one SQL query."""
    return agreements.engagements(actor)


def stream(engagement_id: UUID, person_id: UUID | None, kind: str, *, lock: bool = False) -> Stream | None:
    """The stream of just this kind."""
    rows = Stream.objects.filter(engagement_id=engagement_id, worker_id=person_id, kind=kind)
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def stream_for(engagement_id: UUID, person_id: UUID | None, kind: str, *, lock: bool = False) -> Stream | None:
    """The stream that this kind of work runs in: its own, else that of everything else; one SQL query."""
    rows = Stream.objects.filter(engagement_id=engagement_id, worker_id=person_id, kind__in={kind, ""})
    return (rows.select_for_update(of=("self",)) if lock else rows).order_by("-kind").first()


def stage_of(engagement_id: UUID, person_id: UUID, kind: str) -> Stage | None:
    """At which stage this person is for this kind of work; None where the owner has set none. One SQL query."""
    found = stream_for(engagement_id, person_id, kind)
    return None if found is None or found.stage == rules.UNPLACED else Stage(found.stage)


def must_be_read(stream: Stream) -> bool:
    """Whether the next output of the stream is read before it goes out. Every one is: no stage below *sampled* lets
    anything out unread, and nobody is placed above *supervised*."""
    return Stage(stream.stage) in rules.PLACEABLE


def newest_number(stream_id: UUID) -> int:
    """The number of the newest output of a stream, 0 for none; the stream's lock is held."""
    return int(Output.objects.filter(stream_id=stream_id).aggregate(n=Max("number"))["n"] or 0)


def newest_wording_n(output_id: UUID) -> int:
    return int(Wording.objects.filter(output_id=output_id).aggregate(n=Max("n"))["n"] or 0)


def output_of(actor: Actor, evidence_id: UUID) -> Output | None:
    """The newest output that this evidence was handed in as."""
    rows = Output.objects.visible_to(actor).filter(evidence_id=evidence_id).select_related("stream__worker")
    found = rows.order_by("practice", "-made_at").first()
    return found if isinstance(found, Output) else None


def verdicts_of(actor: Actor, output_id: UUID) -> QuerySet[Verdict]:
    """What was said of an output, in order, with who said it; one SQL query."""
    rows = Verdict.objects.visible_to(actor).filter(wording__output_id=output_id)
    return rows.select_related("person", "wording").order_by("wording__n")


def may_go_out(output: Output) -> bool:
    """Whether its newest words may leave the house: they were read and let through, and it is not practice."""
    newest = Wording.objects.filter(output=output).select_related("verdict").order_by("-n").first()
    verdict = getattr(newest, "verdict", None)
    return not output.practice and verdict is not None and Word(verdict.verdict).may_go_out


# ---------------------------------------------------------------- the page of one engagement


@dataclass(frozen=True)
class Rung:
    """One stream as the page shows it. right: outputs that were let through at the first reading, of `read` ones."""

    stream: Stream
    stage: Stage
    reason: str
    handed_in: int
    read: int
    right: int
    practice: int
    share: float | None  # the provider's, of all items of the kind so far


def rungs(actor: Actor, engagement_id: UUID) -> list[Rung]:
    """Every stream that this person sees: her name, then the kind; four SQL queries and one for each kind of record."""
    streams = list(
        Stream.objects.visible_to(actor).filter(engagement_id=engagement_id).select_related("worker")
        .annotate(handed_in=Count("outputs", filter=Q(outputs__practice=False)),
                  practice=Count("outputs", filter=Q(outputs__practice=True)))
        .order_by("worker__name", "kind")
    )  # fmt: skip
    placements = _newest_placements([s.id for s in streams])
    verdicts = _first_verdicts([s.id for s in streams])
    shares = _shares_by_kind(actor, engagement_id)
    return [
        Rung(s, Stage(s.stage), placements[s.id].reason if s.id in placements else "", s.handed_in,
             len(verdicts[s.id]), sum(v.may_go_out for v in verdicts[s.id]), s.practice,
             shares.get(s.kind) if s.kind else None)
        for s in streams if s.stage != rules.UNPLACED
    ]  # fmt: skip


def share_plan(engagement_id: UUID) -> SharePlan | None:
    """The plan that counts; its engagement was fetched through `visible_to`."""
    return SharePlan.objects.filter(engagement_id=engagement_id).order_by("-n").first()


def ramp_of(plan: SharePlan) -> Ramp:
    return Ramp(plan.first_week, plan.weeks, plan.start, plan.goal)


def share_by_week(actor: Actor, engagement_id: UUID) -> list[ShareOfWeek]:
    """Planned against actual, week by week, from the items that were done; two SQL queries."""
    plan = share_plan(engagement_id)
    rows = (
        Handled.objects.visible_to(actor).filter(engagement_id=engagement_id)
        .annotate(week=TruncWeek("day")).values("week")
        .annotate(provider=Count("id", filter=Q(by_side=Side.PROVIDER_SIDE.value)), items=Count("id")).order_by("week")
    )  # fmt: skip
    done = {monday_of(r["week"]): (r["items"] - r["provider"], r["provider"]) for r in rows}
    return rules.weeks_of(ramp_of(plan) if plan else None, done)


@dataclass(frozen=True)
class Condition:
    """Something that must stand before the first day. missing: what is not there yet, by name; empty when it is."""

    word: str
    missing: str = ""
    act: str = ""
    page: str = ""  # the url name that mends it

    @property
    def is_met(self) -> bool:
        return not self.missing


def readiness(actor: Actor, engagement_id: UUID) -> list[Condition]:
    """What must be ready before the first day, in order; each says what is missing. Some eight SQL queries."""
    workers = {w.person_id: w.person.name for w in agreements.workers(engagement_id)}
    if actor.is_assistant:
        workers = {key: name for key, name in workers.items() if key == actor.person_id}
    titles = {page.playbook_id: page.title for page in playbooks.pages(actor)}
    asked = playbooks.readers(actor)
    placed = set(
        Stream.objects.visible_to(actor).filter(engagement_id=engagement_id).exclude(stage=rules.UNPLACED)
        .values_list("worker_id", flat=True)
    )  # fmt: skip
    assigned = {r.person_id for rows in asked.values() for r in rows}
    unknown = [
        f"{r.name.split()[0]} has not read “{titles[page_id]}”"
        for page_id, rows in asked.items() for r in rows
        if page_id in titles and r.person_id in workers and not r.knows
    ]  # fmt: skip
    return [
        Condition("Somebody is named who does the work", "" if workers else "the provider names who"),
        Condition("A playbook page is published", "" if titles else "no page yet", "Write a page", "playbooks:new"),
        Condition("Everybody is asked to read", _names(workers, assigned, "is asked to read nothing"),
                  "Assign pages", "playbooks:pages"),
        Condition("What is asked is acknowledged", _few(unknown), "See the pages", "playbooks:pages"),
        Condition("Everybody has a stage", _names(workers, placed, "has no stage")),
    ]  # fmt: skip


def _names(workers: dict[UUID, str], there: set[UUID], lacks: str) -> str:
    if not workers:
        return "nobody is named yet"
    return _few([f"{name.split()[0]} {lacks}" for key, name in workers.items() if key not in there])


def _few(sentences: Sequence[str]) -> str:
    shown = sentences[:3]
    more = [f"{len(sentences) - 3} more"] if len(sentences) > 3 else []
    return "; ".join([*shown, *more])


def _newest_placements(stream_ids: Sequence[UUID]) -> dict[UUID, Placement]:
    newest: dict[UUID, Placement] = {}
    for model in PLACEMENTS:
        for row in model.objects.filter(stream_id__in=stream_ids).order_by("n"):
            if row.stream_id not in newest or newest[row.stream_id].n < row.n:
                newest[row.stream_id] = row
    return newest


def _first_verdicts(stream_ids: Sequence[UUID]) -> dict[UUID, list[Word]]:
    """Stream → the first verdict on each of its outputs that count: what she got right without help."""
    rows = Verdict.objects.filter(wording__output__stream_id__in=stream_ids, wording__output__practice=False)
    first: dict[UUID, dict[UUID, Word]] = defaultdict(dict)
    for stream_id, output_id, verdict in rows.order_by("wording__n").values_list(
        "wording__output__stream_id", "wording__output_id", "verdict"
    ):
        first[stream_id].setdefault(output_id, Word(verdict))
    return {key: list(first[key].values()) for key in stream_ids}


def _shares_by_kind(actor: Actor, engagement_id: UUID) -> dict[str, float]:
    """Kind → the provider's share of its items so far."""
    rows = (
        Handled.objects.visible_to(actor).filter(engagement_id=engagement_id).values("kind")
        .annotate(provider=Count("id", filter=Q(by_side=Side.PROVIDER_SIDE.value)), items=Count("id")).order_by()
    )  # fmt: skip
    return {r["kind"]: r["provider"] / r["items"] for r in rows}
