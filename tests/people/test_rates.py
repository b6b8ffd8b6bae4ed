"""What a provider's assistants read of the pay: nothing, until their firm shows it to them."""

import pytest
from django.test import Client

from handsel.agreements.actions import name_worker
from handsel.people.models import RatesWord
from handsel.people.queries import actor_for
from handsel.values.actors import Actor
from handsel.work.actions import Stint, deliver, log, submit
from tests.api.conftest import program
from tests.house.crawler import walk
from tests.playbooks.test_actions import assistant_of
from tests.stories import TODAY, SubmittedWeek, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lena(week: SubmittedWeek) -> Actor:
    """An assistant of Ines who is named for the work, with a week of her own handed in and a deliverable delivered."""
    lena = assistant_of(week.provider)
    assert lena.person_id is not None
    name_worker(week.provider, week.engagement.id, lena.person_id)
    (line,) = log(lena, week.engagement.id, Stint("Customer mail", "", TODAY(), 3600))
    submit(lena, line.timesheet_id)
    deliver(lena, week.engagement.id, "Autumn leaflet", "The first draft")
    return lena


def test_an_assistant_reads_no_amount_on_any_page(client: Client, week: SubmittedWeek, lena: Actor) -> None:
    visits = [v for v in walk(log_in(client, lena), f"/b/{lena.slug}/").visits if not v.url.startswith("/programs/")]
    names = {visit.name for visit in visits}
    assert {"agreements:list", "agreements:terms", "work:sheet", "work:task", "work:week"} <= names
    assert [v.url for v in visits if "€" in v.text or "18.50" in v.text or "240.00" in v.text] == []


@pytest.mark.parametrize(
    "path", ["agreements/?format=csv", "search/?q=18.50", "search/?q=terms", "notices/", "history/"]
)
def test_neither_lists_nor_search_give_it_away(client: Client, lena: Actor, path: str) -> None:
    answer = log_in(client, lena).get(f"/b/{lena.slug}/{path}")
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200 and "€" not in text.decode()


def test_the_ledger_shows_her_hours_and_their_state_alone(client: Client, week: SubmittedWeek, lena: Actor) -> None:
    for path in ("", "?format=csv"):
        answer = log_in(client, lena).get(f"/b/{lena.slug}/ledger/{week.engagement.id}/{path}")
        text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200 and "€" not in text.decode() and "EUR" not in text.decode()


def test_an_assistant_has_no_paper_and_takes_no_copy_of_her_firms_side(
    client: Client, week: SubmittedWeek, lena: Actor
) -> None:
    terms = week.engagement.terms.get()
    log_in(client, lena)
    assert client.get(f"/b/{lena.slug}/terms/{terms.id}/paper.pdf").status_code == 404
    assert client.post(f"/b/{lena.slug}/leave/exports/").status_code == 403
    page = client.get(f"/b/{lena.slug}/terms/{terms.id}/").content.decode()
    assert "paper.pdf" not in page and "The work" in page and "The pay" not in page


def test_her_firm_shows_it_and_hides_it_again(client: Client, week: SubmittedWeek, lena: Actor) -> None:
    terms = f"/b/{lena.slug}/terms/{week.engagement.terms.get().id}/"
    ines, her = log_in(Client(), week.provider), log_in(client, lena)
    assert "neither rates nor fees" in ines.get(f"/b/{lena.slug}/people/").content.decode()
    ines.post(f"/b/{lena.slug}/people/rates/")
    assert "€18.50 an hour" in her.get(terms).content.decode()
    assert "€18.50" in her.get(f"/b/{lena.slug}/agreements/").content.decode()
    assert her.get(f"{terms}paper.pdf").status_code == 200
    ines.post(f"/b/{lena.slug}/people/rates/withdrawal/")
    assert "€18.50" not in her.get(terms).content.decode()
    assert her.get(f"{terms}paper.pdf").status_code == 404
    assert list(RatesWord.objects.order_by("n").values_list("n", "shown")) == [(1, True), (2, False)]


def test_only_who_leads_the_firm_says_so(client: Client, week: SubmittedWeek, lena: Actor) -> None:
    for actor in (lena, week.owner):
        log_in(client, actor)
        assert client.post(f"/b/{lena.slug}/people/rates/").status_code == 403
        assert "What your assistants read" not in client.get(f"/b/{lena.slug}/people/").content.decode()
    assert lena.person_id is not None and not actor_for(lena.person_id, lena.slug).reads_rates
    assert week.provider.reads_rates and week.owner.reads_rates


def test_a_program_of_an_assistant_reads_no_amount_either(week: SubmittedWeek, lena: Actor) -> None:
    of_engagement = f"/engagements/{week.engagement.id}"
    said = [program(lena).read(f"{of_engagement}/{tail}") for tail in ("terms", "deliverables")]
    assert said[0][0]["rates"] == said[0][0]["fees"] == [] and said[1][0]["fee"] is None
    assert "18.5" not in str(said) and "240" not in str(said)
    assert program(week.provider).read(f"{of_engagement}/terms")[0]["rates"][0]["price"] == "18.50"
