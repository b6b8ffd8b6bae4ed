"""What may go out, and what a conversation waits for."""

from datetime import timedelta

import pytest

from handsel.mail import rules
from handsel.mail.reading.kinds import Kind
from handsel.mail.rules import ConversationStatus, ReplyStatus, Wording

_PARTIES = {"ana@mail.example", "bo@mail.example"}
_READY = Wording(("ana@mail.example",), (), "Re: Hello", "It left on Monday.")


def test_a_finished_reply_to_a_party_may_go_on() -> None:
    assert rules.why_not_go_on(_READY, _PARTIES) is None


@pytest.mark.parametrize(
    ("wording", "code", "place"),
    [
        (Wording((), (), "Re: x", "Hi"), "no_recipient", "to"),
        (Wording(("eve@x.example",), (), "Re: x", "Hi"), "recipient_not_here", "to"),
        (Wording(("ana@mail.example",), ("eve@x.example",), "Re: x", "Hi"), "recipient_not_here", "cc"),
        (Wording(("ana@mail.example",), (), "Re: x", " \n "), "reply_empty", "text"),
        (Wording(("ana@mail.example",), (), "Re: x", "It costs {amount}."), "slot_open", "text"),
        (Wording(("ana@mail.example",), (), "Re: [[x]]", "Hi"), "slot_open", "subject"),
    ],
)
def test_an_unfinished_reply_is_refused_at_its_place(wording: Wording, code: str, place: str) -> None:
    refusal = rules.why_not_go_on(wording, _PARTIES)
    assert refusal is not None
    assert (refusal.code, refusal.place) == (code, place)
    assert refusal.mend


def test_the_open_slot_is_named() -> None:
    refusal = rules.why_not_go_on(Wording(("ana@mail.example",), (), "x", "On {date_1} for {amount}"), _PARTIES)
    assert refusal is not None and "{date_1}" in refusal.sentence


def test_a_reply_is_not_sent_past_a_message_that_nobody_read() -> None:
    assert rules.why_not_release(ReplyStatus.IN_REVIEW, "m1", "m1") is None
    refusal = rules.why_not_release(ReplyStatus.IN_REVIEW, "m1", "m2")
    assert refusal is not None and refusal.code == "newer_message"


@pytest.mark.parametrize("status", [ReplyStatus.QUEUED, ReplyStatus.SENT, ReplyStatus.UNCERTAIN, ReplyStatus.DISCARDED])
def test_a_reply_goes_out_once(status: ReplyStatus) -> None:
    assert rules.why_not_release(status, "m1", "m1") is not None
    assert rules.why_not_write(status) is not None


def test_a_reply_goes_back_with_a_reason_only() -> None:
    assert rules.why_not_return(ReplyStatus.IN_REVIEW, "Too long.") is None
    without = rules.why_not_return(ReplyStatus.IN_REVIEW, " ")
    assert without is not None and without.place == "reason"
    assert rules.why_not_return(ReplyStatus.SENT, "Too long.") is not None


@pytest.mark.parametrize(
    ("true", "status"),
    [
        ({"spam", "closed", "newest_is_incoming"}, ConversationStatus.SPAM),
        ({"closed", "question_open"}, ConversationStatus.CLOSED),
        ({"question_open", "in_review"}, ConversationStatus.WAITING_FOR_OWNER),
        ({"in_review", "newest_is_incoming"}, ConversationStatus.WAITING_FOR_REVIEW),
        ({"newest_is_incoming"}, ConversationStatus.NEEDS_REPLY),
        (set(), ConversationStatus.WAITING_FOR_CUSTOMER),
    ],
)
def test_the_first_that_fits_is_what_a_conversation_waits_for(true: set[str], status: ConversationStatus) -> None:
    assert (
        rules.conversation_status(
            spam="spam" in true,
            closed="closed" in true,
            question_open="question_open" in true,
            in_review="in_review" in true,
            newest_is_incoming="newest_is_incoming" in true,
        )
        is status
    )


def test_only_a_persons_mail_reopens_and_a_web_form_still_needs_a_look() -> None:
    assert [kind for kind in Kind if rules.reopens(kind)] == [Kind.PERSON]
    assert [kind for kind in Kind if rules.waits_for_an_answer(kind)] == [Kind.PERSON, Kind.MACHINE]


def test_an_answer_says_re_once() -> None:
    assert rules.reply_subject("RE: Re: AW: Hello") == "Re: Hello"
    assert rules.reply_subject("") == "Re: (no subject)"


def test_references_keep_the_first_and_end_with_what_is_answered() -> None:
    chain = [f"<{n}@x>" for n in range(40)]
    kept = rules.reply_references(chain, "<39@x>")
    assert (len(kept), kept[0], kept[1], kept[-1]) == (20, "<0@x>", "<21@x>", "<39@x>")
    assert rules.reply_references([], "<1@x>") == ("<1@x>",)


def test_a_temporary_refusal_is_tried_again_ever_more_slowly_and_given_up_after_two_days() -> None:
    waits = [rules.retry_after(n, timedelta()) for n in (1, 2, 3, 4, 5, 6)]
    assert [wait and wait.total_seconds() / 60 for wait in waits] == [1, 5, 15, 60, 240, 240]
    assert rules.retry_after(9, timedelta(hours=48)) is None


def test_what_may_have_arrived_is_called_uncertain() -> None:
    assert rules.after_lost_connection(handed_over=True) is ReplyStatus.UNCERTAIN
    assert rules.after_lost_connection(handed_over=False) is ReplyStatus.QUEUED
