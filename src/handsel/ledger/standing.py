"""What `handsel check` asks of the ledger: each charge adds up, and no account holds less than nothing."""

from collections.abc import Iterable

from django.db.models import Sum

from handsel.core import checks
from handsel.ledger.models import Charge, Posting, Transfer
from handsel.ledger.queries import signed

_NEVER_BELOW_NOTHING = ("unbilled", "payable", "paid")


def _accounts() -> Iterable[str]:
    for account in _NEVER_BELOW_NOTHING:
        sums = Transfer.objects.values_list("engagement_id", "currency").annotate(sum=Sum(signed(account)))
        for engagement_id, currency, _ in sums.filter(sum__lt=0).order_by("engagement_id"):
            yield f"Engagement {engagement_id} has less than nothing on “{account}” in {currency}."


def _charges() -> Iterable[str]:
    """What of a charge is unbilled lies between nothing and its amount; of a void charge nothing is left."""
    unbilled = Transfer.objects.filter(charge__isnull=False).values("charge_id").annotate(left=Sum(signed("unbilled")))
    left = dict(unbilled.values_list("charge_id", "left"))
    for charge in Charge.objects.annotate(claimed=Sum("claims__units")).order_by("id").iterator(chunk_size=2000):
        rest, most = left.get(charge.id, 0), charge.amount if (charge.claimed or 0) > 0 else 0
        if not 0 <= rest <= most:
            yield f"Of charge {charge.id} {rest} is unbilled, and it comes to {most}."
        if (charge.claimed or 0) < 0:
            yield f"Charge {charge.id} gave back more work than it used."


def _empty_postings() -> Iterable[str]:
    if count := Posting.objects.filter(transfers__isnull=True).exclude(kind="credited").count():
        yield f"{count} acts in the ledger moved nothing."


def register() -> None:
    """Called once, when the room is ready."""
    checks.register("ledger", lambda: [*_accounts(), *_charges(), *_empty_postings()])
