"""What holds for every page in a browser: in English by day and in Chinese by night."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize
from tests.browser.conftest import Visit, may_sign_in
from tests.platform import lived
from tests.platform.factories import Country

pytestmark = pytest.mark.browser

NARROW: ViewportSize = {"width": 360, "height": 800}
WIDE: ViewportSize = {"width": 1280, "height": 800}
BROKEN = "/round/99/"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
VIOLATIONS = {"resultTypes": ["violations"]}


@pytest.fixture
def country(nothing_waits: None) -> Country:
    country = lived.lived()
    may_sign_in()
    return country


def test_that_every_page_can_be_read_by_all_and_on_a_narrow_screen(
    country: Country, visit: Visit
) -> None:
    stranger, ana = visit(), visit()
    wrong: list[str] = []
    for address in outside_and_broken():
        stranger.go(address)
        wrong += faults(stranger.page)
    ana.sign_in(country.planner)
    for addresses in lived.pages().values():
        for address in addresses:
            ana.go(address)
            wrong += faults(ana.page)
    # A page that is not there is an error of the console, and rightly so.
    stranger.troubles = [each for each in stranger.troubles if BROKEN not in each]
    assert wrong == []


def outside_and_broken() -> list[str]:
    return [*(address for each in lived.OUTSIDE.values() for address in each), BROKEN]


def faults(page: Page) -> list[str]:
    """What axe finds serious, and whether the page is wider than the narrowest screen."""
    page.set_viewport_size(WIDE)
    found = [
        f"{each['id']} {[node['target'] for node in each['nodes']]}"
        for each in Axe().run(page, options=VIOLATIONS).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]
    page.set_viewport_size(NARROW)
    if page.evaluate(OVERFLOW) > 0:
        found.append("wider than the screen")
    return [f"{page.url}: {fault}" for fault in found]
