"""An installation whose files lie in a bucket: pages, mail, backup, export and check do as with the data folder."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from handsel.cli import ground
from handsel.core import files, stores
from handsel.core.jobs import run_once
from handsel.core.models import StoredFile
from handsel.front.export import making
from handsel.mail import importing, originals, tasks
from handsel.mail.models import MailImport, RawMail
from handsel.values.actors import Actor
from handsel.values.refusals import Refusal
from handsel.work.models import Delivery
from tests.cli.installation import Installation, migrated
from tests.cli.telling import answered, refused, say
from tests.cli.test_backup import everything
from tests.core import s3
from tests.front import exports
from tests.front.exports import two_providers
from tests.mail.story import candle_letters, mbox, settle
from tests.proposals.story import sent_proposal
from tests.stories import SignedEngagement, log_in, owner_of, signed_engagement

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine("sqlite")]
LEAFLET = b"Three candles on a shelf"
LETTERS = candle_letters()[:6]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3.running() as endpoint:
        yield endpoint


@pytest.fixture
def said(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, endpoint: str) -> dict[str, str]:
    """The files lie in a bucket; what another process is told of it."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return s3.choose(settings, monkeypatch, endpoint)


@pytest.fixture
def story(said: dict[str, str]) -> SignedEngagement:
    return signed_engagement()


def deliver(client: Client, story: SignedEngagement) -> Any:
    log_in(client, story.provider)
    page = f"/b/{story.owner.slug}/work/{story.engagement.id}/deliverables/0/delivery/"
    return client.post(page, {"note": "Ready", "file": SimpleUploadedFile("leaflet.txt", LEAFLET, "text/plain")})


def leaflet(story: SignedEngagement) -> str:
    return f"/b/{story.owner.slug}/tasks/files/{Delivery.objects.get().id}/"


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and path.name != "lock"]


# ---------------------------------------------------------------- pages


def test_a_delivery_is_kept_in_the_bucket_and_downloaded_from_it(
    client: Client, story: SignedEngagement, settings: Any
) -> None:
    assert deliver(client, story).status_code == 302
    digest = hashlib.sha256(LEAFLET).hexdigest()
    assert f"handsel/files/{digest[:2]}/{digest[2:4]}/{digest}" in s3.keys(settings)
    assert files_in(settings.DATA) == []
    log_in(client, story.owner)
    answer = client.get(leaflet(story))
    assert b"".join(answer.streaming_content) == LEAFLET
    assert answer["Content-Length"] == str(len(LEAFLET)) and 'filename="leaflet.txt"' in answer["Content-Disposition"]


@pytest.mark.reaches("file_not_kept")
def test_a_delivery_that_finds_no_store_is_refused_and_its_words_are_kept(
    client: Client, story: SignedEngagement, settings: Any
) -> None:
    with s3.away(settings):
        answer = deliver(client, story)
    page = answer.content.decode()
    assert answer.status_code == 422 and "The file could not be kept: the store of files did not take it." in page
    assert "Ready</textarea>" in page and not Delivery.objects.exists() and not StoredFile.objects.exists()


@pytest.mark.reaches("files_away")
def test_a_download_without_the_store_is_a_plain_page_and_comes_once_it_is_back(
    client: Client, story: SignedEngagement, settings: Any
) -> None:
    deliver(client, story)
    with s3.away(settings):
        answer = client.get(leaflet(story))
        assert answer.status_code == 503 and "Nothing is lost: try again" in answer.content.decode()
        assert client.get(f"/b/{story.owner.slug}/").status_code == 200, "what needs no file goes on"
    assert b"".join(client.get(leaflet(story)).streaming_content) == LEAFLET


@pytest.mark.reaches("file_missing")
def test_a_download_of_a_file_that_was_lost_says_so(client: Client, story: SignedEngagement) -> None:
    deliver(client, story)
    stores.chosen().remove(files.key_of(StoredFile.objects.get(name="leaflet.txt").digest))
    answer = client.get(leaflet(story))
    assert answer.status_code == 410 and "missing from the files" in answer.content.decode()


