"""The verbs of planning for the trail: the owner's side alone sees them."""

from handsel.core.trail import Verb

OWNERS = ("owner",)
AREA_RECORDED = Verb("planning.area_recorded", "wrote down an area of work", seen_by=OWNERS)
ESTIMATED = Verb("planning.estimated", "gave figures for an area of work", seen_by=OWNERS)
EVIDENCE_NOTED = Verb("planning.evidence_noted", "counted {items:item,items} from {source}", seen_by=OWNERS)
PLACED = Verb("planning.placed", "decided about an area of work: {decision}", seen_by=OWNERS)
PLAN_ANSWERED = Verb("planning.plan_answered", "wrote on a plan", seen_by=OWNERS)
PLAN_COMPLETED = Verb("planning.plan_completed", "completed a plan", told=OWNERS, seen_by=OWNERS)

EVENTS = (AREA_RECORDED, ESTIMATED, EVIDENCE_NOTED, PLACED, PLAN_ANSWERED, PLAN_COMPLETED)
