"""A mail joins the conversation that it answers, in whatever order mails arrive; a stranger does not get in."""

import itertools
import random
from pathlib import Path

from handsel.mail.reading import read
from handsel.mail.reading.mbox import slices
from handsel.mail.reading.threading import Because, Threaded, Threads, threaded
from tests.mail.boxes import threads_mbox

_US = "help@shop.example"


def _threads(**known: object) -> Threads[int]:
    return Threads(itertools.count(1).__next__, ours=[_US], **known)  # type: ignore[arg-type]  # spelled out by each test


def _mail(own: str, *answers: str, sender: str = "ana@x.example", to: str = _US, bounce: bool = False) -> Threaded:
    return Threaded(own, answers, sender, frozenset({sender, to}), bounce)


def test_a_whole_mailbox_in_any_order_gives_one_conversation_per_request(tmp_path: Path) -> None:
    with threads_mbox(tmp_path).open("rb") as file:
        mails = [threaded(read(one.as_sent)) for one in slices(file)]
    random.Random(7).shuffle(mails)
    threads = _threads()
    placed = {mail.message_id: threads.place(mail).conversation for mail in mails}
    assert len(set(placed.values())) == len(mails) / 2
    assert all(placed[mail.message_id] == placed[mail.answers[0]] for mail in mails if mail.answers)


def test_a_reply_joins_and_a_new_mail_with_the_same_subject_does_not() -> None:
    threads = _threads()
    first = threads.place(_mail("<1>"))
    assert threads.place(_mail("<2>", "<1>")).conversation == first.conversation
    other = threads.place(_mail("<3>"))
    assert (other.because, other.conversation != first.conversation) == (Because.NEW, True)


def test_a_reply_that_comes_before_what_it_answers_is_joined_by_it() -> None:
    threads = _threads()
    child = threads.place(_mail("<2>", "<1>", sender=_US, to="ana@x.example"))
    assert threads.place(_mail("<1>")).conversation == child.conversation


def test_two_replies_to_a_mail_that_nobody_has_are_one_conversation() -> None:
    threads = _threads()
    first = threads.place(_mail("<2>", "<1>"))
    assert threads.place(_mail("<3>", "<1>")).conversation == first.conversation


def test_who_was_in_copy_may_answer() -> None:
    threads = _threads()
    first = threads.place(
        Threaded("<1>", (), "ana@x.example", frozenset({"ana@x.example", _US, "bo@x.example"}), False)
    )
    assert threads.place(_mail("<2>", "<1>", sender="bo@x.example")).conversation == first.conversation


def test_a_stranger_with_the_right_id_gets_a_conversation_of_their_own_with_a_link() -> None:
    threads = _threads()
    first = threads.place(_mail("<1>"))
    forged = threads.place(_mail("<2>", "<1>", sender="eve@evil.example"))
    assert forged.because is Because.NEW
    assert forged.linked == (first.conversation,)
    assert threads.place(_mail("<3>", "<1>", sender="eve@evil.example")).conversation != first.conversation


def test_a_bounce_joins_though_a_server_wrote_it() -> None:
    threads = _threads()
    first = threads.place(_mail("<1>"))
    bounced = threads.place(_mail("<2>", "<1>", sender="mailer-daemon@mx.example", bounce=True))
    assert bounced.conversation == first.conversation


def test_the_direct_answer_counts_before_the_references() -> None:
    threads = _threads()
    one, two = threads.place(_mail("<1>")), threads.place(_mail("<2>"))
    both = threads.place(_mail("<3>", "<2>", "<1>"))
    assert both.conversation == two.conversation
    assert both.linked == (one.conversation,)


def test_a_batch_goes_on_from_what_the_database_knows() -> None:
    threads = _threads(conversations={"<1>": 70, "<ghost>": 71}, parties={70: ["ana@x.example"], 71: ["bo@x.example"]})
    assert threads.place(_mail("<2>", "<1>")).conversation == 70
    assert threads.place(_mail("<ghost>", sender="bo@x.example")).conversation == 71
    assert threads.place(_mail("<3>", "<ghost>")).linked == (71,)


def test_the_references_of_a_mail_are_tried_from_the_right() -> None:
    reading = read(b"From: a@b.example\nMessage-ID: <4@x>\nIn-Reply-To: <3@x>\nReferences: <1@x> <2@x>\n <3@x>\n\nHi\n")
    assert threaded(reading).answers == ("<3@x>", "<2@x>", "<1@x>")
