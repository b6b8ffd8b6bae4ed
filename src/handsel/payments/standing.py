"""What `handsel check` asks of documents: numbers without a gap, sums that agree, nothing paid twice."""

from collections.abc import Iterable

from django.db.models import Count, F, Max, Q, Sum

from handsel.core import checks
from handsel.ledger.models import Transfer
from handsel.ledger.queries import signed
from handsel.payments.models import Document, Issue, Series


def _numbers() -> Iterable[str]:
    years = Issue.objects.values("series_id", "year").annotate(count=Count("id"), newest=Max("n"))
    gaps = {row["series_id"]: row for row in years.filter(~Q(count=F("newest")))}
    for series in Series.objects.filter(pk__in=gaps):
        row = gaps[series.id]
        yield f"Of {series.prefix} in {row['year']}, {row['newest']} numbers were given and {row['count']} are there."


def _sums() -> Iterable[str]:
    for issued in Issue.objects.annotate(lines=Sum("document__lines__amount")).order_by("id").iterator(chunk_size=2000):
        if issued.amount != (issued.lines or 0):
            yield f"{issued.number} asks for {issued.amount}, and its lines come to {issued.lines or 0}."


def _open() -> Iterable[str]:
    """What is open of an invoice lies between nothing and its amount; of a draft nothing is open."""
    transfers = Transfer.objects.filter(document_id__isnull=False).values("document_id")
    transfers = transfers.annotate(left=Sum(signed("payable")))
    left = dict(transfers.values_list("document_id", "left"))
    rows = Document.objects.filter(kind=Document.INVOICE).order_by("id")
    for key, asked in rows.values_list("id", "issue__amount").iterator(chunk_size=2000):
        if not 0 <= left.get(key, 0) <= (asked or 0):
            yield f"Of document {key} {left.get(key, 0)} is open, and it asks for {asked or 0}."


def register() -> None:
    """Called once, when the room is ready."""
    checks.register("documents", lambda: [*_numbers(), *_sums(), *_open()])
