"""History is folded only where it is sure; the customer's own words always stay in sight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsel.mail.reading.quotes import fold_offset

_FOLDED = {
    "English": "Yes.\n\nOn Mon, 1 Sep 2025 at 08:27, Nora <n@x.example> wrote:\n> Shall I?\n> Nora",
    "broken over two lines": "Yes.\n\nOn Mon, 1 Sep 2025 at 08:27, Nora Whitfield\n<n@x.example> wrote:\n> Shall I?",
    "German": "Ja.\n\nAm 01.09.2025 um 08:27 schrieb Nora:\n> Soll ich?",
    "German, no marks": "Ja.\n\nAm Montag, 1. September 2025 um 08:27 hat Nora <n@x.example> geschrieben:\n\nSoll ich?",
    "French": "Oui.\n\nLe lun. 1 sept. 2025 à 08:27, Nora <n@x.example> a écrit :\n> Dois-je ?",
    "Spanish": "Sí.\n\nEl lun, 1 sept 2025 a las 8:27, Nora (<n@x.example>) escribió:\n> ¿Lo hago?",
    "Italian": "Sì.\n\nIl giorno lun 1 set 2025 alle ore 08:27 Nora <n@x.example> ha scritto:\n> Devo?",
    "Dutch": "Ja.\n\nOp ma 1 sep 2025 om 08:27 schreef Nora <n@x.example>:\n> Zal ik?",
    "Portuguese": "Sim.\n\nEm seg., 1 de set. de 2025 às 08:27, Nora <n@x.example> escreveu:\n> Devo?",
    "Polish": "Tak.\n\npon., 1 wrz 2025 o 08:27 Nora <n@x.example> napisał(a):\n> Mam?",
    "Outlook": "Yes.\n\nFrom: Nora <n@x.example>\nSent: 1 September 2025 08:27\nTo: Ana\nSubject: Re: Hi\n\nShall I?",
    "Outlook in German": "Ja.\n\nVon: Nora\nGesendet: Montag, 1. September 2025\nAn: Ana\nBetreff: Hallo\n\nSoll ich?",
    "divider": "Yes.\n\n-----Original Message-----\nFrom: Nora\n\nShall I?",
    "no attribution": "Yes.\n\n> Shall I?\n> Nora",
    "signature below the quote": "Yes.\n\nOn 1 Sep 2025 Nora wrote:\n> Shall I?\n\n-- \nAna\nLarkspur",
}

_WHOLE = {
    "no quote": "Hello,\n\nwhere is my order?\n\nAna",
    "answers between the quoted lines": "> Which colour?\nBlue.\n> Which size?\nLarge.",
    "answers between, after an attribution": "Hi,\n\nOn 1 Sep 2025 Nora wrote:\n> Which colour?\nBlue.\n> Which size?\nLarge.",
    "answer below the quote": "On 1 Sep 2025 Nora wrote:\n> Which colour?\n\nBlue, please.",
    "nothing but a quote": "> Which colour?\n> Nora",
    "a sentence that ends in wrote": "Here is what the courier wrote:\nit was left at the door.",
    "a list with from": "From: Dublin\nI need two seats.\n",
    "a quoted line within": "The label says\n> handle with care\nbut nobody did.",
}


@pytest.mark.parametrize("name", _FOLDED)
def test_history_at_the_end_is_folded(name: str) -> None:
    text = _FOLDED[name]
    offset = fold_offset(text)
    assert offset is not None
    assert len(text[:offset].split()) == 1


@pytest.mark.parametrize("name", _WHOLE)
def test_nothing_is_folded_where_words_of_the_writer_would_go(name: str) -> None:
    assert fold_offset(_WHOLE[name]) is None


def test_a_reply_without_any_mark_is_recognised_by_what_was_said_before() -> None:
    earlier = "Hello Ana,\n\nyour order left on Monday.\nIt should be with you soon.\n\nNora"
    text = f"Thank you\n\n{earlier}"
    assert fold_offset(text) is None
    offset = fold_offset(text, [earlier])
    assert offset is not None and text[:offset].strip() == "Thank you"


def test_an_answer_below_outlooks_block_is_seen_where_the_earlier_mail_is_known() -> None:
    text = _FOLDED["Outlook"] + "\n\nThis I add below."
    assert fold_offset(text, ["Shall I?"]) is None


_LINES = st.sampled_from(
    [
        "> quoted",
        "words",
        "",
        "On 1 Sep 2025 Nora wrote:",
        "From: Nora",
        "Sent: 1 Sep",
        "To: Ana",
        "-----Original Message-----",
        "-- ",
        ">",
    ]
)


@given(st.lists(_LINES, max_size=14), st.lists(st.text(max_size=20), max_size=3))
def test_what_is_shown_and_what_is_folded_are_together_the_whole_mail(lines: list[str], earlier: list[str]) -> None:
    text = "\n".join(lines)
    offset = fold_offset(text, earlier)
    if offset is not None:
        assert 0 < offset < len(text)
        assert text[:offset].strip()
        below = text[offset:].split("\n")
        if any(line.startswith(">") for line in below) and not any(
            line.startswith(("From", "--", "On ")) for line in below
        ):
            assert "words" not in below
