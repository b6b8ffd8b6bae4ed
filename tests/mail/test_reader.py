"""Whatever arrives is read as far as it goes; nothing that a mail holds stops the mails behind it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsel.mail.reading import Outcome, Reading, read
from handsel.mail.reading.addresses import MOST_ADDRESSES, Role
from handsel.mail.reading.kinds import Kind
from tests.mail.nasty import NASTY


def _mail(*headers: str, body: str = "Hi\n") -> Reading:
    return read(("\n".join(headers) + "\n\n" + body).encode())


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_mail_is_read_as_far_as_it_goes(name: str) -> None:
    started = time.perf_counter()
    reading = read(NASTY[name])
    assert time.perf_counter() - started < 5
    _fits_a_database(reading)


@given(st.binary(max_size=400))
def test_no_bytes_stop_the_reader(raw: bytes) -> None:
    _fits_a_database(read(raw))


_PIECES = [
    b"From: ", b"To: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/html\n", b"--b\n", b"--b--\n",
    b"Content-Type: message/rfc822\n", b"Content-Type: message/delivery-status\n", b"Content-Transfer-Encoding: base64\n", b"\n", b"\n\n", b"\r\n",
    b" ", b"=?utf-8?b?", b"?=", b"<a@b.example>", b'"', b"(", b"\x00", b"\xff\xfe", b"Content-Disposition: attachment; filename*0*=utf-8''%ff\n",
    b"Date: Mon, 31 Feb 2025 25:61:00 +9900\n", b"<div>", b"charset=utf-16", b"; ", b"> On x wrote:\n",
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_PIECES), max_size=30))
def test_no_mixture_of_what_mails_are_made_of_stops_the_reader(pieces: list[bytes]) -> None:
    _fits_a_database(read(b"".join(pieces)))


def _fits_a_database(reading: Reading) -> None:
    """No NUL and no half pair, which PostgreSQL refuses; the history begins within the text."""
    texts = [reading.subject, reading.text, reading.html, reading.known_as, *reading.notes, *reading.references]
    texts += [text for party in reading.parties for text in (party.name, party.address, party.normalised)]
    texts += [text for file in reading.attachments for text in (file.name, file.declared_type, file.content_id)]
    for text in texts:
        assert "\0" not in text
        text.encode()
    assert all(file.name and "/" not in file.name and len(file.name.encode()) <= 181 for file in reading.attachments)
    assert reading.fold_offset is None or 0 < reading.fold_offset < len(reading.text)
    assert reading.sent_at is None or reading.sent_at.tzinfo is not None
    assert reading.outcome is Outcome.READ or reading.notes


def test_an_empty_mail_says_so() -> None:
    reading = read(b"")
    assert reading.outcome is Outcome.UNREADABLE
    assert reading.notes == ("This mail is empty.",)


def test_a_mail_nested_too_deep_keeps_who_wrote_it_and_says_that_it_could_not_be_read() -> None:
    reading = read(NASTY["3,000 nested parts"])
    assert reading.outcome is Outcome.UNREADABLE
    assert reading.subject == "Hello"
    assert reading.sender is not None
    assert reading.sender.normalised == "ana@mail.example"
    assert "Open the original" in reading.notes[0]


def test_a_mail_over_25_megabytes_is_named_but_not_read() -> None:
    reading = read(b"From: a@b.example\nSubject: Large\n\n" + b"x\n" * (13 * 1024 * 1024))
    assert reading.outcome is Outcome.PARTLY
    assert reading.subject == "Large"
    assert reading.text == ""
    assert "larger than 25 MB" in reading.notes[0]


def test_a_malformed_header_line_is_taken_out_where_the_header_goes_on() -> None:
    reading = read(NASTY["malformed header line"])
    assert reading.subject == "Mended"
    assert reading.text.strip() == "Hi"
    assert "malformed" in reading.notes[0]


def test_old_macintosh_line_ends_are_read() -> None:
    assert read(NASTY["old Macintosh line ends"]).text == "Hello\nyou"


def test_the_same_mail_with_other_line_ends_has_the_same_content_digest() -> None:
    mail = b"From: a@b.example\nMessage-ID: <1@x>\nSubject: Hi\n\nHello\n\nyou\n"
    digests = {read(mail.replace(b"\n", end)).content_digest for end in (b"\n", b"\r\n", b"\r")}
    assert len(digests) == 1


def test_the_same_mail_by_another_route_has_the_same_content_digest() -> None:
    mail = b"From: a@b.example\nMessage-ID: <1@x>\nSubject: Hi\n\nHello\n"
    assert (
        read(mail).content_digest
        == read(b"Received: from x by y; Mon, 1 Sep 2025 08:00:00 +0000\n" + mail).content_digest
    )


def test_two_mails_with_one_id_are_told_apart_by_their_content() -> None:
    first, second = (_mail("From: a@b.example", "Message-ID: <1@x>", body=body) for body in ("One", "Two"))
    assert first.message_id == second.message_id
    assert first.content_digest != second.content_digest


def test_a_mail_without_id_is_known_by_its_content() -> None:
    first, again = (_mail("From: a@b.example") for _ in range(2))
    assert first.message_id is None
    assert first.known_as == again.known_as
    assert first.known_as.startswith("<")


def test_a_lying_charset_is_read_and_noted() -> None:
    reading = read(NASTY["lying charset"])
    assert reading.text == "café"
    assert "utf-8" in reading.notes[0]


def test_broken_base64_gives_what_can_be_read_and_a_note() -> None:
    reading = read(NASTY["broken base64"])
    assert reading.text.startswith("Hello there")
    assert reading.outcome is Outcome.PARTLY


def test_a_mail_cut_off_says_that_its_end_is_missing() -> None:
    reading = read(NASTY["cut off within a part"])
    assert reading.text == "Hello th"
    assert reading.notes == ("The end of this mail is missing.",)


def test_the_wrong_boundary_leaves_one_text() -> None:
    assert "Hi" in read(NASTY["wrong boundary"]).text


def test_an_encoded_name_cannot_smuggle_in_an_address() -> None:
    reading = _mail("From: =?utf-8?q?Boss_=3Cboss=40bank=2Eexample=3E=2C?= <evil@x.example>")
    assert [party.normalised for party in reading.parties] == ["evil@x.example"]


def test_a_line_break_in_an_encoded_name_is_taken_out() -> None:
    (sender,) = read(NASTY["encoded word with a line break"]).parties
    assert sender.name == "Ana Bcc: evil@x.example"
    assert sender.normalised == "a@b.example"


def test_a_letter_split_over_two_encoded_words_is_joined_before_decoding() -> None:
    assert _mail("From: a@b.example", "Subject: =?utf-8?q?caf=C3?=\n =?utf-8?q?=A9?=").subject == "café"


def test_marks_that_turn_the_direction_of_writing_are_taken_out() -> None:
    assert _mail("From: a@b.example", "Subject: invoice\u202efdp.exe").subject == "invoicefdp.exe"


def test_groups_comments_and_quoted_commas_are_understood() -> None:
    reading = _mail(
        'From: "Doe, John" (at work) <john@x.example>', "To: Friends: a@x.example, Bo <b@x.example>;, c@x.example"
    )
    assert [(party.role, party.name, party.normalised) for party in reading.parties] == [
        (Role.FROM, "Doe, John", "john@x.example"),
        (Role.TO, "", "a@x.example"),
        (Role.TO, "Bo", "b@x.example"),
        (Role.TO, "", "c@x.example"),
    ]


def test_an_address_is_shown_as_sent_and_compared_in_lower_case() -> None:
    (sender,) = _mail("From: Ana.Maria@Mail.EXAMPLE").parties
    assert (sender.address, sender.normalised) == ("Ana.Maria@Mail.EXAMPLE", "ana.maria@mail.example")


def test_more_addresses_than_can_be_shown_are_noted() -> None:
    reading = read(NASTY["20,000 recipients"])
    assert sum(party.role is Role.CC for party in reading.parties) == MOST_ADDRESSES
    assert reading.outcome is Outcome.PARTLY


def test_an_answer_goes_to_reply_to_unless_it_is_empty() -> None:
    form = _mail("From: noreply@forms.example", "Reply-To: Kieran <k@mail.example>")
    empty = _mail("From: ana@mail.example", "Reply-To: <>")
    assert form.answer_to is not None and form.answer_to.normalised == "k@mail.example"
    assert empty.answer_to is not None and empty.answer_to.normalised == "ana@mail.example"


def test_a_date_that_is_wrong_is_left_out_and_the_servers_own_is_kept() -> None:
    reading = _mail("Received: from x by y; Tue, 02 Sep 2025 10:00:00 +0200", "From: a@b.example", "Date: soon")
    assert reading.sent_at is None
    assert reading.received_at is not None and reading.received_at.isoformat() == "2025-09-02T08:00:00+00:00"


def test_references_keep_the_first_and_the_last() -> None:
    references = read(NASTY["5,000 references"]).references
    assert (len(references), references[0], references[-1]) == (1_000, "<0@x.example>", "<4999@x.example>")


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["From: ana@mail.example"], Kind.PERSON),
        (["From: ana@mail.example", "Auto-Submitted: no"], Kind.PERSON),
        (["From: noreply@forms.example", "Auto-Submitted: auto-generated", "Reply-To: k@mail.example"], Kind.MACHINE),
        (["From: no-reply@shop.example"], Kind.MACHINE),
        (["Return-Path: <>", "From: ana@mail.example"], Kind.MACHINE),
        (["From: news@shop.example", "List-Unsubscribe: <https://x.example>"], Kind.LIST),
        (["From: ana@mail.example", "Precedence: bulk"], Kind.LIST),
        (["From: ana@mail.example", "Auto-Submitted: auto-replied"], Kind.AUTO_REPLY),
        (["From: ana@mail.example", "X-Autoreply: yes"], Kind.AUTO_REPLY),
        (["Return-Path: <>", "From: Mailer <MAILER-DAEMON@x.example>"], Kind.BOUNCE),
        (["From: x@y.example", "Content-Type: multipart/report; report-type=delivery-status; boundary=b"], Kind.BOUNCE),
    ],
)
def test_headers_tell_a_person_from_a_machine(headers: list[str], kind: Kind) -> None:
    assert _mail(*headers).kind is kind


def test_a_mail_as_text_and_as_html_is_one_text_and_one_html() -> None:
    reading = _mail(
        "From: a@b.example",
        "Content-Type: multipart/alternative; boundary=b",
        body="--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>rich</p>\n--b--\n",
    )
    assert (reading.text.strip(), reading.html.strip()) == ("plain", "<p>rich</p>")


def test_html_alone_gives_its_words() -> None:
    body = "<html><head><title>x</title></head><body><p>Hello &amp; welcome</p><p>Line<br>two</p><ul><li>a</li></ul></body>"
    reading = _mail("From: a@b.example", "Content-Type: text/html", body=body)
    assert reading.text == "Hello & welcome\n\nLine\ntwo\n\n- a"


def test_flowed_lines_become_paragraphs_again() -> None:
    reading = _mail(
        "From: a@b.example",
        'Content-Type: text/plain; format="flowed"',
        body="One sentence \nover two lines.\n\n> quoted \n> too\n-- \nAna\n",
    )
    assert reading.text.rstrip() == "One sentence over two lines.\n\n> quoted too\n-- \nAna"


def test_files_have_safe_names_and_their_bytes() -> None:
    reading = _mail(
        "From: a@b.example",
        "Content-Type: multipart/mixed; boundary=b",
        body="--b\n\nSee the files.\n"
        "--b\nContent-Type: application/pdf; name*0*=utf-8''na%C3%AF; name*1=ve.pdf\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n"
        '--b\nContent-Type: image/png\nContent-ID: <logo@x>\nContent-Disposition: inline; filename="..\\\\con.png"\n\nx\n'
        "--b--\n",
    )
    pdf, logo = reading.attachments
    assert (pdf.name, pdf.declared_type, pdf.content, pdf.size, pdf.inline) == (
        "naïve.pdf",
        "application/pdf",
        b"Hello",
        5,
        False,
    )
    assert (logo.name, logo.content_id, logo.inline) == ("_con.png", "logo@x", True)
    assert reading.text.strip() == "See the files."


def test_a_forwarded_mail_is_a_file_named_after_its_subject() -> None:
    (inside,) = read(NASTY["a mail in itself"]).attachments
    assert inside.name == "Hello.eml"
    assert b"Inside" in inside.content


def test_a_very_long_text_is_cut_and_says_so() -> None:
    reading = read(b"From: a@b.example\n\n" + b"> x\n" * 1_000_000)
    assert len(reading.text) == 2_000_000
    assert (reading.outcome, reading.notes[0][:22]) == (Outcome.PARTLY, "This mail is very long")


def test_a_large_mail_within_many_parts_is_not_read_for_minutes() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(90))
    started = time.perf_counter()
    reading = read(b"From: a@b.example\nSubject: Deep\n" + nested + b"\n" + b"--x\n" * 5_000_000)
    assert time.perf_counter() - started < 5
    assert (reading.outcome, reading.subject) == (Outcome.UNREADABLE, "Deep")


def test_more_parts_than_can_be_shown_are_noted() -> None:
    reading = read(NASTY["2,000 parts"])
    assert reading.outcome is Outcome.PARTLY
    assert any("more parts" in note for note in reading.notes)
