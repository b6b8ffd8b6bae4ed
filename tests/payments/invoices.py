"""How tests of payments begin: approved hours, drafts, invoices; all by the actions that people use."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from handsel.agreements.models import Engagement
from handsel.agreements.rules import Rate
from handsel.ledger.queries import Balance, balance
from handsel.payments import queries
from handsel.payments.actions import draft, issue
from handsel.payments.models import Document, Issue
from handsel.values.actors import Actor
from handsel.values.money import Money
from handsel.work.actions import Stint, decide, log, submit
from handsel.work.models import TimeEntry
from handsel.work.rules import Decision
from tests.stories import TODAY, SignedEngagement, signed_engagement, usual_terms


def at_fifty() -> SignedEngagement:
    """€50 an hour, as in the worked examples of credit notes."""
    return signed_engagement(agreed=usual_terms(rates=(Rate("Customer mail", Decimal("50.00")),)))


def approved(story: SignedEngagement, hours: float, days_ago: int = 1) -> TimeEntry:
    """A line of so many hours, logged, submitted and approved."""
    day = TODAY() - timedelta(days=days_ago)
    (line,) = log(story.provider, story.engagement.id, Stint("Customer mail", "", day, int(hours * 3600)))
    submit(story.provider, line.timesheet_id)
    decide(story.owner, line.timesheet_id, [Decision(line.id, line.revision, approves=True)])
    line.refresh_from_db()
    return line


def drafted(story: SignedEngagement) -> Document:
    """A draft of everything that waits."""
    return draft(story.provider, story.engagement.id, date(2020, 1, 1), TODAY())


def seen(document: Document) -> str:
    """What the page of a draft shows of it."""
    return queries.seen_as([found.line for found in queries.draft_lines(document.id) if found.stands])


def invoiced(story: SignedEngagement) -> Issue:
    """Everything that waits, on an issued invoice."""
    document = drafted(story)
    return issue(story.provider, document.id, seen(document))


def accounts(actor: Actor, engagement: Engagement) -> Balance:
    return balance(actor, engagement.id, "EUR")


def eur(amount: str) -> Money:
    return Money(amount, "EUR")
