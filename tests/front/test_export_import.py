"""A business that left with an export comes in again elsewhere with all that this side reads, and the owner works on."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as of_the_process
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from handsel.agreements.actions import pause, resume
from handsel.core import checks, guards, stores
from handsel.core.files import key_of
from handsel.core.models import Chain, Event, OutboxItem, SearchEntry
from handsel.front.export import writing
from handsel.front.management.commands.import_side import Imported, import_export
from handsel.mail import actions as mail
from handsel.mail.models import Message, RawMail
from handsel.people import queries as people
from handsel.people.actions import accept_invitation, invite, remove_member
from handsel.people.models import Business, Membership, Person, Provider
from handsel.people.queries import link_actor
from handsel.values.actors import Actor, Role, Side, Way
from handsel.values.refusals import Refusal
from handsel.work.actions import Stint, change, log
from tests.front import exports
from tests.front.exports import content, repaired, retold, shortened, tampered, two_providers
from tests.mail.story import desk, settle
from tests.payments.invoices import drafted
from tests.stories import TODAY, log_in, member, owner_of

SIDES = ["owner", "provider", "provider, by page"]
Quiet: Callable[[int, int], None] = lambda done, most: None  # noqa: E731


@dataclass(frozen=True)
class Left:
    """The exports of a business that is here no more. readers: as whom each was written. found: what search knew."""

    files: dict[str, Path]
    readers: dict[str, Actor]
    found: list[tuple[Any, ...]]

    def again(self, side: str, folder: Path) -> Path:
        """What the same reader takes now."""
        target = folder / "again.zip"
        writing.write_export(self.readers[side], target, lambda words, done, most: None)
        return target


@pytest.fixture(scope="module")
def left(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("left")
    with django_db_blocker.unblock(), data_in(folder / "data"), transaction.atomic():
        story = a_whole_story(folder)
        owner = Actor(None, story.owner.business_id, Role.OWNER, frozenset(), Way.COMMAND, slug=story.owner.slug)
        provider = replace(owner, role=Role.PROVIDER_ADMIN, provider_id=story.ines.provider.provider_id)
        readers = dict(zip(SIDES, (owner, provider, story.ines.provider), strict=True))
        files = {side: folder / f"{n}.zip" for n, side in enumerate(SIDES)}
        for side, file in files.items():
            writing.write_export(readers[side], file, lambda words, done, most: None)
        settle()
        found = what_search_knows()
        transaction.set_rollback(True)
    yield Left(files, readers, found)


def what_search_knows() -> list[tuple[Any, ...]]:
    """Drafts of invoices apart: those are the provider's alone."""
    rows = SearchEntry.objects.exclude(kind="document")
    return sorted(rows.values_list("kind", "thing_id", "title", "side", "engagement_id", "url", "text"))


@contextmanager
def data_in(folder: Path) -> Iterator[None]:
    before, of_the_process.DATA = of_the_process.DATA, folder
    folder.mkdir()
    try:
        yield
    finally:
        of_the_process.DATA = before


def a_whole_story(folder: Path) -> exports.Business:
    """Two providers, papers, mail with replies in every state, a manager who sent one and left, a draft that was moved
    past a pause that came after it, a draft invoice, an open invitation."""
    business = two_providers()
    owner, ines = business.owner, business.ines
    box = desk(folder, story=ines)
    tom = joined(owner, "Tom", "tom@larkspur.example")
    reply = box.submitted()
    mail.release(tom, box.waiting.id, box.draft(), reply.id)
    mail.write(ines.provider, box.waiting.id, box.draft("One more thing."))
    remove_member(owner, Membership.objects.get(person_id=tom.person_id).id)
    (line,) = log(ines.provider, ines.engagement.id, Stint("Training", "", TODAY(), 600))
    pause(owner, ines.engagement.id, TODAY() + timedelta(days=3))
    resume(owner, ines.engagement.id, TODAY() + timedelta(days=10))
    change(ines.provider, line.id, Stint("Training", "moved", TODAY() - timedelta(days=2), 900))
    exports.worked(ines, 1200)
    drafted(ines)
    invite(owner, "Kim", "kim@larkspur.example", Role.REVIEWER)
    return business


