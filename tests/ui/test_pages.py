"""The look in a browser: every component at both widths, light and dark, with and without script."""

import pytest
from playwright.sync_api import Page
from tests.browser import WIDTHS, check_page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("side", ["owner", "provider"])
def test_every_component_is_sound_at_both_widths_in_both_themes(
    tab: Page, site: str, width: int, theme: str, side: str
) -> None:
    tab.set_viewport_size({"width": width, "height": WIDTHS[width]})
    tab.goto(f"{site}/gallery/?theme={theme}&side={side}&toast=1")
    check_page(tab)
