"""Every read about the hand-over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncWeek

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement, InForce, Worker
from handsel.handover import rules
from handsel.handover.models import PLACEMENTS, Handled, Output, SharePlan, Stream, Verdict, Wording
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
class Done:
    """Items of one kind in one week: all, and the provider's."""

    monday: date
    kind: str
    items: int
    by_provider: int


@dataclass(frozen=True)
class Rung:
    """One stream as the page shows it. right: outputs that were let through at the first reading, of `read` ones.

    items: what was done of this kind so far, by both sides; share: the provider's part of it, None without items.
    """

    stream: Stream
    stage: Stage
    reason: str
    read: int
    right: int
    practice: int
    items: int
    share: float | None


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


@dataclass(frozen=True)
class Picture:
    """The hand-over of one engagement, as both sides see it. workers: who does the work, as far as this person sees."""

    workers: Mapping[UUID, str]
    conditions: Sequence[Condition]
    plan: SharePlan | None
    weeks: Sequence[ShareOfWeek]
    rungs: Sequence[Rung]


def picture(actor: Actor, engagement_id: UUID) -> Picture:
    """What must be ready, the share by week, the stages; ten SQL queries."""
    workers = _workers(actor, engagement_id)
    streams = _streams(actor, engagement_id)
    done = _done(actor, engagement_id)
    plan = share_plan(engagement_id)
    placed = {stream.worker_id for stream in streams}
    return Picture(workers, _conditions(actor, workers, placed), plan, _weeks(plan, done), _rungs(streams, done))


def rungs(actor: Actor, engagement_id: UUID) -> list[Rung]:
    """Every stream with a stage that this person sees, by name and kind; four SQL queries."""
    return _rungs(_streams(actor, engagement_id), _done(actor, engagement_id))


def share_by_week(actor: Actor, engagement_id: UUID) -> list[ShareOfWeek]:
    """Planned against actual, week by week, from the items that were done; two SQL queries."""
    return _weeks(share_plan(engagement_id), _done(actor, engagement_id))


def readiness(actor: Actor, engagement_id: UUID) -> list[Condition]:
    """What must be ready before the first day, in order; each says what is missing. Six SQL queries."""
    placed = {stream.worker_id for stream in _streams(actor, engagement_id)}
    return _conditions(actor, _workers(actor, engagement_id), placed)


@dataclass(frozen=True)
class HandOver:
    """An engagement in the list: its stages in words, and the provider's share of all items so far."""

    engagement: Engagement
    stages: str
    items: int
    share: float | None


def hand_overs(actor: Actor) -> list[HandOver]:
    """Every engagement that this person sees, newest first; three SQL queries."""
    streams = Stream.objects.visible_to(actor).exclude(stage=rules.UNPLACED)
    by_engagement: dict[UUID, list[Stage]] = defaultdict(list)
    for key, stage in streams.values_list("engagement_id", "stage"):
        by_engagement[key].append(Stage(stage))
    done = _done_by_engagement(actor)
    found = []
    for engagement in engagements(actor)[:200]:
        items, provider = done.get(engagement.id, (0, 0))
        words = rules.stages_in_words(by_engagement[engagement.id])
        found.append(HandOver(engagement, words, items, provider / items if items else None))
    return found


def kinds_known(actor: Actor, engagement_id: UUID) -> list[str]:
    """Kinds of work that have a stage or an item here: what the form offers; two SQL queries."""
    rows = (
        model.objects.visible_to(actor)
        .filter(engagement_id=engagement_id)
        .exclude(kind="")
        .values_list("kind")
        .distinct()
        for model in (Stream, Handled)
    )
    return sorted({kind for found in rows for (kind,) in found})


def without_stage(actor: Actor) -> QuerySet[Worker]:
    """Who works on an engagement in force and has no stage there, longest first; one SQL query."""
    placed = Stream.objects.filter(engagement=OuterRef("engagement"), worker=OuterRef("person"))
    in_force = InForce.objects.filter(engagement=OuterRef("engagement")).order_by("-from_day", "-n").values("terms")[:1]
    return (
        Worker.objects.visible_to(actor)
        .filter(~Exists(placed.exclude(stage=rules.UNPLACED)))
        .annotate(now=Subquery(in_force))
        .exclude(now=None)
        .select_related("person", "engagement")
        .order_by("made_at", "id")
    )


def share_plan(engagement_id: UUID) -> SharePlan | None:
    """The plan that counts; its engagement was fetched through `visible_to`."""
    return SharePlan.objects.filter(engagement_id=engagement_id).order_by("-n").first()


def ramp_of(plan: SharePlan) -> Ramp:
    return Ramp(plan.first_week, plan.weeks, plan.start, plan.goal)


def _workers(actor: Actor, engagement_id: UUID) -> dict[UUID, str]:
    """Who does the work; an assistant sees herself."""
    rows = agreements.workers(engagement_id)
    return {w.person_id: w.person.name for w in rows if not actor.is_assistant or w.person_id == actor.person_id}


