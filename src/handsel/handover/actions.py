"""Every change about the hand-over."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.core.actions import action, record
from handsel.handover import events, queries, rules
from handsel.handover.models import (
    PLACEMENTS,
    Handled,
    Output,
    SharePlan,
    Stream,
    Verdict,
    Wording,
)
from handsel.handover.rules import Ramp, Stage, Word
from handsel.people.models import Person
from handsel.playbooks import queries as playbooks
from handsel.values.actors import Actor, Side
from handsel.values.days import day_of, monday_of
from handsel.values.refusals import NotVisible, Refusal


@action
def place_stage(actor: Actor, engagement_id: UUID, person_id: UUID, kind: str, stage: Stage,
                reason: str = "") -> Stream:  # fmt: skip
    """Put an assistant at a stage for a kind of work; an empty kind is everything without a stage of its own.

    A reason is needed to go back, and to supervise her before she has acknowledged what she is asked to know.
    """
    engagement = Engagement.objects.get_visible(actor, engagement_id, lock=True)
    worker = _worker(engagement.id, person_id)
    stream = queries.stream(engagement.id, worker.id, kind, lock=True)
    unread = [page.title for page in playbooks.unread(actor, worker.id)] if stage is Stage.SUPERVISED else []
    now = stream.stage if stream else rules.UNPLACED
    _refuse(rules.why_not_place(now, stage, unread, worker.name.split()[0], reason.strip()))
    stream = stream or Stream.objects.create(
        business_id=actor.business_id, engagement=engagement, worker=worker, kind=kind
    )
    _PLACES[stage].objects.create(
        business_id=actor.business_id, stream=stream, n=stream.next_n(), person_id=actor.person_id,
        reason=reason.strip(),
    )  # fmt: skip
    record(events.PLACED, stream, stage=stage.value)
    stream.refresh_from_db()
    return stream


@action(only_inner=True)
def submit_output(actor: Actor, engagement_id: UUID, kind: str, evidence_id: UUID, digest: str) -> Output:
    """What an assistant hands in: its number in the stream, and whether it is read before it goes out.

    digest: SHA-256 of the words, in hex. Handed in again, the same evidence keeps its output. Refused while she has no
    stage, or learns; in shadow the output is practice and never goes out.
    """
    engagement = Engagement.objects.get_visible(actor, engagement_id)
    stream = queries.stream_for(engagement.id, actor.person_id, kind, lock=True)
    if refusal := rules.why_not_submit(stream.stage if stream else rules.UNPLACED):
        raise refusal
    assert stream is not None
    output = _output(actor, stream, evidence_id, practice=stream.stage == Stage.SHADOW.value)
    Wording.objects.create(
        business_id=actor.business_id, output=output, n=queries.newest_wording_n(output.id) + 1, digest=digest
    )
    record(events.SUBMITTED, output, engagement_id=engagement.id, number=output.number)
    return output


@action(only_inner=True)
def give_verdict(actor: Actor, output_id: UUID, verdict: Word, words: str = "") -> Verdict:
    """What the reader says of the newest words of an output; a fault and a critical one need a sentence."""
    output = Output.objects.select_related("stream").get_visible(actor, output_id, lock=True)
    wording = Wording.objects.filter(output=output).order_by("-n").first()
    if wording is None or actor.person_id is None:
        raise NotVisible("output")
    already = Verdict.objects.filter(wording=wording).exists()
    _refuse(rules.why_not_judge(output.stream.worker_id == actor.person_id, already, verdict, words))
    given = Verdict.objects.create(
        business_id=actor.business_id, wording=wording, verdict=verdict.value, words=words, person_id=actor.person_id
    )
    record(events.JUDGED, output, engagement_id=output.stream.engagement_id, number=output.number,
           verdict=verdict.value)  # fmt: skip
    return given


@action(only_inner=True)
def note_handled(actor: Actor, engagement_id: UUID, kind: str, by_side: Side, evidence_id: UUID,
                 person_id: UUID | None = None, at: datetime | None = None) -> Handled:  # fmt: skip
    """One item of the work was done by this side; the second time says nothing new. person_id: who wrote it."""
    engagement = Engagement.objects.get_visible(actor, engagement_id)
    handled = Handled.objects.visible_to(actor).filter(evidence_id=evidence_id).first() or Handled.objects.create(
        business_id=actor.business_id, engagement=engagement, kind=kind, by_side=by_side.value, person_id=person_id,
        evidence_id=evidence_id, day=day_of(at or timezone.now(), agreements.zone_of(engagement.id)),
    )  # fmt: skip
    record(events.HANDLED, handled, engagement_id=engagement.id)
    return handled


@action
def plan_share(actor: Actor, engagement_id: UUID, ramp: Ramp) -> SharePlan:
    """Plan how the provider's share of the work grows, week by week; the newest plan counts. The first week is the one
    around the day given."""
    engagement = Engagement.objects.get_visible(actor, engagement_id, lock=True)
    _refuse(rules.why_not_plan(ramp))
    newest = queries.share_plan(engagement.id)
    plan = SharePlan.objects.create(
        business_id=actor.business_id, engagement=engagement, n=newest.n + 1 if newest else 1,
        first_week=monday_of(ramp.first_week), weeks=ramp.weeks, start=ramp.start, goal=ramp.goal,
        person_id=actor.person_id,
    )  # fmt: skip
    record(events.SHARE_PLANNED, plan, start=ramp.start, goal=ramp.goal, weeks=ramp.weeks)
    return plan


_PLACES = dict(zip(rules.PLACEABLE, PLACEMENTS, strict=True))


def _output(actor: Actor, stream: Stream, evidence_id: UUID, practice: bool) -> Output:
    known = Output.objects.visible_to(actor).filter(evidence_id=evidence_id, practice=practice).first()
    if known:
        return known
    return Output.objects.create(
        business_id=actor.business_id, stream=stream, number=queries.newest_number(stream.id) + 1,
        evidence_id=evidence_id, one_in=1, is_read=queries.must_be_read(stream), practice=practice,
    )  # fmt: skip


def _worker(engagement_id: UUID, person_id: UUID) -> Person:
    named = agreements.workers(engagement_id).filter(person_id=person_id).first()
    if named is None:
        raise Refusal("not_a_worker", "This person does not work on the engagement.",
                      mend="Their firm names who works on it, on the engagement's page.", place="person_id")  # fmt: skip
    return named.person


def _refuse(refusal: Refusal | None) -> None:
    if refusal:
        raise refusal
