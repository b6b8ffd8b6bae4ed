"""Commands that look at what is kept, or find it anew, and those that let a business leave and come in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from handsel.core import writes
from handsel.core.models import Chain, Event, Follower, SearchEntry
from handsel.core.trail import head_of
from handsel.ledger.models import Transfer
from handsel.mail.importing import import_mbox
from handsel.mail.models import KindName
from handsel.people.models import Business
from tests.cli.telling import answered, refused, say
from tests.front import exports
from tests.front.exports import two_providers
from tests.mail.story import candle_letters, mbox
from tests.stories import owner_of


@pytest.fixture
def business(db: None, settings: Any, tmp_path: Path) -> exports.Business:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    return two_providers()


# ---------------------------------------------------------------- trail verify


def test_every_trail_is_followed_and_its_seal_is_said(business: exports.Business) -> None:
    slug, key = business.owner.slug, business.owner.business_id
    assert key is not None
    number, head = head_of(key)
    done = say("trail", "verify")
    assert done.exit_code == 0 and f"{slug}: {number} entries" in done.stdout
    seal = head[:16].upper()
    assert f"{seal[:4]} {seal[4:8]}" in done.stdout and "Every trail verifies." in done.stdout
    said = answered("trail", "verify", "--business", slug)
    assert said["trails"] == [{"trail": slug, "kind": "business", "number": number, "head": head}]
    assert len(answered("trail", "verify")["trails"]) == Chain.objects.count()


def test_a_changed_event_is_found_and_named(business: exports.Business) -> None:
    from django.db import connection

    from handsel.core import guards

    with writes.migrating(), guards.aside(connection):
        Event.objects.filter(chain_id=business.owner.business_id, number=3).update(verb="work.changed")
    said = answered("trail", "verify", code=1)
    assert said["findings"] == [f"{business.owner.slug}: Event 3 was changed, or one before it."]
    refused(say("trail", "verify", "--business", business.owner.slug), "Event 3", "1 to look at")


def test_a_trail_of_a_business_that_is_not_here_is_refused(db: None) -> None:
    refused(say("trail", "verify", "--business", "nobody"), "no such business")


# ---------------------------------------------------------------- ledger verify


def test_the_ledger_adds_up_and_its_accounts_are_said(business: exports.Business) -> None:
    said = answered("ledger", "verify")
    assert said["findings"] == []
    accounts = {one["account"]: one["amount"] for one in said["accounts"]}
    assert sum(map(float, accounts.values())) == 0
    assert "The ledger adds up." in say("ledger", "verify").stdout


def test_money_that_was_moved_past_the_guards_is_found(business: exports.Business) -> None:
    from django.db import connection

    from handsel.core import guards

    one = Transfer.objects.filter(debit="unbilled").first()
    assert one is not None
    with writes.migrating(), guards.aside(connection):
        Transfer.objects.filter(pk=one.pk).update(amount=one.amount + 100_000)
    refused(say("ledger", "verify"), "ledger:", "to look at")


# ---------------------------------------------------------------- reindex


def entries() -> list[tuple[Any, ...]]:
    return sorted(SearchEntry.objects.values_list("kind", "thing_id", "title", "text", "side", "url"))


def test_the_index_is_built_anew_as_it_was(business: exports.Business) -> None:
    before = entries()
    assert before
    SearchEntry.objects.filter(kind="engagement").delete()
    SearchEntry.objects.filter(kind="terms").update(title="stale")
    assert answered("reindex") == {"things": len(before)}
    assert entries() == before


def test_what_happens_after_it_is_followed_on(business: exports.Business) -> None:
    call_command("reindex", progress=lambda done, most: None)
    heads = dict(Chain.objects.values_list("id", "number"))
    cursors = dict(Follower.objects.filter(name="front.search").values_list("chain_id", "number"))
    assert cursors == heads


# ---------------------------------------------------------------- mine


def test_kinds_of_request_are_found_again_and_keep_the_owners_word(business: exports.Business, tmp_path: Path) -> None:
    from handsel.mail import actions
    from handsel.mail.models import RequestKind

    import_mbox(mbox(tmp_path / "shop.mbox", *candle_letters()), business.owner.slug)
    (first,) = answered("mine", "--business", business.owner.slug)["mailboxes"]
    assert first["kinds"] >= 2 and first["requests"] >= first["kinds"]
    kind = RequestKind.objects.order_by("id").first()
    assert kind is not None
    actions.rename_kind(business.owner, kind.pk, "My own word")
    (second,) = answered("mine", "--business", business.owner.slug)["mailboxes"]
    assert second == first
    assert KindName.objects.get().name == "My own word" and RequestKind.objects.filter(pk=kind.pk).exists()


def test_a_business_without_a_mailbox_has_nothing_to_mine(db: None) -> None:
    refused(say("mine", "--business", owner_of().slug), "no mailbox", "import-mail")


# ---------------------------------------------------------------- export, verify, import


def test_a_side_leaves_and_what_it_took_is_verified(business: exports.Business, tmp_path: Path) -> None:
    made = answered("export", tmp_path / "x.zip", "--business", business.owner.slug, "--side", "owner")
    assert made["rows"] and made["papers"] == 4 and made["lost"] == 0
    assert answered("verify", tmp_path / "x.zip")["fits"] is True
    changed = exports.tampered(tmp_path / "x.zip", "trail.jsonl", lambda text: text[:-2])
    said = answered("verify", changed, code=1)
    assert not said["fits"] and any("trail.jsonl" in finding for finding in said["findings"])
    assert answered("verify", tmp_path / "nothing.zip", code=2)["readable"] is False


def test_a_person_is_told_how_much_left(business: exports.Business, tmp_path: Path) -> None:
    done = say("export", tmp_path / "x.zip", "--business", business.owner.slug, "--side", "owner")
    assert done.exit_code == 0 and "The trail ends with entry" in done.stdout
    refused(say("export", tmp_path / "x.zip", "--business", business.owner.slug, "--side", "owner"), "There is a file")


def test_the_operators_copy_is_noted_in_the_trail_behind_what_it_holds(
    business: exports.Business, tmp_path: Path
) -> None:
    made = answered("export", tmp_path / "x.zip", "--business", business.owner.slug, "--side", "owner")
    newest = Event.objects.filter(chain_id=business.owner.business_id).latest("number")
    assert (newest.verb, newest.number, newest.way) == ("people.exported", made["number"] + 1, "command")


def test_a_business_that_is_here_already_is_refused(business: exports.Business, tmp_path: Path) -> None:
    say("export", tmp_path / "x.zip", "--business", business.owner.slug, "--side", "owner")
    assert answered("import", tmp_path / "x.zip", code=1)["refused"] == "business_known"
    assert Business.objects.count() == 1


def test_what_is_no_export_is_refused(db: None, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK no zip at all")
    refused(say("import", tmp_path / "x.zip"), "cannot be read")
    refused(say("import", tmp_path / "none.zip"), "There is no file")
    refused(say("import", tmp_path), "cannot be read")
