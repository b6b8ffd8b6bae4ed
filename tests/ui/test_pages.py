"""The look in a browser: every component at both widths, light and dark, by keyboard, with and without script."""

import gzip
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import ROOT, WIDTHS, check_page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("side", ["owner", "provider"])
def test_every_component_is_sound(tab: Page, site: str, width: int, theme: str, side: str) -> None:
    tab.set_viewport_size({"width": width, "height": WIDTHS[width]})
    tab.goto(f"{site}/gallery/?theme={theme}&side={side}&toast=1")
    check_page(tab)


@pytest.mark.parametrize("page", ["small", "outside"])
def test_a_page_without_a_frame_is_sound(tab: Page, site: str, page: str) -> None:
    tab.goto(f"{site}/{page}/")
    check_page(tab)


def test_a_first_visit_loads_at_most_150_kilobytes(browser: Browser, site: str) -> None:
    page = browser.new_context().new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())
            if "woff2" in answer.url else len(gzip.compress(answer.body()))))  # fmt: skip
    page.goto(f"{site}/gallery/", wait_until="networkidle")
    assert sum(sizes) <= 150_000, sizes
    page.context.close()


def test_the_palette_opens_by_key_finds_and_leads_there(tab: Page, site: str) -> None:
    tab.goto(f"{site}/gallery/")
    tab.keyboard.press("Control+k")
    tab.keyboard.type("refund")
    expect(tab.locator("#palette a[aria-current]")).to_have_text("Refund for the second jar")
    check_page(tab)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/rooms/m/")


def test_single_keys_never_fire_inside_a_box(tab: Page, site: str) -> None:
    tab.goto(f"{site}/gallery/")
    tab.locator("#id_remark").fill("")
    tab.locator("#id_remark").press_sequentially("g?/ja")
    expect(tab.locator("#id_remark")).to_have_value("g?/ja")
    expect(tab.locator("dialog[open]")).to_have_count(0)
    tab.locator("h1").click()
    tab.keyboard.press("?")
    expect(tab.locator("#keys")).to_be_visible()
    check_page(tab)
    tab.keyboard.press("Escape")
    tab.keyboard.press("g")
    tab.keyboard.press("w")
    tab.wait_for_url("**/rooms/w/")


def test_lines_are_decided_by_key_and_the_button_says_the_sum(tab: Page, site: str) -> None:
    tab.goto(f"{site}/gallery/")
    act = tab.locator("[data-decision-act]")
    expect(act).to_have_text("Approve 14:30, return 1:00")
    tab.locator("input[name=decision-1][value=return]").focus()
    tab.keyboard.press("a")
    expect(act).to_have_text("Approve 15:30")
    tab.keyboard.press("r")
    expect(act).to_have_text("Approve 14:30, return 1:00")
    expect(tab.locator("#why-1")).to_be_focused()
    tab.get_by_role("button", name="Approve all").click()
    expect(act).to_have_text("Approve 15:30")


def test_the_week_moves_by_arrows_sums_and_takes_a_pasted_column(tab: Page, site: str) -> None:
    tab.goto(f"{site}/gallery/")
    mail, training = (tab.locator(f"input[name={name}-mon]") for name in ("mail", "training"))
    mail.fill("1h45m")
    mail.press("Enter")
    expect(training).to_be_focused()
    expect(mail).to_have_value("1:45")
    training.fill("1:75")
    expect(training).to_have_attribute("aria-invalid", "true")
    training.fill("")
    training.press("ArrowRight")
    expect(tab.locator("input[name=training-tue]")).to_be_focused()
    tab.locator("input[name=training-tue]").press("ArrowUp")
    tab.evaluate(
        """() => { const box = document.activeElement; const held = new DataTransfer(); held.setData("text", "0,5\\n90m\\n");
        box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: held, bubbles: true, cancelable: true})); }"""
    )
    expect(tab.locator("input[name=mail-tue]")).to_have_value("0:30")
    expect(tab.locator("input[name=training-tue]")).to_have_value("1:30")
    expect(tab.locator("tfoot [data-sum=tue]")).to_have_text("2:00")
    expect(tab.locator("tfoot [data-total]")).to_have_text("5:15")


