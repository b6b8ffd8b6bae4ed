"""The pages of talk: one timeline for each engagement, and what is noted down by hand."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.core import outbox
from handsel.core.models import OutboxItem
from handsel.people.entrance import back_to, for_act, for_member
from handsel.people.queries import SYSTEM_NAME
from handsel.people.seeing import ROOM_WORDS
from handsel.talk import actions, queries, rules
from handsel.talk.forms import CallForm, CheckInForm, CommentForm, SubscriptionForm
from handsel.talk.queries import Entry
from handsel.talk.webhooks import secret_of
from handsel.ui.marks import Status
from handsel.ui.tables import Chip, Column, Empty, Table, table_response
from handsel.values.actors import Actor
from handsel.values.days import day_of
from handsel.values.refusals import NotVisible


@for_member
def overview(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """With whom, when last, and where a check-in is overdue."""
    lines = queries.lines(actor)
    last = queries.last_words(actor, [line.engagement.id for line in lines])
    context = {"overdue": [line for line in lines if line.overdue], "lines": lines,
               "may_check_in": actor.may("talk.hold_check_in")}  # fmt: skip
    return table_response(request, _table(actor, lines, last), "talk/overview.html", context)


def _table(actor: Actor, lines: list[queries.Line], last: dict[UUID, datetime]) -> Table:
    owner = actor.is_owner_side
    return Table(
        name="Engagements",
        caption="Engagements, newest first",
        source=lines,
        columns=[
            Column("Work", lambda x: x.engagement.title,
                   link=lambda x: reverse("talk:timeline", args=[actor.slug, x.engagement.id])),
            *([Column("With", lambda x: x.engagement.provider.name)] if owner else []),
            Column("Last word", lambda x: last.get(x.engagement.id)),
            Column("Last check-in", lambda x: x.last_check_in),
            Column("Speak again", lambda x: x.follow_up),
            Column("State", lambda x: Status("Check-in overdue", tone="alert") if x.overdue else Status("In touch")
                   if x.engagement.id in last else Status("No word yet", tone="quiet")),
        ],
        chips=[Chip("overdue", "Overdue", lambda x: x.overdue)],
        empty=Empty(
            "Nobody to talk to yet",
            "Once terms are drawn up with somebody, every call, check-in, mail, approval and payment stands here in one "
            "line of time, for both sides.",
            *(("See the agreements", reverse("agreements:list", args=[actor.slug]))),
        ),
    )  # fmt: skip


# ---------------------------------------------------------------- the timeline


@dataclass(frozen=True)
class Day:
    """The entries of one day on the reader's wall."""

    day: date
    entries: list[Entry]


@dataclass(frozen=True)
class Sort:
    """A chip: one sort of entry, or all."""

    word: str
    url: str
    current: bool