def test_a_paper_by_link_without_the_store_is_a_plain_page(client: Client, said: dict[str, str], settings: Any) -> None:
    sent = sent_proposal()
    run_once()
    with s3.away(settings):
        answer = client.get(f"/p/{sent.token}/proposal.pdf")
    assert answer.status_code == 503 and "Nothing is lost: try again" in answer.content.decode()
    assert b"".join(client.get(f"/p/{sent.token}/proposal.pdf").streaming_content).startswith(b"%PDF")


# ---------------------------------------------------------------- mail


def gives_a_mailbox(client: Client, folder: Path) -> Actor:
    """Nora gives the file of a mailbox on the page; nobody has read it yet."""
    nora = owner_of()
    log_in(client, nora)
    file = SimpleUploadedFile("mail.mbox", mbox(folder / "a.mbox", *LETTERS).read_bytes())
    client.post(f"/b/{nora.slug}/mail/mailboxes/", {"file": file, "once": "k"})
    return nora


def test_mail_that_came_by_the_page_is_read_by_a_worker_with_another_folder(
    client: Client, said: dict[str, str], settings: Any, tmp_path: Path
) -> None:
    gives_a_mailbox(client, tmp_path)
    assert [key.split("/")[1] for key in s3.keys(settings)] == ["spool"]
    settings.DATA = tmp_path / "another machine"
    settings.DATA.mkdir()
    settle()
    raws = list(RawMail.objects.all())
    assert len(raws) == 6 and MailImport.objects.get().finished_at
    assert [key.split("/")[1] for key in s3.keys(settings)] == ["mail"] and files_in(settings.DATA) == []
    for raw in raws:
        originals.bytes_of(raw.pack, raw.offset, raw.length, raw.digest)


def test_mail_that_waits_for_the_store_is_read_once_it_is_back(
    client: Client, said: dict[str, str], settings: Any, tmp_path: Path
) -> None:
    nora = gives_a_mailbox(client, tmp_path)
    begun = MailImport.objects.get()
    with s3.away(settings), pytest.raises(stores.StoreAway):
        tasks.read_file.func(str(nora.business_id), str(begun.id))
    settle()
    assert RawMail.objects.count() == 6