def test_a_suggested_length_fills_the_box(tab: Page, site: str) -> None:
    tab.goto(f"{site}/gallery/")
    tab.get_by_role("button", name="2:15").click()
    expect(tab.locator("#id_duration")).to_have_value("2:15")
    tab.get_by_role("button", name="1,234.00").click()
    expect(tab.locator("#id_rate")).to_have_value("1234.00")


def test_the_summary_takes_the_focus_and_leads_to_the_field(tab: Page, site: str) -> None:
    tab.goto(f"{site}/gallery/")
    expect(tab.locator(".errors")).to_be_focused()
    tab.locator(".errors a", has_text="no terms were in force").click()
    expect(tab.locator("#id_day")).to_be_focused()


def test_a_second_press_is_not_sent(tab: Page, site: str) -> None:
    tab.goto(f"{site}/gallery/")
    sent: list[str] = []
    tab.route("**/end/", lambda route: (sent.append(route.request.url), route.fulfill(status=204))[1])
    tab.get_by_role("button", name="End it").first.click()
    act = tab.locator("#end-it button[type=submit]")
    act.click()
    act.click()
    expect(act).to_be_enabled()
    assert len(sent) == 1


def test_the_list_works_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/gallery/")
    page.locator(".chip", has_text="Paid").click()
    expect(page.locator("#invoices tbody tr")).to_have_count(1)
    page.locator(".find").click()
    assert "/search/" in page.url
    context.close()


def test_without_script_no_button_is_dead_and_each_question_stands_on_the_page(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/gallery/")
    expect(page.locator("[data-approve-all]")).to_be_hidden()
    expect(page.locator("[data-decision-act]")).to_be_visible()
    expect(page.locator("#end-it").get_by_role("button", name="End it")).to_be_visible()
    page.context.close()


def test_a_long_address_of_a_sender_stays_within_a_phone(tab: Page, site: str) -> None:
    tab.set_viewport_size({"width": 375, "height": 700})
    tab.goto(f"{site}/gallery/")
    tab.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("afterbegin", `<article class="message">
        <div class="message-from"><span class="who">CN</span><span><strong>Ciara Nugent</strong>
        <span class="small">ciara.nugent@${"strandroad".repeat(4)}.example</span></span>
        <time>Sun, 14:27</time></div></article>`)"""
    )
    assert tab.evaluate("() => document.scrollingElement.scrollWidth") == 375


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_a_long_name_of_a_business_gives_way_and_not_the_page(tab: Page, site: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 700})
    tab.goto(f"{site}/gallery/")
    tab.evaluate(
        "() => document.querySelectorAll('.switcher strong').forEach(e => e.textContent = 'A long name '.repeat(9))"
    )
    assert tab.locator(".bar .bar-end").evaluate("e => e.getBoundingClientRect().right") <= width
    assert tab.evaluate(
        "() => document.querySelector('.bar').scrollWidth <= document.querySelector('.bar').clientWidth"
    )


def test_what_a_browser_complains_about_is_found(tab: Page, site: str) -> None:
    tab.goto(f"{site}/small/")
    tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    tab.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')")
    with pytest.raises(AssertionError) as caught:
        check_page(tab)
    assert "Content Security Policy" in str(caught.value) and "axe critical label" in str(caught.value)


def test_every_icon_that_a_template_names_is_in_the_file() -> None:
    icons = (ROOT / "src/handsel/ui/static/built/icons.svg").read_text()
    named: set[str] = set()
    for template in (ROOT / "src").rglob("templates/**/*.html"):
        named |= {word for word in _named(template.read_text()) if "{" not in word}
    assert {name for name in named if f'id="{name}"' not in icons} == set()


def _named(text: str) -> set[str]:
    return set(re.findall(r'<c-icon name="([^"]+)"', text)) | set(re.findall(r'\bicon="([^"]+)"', text))