@for_member
def timeline(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """Everything that happened between the two sides, newest first, by day."""
    engagement = agreements.engagement(actor, engagement_id)
    asked = request.GET.get("show", "")
    sort = asked if asked in rules.SORTS else ""
    before = request.GET.get("before", "")
    found = queries.timeline(actor, engagement.id, sort, int(before) if before.isdecimal() and len(before) < 15 else 0)
    context = {
        "engagement": engagement,
        "days": _by_day(found.entries, actor.zone),
        "sorts": _sorts(actor, sort),
        "sort_word": rules.SORTS.get(sort, ""),
        "earlier_url": f"?{urlencode({'show': sort, 'before': found.before})}" if found.before else "",
        "line": queries.lines_of(actor, [engagement])[0],
        "last_at": queries.last_words(actor, [engagement.id]).get(engagement.id),
        "may_check_in": actor.may("talk.hold_check_in"),
        "may_call": actor.may("talk.log_call"),
    }
    return render(request, "talk/timeline.html", context)


def _by_day(entries: list[Entry], zone: str) -> list[Day]:
    days = groupby(entries, key=lambda e: e.at.astimezone(ZoneInfo(zone)).date())
    return [Day(day, list(of_day)) for day, of_day in days]


def _sorts(actor: Actor, current: str) -> list[Sort]:
    words = {key: word for key, word in rules.SORTS.items() if not (key == "money" and actor.is_assistant)}
    return [Sort("Everything", "?", not current), *(Sort(w, f"?show={k}", k == current) for k, w in words.items())]


@for_member
@for_act("talk.log_call")
def call(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """Note down a call."""
    engagement = _to_note(actor, engagement_id, "talk.log_call")
    now = timezone.now().astimezone(ZoneInfo(actor.zone))
    other = engagement.contact_name if actor.is_owner_side else ""
    form = CallForm(request.POST or None, initial={"day": now.date(), "clock": now.time(), "with_whom": other})
    if request.method == "POST" and form.carry_out(
        lambda d: actions.log_call(actor, engagement.id, **form.call(d, actor.zone))
    ):
        messages.success(request, "The call is noted. Both sides see it.")
        return redirect("talk:timeline", actor.slug, engagement.id)
    context = {"form": form, "engagement": engagement}
    return render(request, "talk/call.html", context, status=422 if form.is_bound else 200)


@for_member
@for_act("talk.hold_check_in")
def check_in(request: HttpRequest, actor: Actor, engagement_id: UUID) -> HttpResponse:
    """Note down a check-in."""
    engagement = _to_note(actor, engagement_id, "talk.hold_check_in")
    form = CheckInForm(request.POST or None, initial={"day": day_of(timezone.now(), actor.zone)})
    form.fields["owner_asks"].label = f"What should {engagement.provider.name} change?"
    if request.method == "POST" and form.carry_out(lambda d: actions.hold_check_in(actor, engagement.id, **d)):
        messages.success(request, "The check-in is noted. Both sides see it.")
        return redirect("talk:timeline", actor.slug, engagement.id)
    context = {"form": form, "engagement": engagement}
    return render(request, "talk/check_in.html", context, status=422 if form.is_bound else 200)


def _to_note(actor: Actor, engagement_id: UUID, action: str) -> Engagement:
    if not actor.may(action):
        raise NotVisible("page")
    return agreements.engagement(actor, engagement_id)


# ---------------------------------------------------------------- comments: a fragment of other rooms' pages


@for_member
def comments(request: HttpRequest, actor: Actor, kind: str, thing_id: UUID) -> HttpResponse:
    """The remarks on a thing, and a box for one more. Asked for by a page, it is a fragment; opened alone, a page."""
    asked = request.GET.get("engagement", "")
    engagement = agreements.engagement(actor, _key(asked))
    form = CommentForm(request.POST or None, auto_id=f"comment-{thing_id}-%s")
    if request.method == "POST" and form.carry_out(
        lambda d: actions.comment(actor, engagement.id, kind, thing_id, d["text"])
    ):
        if not request.headers.get("HX-Request"):
            return back_to(request, f"{request.path}?engagement={engagement.id}")
        form = CommentForm(auto_id=f"comment-{thing_id}-%s")
    status = 422 if form.is_bound and not request.headers.get("HX-Request") else 200
    return render(
        request, _template(request), _comments_context(actor, engagement, kind, thing_id, form), status=status
    )


def _comments_context(
    actor: Actor, engagement: Engagement, kind: str, thing_id: UUID, form: CommentForm
) -> dict[str, Any]:
    return {
        "engagement": engagement,
        "remarks": queries.comments(actor, engagement.id, kind, thing_id),
        "form": form,
        "may_comment": actor.may("talk.comment"),
        "url": f"{reverse('talk:comments', args=[actor.slug, kind, thing_id])}?engagement={engagement.id}",
    }


def _template(request: HttpRequest) -> str:
    return "talk/comments.html" if request.headers.get("HX-Request") else "talk/comments_page.html"


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotVisible("page") from None


# ---------------------------------------------------------------- who else is told


@for_member
@for_act("talk.subscribe")
def webhooks(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Other servers that are told what happens here, and a form for another one."""
    form = SubscriptionForm(request.POST or None, rooms=_rooms_of(actor))
    if request.method == "POST" and form.carry_out(lambda d: actions.subscribe(actor, d["url"], d["verbs"])):
        messages.success(request, "It is told from now on. Its signing key stands below.")
        return redirect("talk:webhook", actor.slug, form.result.id)
    context = {"form": form, "subscriptions": list(queries.subscriptions(actor)[:100])}
    return render(request, "talk/webhooks.html", context, status=422 if form.is_bound else 200)


def _rooms_of(actor: Actor) -> list[tuple[str, str]]:
    """The rooms of which something happens that this side sees, by their words."""
    seen = {name.partition(".")[0] for name, verb in queries.verbs().items() if actor.side.value in verb.seen_by}
    return [(room, word) for room, word in ROOM_WORDS.items() if room in seen]


@for_member
@for_act("talk.subscribe")
def webhook(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    """One of them: how it stands, its signing key, and what it was told."""
    found = queries.subscription(actor, key)
    items = list(queries.deliveries(actor, found.id)[:50])
    told = [_told(item) for item in items]
    context = {"subscription": found, "told": told, "signing_key": secret_of(found.id),
               "words": [ROOM_WORDS.get(verb, verb) for verb in found.verbs]}  # fmt: skip
    return render(request, "talk/webhook.html", context)


def _told(item: OutboxItem) -> tuple[OutboxItem, str, str, list[int]]:
    """What an address was told in words, how that stands, and the status that came back last."""
    said = json.loads(item.payload["body"])["data"]
    who = said["person"]["name"] if said["person"] else SYSTEM_NAME
    codes = [attempt.code for attempt in item.attempts.all() if attempt.code]
    return item, f"{who} {said['sentence']}", outbox.how_it_stands(item), codes[-1:]


@require_POST
@for_member
def webhook_pause(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    actions.pause_subscription(actor, key)
    messages.success(request, "Paused. What happens meanwhile is not told later.")
    return redirect("talk:webhook", actor.slug, key)


@require_POST
@for_member
def webhook_resumption(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    actions.resume_subscription(actor, key)
    messages.success(request, "It is told again, from now on.")
    return redirect("talk:webhook", actor.slug, key)


@require_POST
@for_member
def webhook_removal(request: HttpRequest, actor: Actor, key: UUID) -> HttpResponse:
    actions.remove_subscription(actor, key)
    messages.success(request, "It is told nothing any more.")
    return redirect("talk:webhooks", actor.slug)


@require_POST
@for_member
def webhook_replay(request: HttpRequest, actor: Actor, key: UUID, item_id: UUID) -> HttpResponse:
    actions.send_again(actor, key, item_id)
    messages.success(request, "On its way once more, with the same id.")
    return redirect("talk:webhook", actor.slug, key)
