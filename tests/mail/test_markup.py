"""HTML of strangers is shown without scripts, without calling home, and without stopping the program."""

import time

import pytest

from handsel.mail.reading.markup import DEEPEST, clean_html, may_be_parsed, text_from

_ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='data:text/html,x'>x</a>",
    "<form action='https://evil.example'><input name=p></form>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data='x.swf'></object><embed src=x>",
    "<style>body{background:url(https://evil.example)}</style>",
    "<div style='background:url(https://evil.example)'>x</div>",
    "<link rel=stylesheet href='https://evil.example'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example'>",
    "<video src='https://evil.example' autoplay></video>",
    "<table background='https://evil.example'><tr><td>x</table>",
    "<img srcset='https://evil.example 1x'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<p id=content class=button>x</p>",
]


@pytest.mark.parametrize("attack", _ATTACKS)
def test_an_attack_is_inert(attack: str) -> None:
    cleaned = clean_html(attack)
    assert cleaned is not None
    shown = cleaned.html.replace("&lt;", "").lower()
    for word in (
        "<script",
        "onerror=",
        "onload",
        "javascript:",
        "data:",
        'evil.example"',
        "<form",
        "<iframe",
        "style=",
        "<svg",
        "<meta",
    ):
        assert word not in shown or shown.startswith("<p title") or "textarea" in attack
    assert "id=" not in shown and "class=" not in shown


def test_remote_images_are_taken_out_and_counted_and_own_ones_are_shown() -> None:
    markup = "<img src='https://spy.example/1.gif'><img src='//spy.example/2.gif'><img src='cid:logo@x' alt='Logo'>"
    cleaned = clean_html(markup, {"logo@x": "/files/7"}.get)
    assert cleaned is not None
    assert cleaned.remote_images == 2
    assert "spy.example" not in cleaned.html
    assert 'src="/files/7"' in cleaned.html


def test_html_too_deep_for_the_cleaner_is_shown_as_text_in_good_time() -> None:
    markup = "<div>" * 100_000 + "the bottom"
    started = time.perf_counter()
    assert clean_html(markup) is None
    assert text_from(markup).endswith("the bottom")
    assert time.perf_counter() - started < 3


def test_a_closing_tag_without_its_opening_hides_no_depth() -> None:
    assert not may_be_parsed("<div></p>" * (DEEPEST + 1))
    assert may_be_parsed("<div>x</div>" * (DEEPEST * 2))


def test_formatting_tags_that_open_again_and_again_are_stopped() -> None:
    assert not may_be_parsed("".join(f"<b id={n}>" for n in range(2_500)) + "<p>x" * 50_000)


def test_a_mail_programs_quote_is_marked_and_a_writers_own_is_not() -> None:
    assert text_from("<p>New</p><blockquote type=cite><p>Old<br>words</p></blockquote>") == "New\n\n> Old\n> words"
    assert text_from("<p>He said</p><blockquote>Be kind</blockquote>") == "He said\n\nBe kind"
