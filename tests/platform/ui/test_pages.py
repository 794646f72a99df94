"""The gallery seen in Chromium."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


@pytest.mark.parametrize("address", ["/", "/opsroom/", "/missing/"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("en", 360), ("zh-hans", 1280)])
def test_that_axe_finds_nothing(
    open_page: OpenPage, address: str, scheme: str, language: str, width: int
) -> None:
    page = open_page(address, width=width, language=language, scheme=scheme)
    for closed in page.locator("details").all():
        closed.evaluate("element => { element.open = true }")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", ["/", "/opsroom/"])
def test_that_a_page_is_never_wider_than_its_window(
    open_page: OpenPage, address: str, language: str
) -> None:
    page = open_page(address, language=language)
    for width in (360, 480, 768, 992, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_that_no_word_of_a_chart_is_cut_or_too_small(open_page: OpenPage, language: str) -> None:
    page = open_page("/opsroom/", language=language)
    for width in (360, 480, 768, 992, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        unreadable = page.evaluate(
            """() => [...document.querySelectorAll('.drawing svg')]
            .filter(svg => svg.getBoundingClientRect().width)
            .flatMap(svg => {
                const sheet = svg.closest('.card').getBoundingClientRect();
                return [...svg.querySelectorAll('text')].filter(text => {
                    const box = text.getBoundingClientRect();
                    return box.left < sheet.left || box.right > sheet.right || box.height < 12;
                }).map(text => text.textContent);
            })"""
        )
        assert unreadable == []


def test_that_the_policy_of_the_page_is_never_broken(open_page: OpenPage) -> None:
    page = open_page("/missing/")
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(error.message))
    for address in ("/", "/opsroom/"):
        page.goto(f"http://127.0.0.1{address}")
    assert told == []


def test_that_the_theme_follows_the_system_until_it_is_chosen(open_page: OpenPage) -> None:
    page = open_page("/", scheme="dark")

    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    dark, light = "rgb(24, 22, 19)", "rgb(246, 242, 234)"
    switch = page.locator(".theme")
    expect(switch).to_have_accessible_name("Light or dark: as your system")
    assert ground() == dark
    switch.click()
    expect(switch).to_have_accessible_name("Light or dark: light")
    assert ground() == light
    page.reload()
    expect(switch).to_have_accessible_name("Light or dark: light")
    assert ground() == light
    switch.click()
    assert ground() == dark
    switch.click()
    expect(switch).to_have_accessible_name("Light or dark: as your system")


def test_that_the_language_is_switched_where_one_stands(open_page: OpenPage) -> None:
    page = open_page("/round/?page=2")
    page.get_by_role("button", name="中文").click()
    page.wait_for_url("**/round/?page=2")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_that_the_first_key_leads_past_the_navigation(open_page: OpenPage) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_that_a_narrow_page_opens_its_rooms_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/", width=360)
    rooms = page.get_by_role("navigation", name="Rooms")
    expect(rooms).to_be_hidden()
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    expect(rooms).to_be_visible()
    page.keyboard.press("Tab")
    expect(rooms.get_by_role("link", name="Home")).to_be_focused()
    page.keyboard.press("Escape")
    expect(rooms).to_be_hidden()


def test_that_a_wide_page_shows_its_rooms(open_page: OpenPage) -> None:
    page = open_page("/", width=1280)
    expect(page.get_by_role("navigation", name="Rooms")).to_be_visible()
    expect(page.get_by_role("button", name="Menu")).to_be_hidden()


def test_that_a_page_works_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/", width=360, javascript=False)
    expect(page.locator(".theme")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Catalogue").first.click()
    page.wait_for_url("**/catalogue/")
