"""What a paper promises: the words of the facts, all of them, and the same bytes each time."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from handsel.ui.papers import Clause, Line, Part, Party, printing, render
from tests.ui import paper_samples as samples

PAPERS = {
    "proposal": samples.proposal(),
    "terms": samples.terms(),
    "sealed terms": samples.terms(sealed=True),
    "invoice": samples.invoice(),
    "credit note": samples.credit_note(),
    "statement": samples.statement(),
}
HOSTILE = ('#read("/etc/passwd")', "$x$", "#panic()", "*bold*", "_i_ `code` = h", "<label> @ref \\u{41} // x", "a\\b~c")


def text_of(pdf: bytes) -> str:
    """The words of the paper in the order of reading, with single blanks."""
    printed = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return " ".join(printed.stdout.decode().replace("\u2060", "").replace("\u200b", "").split())


def words_in(facts: Any, key: str = "") -> Iterator[str]:
    if isinstance(facts, dict):
        for inner_key, inner in facts.items():
            yield from words_in(inner, inner_key)
    elif isinstance(facts, list | tuple):
        for inner in facts:
            yield from words_in(inner, key)
    elif isinstance(facts, str) and key not in {"day", "title", "mark", "changed_by", "side"}:
        yield " ".join(facts.replace("\u2060", "").split())


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
def test_every_word_and_figure_of_the_facts_stands_on_the_paper(paper: Any) -> None:
    text = text_of(render(paper.template, paper.as_facts()))
    facts = paper.as_facts()
    if not facts.get("evidence", True):  # the certificate is a page of sealed terms only
        del facts["certificate"], facts["how_to_check"]
    assert [words for words in words_in(facts) if words not in text] == []


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS.keys())
def test_the_same_facts_give_the_same_bytes(paper: Any) -> None:
    assert render(paper.template, paper.as_facts()) == render(paper.template, paper.as_facts())


def test_another_process_gives_the_same_bytes() -> None:
    script = (
        "import sys; from tests.ui import paper_samples as s; from handsel.ui.papers import render;"
        "sys.stdout.buffer.write(render('terms', s.terms(sealed=True).as_facts()))"
    )
    path = f"import sys; sys.path[:0] = {sys.path!r}; "
    other = subprocess.run([sys.executable, "-c", path + script], capture_output=True, check=True).stdout
    assert other == render("terms", samples.terms(sealed=True).as_facts())


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_a_fact_comes_out_as_text(words: str) -> None:
    invoice = samples.invoice()
    hostile = replace(
        invoice,
        title=words,
        heading=words,
        subject=words,
        owner=Party(words, (words,), (words,)),
        lines=(Line(words, (words, "€1.00", "€1.00"), words),),
        notes=(words,),
    )
    assert text_of(render("invoice", hostile.as_facts())).count(words) >= 7


@pytest.mark.parametrize("words", HOSTILE)
def test_markup_in_a_clause_comes_out_as_text(words: str) -> None:
    terms = replace(samples.terms(), parts=(Part(words, (Clause.plain(words),)),))
    assert text_of(render("terms", terms.as_facts())).count(words) == 2


def test_an_invoice_of_thirty_lines_goes_on_with_its_head_and_numbers() -> None:
    printed = render("invoice", samples.invoice(count=30).as_facts())
    with pikepdf.open(BytesIO(printed)) as pdf:
        pages = len(pdf.pages)
    text = text_of(printed)
    assert pages == 2
    assert "Week 30: 5 – 11 Oct 2026" in text
    assert text.count("Week or work Quantity Rate Amount") == pages
    assert f"Page {pages} of {pages}" in text


def test_each_page_names_the_head_of_the_record() -> None:
    text = text_of(render("terms", samples.terms(sealed=True).as_facts()))
    assert text.count(samples.RECORD) == text.count(f"of {text[-1]}") > 1


def test_unsigned_terms_have_neither_seal_nor_certificate() -> None:
    text = text_of(render("terms", samples.terms().as_facts()))
    assert "Not yet signed" in text
    assert "Certificate" not in text
    assert "7F3A" not in text


def test_the_seal_stands_across_the_cut_and_on_the_certificate() -> None:
    text = text_of(render("terms", samples.terms(sealed=True).as_facts()))
    assert text.count("E04B") == 2
    assert "Not yet signed" not in text


def test_a_paper_says_that_it_is_archivable_and_accessible() -> None:
    with (
        pikepdf.open(BytesIO(render("terms", samples.terms(sealed=True).as_facts()))) as pdf,
        pdf.open_metadata() as m,
    ):
        assert (m["pdfaid:part"], m["pdfaid:conformance"], m["pdfuaid:part"]) == ("3", "A", "1")
        assert m["dc:title"] == "Terms of engagement, version 3"
        assert str(pdf.Root.Lang) == "en"


def test_no_font_is_left_to_the_reader() -> None:
    listed = subprocess.run(
        ["pdffonts", "-"], input=render("proposal", samples.proposal().as_facts()), capture_output=True, check=True
    ).stdout.decode()
    fonts = {line.split()[0].split("+")[-1] for line in listed.splitlines()[2:]}
    assert fonts <= {"SourceSerif4-Regular", "SourceSerif4-Semibold", "SourceSans3-Regular", "SourceSans3-Semibold"}


@pytest.mark.parametrize(
    "name", ["Żółć Őrség Ltd", "Ελένη", "Ольга Ђорђевић", "日本語 🙂", "a\x00b\x07\ud800c", "שלום"]
)
def test_a_name_in_any_script_still_gives_a_paper(name: str) -> None:
    invoice = replace(samples.invoice(), below=name)
    assert "€1,661.00" in text_of(render("invoice", invoice.as_facts()))


def test_a_letter_without_a_font_is_shown_as_a_square_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    own = printing._fonts(True)
    monkeypatch.setattr(printing, "_fonts", lambda own_only: own)
    text = text_of(render("invoice", replace(samples.invoice(), below="Kiln 窯 Co").as_facts()))
    assert "Kiln □ Co" in text
    assert "the record keeps the words as they were typed" in text


def test_a_word_without_end_stays_on_the_sheet() -> None:
    endless = "w" * 600
    text = text_of(render("invoice", replace(samples.invoice(), notes=(endless,)).as_facts()))
    assert endless in text.replace(" ", "")


def test_a_missing_fact_is_one_clear_error() -> None:
    facts = samples.invoice().as_facts()
    del facts["total"]
    with pytest.raises(RuntimeError, match="The paper invoice could not be printed"):
        render("invoice", facts)


@pytest.mark.parametrize("name", ["receipt", "paper", "../papers/invoice"])
def test_an_unknown_paper_is_one_clear_error(name: str) -> None:
    with pytest.raises(RuntimeError, match="There is no paper named"):
        render(name, {})


def test_a_missing_typst_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(RuntimeError, match="typst, which is not installed"):
        render("invoice", samples.invoice().as_facts())