def test_each_batch_of_mail_lies_in_a_pack_of_its_own(
    said: dict[str, str], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    importing.import_mbox(mbox(tmp_path / "a.mbox", *LETTERS), owner_of().slug)
    packs = set(RawMail.objects.values_list("pack", flat=True))
    assert len(packs) == 3 and {f"handsel/{originals.key_of(pack)}" for pack in packs} == set(s3.keys(settings))


# ---------------------------------------------------------------- everything at once


@pytest.fixture
def business(said: dict[str, str], tmp_path: Path) -> exports.Business:
    business = two_providers()
    importing.import_mbox(mbox(tmp_path / "a.mbox", *LETTERS), business.owner.slug)
    connection.check_constraints()
    return business


def lying(settings: Any) -> dict[str, bytes]:
    store = s3.client(settings.FILES_ENDPOINT)
    return {key: store.get_object(Bucket=settings.FILES["bucket"], Key=key)["Body"].read() for key in s3.keys(settings)}


def test_a_backup_comes_back_from_bucket_to_bucket_and_to_the_data_folder(
    business: exports.Business, settings: Any, monkeypatch: pytest.MonkeyPatch, endpoint: str, tmp_path: Path
) -> None:
    made = answered("backup", tmp_path / "all.backup")
    rows, bytes_of = everything(), lying(settings)
    assert made["files"] == len(bytes_of) and made["missing"] == []
    s3.choose(settings, monkeypatch, endpoint)
    assert answered("restore", tmp_path / "all.backup", "--replace")["files"] == made["files"]
    assert everything() == rows and lying(settings) == bytes_of
    assert say("check").stdout == "All is as it must be.\n"
    settings.FILES = {}
    answered("restore", tmp_path / "all.backup", "--replace")
    assert {f"handsel/{key}" for below in ("files/", "mail/") for key, _ in stores.chosen().listed(below)} == set(
        bytes_of
    )
    assert say("check").stdout == "All is as it must be.\n"


def test_without_the_store_no_backup_and_no_restore_begins(
    business: exports.Business, settings: Any, tmp_path: Path
) -> None:
    say("backup", tmp_path / "all.backup")
    rows = everything()
    with s3.away(settings):
        for words in (
            ["backup", tmp_path / "none.backup"],
            ["restore", tmp_path / "all.backup", "--replace"],
            ["check"],
        ):
            refused(say(*words), "The files cannot be reached just now.", "Nothing is lost")
    assert everything() == rows and not (tmp_path / "none.backup").exists()


def test_a_bucket_in_which_files_lie_is_no_empty_place(
    business: exports.Business, said: dict[str, str], tmp_path: Path
) -> None:
    say("backup", tmp_path / "all.backup")
    with migrated(tmp_path / "new") as new:
        refused(new.say("restore", str(tmp_path / "all.backup"), **said), "files that were kept", "--replace")


def test_an_export_leaves_from_a_bucket_and_comes_into_another(
    business: exports.Business, settings: Any, monkeypatch: pytest.MonkeyPatch, endpoint: str, tmp_path: Path
) -> None:
    file, made = exports.exported(business.owner, tmp_path)
    assert made.lost == 0 and exports.run(file)[0] == 0
    bytes_of = lying(settings)
    said = s3.choose(settings, monkeypatch, endpoint)
    with migrated(tmp_path / "new") as new:
        done = new.say("import", str(file), **said)
        assert done.returncode == 0, done.stderr
        assert lying(settings) == bytes_of and files_in(new.folder / "files") == []
        assert new.say("check", **said).stdout == "All is as it must be.\n"


def test_an_export_without_the_store_is_not_written_with_gaps(business: exports.Business, settings: Any) -> None:
    export = making.ask_for_export(business.owner)
    with s3.away(settings):
        run_once()
    export.refresh_from_db()
    assert export.trouble.startswith("The files cannot be reached just now.") and export.file is None


# ---------------------------------------------------------------- the check, and the start


def test_the_check_names_files_that_are_missing_or_cut_off(business: exports.Business) -> None:
    first, second = StoredFile.objects.order_by("digest")[:2]
    stores.chosen().remove(files.key_of(first.digest))
    stores.chosen().put(files.key_of(second.digest), [b"x"], once=False)
    found = say("check").stdout
    assert f"files: The file {files.key_of(first.digest)} is missing." in found
    assert f"files: The file {files.key_of(second.digest)} has 1 bytes where {second.size} were kept." in found


def test_a_bucket_that_does_not_let_us_in_stops_the_start(said: dict[str, str], tmp_path: Path) -> None:
    done = Installation(tmp_path / "new").say("check", **{**said, "HANDSEL_FILES": "s3://nobodys-bucket"})
    refused(done, "HANDSEL_FILES must name a bucket that lets us in", "NoSuchBucket", "AWS_ACCESS_KEY_ID")


def test_without_its_library_the_start_says_how_to_get_it(
    said: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(("boto3", "handsel.core.stores.bucket"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(Refusal, match=r"boto3 is not installed\. Install it: pip install 'handsel\[s3\]'"):
        ground.set_up()


def test_a_store_that_does_not_answer_is_a_warning(said: dict[str, str], settings: Any) -> None:
    assert list(ground.doubts()) == []
    with s3.away(settings):
        ground.set_up()
        (doubt,) = ground.doubts()
    assert doubt.startswith("The store of files does not answer") and "HANDSEL_FILES_ENDPOINT" in doubt
