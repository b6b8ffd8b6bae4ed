"""The first page of work: timesheets and deliverables, and for the provider the way to this week."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from handsel.agreements import queries as agreements
from handsel.agreements.models import Engagement
from handsel.people.entrance import for_member
from handsel.ui.marks import Status
from handsel.ui.tables import Chip, Column, Empty, Table, table_response
from handsel.ui.templatetags.say import MOST_COUNTED
from handsel.values.actors import Actor
from handsel.values.days import day_of, span_in_words
from handsel.values.durations import format_duration
from handsel.work import queries, rules
from handsel.work.forms import TimerForm


@dataclass(frozen=True)
class Ongoing:
    """An engagement on which this person works, with the way to its week."""

    engagement: Engagement
    kinds: tuple[str, ...]
    duties: list[queries.Duty]
    timer_form: TimerForm
    in_force: bool


@for_member
def overview(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    today = day_of(timezone.now(), actor.zone)
    ongoing = [_ongoing(actor, e, today) for e in agreements.engagements(actor)[:2]]
    context = {
        "ongoing": ongoing,
        "works": actor.may("work.log"),
        "awaiting": queries.lines_awaiting(actor).order_by()[: MOST_COUNTED + 1].count(),
        "tasks_awaiting": list(queries.tasks_awaiting(actor)[:20]),
        "running": queries.running_timer(actor.person_id) if actor.person_id and actor.may("work.log") else None,
    }
    return table_response(request, _sheets_table(actor), "work/overview.html", context)


def _ongoing(actor: Actor, engagement: Engagement, today: date) -> Ongoing:
    terms = agreements.terms_on(engagement.id, today) if actor.may("work.log") else None
    kinds = tuple(rate.kind for rate in terms.agreed.rates) if terms else ()
    return Ongoing(
        engagement, kinds, queries.duties(actor, engagement.id, today), TimerForm(kinds=kinds), terms is not None
    )


def _sheets_table(actor: Actor) -> Table:
    own = actor.may("work.log")
    return Table(
        name="Timesheets",
        caption="Timesheets, newest first",
        source=queries.timesheets(actor),
        dressed=lambda rows: queries.summed(actor, rows),
        search=["worker__name", "engagement__title"],
        columns=[
            Column("Period", lambda s: span_in_words(s.timesheet.first_day, s.timesheet.last_day),
                   link=lambda s: reverse("work:sheet", args=[actor.slug, s.timesheet.id])),
            Column("Who", lambda s: s.timesheet.worker.name),
            Column("Work", lambda s: s.timesheet.engagement.title),
            Column("Hours", lambda s: format_duration(s.seconds), number=True),
            Column("State", lambda s: _status(s.state)),
        ],
        chips=[Chip("waiting", "Waiting", queries.waits(actor)), Chip("all-of-them", "All", Q())],
        empty=Empty(
            "No timesheet yet",
            "Your hours stand here, week by week, once you log some."
            if own
            else "The hours of whoever works for you stand here, week by week, once they are logged under signed terms.",
            "" if own else "See the agreements",
            "" if own else reverse("agreements:list", args=[actor.slug]),
        ),
    )  # fmt: skip


def _status(state: rules.SheetState) -> Status:
    given = {
        rules.SheetState.OPEN: ("open", "open", "Nothing submitted"),
        rules.SheetState.SUBMITTED: ("open", "given", "Submitted by the provider, not decided"),
        rules.SheetState.PARTLY_APPROVED: ("open", "given", "Partly approved"),
        rules.SheetState.RETURNED: ("returned", "given", "Returned by the owner"),
        rules.SheetState.APPROVED: ("given", "given", "Approved by both"),
    }
    owner, provider, label = given[state]
    return Status(
        state.value.capitalize(), owner="refused" if owner == "returned" else owner, provider=provider, label=label
    )
