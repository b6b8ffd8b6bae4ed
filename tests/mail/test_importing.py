"""A mailbox file comes in: every byte kept, nothing twice, nothing dropped, whatever it is."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handsel.mail import actions, originals, queries
from handsel.mail.importing import import_mbox
from handsel.mail.models import Conversation, Mailbox, Message, Parse, RawMail, Sighting
from handsel.mail.reading.mbox import slices
from handsel.planning.models import Evidence
from handsel.values.actors import Actor
from handsel.values.refusals import Refusal
from tests.mail import nasty
from tests.mail.boxes import _made
from tests.mail.story import OURS, candle_letters, letter, mbox, settle
from tests.stories import owner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def nora() -> Actor:
    return owner_of()


def test_every_original_is_kept_to_the_byte(nora: Actor, tmp_path: Path) -> None:
    path = _made(tmp_path / "made.mbox", 120)
    assert import_mbox(path, nora.slug) == {"messages": 240, "new": 240, "conversations": 120, "refused": []}
    with path.open("rb") as file:
        wanted = {hashlib.sha256(one.original).hexdigest() for one in slices(file)}
    kept = {hashlib.sha256(originals.bytes_of(r.pack, r.offset, r.length, r.digest)).hexdigest(): r.digest
            for r in RawMail.objects.filter(business_id=nora.business_id)}  # fmt: skip
    assert set(kept) == wanted and all(found == said for found, said in kept.items())


def test_the_same_file_again_brings_nothing_new(nora: Actor, tmp_path: Path) -> None:
    path = mbox(tmp_path / "a.mbox", *candle_letters())
    first = import_mbox(path, nora.slug)
    counts = [model.objects.count() for model in (RawMail, Sighting, Message, Conversation, Parse)]
    again = import_mbox(path, nora.slug)
    assert (again["new"], again["messages"], again["conversations"]) == (0, first["messages"], first["conversations"])
    assert [model.objects.count() for model in (RawMail, Sighting, Message, Conversation, Parse)] == counts


def test_a_shuffled_file_gives_the_same_conversations(nora: Actor, tmp_path: Path) -> None:
    letters = candle_letters()
    random.Random(7).shuffle(letters)
    assert import_mbox(mbox(tmp_path / "b.mbox", *letters), nora.slug)["conversations"] == 16


def test_two_texts_under_one_id_are_two_messages(nora: Actor, tmp_path: Path) -> None:
    one, other = (letter("a@x.example", OURS, "<same@x.example>", words) for words in ("First.", "Second."))
    assert import_mbox(mbox(tmp_path / "c.mbox", one, other), nora.slug)["new"] == 2
    assert Message.objects.count() == 2


def test_one_mail_by_two_ways_is_one_message_with_two_originals(nora: Actor, tmp_path: Path) -> None:
    plain = letter("a@x.example", OURS, "<one@x.example>", "Hello.")
    listed = b"Received: from list.example; Mon, 02 Mar 2026 09:00:01 +0000\n" + plain
    import_mbox(mbox(tmp_path / "d.mbox", plain, listed), nora.slug)
    assert (RawMail.objects.count(), Message.objects.count()) == (2, 1)


def test_mail_without_ids_is_read_and_kept_apart(nora: Actor, tmp_path: Path) -> None:
    letters = [letter("a@x.example", OURS, "", f"Words {n}.") for n in range(10)]
    assert import_mbox(mbox(tmp_path / "e.mbox", *letters), nora.slug)["new"] == 10
    assert Conversation.objects.count() == 10


def test_the_right_id_from_a_stranger_opens_a_conversation_of_its_own(nora: Actor, tmp_path: Path) -> None:
    mine = letter("a@x.example", OURS, "<one@x.example>", "Where is it?")
    forged = letter("stranger@y.example", OURS, "<two@y.example>", "Pay me.", answers="<one@x.example>")
    import_mbox(mbox(tmp_path / "f.mbox", mine, forged), nora.slug)
    first, second = Conversation.objects.order_by("number")
    assert Message.objects.get(conversation=second).placements.get().linked == [first.number]


def nasty_mails() -> list[bytes]:
    """Every nasty mail that we have, and 200 that were cut, doubled and stirred at random."""
    stirred, given = random.Random(20261124), list(nasty.NASTY.values())
    small = [one for one in given if len(one) < 20_000]
    for _ in range(200):
        one = bytearray(stirred.choice(small) or b"x")
        for _ in range(stirred.randrange(1, 8)):
            at = stirred.randrange(len(one) + 1)
            one[at:at] = stirred.choice(
                [b"\0", b"\r", b"\n\n", b"=?utf-8?q?", b"\xff\xfe", b"\xed\xa0\x80", b"From: <", bytes(one[:at])]
            )
        given.append(bytes(one))
    return given


def test_whatever_comes_becomes_a_conversation_and_stays_whole(nora: Actor, tmp_path: Path) -> None:
    path = mbox(tmp_path / "nasty.mbox", *nasty_mails())
    with path.open("rb") as file:
        wanted = {hashlib.sha256(one.original).hexdigest() for one in slices(file)}
    figures = import_mbox(path, nora.slug)
    assert figures["refused"] == []
    assert set(RawMail.objects.values_list("digest", flat=True)) == wanted
    assert not RawMail.objects.filter(parses=None).exists()


def test_what_is_no_mailbox_is_refused_with_how_it_begins(nora: Actor, tmp_path: Path) -> None:
    (tmp_path / "no.mbox").write_bytes(b"%PDF-1.7 and so on")
    with pytest.raises(Refusal, match="%PDF"):
        import_mbox(tmp_path / "no.mbox", nora.slug)
    assert not Mailbox.objects.exists()


def test_the_address_in_most_mails_is_ours(nora: Actor, tmp_path: Path) -> None:
    import_mbox(mbox(tmp_path / "g.mbox", *candle_letters()), nora.slug)
    assert queries.addresses_of_all(nora) == {queries.mailboxes(nora)[0].id: [OURS]}


def test_corrected_addresses_change_which_conversations_wait(nora: Actor, tmp_path: Path) -> None:
    asked = letter("ana@x.example", OURS, "<q@x.example>", "Where is it?")
    answered = letter("nora@home.example", "ana@x.example", "<r@h.example>", "Soon.", answers="<q@x.example>",
                      day="Mon, 02 Mar 2026 10:00:00 +0000", headers=f"Cc: {OURS}\n")  # fmt: skip
    import_mbox(mbox(tmp_path / "h.mbox", asked, letter("b@x.example", OURS, "<z@x.example>", "Hm?"), answered),
                nora.slug)  # fmt: skip
    box = queries.mailboxes(nora)[0]
    actions.correct_addresses(nora, box.id, [OURS])
    before = queries.needing_reply(nora).count()
    actions.correct_addresses(nora, box.id, [OURS, "Nora@Home.example"])
    assert (before, queries.needing_reply(nora).count()) == (3, 2)


def test_an_older_mail_that_comes_later_does_not_take_the_customers_word(nora: Actor, tmp_path: Path) -> None:
    """The inbox first, the sent mail in a file of its own: what the customer wrote last still waits."""
    early = letter("ana@x.example", OURS, "<1@x.example>", "Where is it?", day="Mon, 02 Mar 2026 09:00:00 +0000")
    late = letter("ana@x.example", OURS, "<3@x.example>", "Still nothing.", answers="<1@x.example>",
                  day="Wed, 04 Mar 2026 09:00:00 +0000")  # fmt: skip
    ours = letter(OURS, "ana@x.example", "<2@l.example>", "Soon.", answers="<1@x.example>",
                  day="Tue, 03 Mar 2026 09:00:00 +0000")  # fmt: skip
    import_mbox(mbox(tmp_path / "inbox.mbox", early, late), nora.slug)
    import_mbox(mbox(tmp_path / "sent.mbox", ours), nora.slug)
    assert len(queries.mailboxes(nora)) == 1
    assert queries.needing_reply(nora).count() == 1


def test_a_batch_asks_the_same_number_of_questions_whatever_its_size(nora: Actor, tmp_path: Path) -> None:
    def statements(mails: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            import_mbox(_made(tmp_path / f"{mails}.mbox", mails // 2), nora.slug)
        return len([q for q in asked if "planning" not in q["sql"]])

    few = statements(20)
    assert statements(180) <= few + 4


def test_requests_of_each_week_are_evidence_for_the_plan(nora: Actor, tmp_path: Path) -> None:
    path = mbox(tmp_path / "i.mbox", *candle_letters())
    import_mbox(path, nora.slug)
    import_mbox(path, nora.slug)
    assert sum(Evidence.objects.values_list("items", flat=True)) == 16


def test_kinds_are_looked_for_once_a_file_is_read(nora: Actor, tmp_path: Path) -> None:
    import_mbox(mbox(tmp_path / "j.mbox", *candle_letters()), nora.slug)
    settle()
    found = list(queries.kinds(nora))
    assert len(found) >= 3 and all(kind.name for kind in found)
    assert any("{" in (kind.draft or "") for kind in found)


def test_names_and_drafts_of_the_owner_outlive_a_new_search(nora: Actor, tmp_path: Path) -> None:
    import_mbox(mbox(tmp_path / "k.mbox", *candle_letters()), nora.slug)
    settle()
    first = queries.kinds(nora)[0]
    actions.rename_kind(nora, first.kind_id, "Where is it")
    actions.edit_template(nora, first.kind_id, "It comes on {date}.", first.draft_n or 0)
    later = letter("zoe@mail.example", OURS, "<zoe@mail.example>", "Where is my order? It has not come.")
    import_mbox(mbox(tmp_path / "l.mbox", *candle_letters(), later), nora.slug)
    settle()
    again = queries.kind(nora, first.kind_id)
    assert (again.name, again.draft) == ("Where is it", "It comes on {date}.")


def test_another_business_knows_nothing_of_it(nora: Actor, tmp_path: Path) -> None:
    import_mbox(mbox(tmp_path / "m.mbox", *candle_letters()), nora.slug)
    other = owner_of("Twin Candles", "twin@larkspur.example", "Tilda Twin")
    assert not queries.conversations(other).exists() and queries.mailboxes(other) == []
