"""What a bucket of work earns; pure (MONEY.md 3)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from handsel.agreements.rules import Agreed, Level, amount_of, period_of, quantity_e2, rounded_seconds
from handsel.values.money import Money


@dataclass(frozen=True)
class Work:
    """One piece of approved work: an entry's seconds, or an accepted task by the name of its fee."""

    engagement_id: UUID
    worker_id: UUID
    work_day: date
    evidence_id: UUID
    words: str
    kind: str = ""
    seconds: int = 0
    fee: str = ""


@dataclass(frozen=True)
class Earned:
    """quantity in hundredths of an hour, and the amount that it comes to."""

    quantity_e2: int
    amount: Money


def bucket_of(agreed: Agreed, work: Work, rate_line_id: UUID) -> str:
    """What is rounded together: the entry, the person's day, or the person's period, per rate line."""
    where = {
        Level.ENTRY: str(work.evidence_id),
        Level.DAY: f"{work.worker_id}:{work.work_day.isoformat()}",
        Level.PERIOD: f"{work.worker_id}:{period_of(work.work_day, agreed.period)[0].isoformat()}",
    }
    return f"{rate_line_id}:{where[agreed.level]}"


def earned(agreed: Agreed, before_seconds: int, seconds: int, price_e4: int) -> Earned:
    """What these seconds add to a bucket that holds some already: the difference of two rounded quantities, never
    negative, priced and rounded once. So quantities do not depend on the order of approvals."""

    def quantity(total: int) -> int:
        return quantity_e2(rounded_seconds(total, agreed.rounding, agreed.step_minutes))

    added = max(0, quantity(before_seconds + seconds) - quantity(before_seconds))
    return Earned(added, amount_of(added, price_e4, agreed.currency))
