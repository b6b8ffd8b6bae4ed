"""Leaving with everything, in a browser: one press, a bar, a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from handsel.core.jobs import run_once
from tests.browser import check_page
from tests.front import exports

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 375])
def test_an_export_is_made_by_one_press_and_verifies(
    opened_by: Callable[..., Page], width: int, tmp_path: Path
) -> None:
    business = exports.two_providers()
    for actor in (business.owner, business.ines.provider):
        page = opened_by(actor, width=width)
        page.goto(f"/b/{actor.slug}/leave/")
        check_page(page)
        page.get_by_role("button", name="Make my export").click()
        expect(page.get_by_role("progressbar", name="Your export")).to_be_visible()
        check_page(page)
        run_once()  # the bar asks for itself, and the page comes anew
        expect(page.get_by_role("link", name="Download my export")).to_be_visible()
        check_page(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Download my export").click()
        file = tmp_path / f"{actor.side.value}.zip"
        download.value.save_as(file)
        code, said = exports.run(file)
        assert code == 0, said
