"""Documents that say what the code says."""

import re
from pathlib import Path

import pytest

from tests.house import source
from tools import drawing

DOCS = drawing.DRAWING.parent


def test_the_drawing_of_the_house_is_what_the_code_says_today() -> None:
    assert drawing.DRAWING.read_text(encoding="utf-8") == drawing.drawing(), "Draw it anew: python tools/drawing.py"


def test_every_room_stands_in_the_drawing() -> None:
    drawn = {name for floor in drawing.FLOORS for name in floor}
    assert set(source.room_names()) <= drawn


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_no_document_leads_to_a_file_that_is_not_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
