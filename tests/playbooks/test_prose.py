"""The words of a page are shown safely, and what changed is shown word by word."""

import pytest

from handsel.playbooks.prose import as_html, word_changes


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
        "![x](https://evil.example/pixel.png)", "<style>*{display:none}</style>", "[x](data:text/html,<b>)",
    ],
)  # fmt: skip
def test_nothing_that_runs_or_loads_comes_through(text: str) -> None:
    html = as_html(text)
    for word in ("<script", "<img", "<style", 'href="javascript', 'href="data'):
        assert word not in html


@pytest.mark.parametrize("marks", ["#", "##", "###"])
def test_the_greatest_headings_of_a_page_stand_below_its_own_title(marks: str) -> None:
    assert as_html(f"{marks} Refunds\n\n{marks}# Late") == "<h2>Refunds</h2>\n<h3>Late</h3>\n"


def test_lists_links_and_bold_come_through() -> None:
    html = as_html("- **Say sorry** first\n- See [the shop](https://larkspur.example)")
    assert "<strong>Say sorry</strong>" in html
    assert '<a href="https://larkspur.example" rel="noopener noreferrer">the shop</a>' in html


def test_a_changed_word_stands_struck_beside_the_new_one() -> None:
    changes = word_changes("Refunds under €50 are paid at once.", "Refunds under €80 are paid at once.")
    assert changes == "<p>Refunds under €<del>50</del><ins>80</ins> are paid at once.</p>"


def test_paragraphs_that_came_and_went_stand_whole() -> None:
    assert word_changes("One.\n\nTwo.", "One.") == "<p>One.</p>\n<p><del>Two.</del></p>"
    assert word_changes("One.", "One.\r\n\r\nTwo.") == "<p>One.</p>\n<p><ins>Two.</ins></p>"
    assert word_changes("", "") == ""


def test_what_is_shown_as_changed_is_text() -> None:
    assert word_changes("a", "a <b>") == "<p>a<ins> &lt;b&gt;</ins></p>"
