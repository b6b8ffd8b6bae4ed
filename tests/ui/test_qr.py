"""The code for a second factor: readable by a camera, harmless to the page."""

import re

import segno

from handsel.ui.qr import QUIET_ZONE, qr_svg

LINK = "otpauth://totp/Handsel:nora%40larkspur.example?secret=JBSWY3DPEHPK3PXP&issuer=Handsel"


def test_the_drawing_shows_each_module_of_the_code() -> None:
    drawn = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", qr_svg(LINK)):
        drawn |= {(int(x) + step, int(y)) for step in range(int(length))}
    matrix = segno.make_qr(LINK, error="m").matrix
    dark = {(x + QUIET_ZONE, y + QUIET_ZONE) for y, row in enumerate(matrix) for x, bit in enumerate(row) if bit}
    assert drawn == dark


def test_the_drawing_needs_nothing_that_the_policy_forbids() -> None:
    svg = qr_svg(LINK)
    assert not re.search(r"style|script|href|data:|<image| on\w+=", svg)
    assert "secret" not in svg


def test_a_text_with_marks_of_markup_changes_nothing_but_the_modules() -> None:
    assert re.fullmatch(r'<svg class="qr" [^<>]+><path class="qr-code" d="[Mhvz0-9 -]+"/></svg>', qr_svg('"><b>&'))