def _conditions(actor: Actor, workers: Mapping[UUID, str], placed: set[UUID]) -> list[Condition]:
    pages = playbooks.pages_with_readers(actor)
    asked = [(page.title, reader) for page in pages for reader in page.readers]
    unknown = [
        f"{r.name.split()[0]} has not read “{title}”" for title, r in asked if r.person_id in workers and not r.knows
    ]
    assigned = {reader.person_id for _, reader in asked}
    return [
        Condition("Somebody is named who does the work", "" if workers else "the provider names who"),
        Condition("A playbook page is published", "" if pages else "no page yet", "Write a page", "playbooks:new"),
        Condition("Everybody is asked to read", _names(workers, assigned, "is asked to read nothing"),
                  "Assign pages", "playbooks:pages"),
        Condition("What is asked is acknowledged", _few(unknown) if asked else "nothing is asked yet"),
        Condition("Everybody has a stage", _names(workers, placed, "has no stage"), "Set a stage", "handover:stage"),
    ]  # fmt: skip


def _names(workers: Mapping[UUID, str], there: set[UUID], lacks: str) -> str:
    if not workers:
        return "nobody is named yet"
    return _few([f"{name.split()[0]} {lacks}" for key, name in workers.items() if key not in there])


def _few(sentences: Sequence[str]) -> str:
    shown = sentences[:3]
    more = [f"{len(sentences) - 3} more"] if len(sentences) > 3 else []
    return "; ".join([*shown, *more])


def _streams(actor: Actor, engagement_id: UUID) -> list[Stream]:
    rows = Stream.objects.visible_to(actor).filter(engagement_id=engagement_id).exclude(stage=rules.UNPLACED)
    practice = Count("outputs", filter=Q(outputs__practice=True))
    return list(rows.select_related("worker").annotate(practice=practice).order_by("worker__name", "kind"))


def _rungs(streams: Sequence[Stream], done: Sequence[Done]) -> list[Rung]:
    keys = [stream.id for stream in streams]
    reasons, verdicts = _newest_reasons(keys), _first_verdicts(keys)
    found = []
    for s in streams:
        own = {other.kind for other in streams if other.worker_id == s.worker_id}
        of_it = [d for d in done if d.kind == s.kind or (not s.kind and d.kind not in own)]
        items, by_provider = sum(d.items for d in of_it), sum(d.by_provider for d in of_it)
        right = sum(n for word, n in verdicts[s.id].items() if word.may_go_out)
        practice = s.practice  # type: ignore[attr-defined]  # annotated by `_streams`
        found.append(
            Rung(s, Stage(s.stage), reasons[s.id], sum(verdicts[s.id].values()), right, practice, items,
                 by_provider / items if items else None)
        )  # fmt: skip
    return found


def _newest_reasons(stream_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Stream → the reason of its newest placement; one SQL query."""
    first, *rest = (
        model.objects.filter(stream_id__in=stream_ids).values_list("stream_id", "n", "reason") for model in PLACEMENTS
    )
    return {stream_id: reason for stream_id, _, reason in sorted(first.union(*rest, all=True), key=lambda row: row[1])}


def _first_verdicts(stream_ids: Sequence[UUID]) -> dict[UUID, dict[Word, int]]:
    """Stream → how often each verdict was the first on an output that is no practice; one SQL query."""
    earlier = Verdict.objects.filter(wording__output=OuterRef("wording__output"), wording__n__lt=OuterRef("wording__n"))
    rows = (
        Verdict.objects.filter(wording__output__stream_id__in=stream_ids, wording__output__practice=False)
        .filter(~Exists(earlier)).values("wording__output__stream_id", "verdict").annotate(n=Count("id")).order_by()
    )  # fmt: skip
    found: dict[UUID, dict[Word, int]] = {key: {} for key in stream_ids}
    for row in rows:
        found[row["wording__output__stream_id"]][Word(row["verdict"])] = row["n"]
    return found


def _done(actor: Actor, engagement_id: UUID) -> list[Done]:
    rows = (
        Handled.objects.visible_to(actor).filter(engagement_id=engagement_id)
        .annotate(week=TruncWeek("day")).values("week", "kind").annotate(**_counts()).order_by("week", "kind")
    )  # fmt: skip
    return [Done(monday_of(r["week"]), r["kind"], r["items"], r["provider"]) for r in rows]


def _weeks(plan: SharePlan | None, done: Sequence[Done]) -> list[ShareOfWeek]:
    by_week: dict[date, tuple[int, int]] = {}
    for d in done:
        by_owner, by_provider = by_week.get(d.monday, (0, 0))
        by_week[d.monday] = (by_owner + d.items - d.by_provider, by_provider + d.by_provider)
    return rules.weeks_of(ramp_of(plan) if plan else None, by_week)


def _done_by_engagement(actor: Actor) -> dict[UUID, tuple[int, int]]:
    """Engagement → items so far, and the provider's."""
    rows = Handled.objects.visible_to(actor).values("engagement_id").annotate(**_counts()).order_by()
    return {row["engagement_id"]: (row["items"], row["provider"]) for row in rows}


def _counts() -> dict[str, Count]:
    return {"items": Count("id"), "provider": Count("id", filter=Q(by_side=Side.PROVIDER_SIDE.value))}
