"""From approved work to its payment, by programs of both sides."""

from __future__ import annotations

import pytest

from tests.api.conftest import problem, program
from tests.payments.invoices import approved, at_fifty
from tests.stories import TODAY

pytestmark = pytest.mark.django_db


def test_an_invoice_is_drafted_read_issued_and_paid() -> None:
    story = at_fifty()
    approved(story, 2.0)
    ines, nora = program(story.provider), program(story.owner)
    (waits,) = ines.read("/waiting-for-invoice")
    days = {"first_day": waits["first_day"], "last_day": waits["last_day"]}
    draft = ines.done("/documents", {"engagement_id": waits["engagement_id"], **days})
    assert (draft["state"], draft["amount"]) == ("Draft", {"amount": "100.00", "currency": "EUR"})
    problem(nora.get(f"/documents/{draft['id']}"), 404, "not_found")
    issued = ines.done(f"/documents/{draft['id']}/issue", {"seen": draft["seen"]})
    assert issued["number"].endswith("-0001") and issued["lines"][0]["quantity"] == "2.00"
    payment = nora.done(f"/documents/{draft['id']}/payments", {"day": str(TODAY()), "method": "Bank transfer"})
    assert payment["amount"]["amount"] == "100.00"
    assert ines.read(f"/documents/{draft['id']}")["state"] == "Paid"
    assert ines.read("/owed")["amounts"] == []
    (charge,) = ines.read(f"/engagements/{story.engagement.id}/charges")["items"]
    assert (charge["price"], charge["state"]) == ("50.0000", "Paid")


def test_a_draft_that_changed_since_it_was_read_is_not_issued() -> None:
    story = at_fifty()
    approved(story, 2.0)
    ines = program(story.provider)
    (waits,) = ines.read("/waiting-for-invoice")
    draft = ines.done("/documents", {key: waits[key] for key in ("engagement_id", "first_day", "last_day")})
    problem(ines.post(f"/documents/{draft['id']}/issue", {"seen": "0" * 16}), 409, "changed_since")


@pytest.mark.reaches("other_currency", "too_fine")
def test_a_credit_names_the_currency_and_no_finer_amount() -> None:
    story = at_fifty()
    approved(story, 2.0)
    ines = program(story.provider)
    (waits,) = ines.read("/waiting-for-invoice")
    draft = ines.done("/documents", {key: waits[key] for key in ("engagement_id", "first_day", "last_day")})
    issued = ines.done(f"/documents/{draft['id']}/issue", {"seen": draft["seen"]})
    path, line = f"/documents/{draft['id']}/credit", issued["lines"][0]["id"]
    lower = {"line_id": line, "outcome": "paid", "lower_by": "10.00"}
    words = {"reason": "Agreed by phone"}
    problem(ines.post(path, {"credits": [lower], "currency": "USD", **words}), 422, "other_currency")
    finer = {**lower, "lower_by": "10.001"}
    problem(ines.post(path, {"credits": [finer], "currency": "EUR", **words}), 422, "too_fine")
    note = ines.done(path, {"credits": [lower], "currency": "EUR", **words})
    assert (note["kind"], note["amount"]["amount"], note["corrects_id"]) == ("credit_note", "10.00", draft["id"])
