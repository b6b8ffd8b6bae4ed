"""The verbs of payments for the trail."""

from handsel.core.trail import Verb

PROVIDER = ("provider",)
DRAFTED = Verb("payments.drafted", "drafted an invoice of {amount}", seen_by=PROVIDER)
DRAFT_DISCARDED = Verb("payments.draft_discarded", "threw a draft invoice away", seen_by=PROVIDER)
ISSUED = Verb("payments.issued", "issued invoice {number}, {amount}", told=("owner",))
CREDITED = Verb("payments.credited", "issued credit note {number}, {amount}", told=("owner",))
SET_OFF = Verb("payments.set_off", "set {amount} that was paid before off against {number}", told=("owner", "provider"))
PAID = Verb("payments.paid", "paid {number}, {amount}", told=PROVIDER)
PAPER_FILED = Verb("payments.paper_filed", "printed {number} and sent it to both sides")

EVENTS = (DRAFTED, DRAFT_DISCARDED, ISSUED, CREDITED, SET_OFF, PAID, PAPER_FILED)