def joined(owner: Actor, name: str, address: str) -> Actor:
    invitation, _ = invite(owner, name, address, Role.MANAGER)
    membership = accept_invitation(link_actor(invitation.business_id), invitation.id, name)
    return member(membership.business, membership.person)


@pytest.fixture
def elsewhere(db: None, settings: Any, tmp_path: Path) -> Path:
    """A fresh installation: its data folder."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return tmp_path / "data"


def imported(left: Left, side: str = "owner") -> Imported:
    return import_export(left.files[side], Quiet)


def parts(file: Path) -> dict[str, Any]:
    """An export without what the manifest says of the time of its making."""
    found: dict[str, Any] = {**content(file), "manifest.sha256": None}
    manifest = json.loads(found["manifest.json"])
    del manifest["made_at"], manifest["handsel"]
    return {**found, "manifest.json": manifest}


# ---------------------------------------------------------------- equal


@pytest.mark.parametrize("side", SIDES)
def test_export_import_export_is_equal_byte_for_byte(left: Left, elsewhere: Path, tmp_path: Path, side: str) -> None:
    imported(left, side)
    again = left.again(side, tmp_path)
    assert parts(again) == parts(left.files[side])
    assert exports.run(again)[0] == 0


def test_the_story_holds_what_could_differ(left: Left, db: None) -> None:
    """So that the promise above is not an empty one."""
    rows = {
        name[7:-6]: len(text.splitlines()) for name, text in content(left.files["owner"]).items() if "tables/" in name
    }
    for table in (
        "mail_send",
        "mail_reply",
        "mail_rawmail",
        "agreements_inforce",
        "ledger_transfer",
        "core_storedfile",
    ):
        assert rows[table], table
    manifest = json.loads(content(left.files["provider, by page"])["manifest.json"])
    assert set(manifest["beyond"]) >= {"mail_mailbox", "mail_mailimport"} and manifest["trail"]["hidden"]


def test_everything_is_as_it_must_be_after_it(left: Left, elsewhere: Path) -> None:
    imported(left)
    assert guards.missing(connection) == []
    assert [said for find in checks.all_checks().values() for said in find()] == []


def test_the_commands_give_an_equal_export(left: Left, elsewhere: Path, tmp_path: Path) -> None:
    made: list[Imported] = []
    call_command("import_side", left.files["owner"], answer=made.append)
    call_command("export_side", tmp_path / "x.zip", business=made[0].business, side="owner")
    assert parts(tmp_path / "x.zip") == parts(left.files["owner"])


# ---------------------------------------------------------------- she works on


def test_the_owner_comes_in_by_a_link_and_works_on(client: Client, left: Left, elsewhere: Path) -> None:
    done = imported(left)
    address = done.links["Nora Whitfield"].removeprefix("http://localhost")
    assert client.post(address).status_code == 302
    home = client.get(f"/b/{done.business}/")
    assert home.status_code == 200 and "Larkspur Candles" in home.content.decode()
    business = Business.objects.get(slug=done.business)
    nora = member(business, Person.objects.get(name="Nora Whitfield"))
    before = Chain.objects.get(pk=business.pk).number
    invite(nora, "Lea", "lea@larkspur.example", Role.REVIEWER)
    assert Chain.objects.get(pk=business.pk).number == before + 1
    assert [fault for find in checks.all_checks().values() for fault in find()] == []


def test_pages_of_what_came_in_are_shown(client: Client, left: Left, elsewhere: Path) -> None:
    done = imported(left)
    nora = member(Business.objects.get(slug=done.business), Person.objects.get(name="Nora Whitfield"))
    log_in(client, nora)
    for page in ("", "history/", "mail/", "timesheets/", "invoices/", "engagements/", "leave/"):
        assert client.get(f"/b/{done.business}/{page}").status_code in {200, 404}, page


def test_work_goes_on_under_the_terms_that_came_in(left: Left, elsewhere: Path) -> None:
    done = imported(left)
    business = Business.objects.get(slug=done.business)
    ines, nora = (member(business, Person.objects.get(name=name)) for name in ("Ines Duarte", "Nora Whitfield"))
    from handsel.agreements.models import Engagement

    engagement = Engagement.objects.visible_to(ines).get()
    story = exports.SignedEngagement(nora, ines, engagement, engagement.terms.get())
    exports.worked(story, 300)
    with pytest.raises(Refusal, match="terms"):
        log(ines, engagement.id, Stint("Customer mail", "", TODAY() - timedelta(days=400), 60))


def test_a_provider_reads_her_own_past_and_nobody_elses(left: Left, elsewhere: Path) -> None:
    done = imported(left, "provider")
    assert list(done.links) == ["Ines Duarte"]
    ines = Person.objects.get(name="Ines Duarte")
    assert ines.mail.endswith("@elsewhere.invalid")
    assert not Provider.objects.filter(name__contains="Secundo").exclude(name="").exists()
    whole = json.dumps(list(Event.objects.values_list("facts", flat=True)))
    assert "Secundo" not in whole and exports.SECRET_RATE not in whole


def test_what_was_followed_there_is_not_followed_again_here(left: Left, elsewhere: Path) -> None:
    """No mail goes out twice, no paper is printed anew; but search finds everything at once."""
    imported(left)
    assert not OutboxItem.objects.exists()
    assert what_search_knows() == left.found and len(left.found) > 10


def test_mail_lies_in_the_files_as_it_was_received(left: Left, elsewhere: Path) -> None:
    from handsel.mail import originals

    imported(left)
    raws = list(RawMail.objects.all())
    assert raws and Message.objects.exists()
    for raw in raws:
        assert len(originals.bytes_of(raw.pack, raw.offset, raw.length, raw.digest)) == raw.length


# ---------------------------------------------------------------- what was changed is named, and does not come in


def nothing_came(elsewhere: Path) -> None:
    assert not Business.objects.exists() and not Person.objects.exists() and not Event.objects.exists()
    assert [path for path in elsewhere.rglob("*") if path.is_file()] == []


def refused(file: Path, elsewhere: Path, *words: str) -> None:
    with pytest.raises(Refusal) as found:
        import_export(file, Quiet)
    for word in words:
        assert word in found.value.sentence, found.value.sentence
    nothing_came(elsewhere)


@pytest.fixture
def copy(left: Left, tmp_path: Path) -> Path:
    (tmp_path / "copy.zip").write_bytes(left.files["owner"].read_bytes())
    return tmp_path / "copy.zip"


def flipped(text: bytes) -> bytes:
    middle = len(text) // 2
    return text[:middle] + bytes([text[middle] ^ 1]) + text[middle + 1 :]


def kinds_of_file() -> list[str]:
    """Each table of every room that may hold rows, and every other kind of file in an export."""
    names = [f"tables/{model._meta.db_table}.jsonl" for model in writing.tables()]
    own = ["people_person", "people_business", "people_provider", "core_storedfile"]
    return [*names, *(f"tables/{name}.jsonl" for name in own), "trail.jsonl", "papers/mail/", "papers/", "READ-ME.txt",
            "verify.py", "manifest.json", "manifest.sha256"]  # fmt: skip


def test_a_changed_byte_is_named_in_every_kind_of_file(left: Left, elsewhere: Path, copy: Path) -> None:
    parts_there = content(copy)
    looked_at = 0
    for kind in kinds_of_file():
        path = next((name for name in parts_there if name.startswith(kind) and parts_there[name]), None)
        if path is not None:
            looked_at += 1
            said = path if path != "manifest.json" else "manifest"
            refused(tampered(copy, path, flipped), elsewhere, said)
    assert looked_at > 50


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda events: events[:-1], "The trail ends with event"),
        (lambda events: [*events[:-2], events[-1], events[-2]], "stands where event"),
        (lambda events: [*events[:3], *events[4:]], "stands where event 4 belongs"),
    ],
    ids=["the last one dropped", "two swapped", "one left out"],
)
def test_events_that_were_dropped_or_swapped_are_named(
    elsewhere: Path, copy: Path, change: Callable[[Any], Any], words: str
) -> None:
    refused(retold(copy, change), elsewhere, words)


def test_a_row_that_was_taken_out_is_named(elsewhere: Path, copy: Path) -> None:
    refused(shortened(copy, "ledger_transfer"), elsewhere, "ledger_transfer")


# A cheat makes every hash fit. Then the guards have the last word.


def test_hours_outside_terms_in_force_do_not_come_in(elsewhere: Path, copy: Path) -> None:
    def earlier(row: dict[str, Any]) -> None:
        row["work_day"] = "2019-01-02"

    refused(repaired(copy, "work_timeentry", earlier), elsewhere, "No terms signed by both sides are in force")


def test_a_status_that_its_records_do_not_give_does_not_come_in(elsewhere: Path, copy: Path) -> None:
    def approved(row: dict[str, Any]) -> None:
        row["status"] = "submitted" if row["status"] != "submitted" else "approved"

    refused(repaired(copy, "work_timeentry", approved), elsewhere, "is not what its records say")


def test_a_signature_by_one_side_brings_nothing_into_force(elsewhere: Path, copy: Path) -> None:
    def other(row: dict[str, Any]) -> None:
        row["signed_side"] = "provider" if row["signed_side"] == "owner" else "owner"

    with pytest.raises(Refusal):
        import_export(repaired(copy, "agreements_signature", other), Quiet)
    nothing_came(elsewhere)


@pytest.mark.parametrize("cut", [0, 40, 0.5, 0.99])
def test_a_file_that_was_cut_short_is_refused(left: Left, elsewhere: Path, tmp_path: Path, cut: float) -> None:
    text = left.files["owner"].read_bytes()
    (tmp_path / "cut.zip").write_bytes(text[: int(cut * len(text)) if cut < 1 else int(cut)])
    refused(tmp_path / "cut.zip", elsewhere, "cannot be read")


def test_names_that_lead_nowhere_are_refused(elsewhere: Path, tmp_path: Path) -> None:
    refused(tmp_path / "no.zip", elsewhere, "There is no file")
    refused(tmp_path, elsewhere, "Is a directory")


def test_a_table_or_a_column_of_a_later_version_is_named(elsewhere: Path, copy: Path) -> None:
    refused(repaired(copy, "people_business", lambda row: row.update(moon="full")), elsewhere,
            "newer Handsel", "moon")  # fmt: skip


def test_a_business_that_is_here_already_does_not_come_in_twice(left: Left, elsewhere: Path) -> None:
    imported(left)
    rows = Event.objects.count()
    with pytest.raises(Refusal, match="here already"):
        imported(left)
    assert Event.objects.count() == rows


def test_somebody_who_is_here_under_another_key_is_named(left: Left, elsewhere: Path) -> None:
    owner_of("Other", "nora@larkspur.example")
    with pytest.raises(Refusal, match="nora@larkspur.example is somebody here already"):
        imported(left)


def test_a_business_comes_in_beside_another_one(left: Left, elsewhere: Path, tmp_path: Path) -> None:
    other = owner_of("Maeve Soaps", "maeve@soaps.example", "Maeve Brennan")
    imported(left)
    assert parts(left.again("owner", tmp_path)) == parts(left.files["owner"])
    assert people.members(other).count() == 1


def test_a_full_disk_leaves_nothing(left: Left, elsewhere: Path) -> None:
    from tests.cli.test_backup import at_most

    with at_most(1000), pytest.raises(Refusal):
        imported(left)
    nothing_came(elsewhere)


def test_an_export_whose_papers_were_lost_comes_in_without_them(left: Left, elsewhere: Path, tmp_path: Path) -> None:
    imported(left)
    from handsel.core.models import StoredFile

    stores.chosen().remove(key_of(StoredFile.objects.order_by("pk").first().digest))  # type: ignore[union-attr]
    again = left.again("owner", tmp_path)
    with zipfile.ZipFile(again) as archive:
        assert archive.testzip() is None
    assert Side.OWNER_SIDE.value in json.loads(content(again)["manifest.json"])["side"]
