"""Either side may leave with everything that it reads, and with nothing of anybody else."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handsel.core import stores
from handsel.core.files import key_of
from handsel.core.jobs import run_once
from handsel.core.models import Event
from handsel.core.trail import head_of
from handsel.front.export import making, writing
from handsel.front.export.models import Export
from handsel.mail.importing import import_mbox
from handsel.mail.models import RawMail
from handsel.people.actions import invite
from handsel.people.models import Membership, Row
from handsel.people.permissions import grants_of
from handsel.values.actors import Actor, Role
from handsel.values.refusals import NotVisible, Refusal
from tests.front import exports
from tests.front.exports import Business, content, exported, two_providers
from tests.stories import log_in, member, owner_of, signed_engagement

pytestmark = pytest.mark.django_db


@pytest.fixture
def business(db: None) -> Business:
    return two_providers()


# ---------------------------------------------------------------- what is in it


def test_every_row_that_the_owner_reads_is_in_it(business: Business, tmp_path: Path) -> None:
    file, _ = exported(business.owner, tmp_path)
    for model in writing.tables():
        seen = {str(key) for key in model.objects.visible_to(business.owner).values_list("pk", flat=True)}
        assert {row["id"] for row in exports.rows(file, model._meta.db_table)} == seen


def test_every_table_of_every_room_takes_part(business: Business, tmp_path: Path) -> None:
    file, _ = exported(business.owner, tmp_path)
    assert {f"tables/{model._meta.db_table}.jsonl" for model in writing.tables()} <= set(content(file))
    assert all(issubclass(model, Row) for model in writing.tables())
    assert Export not in writing.tables()


def test_rows_stand_in_the_order_of_their_keys_and_twice_the_same(business: Business, tmp_path: Path) -> None:
    first = content(exported(business.owner, tmp_path)[0])
    second = content(exported(business.owner, tmp_path)[0])
    keys = [json.loads(line)["id"] for line in first["tables/work_timeentry.jsonl"].splitlines()]
    assert keys == sorted(keys) and len(keys) == 2
    del first["manifest.json"], first["manifest.sha256"], second["manifest.json"], second["manifest.sha256"]
    assert first == second


def test_sealed_terms_invoices_and_deliveries_are_in_it_as_they_were_kept(business: Business, tmp_path: Path) -> None:
    file, made = exported(business.owner, tmp_path)
    papers = {row["name"]: content(file)[row["path"]] for row in exports.rows(file, "core_storedfile")}
    assert made.papers == len(papers) == 4  # two terms, one invoice, one delivery
    assert papers["leaflet.txt"] == b"Three candles on a shelf"
    assert sum(paper.startswith(b"%PDF") for paper in papers.values()) == 3


def test_a_paper_whose_bytes_were_lost_is_named_and_stops_nothing(business: Business, tmp_path: Path) -> None:
    stores.chosen().remove(key_of(hashlib.sha256(b"Three candles on a shelf").hexdigest()))
    file, made = exported(business.owner, tmp_path)
    assert made.lost == 1 and made.papers == 3
    assert [row["name"] for row in exports.rows(file, "core_storedfile") if row["path"] is None] == ["leaflet.txt"]


def test_the_trail_is_whole_and_ends_where_the_record_ends(business: Business, tmp_path: Path) -> None:
    file, made = exported(business.owner, tmp_path)
    events = [json.loads(line) for line in content(file)["trail.jsonl"].splitlines()]
    assert business.owner.business_id is not None
    assert (made.number, made.head) == head_of(business.owner.business_id) == (len(events), events[-1]["link"])
    stored = Event.objects.filter(chain_id=business.owner.business_id).order_by("number")
    assert [e["link"] for e in events] == [e.link for e in stored]


def test_the_owner_reads_no_fact_of_a_draft_invoice_that_is_the_providers_alone(
    business: Business, tmp_path: Path
) -> None:
    for actor, shown in ((business.owner, False), (business.ines.provider, True)):
        events = [json.loads(line) for line in content(exported(actor, tmp_path)[0])["trail.jsonl"].splitlines()]
        assert any(event.get("verb") == "payments.drafted" for event in events) is shown


def test_links_by_which_somebody_gets_in_stay_at_home(business: Business, tmp_path: Path) -> None:
    invite(business.owner, "Tom", "tom@larkspur.example", Role.REVIEWER)
    file, _ = exported(business.owner, tmp_path)
    assert "mail" in exports.rows(file, "people_invitation")[0]
    assert not any("token" in name for text in content(file) if text.startswith("tables/people")
                   for row in exports.rows(file, text[7:-6]) for name in row)  # fmt: skip


def test_each_mail_as_it_came_is_the_owners_to_take(business: Business, tmp_path: Path) -> None:
    mail = b"From: ann@buyer.example\nTo: hello@larkspur.example\nSubject: Wick\nMessage-ID: <1@buyer.example>\n"
    mail += b"Date: Mon, 2 Nov 2026 09:00:00 +0000\n\nThe wick is short.\n"
    box = tmp_path / "mail.mbox"
    box.write_bytes(b"From ann@buyer.example Mon Nov  2 09:00:00 2026\n" + mail)
    import_mbox(box, business.owner.slug)
    file, _ = exported(business.owner, tmp_path)
    (row,) = exports.rows(file, "mail_rawmail")
    kept = content(file)[f"papers/mail/{row['digest']}.eml"]
    assert hashlib.sha256(kept).hexdigest() == row["digest"] and b"The wick is short." in kept
    assert exports.run(file)[0] == 0
    path = f"papers/mail/{row['digest']}.eml"
    assert f"{path} was changed" in exports.run(exports.tampered(file, path, lambda text: text + b"x"))[1]
    theirs = content(exported(business.ines.provider, tmp_path)[0])
    assert not any(name.startswith("papers/mail/") for name in theirs)


def test_a_mail_whose_original_was_lost_stops_nothing_and_is_named(
    business: Business, tmp_path: Path, settings: Any
) -> None:
    box = tmp_path / "mail.mbox"
    box.write_bytes(b"From a@buyer.example Mon Nov  2 09:00:00 2026\nFrom: a@buyer.example\n\nThe wick is short.\n")
    import_mbox(box, business.owner.slug)
    raw = RawMail.objects.get()
    (Path(settings.DATA) / "mail" / f"{raw.pack}.pack").unlink()
    file, made = exported(business.owner, tmp_path)
    assert made.lost == 1
    code, said = exports.run(file)
    assert code != 0 and f"papers/mail/{raw.digest}.eml is missing" in said


# ---------------------------------------------------------------- from the command line


def test_the_command_writes_the_export_of_either_side(business: Business, tmp_path: Path) -> None:
    for side, names in (("owner", {}), ("provider", {"provider": "Ines Duarte"})):
        target = tmp_path / f"{side}.zip"
        said = io.StringIO()
        call_command("export_side", target, business=business.owner.slug, side=side, stdout=said, **names)
        assert "The trail ends with entry" in said.getvalue()
        assert exports.run(target)[0] == 0
    assert exports.SECRET_RATE.encode() not in b"".join(content(tmp_path / "provider.zip").values())


def test_the_command_refuses_what_it_cannot_do_and_says_how_to_mend_it(business: Business, tmp_path: Path) -> None:
    there = tmp_path / "there.zip"
    there.touch()
    for file, side, provider, code in (
        (there, "owner", "", "file_exists"),
        (tmp_path / "no" / "x.zip", "owner", "", "no_such_folder"),
        (tmp_path / "x.zip", "provider", "", "which_provider"),
        (tmp_path / "x.zip", "provider", "Nobody", "which_provider"),
    ):
        with pytest.raises(Refusal) as refused:
            call_command("export_side", file, business=business.owner.slug, side=side, provider=provider)
        assert refused.value.code == code and refused.value.mend
    assert list(tmp_path.iterdir()) == [there]


# ---------------------------------------------------------------- what is not in a provider's


def test_a_provider_never_finds_the_rate_the_name_or_a_row_of_another_one(business: Business, tmp_path: Path) -> None:
    file, _ = exported(business.ines.provider, tmp_path)
    whole = b"\n".join(content(file).values())
    secundo = business.secundo
    assert secundo.provider.provider_id and secundo.terms
    for secret in (
        exports.SECRET_RATE,
        "1373100",
        "Secundo",
        "secundo@hidden.example",
        "Secret drawings",
        '"seconds": 4711',
    ):
        assert secret.encode() not in whole, secret
    tables = b"\n".join(text for name, text in content(file).items() if name.startswith("tables/"))
    for key in (secundo.engagement.id, secundo.provider.provider_id, secundo.provider.person_id, secundo.terms.id):
        assert str(key).encode() not in tables
    owners = b"\n".join(content(exported(business.owner, tmp_path)[0]).values())
    assert exports.SECRET_RATE.encode() in owners and b"Secundo" in owners


def test_a_provider_takes_its_own_terms_work_invoices_and_papers(business: Business, tmp_path: Path) -> None:
    file, made = exported(business.ines.provider, tmp_path)
    for table in ("agreements_terms", "work_timeentry", "payments_issue", "payments_payment", "work_delivery"):
        assert len(exports.rows(file, table)) == 1, table
    assert made.papers == 3
    assert {row["name"] for row in exports.rows(file, "people_person")} == {"Nora Whitfield", "Ines Duarte"}


def test_a_provider_finds_entries_about_others_sealed_and_without_what_they_say(
    business: Business, tmp_path: Path
) -> None:
    file, made = exported(business.ines.provider, tmp_path)
    events = [json.loads(line) for line in content(file)["trail.jsonl"].splitlines()]
    hidden = [event for event in events if "seal" in event]
    assert hidden and all(set(event) == {"number", "seal", "link"} for event in hidden)
    own = [event for event in events if event.get("engagement") == str(business.ines.engagement.id)]
    assert own and all(event["facts"] is not None for event in own)
    assert str(business.secundo.engagement.id) not in content(file)["trail.jsonl"].decode()
    assert made.hidden == len(hidden)


def test_another_business_is_in_nobodys_export(business: Business, tmp_path: Path) -> None:
    twin = signed_engagement(owner_of("Maeve Soaps", "maeve@soaps.example", "Maeve Brennan"))
    for actor in (business.owner, business.ines.provider):
        whole = b"\n".join(content(exported(actor, tmp_path)[0]).values())
        assert b"Maeve" not in whole and str(twin.engagement.id).encode() not in whole


# ---------------------------------------------------------------- writing


def test_nothing_half_done_remains_where_the_folder_cannot_be_written(business: Business, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="could not be written"):
        writing.write_export(business.owner, tmp_path / "no" / "such" / "x.zip", lambda *_: None)
    with pytest.raises(RuntimeError):
        writing.write_export(business.owner, tmp_path / "x.zip", _break)
    assert list(tmp_path.iterdir()) == []


def _break(words: str, done: int, most: int) -> None:
    if words == writing.COPYING:
        raise RuntimeError


def test_only_the_one_who_runs_the_server_may_read_the_file(business: Business, tmp_path: Path) -> None:
    file, _ = exported(business.owner, tmp_path)
    assert file.stat().st_mode & 0o077 == 0


def test_progress_is_said_from_nothing_to_all(business: Business, tmp_path: Path) -> None:
    said: list[tuple[str, int, int]] = []
    writing.write_export(business.owner, tmp_path / "x.zip", lambda *how: said.append(how))
    assert said[0][:2] == (writing.READING, 0) and said[-1] == (writing.COPYING, 4, 4)


@pytest.mark.django_db(transaction=True)
def test_the_record_is_read_as_of_one_moment_and_writers_are_not_held_up(tmp_path: Path) -> None:
    business = two_providers()
    seen: list[int] = []

    def write_meanwhile(words: str, done: int, most: int) -> None:
        if words == writing.READING and done == 3:
            _in_a_thread_of_its_own(lambda: exports.worked(business.ines, 600))
            seen.append(done)

    target = tmp_path / "x.zip"
    made = writing.write_export(business.owner, target, write_meanwhile)
    assert seen == [3] and business.owner.business_id is not None
    assert made.number < head_of(business.owner.business_id)[0]
    assert exports.run(target)[0] == 0


def _in_a_thread_of_its_own(act: Any) -> None:
    import threading

    def body() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()


# ---------------------------------------------------------------- the page


def page(client: Client, actor: Actor) -> str:
    answer = log_in(client, actor).get(f"/b/{actor.slug}/leave/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_press_makes_an_export_and_it_is_downloaded_from_the_same_page(client: Client, business: Business) -> None:
    for actor in (business.owner, business.ines.provider):
        assert "Make my export" in page(client, actor)
        answer = client.post(f"/b/{actor.slug}/leave/exports/", {"once": f"press-{actor.side.value}"}, follow=True)
        assert "<progress" in answer.content.decode() and "Make my export" not in answer.content.decode()
        run_once()
        ready = page(client, actor)
        made = making.exports(actor).get()
        assert "Download my export" in ready and f"/b/{actor.slug}/leave/exports/{made.id}/" in ready
        got = client.get(f"/b/{actor.slug}/leave/exports/{made.id}/")
        zipped = b"".join(got.streaming_content)  # type: ignore[attr-defined]  # a file is streamed
        assert zipped[:2] == b"PK" and got["Content-Disposition"].startswith("attachment")
        client.logout()


def test_an_export_stands_in_the_trail_that_it_holds(client: Client, business: Business) -> None:
    making.ask_for_export(business.owner)
    run_once()
    made = making.exports(business.owner).get()
    noted = Event.objects.get(chain_id=business.owner.business_id, verb="people.exported")
    assert made.number >= noted.number and noted.person_id == business.owner.person_id


def test_two_presses_make_one_export(client: Client, business: Business) -> None:
    log_in(client, business.owner)
    for once in ("first", "first", "second"):
        client.post(f"/b/{business.owner.slug}/leave/exports/", {"once": once})
    assert making.exports(business.owner).count() == 1


def test_the_bar_asks_for_itself_until_the_export_is_made(client: Client, business: Business) -> None:
    making.ask_for_export(business.owner)
    log_in(client, business.owner)
    address = f"/b/{business.owner.slug}/leave/"
    waiting = client.get(address, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 1s"' in waiting.content.decode() and "HX-Refresh" not in waiting
    run_once()
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_nobody_else_downloads_what_somebody_took(client: Client, business: Business) -> None:
    making.ask_for_export(business.owner)
    run_once()
    made = making.exports(business.owner).get()
    log_in(client, business.ines.provider)
    assert client.get(f"/b/{business.owner.slug}/leave/exports/{made.id}/").status_code == 404
    with pytest.raises(NotVisible):
        Export.objects.get_visible(business.secundo.provider, made.id)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SYSTEM, Role.BY_LINK}])
def test_who_may_make_an_export_sees_the_button_and_nobody_else(client: Client, business: Business, role: Role) -> None:
    makers = {Role.OWNER, Role.MANAGER, Role.BOOKKEEPER, Role.AUDITOR, Role.PROVIDER_ADMIN}
    story = business.ines
    actor = story.provider if role.side.value == "provider" else story.owner
    from handsel.core.writes import migrating

    with migrating():
        Membership.objects.filter(person_id=actor.person_id).update(role=role.value)
    said = page(client, member(story.engagement.business, Membership.objects.get(person_id=actor.person_id).person))
    assert ("Make my export" in said) is (role in makers) is ("people.note_export" in grants_of(role))
    answer = client.post(f"/b/{story.owner.slug}/leave/exports/", {"once": "x"})
    assert answer.status_code == (302 if role in makers else 403)


def test_a_job_that_fails_says_so_on_the_page(client: Client, business: Business, monkeypatch: Any) -> None:
    def full(*_: object) -> None:
        raise Refusal("export_not_written", "The export could not be written: no space left.", mend="Make room.")

    monkeypatch.setattr(making, "write_export", full)
    making.ask_for_export(business.owner)
    run_once()
    said = page(client, business.owner)
    assert "could not be written: no space left. Make room." in said and "Make my export" in said


def test_a_page_with_many_exports_costs_no_more_queries(client: Client, business: Business) -> None:
    counts = []
    for _ in range(2):
        log_in(client, business.owner)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/b/{business.owner.slug}/leave/")
        counts.append(len(queries))
        for _ in range(3):
            making.ask_for_export(business.owner)
            run_once()
    assert counts[0] == counts[1] <= 12
